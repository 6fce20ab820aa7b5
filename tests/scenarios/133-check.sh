#!/bin/sh
# SPDX-License-Identifier: ISC
# --check names the fault and the remedy, and sends nothing.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

# What was printed, with each finding in one line.
flat() {
	recall
	awk 'substr($0, 1, 11) ~ /^ +$/ { sub(/^ +/, ""); printf " %s", $0; next }
		{ printf "%s%s", NR == 1 ? "" : "\n", $0 }
		END { print "" }' "$out"
}

# finding RESULT AREA TEXT...: one finding of that kind has all of them.
finding() {
	found=$(flat | grep "^  $1  *$2 ")
	wanted="$1 $2"
	shift 2
	for text; do
		found=$(printf '%s\n' "$found" | grep -iF -e "$text")
	done
	[ -n "$found" ] || wrong "no finding '$wanted' with: $*" "$out"
}

no_finding() {
	if flat | grep -q "^  $1  *$2 "; then wrong "a finding '$1 $2'" "$out"; fi
}

nothing_was_sent() {
	if grep -qE '^(RCPT|DATA|BDAT)' "$work/$1"/*.dialogue 2>/dev/null; then
		wrong "$1 was sent something" "$work/$1"/*.dialogue
	fi
	expect_messages "$1" 0
}

# check NAME [ARGUMENT...], after write_account.
check() {
	name=$1
	shift
	send --check "$@" </dev/null
	nothing_was_sent "$name"
}

# A server with nothing wrong, to the last step.
start_smarthost good --certificate lasting
write_account good <<end
from            me@local.example
end
check good
expect_status 0
finding ok account default "$work/relayrc"
finding ok clock 20
finding ok dns 127.0.0.1
finding ok connect "127.0.0.1:$(port good)" ' ms'
finding ok greeting localhost
finding ok starttls ''
finding ok tls TLS1.3
finding ok certificate CN=localhost 'relay test authority'
finding ok names "'localhost'"
finding ok valid 'days left'
finding ok key '256 bits'
finding ok trust "$work/good/ca.pem"
finding ok extensions PIPELINING CHUNKING SMTPUTF8
finding ok mechanisms PLAIN
finding ok login "$user"
finding ok sender me@local.example
no_finding warning '.*'
expect_dialogue good 1 'MAIL FROM:<me@local.example>'
expect_dialogue good 1 RSET
expect_dialogue good 1 QUIT
# Nothing but the hosts' names is wider than a terminal.
recall
awk 'length($0) > 80' "$out" | grep -q . && wrong "a line is longer than 80" "$out"

# 1: nothing listens.
start_smarthost gone
write_account gone </dev/null
stop_smarthost gone
check gone
expect_status 75
finding failure connect refused 'hint: nothing listens' 587

# A host that is down is no failure while the next one works.
write_account good <<end
from            me@local.example
end
sed -i "s/^host .*/host $host:$(port gone) $host:$(port good)/" "$work/relayrc"
check good
expect_status 0
finding warning connect refused
finding ok greeting localhost

# 2: the port speaks TLS at once; the other way round as well.
start_smarthost implicit --implicit-tls
write_account implicit <<end
timeout         1
end
check implicit
expect_status 75
finding failure greeting 'time limit' 'tls_starttls off'
write_account good <<end
tls_starttls    off
end
check good
expect_status 69
finding failure tls 'does not speak TLS' 'tls_starttls on'

# 3: no STARTTLS.
start_smarthost clear --no-starttls
write_account clear </dev/null
check clear
expect_status 69
finding ok hello EHLO
finding failure starttls 'does not offer STARTTLS' 'hint: check host and port'
expect_no_dialogue clear 1 AUTH

# 4 to 7: certificates.  What is on them is shown whatever is wrong.
bad_certificate() {
	start_smarthost "$1" --certificate "$1"
	write_account "$1" </dev/null
	check "$1"
	expect_status 69
	finding ok certificate 'signed by'
	finding ok fingerprint ''
	finding failure trust "$2" "hint: " "$3"
	expect_no_dialogue "$1" 1 AUTH
}
bad_certificate wrong-name other.example tls_host_override
bad_certificate expired 'expired on' clock
finding warning valid 'expired on' renew
bad_certificate future 'valid only from' clock
finding warning valid 'not before' clock
bad_certificate unknown-ca 'another authority' tls_trust_file

# 8: no login there.
start_smarthost open --no-auth
write_account open </dev/null
check open
expect_status 69
finding note mechanisms 'AUTH is not offered'
finding failure login 'does not offer AUTH' 'auth off'

# 9: a wrong password; the place where it stands is named, not the password.
write_account good <<end
password        elsewhere
end
check good
expect_status 77
finding failure login 'server: 535' "$work/relayrc" 'hint: check user'
no_finding ok sender
no_finding failure sender
expect_no_stdout elsewhere

# 10: a sender that the server does not take.
start_smarthost picky --reply mail='553 5.7.1 not your address'
write_account picky </dev/null
check picky
expect_status 69
finding ok login ''
finding failure sender 'refused the sender' 'server: 553 5.7.1 not your address' 'generic table'
expect_dialogue picky 1 RSET

# A name that does not exist.
write_account good <<end
host            no-such-host.invalid
end
check good
expect_status 68 75
finding failure dns no-such-host.invalid 'hint: look at'

# Secrets that others could read, and one that is not there.
printf '%s\n' "$secret" >"$work/secret"
chmod 644 "$work/secret"
write_relayrc <<end
host            $host
port            $(port good)
tls_trust_file  $work/good/ca.pem
user            $user
passwordfile    $work/secret
end
check good
expect_status 78
finding failure password "$work/secret" chmod
finding ok trust ''
no_finding failure login
rm "$work/secret"
check good
expect_status 78
finding failure password "$work/secret" 'No such file'
write_account good </dev/null
chmod 644 "$work/relayrc"
check good
expect_status 78
finding failure config "$work/relayrc" chmod
chmod 600 "$work/relayrc"

# The command is run once, its silence is a fault.
write_relayrc <<end
host            $host $host
port            $(port good)
tls_trust_file  $work/good/ca.pem
user            $user
passwordeval    echo x >>$work/asked; cat $work/good.password
end
check good
expect_status 0
finding ok password "$user"
[ "$(wc -l <"$work/asked")" -eq 1 ] || wrong "the command ran more than once" "$work/asked"

# Few days left are a warning, and the status stays 0.
start_smarthost soon
write_account soon </dev/null
check soon
expect_status 0
finding warning valid 'days left' renewed

# A server that goes silent.
start_smarthost silent --stall ehlo-tls
write_account silent <<end
timeout         1
end
check silent
expect_status 75
finding ok trust ''
finding failure hello 'time limit'

# Every server of the transport table, with its own password; rows without servers, and the same
# one again, make no other.
printf '%s\n' "one.example smtp:[$host]:$(port good)" "two.example smtp:[$host]:$(port picky)" \
	"three.example smtp:[$host]:$(port good)" 'four.example discard:' >"$work/transport"
printf '%s\n' "[$host]:$(port good) $user:$secret" >"$work/sasl_passwd"
write_relayrc <<end
transport       $work/transport
sasl_passwd     $work/sasl_passwd
tls_trust_file  $work/good/ca.pem
from            me@local.example
account other
host            $host
end
check good
expect_status 69
finding ok tables 'transport' '4 rows'
finding note accounts other
finding ok password "$work/sasl_passwd:1"
flat | grep -qx "$host:$(port picky)" || wrong "the second server was not looked at" "$out"
[ "$(flat | grep -c "^$host:$(port good)")" -eq 1 ] || wrong "one server twice" "$out"
chmod 644 "$work/sasl_passwd"
check good
expect_status 78
finding failure tables sasl_passwd chmod

# A bad row, a log that cannot be written, a queue that is not there.
write_account good <<end
transport       $work/transport
logfile         $work/none/log
queue           on
end
printf 'x.example smtp:\n' >"$work/transport"
check good
expect_status 78
finding failure tables "$work/transport:1"
finding warning log "$work/none/log"
finding warning queue 'no queue'
finding ok sender ''

# Faults and advice of the configuration.
write_relayrc <<end
host            $host # the provider
prot            587
tls             yes
end
check good
expect_status 78
finding failure config relayrc:2 "did you mean"
finding failure config relayrc:3
finding warning config relayrc:1 '#'

# Accounts by name.
write_account good <<end
account work
host            $host
port            $(port good)
end
check good work --tls-trust-file="$work/good/ca.pem" --auth=off
expect_status 69
expect_stdout 'account work'
expect_no_stdout 'account default'
finding note login 'auth off'
finding failure sender 'server: 530' 'no password was found'
check good --check=nobody
expect_status 78
finding failure account nobody 'known accounts'
