#!/bin/sh
# SPDX-License-Identifier: ISC
# newaliases reads every table through and says what is wrong, by file and line; it builds
# nothing, connects to nobody and shows no password.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_seed_tables isp
send -bi </dev/null
expect_status 0
expect_stdout "aliases: $work/aliases, 1 row"
expect_stdout "sasl_passwd: $work/sasl_passwd, 1 row"
expect_stdout 'nothing to build'
[ ! -s "$err" ] || wrong 'the example has warnings' "$err"

# The slip that the example invites: one server, written in two ways.
printf '[%s]:%s %s:%s\n' "$host" "$(port isp)" "$user" "$secret" >"$work/sasl_passwd"
send -bi </dev/null
expect_status 0
expect_stderr "$work/transport:1: warning: '$host:$(port isp)' finds no password: $work/sasl_passwd:1"
expect_stderr 'write both alike'
expect_stdout "transport: $work/transport, 1 row, 1 warning"

# A fault in each; where mail would be refused, newaliases fails.
cat >>"$work/aliases" <<'end'
program: "|/bin/cat"
mailbox: /var/mail/someone
ROOT: twice@else.example
end
cat >>"$work/generic" <<'end'
pdupont@proximus.example other@proximus.example
broken @
two one@else.example, two@else.example
end
cat >>"$work/transport" <<end
@else.example smtp:$host
else.example $host:587
end
printf 'else.example %s\nlast.example :%s\n' "${secret%%:*}" "$secret" >>"$work/sasl_passwd"
ln -s "$relay" "$work/newaliases"
relay=$work/newaliases
send </dev/null
expect_status 78
expect_stderr "$work/aliases:2: the alias 'program' names a command"
expect_stderr "$work/aliases:3: the alias 'mailbox' names a file"
expect_stderr "$work/aliases:4: warning: line 1 has the same key"
expect_stderr "$work/generic:1: warning: the result is looked up again, line 2"
expect_stderr "$work/generic:3: the result is no address"
expect_stderr "$work/generic:4: warning: the value holds 2 addresses"
expect_stderr "$work/transport:2: warning: the key never matches"
expect_stderr "$work/transport:3: unknown transport '$host'"
expect_hint "smtp:$host:587"
expect_stderr "$work/sasl_passwd:2: the value has no colon"
expect_stderr "$work/sasl_passwd:3: the user before the colon is empty"
expect_stdout "aliases: $work/aliases, 4 rows, 2 faults, 1 warning"
expect_stdout "generic: $work/generic, 4 rows, 1 fault, 2 warnings"
expect_no_stderr "${secret%%:*}"
expect_no_stdout "${secret%%:*}"

# A table that is named and not there is a fault (F199).
rm "$work/generic"
send </dev/null
expect_status 78
expect_stderr "$work/generic: cannot open the file"
expect_connections isp 0

# An account that is not there, a file that is not there, and JSON that there is none of.
send -a nowhere </dev/null
expect_status 78
expect_stderr "there is no account 'nowhere'"
send --json </dev/null
expect_status 64
send -C "$work/missing" </dev/null
expect_status 66
expect_hint 'the file'
