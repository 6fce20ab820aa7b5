#!/bin/sh
# SPDX-License-Identifier: ISC
# SMTPUTF8 is asked for only when an address or header needs it (F141-F143).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
start_smarthost plain --without SMTPUTF8
write_account isp </dev/null
send_hello -f me@local.example "$(printf 'j\303\274rg@one.example')"
expect_status 0
grep '^mail:' "$work/isp/1.envelope" | grep -q SMTPUTF8 ||
	wrong 'no SMTPUTF8' "$work/isp/1.envelope"

printf 'Subject: body only\nContent-Type: text/plain; charset=utf-8\n\n\303\274\n' |
	send -f me@local.example jane@one.example
expect_status 0
expect_no_envelope isp 2 SMTPUTF8

write_account plain </dev/null
send_hello -f me@local.example "$(printf 'j\303\274rg@one.example')"
expect_status 65
expect_messages plain 0
send_hello -f me@local.example "$(printf 'jane@b\303\274cher.example')"
expect_status 0
expect_envelope plain 1 'rcpt: <jane@xn--bcher-kva.example>'
