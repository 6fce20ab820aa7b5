#!/bin/sh
# SPDX-License-Identifier: ISC
# Without STARTTLS there is no mail and no password, whatever AUTH is offered (F1, F2, F4).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost bare --no-starttls --mechanisms 'PLAIN LOGIN'
write_account bare </dev/null
send_hello -f me@local.example jane@one.example
expect_status 69
expect_stderr STARTTLS
expect_hint
expect_messages bare 0
expect_no_dialogue bare 1 AUTH
expect_no_dialogue bare 1 MAIL

start_smarthost refusing --reply 'starttls=502 5.5.1 not here'
write_account refusing </dev/null
send_hello -f me@local.example jane@one.example
expect_status 69
expect_server_words '502 5.5.1 not here'
expect_no_dialogue refusing 1 AUTH
expect_no_dialogue refusing 1 MAIL
