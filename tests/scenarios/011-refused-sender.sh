#!/bin/sh
# SPDX-License-Identifier: ISC
# A sender that the server refuses: its words, a hint, 69 (F121).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --reply 'mail:me@local.example=550 5.7.1 not your address'
write_account isp </dev/null
send_hello -f me@local.example jane@one.example
expect_status 69
expect_stderr 'me@local.example'
expect_server_words '550 5.7.1 not your address'
expect_hint
expect_messages isp 0
expect_no_dialogue isp 1 hi
