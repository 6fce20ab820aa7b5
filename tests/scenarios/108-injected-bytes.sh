#!/bin/sh
# SPDX-License-Identifier: ISC
# Plaintext behind the 220 to STARTTLS ends the session (F5, F7).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --inject-after-starttls
write_account isp </dev/null
send_hello -f me@local.example jane@one.example
expect_failure
expect_stderr "before TLS"
expect_messages isp 0
expect_no_dialogue isp 1 AUTH
[ "$(grep -c '^EHLO' "$work/isp/1.dialogue")" -eq 1 ] ||
	wrong 'the client went on' "$work/isp/1.dialogue"

start_smarthost lines --reply 'starttls=220-go\n250 AUTH PLAIN'
write_account lines </dev/null
send_hello -f me@local.example jane@one.example
expect_failure
expect_no_dialogue lines 1 AUTH
expect_messages lines 0
