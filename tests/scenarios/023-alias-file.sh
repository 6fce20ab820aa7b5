#!/bin/sh
# SPDX-License-Identifier: ISC
# Aliases: lists, chains, names of this machine; what they cannot be here is refused.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
cat >"$work/aliases" <<'end'
# who reads what
postmaster: root
root:       jane@one.example,
            joe@two.example
list:       jane@one.example, root, "odd name"@three.example
nobody:     /dev/null
program:    "|/bin/cat"
a:          b
b:          a
end
write_account isp <<end
aliases         $work/aliases
end
send_hello -f me@local.example postmaster
expect_status 0
expect_envelope isp 1 'rcpt: <jane@one.example>'
expect_envelope isp 1 'rcpt: <joe@two.example>'

send_hello -f me@local.example LIST@local.example
expect_status 0
expect_envelope isp 2 'rcpt: <"odd name"@three.example>'
[ "$(grep -c '^rcpt: <jane@one.example>' "$work/isp/2.envelope")" -eq 1 ] ||
	wrong 'a recipient twice' "$work/isp/2.envelope"

# A name of another domain is not looked up.
send_hello -f me@local.example root@else.example
expect_status 0
expect_envelope isp 3 'rcpt: <root@else.example>'

send_hello -f me@local.example program
expect_status 78
expect_stderr "$work/aliases:7"
send_hello -f me@local.example a
expect_status 78
expect_stderr "$work/aliases:"
expect_messages isp 3

# newaliases checks the file and builds nothing (F195, F197).
ln -s "$relay" "$work/newaliases"
relay=$work/newaliases
send </dev/null
expect_status 78
expect_stderr "$work/aliases:7"
