#!/bin/sh
# SPDX-License-Identifier: ISC
# --explain of lists, several ways, refusals, loops and faults, and its exit status.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

cd "$work" || exit 99
cat >relayrc <<end
defaults
maildomain      local.example
local_domains   local.example
aliases         aliases
transport       transport
account default
host            mail.isp.example
user            $user
password        $secret
account work
host            work.example
port            465
auth            plain !login
user            bob
password        $secret
end
cat >aliases <<'end'
staff:       alice, bob@spam.example, carol@work.example, dave@far.example,
             :include:INCLUDE
alice:       alice@isp.example
owner-staff: alice
a:           b
b:           a, kim@isp.example
program:     "|/bin/cat"
end
printf '# more of them\n%s\n' erin@far.example >./more
sed "s,INCLUDE,$work/more," aliases >new && mv new aliases
cat >transport <<'end'
spam.example   error:5.7.1 nobody reads this
work.example   work:
later.example  retry:4.3.0 tomorrow
void.example   discard:
.far.example   smtp:never.example
far.example    smtp:[far.example]:587
end

# expect_part: these lines stand there together.
expect_part() {
	recall
	cat >part
	python3 - part "$out" <<'end' || wrong 'these lines are not there' part "$out"
import sys
part, whole = (open(name, encoding="utf-8").read() for name in sys.argv[1:])
sys.exit(part not in whole)
end
}

explain() {
	send -C relayrc --explain "$@" </dev/null
}

command -v python3 >/dev/null || skip 'python3 is not installed'

# A list, with a row that refuses one of them, by three ways.
explain -f root staff
expect_status 69
expect_part <<'end'
recipient    staff
  complete   staff@local.example                                       relayrc:2
  alias      staff                                                     aliases:1
  owner      the sender becomes owner-staff@local.example              aliases:4
  -> alice@local.example
     alias      alice                                                  aliases:3
     -> alice@isp.example
        transport  no row for alice@isp.example                        transport
                   tried: alice@isp.example, isp.example, .example, *
        host       mail.isp.example                                    relayrc:7
        RCPT TO    alice@isp.example, by route 1
  -> bob@spam.example
     transport  spam.example -> error:5.7.1 nobody reads this        transport:1
                tried: bob@spam.example
     refused    by this row
  -> carol@work.example
     transport  work.example -> work:                                transport:2
                tried: carol@work.example
     RCPT TO    carol@work.example, by route 2
  -> dave@far.example
     transport  far.example -> smtp:[far.example]:587                transport:6
                tried: dave@far.example
     RCPT TO    dave@far.example, by route 3
end
expect_stdout "$work/more:2"
expect_stdout 'erin@far.example, by route 3'
expect_part <<'end'
route 1      smtp:mail.isp.example:587
  MAIL FROM  owner-staff@local.example
  server     mail.isp.example:587
end
expect_part <<'end'
route 2      smtp:work.example:465, by account work                   relayrc:10
  MAIL FROM  owner-staff@local.example
  server     work.example:465
  TLS        TLS from the first byte, certificate for work.example, verified by
             the system's authorities
  mechanism  the first that the server offers of PLAIN                relayrc:13
  login      bob, by the password in the account                      relayrc:15
end
expect_part <<'end'
  login      none: the account's own password goes to its own host and port only
end
[ "$(grep -c '^  server ' "$out")" -eq 3 ] || wrong 'a route is shown twice' "$out"

# Who is named by two lists is sent to once, for the first one's owner.
printf '%s\n' alice@isp.example kim@isp.example >both
printf '%s\n' "l1: :include:$work/both" "l2: :include:$work/both" 'l3: kim@isp.example' \
	'owner-l1: alice' 'owner-l2: alice' 'owner-l3: alice' \
	'some: alice, /dev/null, bob' >>aliases
explain -f root l1 l2 l3
expect_stdout 'the sender becomes owner-l1@local.example'
expect_no_stdout 'becomes owner-l2'
expect_no_stdout 'becomes owner-l3'

# What is thrown away is one of several.
explain -f root some
expect_part <<'end'
  alias      some                                                     aliases:14
  -> alice@local.example
end
expect_part <<'end'
  -> /dev/null
     discarded  thrown away, and counts as sent
end

# A loop gets nothing, the others do; both names on it are told.
explain -f root a
expect_status 78
expect_part <<'end'
     -> a@local.example
        refused    the alias 'b' leads back to 'a', which led to it    aliases:6
                   hint: by way of a: aliases:5, b: aliases:6
     -> kim@isp.example
end
explain -f root program
expect_status 78
expect_stdout "refused    the alias 'program' names a command"
expect_stdout 'hint: nothing is delivered on this machine'

# What rows settle without a server.
explain a@later.example
expect_status 75
expect_stdout 'put off    by this row'
explain a@void.example
expect_status 0
expect_stdout 'discarded  thrown away, and counts as sent'

# Where Postfix would do otherwise.
echo '* smtp:other.example' >>transport
explain -f root a nobody
expect_part <<'end'
recipient    a
  complete   a@local.example                                           relayrc:2
  alias      a                                                         aliases:5
             note: Postfix asks transport first: the row '*' (transport:7) would
             hide this alias
end
[ "$(grep -c 'Postfix asks transport first' "$out")" -eq 1 ] ||
	wrong 'the note is there more than once' "$out"
expect_stdout 'note: Postfix would use port 25'

# The sender decides about the password.
printf 'me@local.example me:%s\nother.example other:%s\n' "$secret" "$secret" >sasl_passwd
cat >relayrc.sender <<'end'
maildomain            local.example
local_domains         local.example
transport             transport
sasl_passwd           sasl_passwd
sender_dependent_auth on
end
sed -i.bak 's/ work:$/ smtp:work.example/' transport
send -C relayrc.sender --explain -f me x@y.example </dev/null
expect_status 0
expect_stdout 'login      me@local.example -> me'
send -C relayrc.sender --explain -f you x@y.example </dev/null
expect_stdout 'login      other.example -> other'
expect_stdout 'tried: you@local.example, you, @local.example'

# Without a row for everybody the table is a list.
sed -i.bak '/^\*/d' transport
send -C relayrc.sender --explain -f me x@y.example </dev/null
expect_status 69
expect_stdout "refused    no transport for 'x@y.example'"
expect_stdout 'tried: x@y.example, y.example, .example, *'
expect_stdout 'hint: add a row for it'

# A fault is the end of one recipient.
echo 'y.example nonsense:' >>transport
send -C relayrc.sender --explain -f me x@y.example x@far.example </dev/null
expect_status 78
expect_stdout "refused    unknown transport 'nonsense'"
expect_stdout 'RCPT TO    x@far.example'
# What was decided before a fault that ends all is shown.
mv transport away
send -C relayrc.sender --explain -f me x@far.example </dev/null
expect_status 75
expect_stdout 'sender       me, as -f says'
expect_stdout '  not decided'
expect_stderr 'transport: '
mv away transport
rm sasl_passwd
send -C relayrc.sender --explain -f me x@far.example </dev/null
expect_status 75
expect_stdout 'x@far.example, by route 1'
expect_stdout 'login      not known'
expect_stderr 'sasl_passwd: cannot open the file'
