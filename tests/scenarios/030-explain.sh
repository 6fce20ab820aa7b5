#!/bin/sh
# SPDX-License-Identifier: ISC
# --explain tells every decision with its row, opens no connection and reads no secret.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

# Relative names, and a port of five digits, so that lines are as long on every machine.
cd "$work" || exit 99
start_smarthost isp
write_seed_tables isp
cat >>relayrc <<end
tls_trust_file  isp/ca.pem
aliases         aliases
generic         generic
transport       transport
sasl_passwd     sasl_passwd
local_domains   local.example, localhost
end
place=$(port isp)
[ ${#place} -eq 5 ] || skip "the port $place has not five digits"

# explain ARGUMENT...: with nothing on standard input that could be read.
explain() {
	send -C relayrc --explain "$@" </dev/null
}

# expect_words: standard output, with the machine's own names made equal, is standard input.
expect_words() {
	recall
	sed "s/$host/localhost/g; s/$place/12345/g" "$out" >got
	cat >wanted
	cmp -s wanted got || wrong 'the explanation is another' wanted got
}

explain -f root root
expect_status 0
expect_words <<'end'
sender       root, as -f says
  complete   root@local.example                                        relayrc:1
  generic    root -> pdupont@proximus.example                          generic:1
             tried: root@local.example
  generic    no row for pdupont@proximus.example                         generic
             tried: pdupont@proximus.example, @proximus.example
  MAIL FROM  pdupont@proximus.example

account      default, because it is the default                        relayrc:1
  domain     local.example                                             relayrc:1
  local      local.example, localhost                                 relayrc:12

recipient    root
  complete   root@local.example                                        relayrc:1
  alias      root                                                      aliases:1
  -> pdupont@proximus.example
     transport  pdupont@proximus.example -> smtp:localhost:12345     transport:1
     generic    no row for pdupont@proximus.example                      generic
                tried: pdupont@proximus.example, @proximus.example
     RCPT TO    pdupont@proximus.example, by route 1

route 1      smtp:localhost:12345
  server     localhost:12345
  TLS        STARTTLS, certificate for localhost, verified by isp/ca.pem
  mechanism  the first that the server offers of SCRAM-SHA-256-PLUS,
             SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, CRAM-MD5,
             LOGIN
  login      localhost:12345 -> fg12345678@skynet.example          sasl_passwd:1
             tried: localhost
end
cp "$out" first

# By sendmail's name for it, and where the input is closed or never ends.
send -C relayrc -f root -bv root </dev/null
cmp -s first "$out" || wrong '-bv tells another thing' "$out"
mkfifo never
send -C relayrc --explain -f root root <>never
expect_status 0
cmp -s first "$out" || wrong 'something waited for input' "$out"

# Without recipients: the sender and the account.
explain -f root
expect_status 0
expect_stdout 'MAIL FROM  pdupont@proximus.example'
expect_no_stdout 'route 1'

# Recipients of a message are read only when it is asked for.
send_hello -C relayrc --explain -t -f root
expect_status 69
expect_stdout 'recipient    someone'
expect_stdout "refused    no transport for 'someone@local.example'"

# A wrong word for the server in sasl_passwd shows by the keys that were tried.
sed "s/^\(.*\)   smtp:.*/\1   smtp:[$host]:$place/" transport >bracketed
sed 's/^transport .*/transport bracketed/' relayrc >relayrc.bracketed
send -C relayrc.bracketed --explain -f root root </dev/null
expect_status 0
expect_stdout 'login      none: no credential for this server'
expect_stdout "tried: $host, [$host]:$place"

# No command is run for the password.
cat >relayrc.command <<end
host            $host
port            $place
tls_trust_file  isp/ca.pem
user            $user
passwordeval    touch asked && echo $secret
end
send -C relayrc.command --explain -f me@local.example jane@one.example </dev/null
expect_status 0
expect_stdout "login      $user, by the password of the command 'touch'"
[ ! -e asked ] || wrong 'the password was asked for'

expect_connections isp 0
