#!/bin/sh
# SPDX-License-Identifier: ISC
# One refused recipient of three does not hold up the others (F123).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --reply 'rcpt:bad@two.example=550 5.1.1 no such user here' \
	--reply 'rcpt:blocked@two.example=554 5.7.1 blocked'
write_account isp </dev/null
send_hello -f me@local.example a@one.example bad@two.example c@three.example
expect_status 67
expect_stderr 'bad@two.example'
expect_server_words '550 5.1.1 no such user here'
expect_no_stderr 'a@one.example'
expect_messages isp 1
expect_envelope isp 1 'rcpt: <a@one.example>'
expect_envelope isp 1 'rcpt: <c@three.example>'
expect_no_envelope isp 1 bad@two.example

send_hello -f me@local.example blocked@two.example c@three.example
expect_status 69
expect_server_words '554 5.7.1 blocked'
expect_messages isp 2

# When all are refused nothing is sent (F124).
send_hello -f me@local.example bad@two.example
expect_status 67
expect_messages isp 2
