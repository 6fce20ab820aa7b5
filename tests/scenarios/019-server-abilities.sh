#!/bin/sh
# SPDX-License-Identifier: ISC
# What a server does not offer is not used; the message gets there all the same.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost full
write_account full </dev/null
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope full 1 'by: BDAT'
grep -q 'SIZE=' "$work/full/1.envelope" || wrong 'no SIZE=' "$work/full/1.envelope"

# The server refuses commands written ahead without PIPELINING, and unknown parameters.
start_smarthost bare --without PIPELINING --without CHUNKING --without SIZE --without 8BITMIME \
	--without DSN --without SMTPUTF8 --without ENHANCEDSTATUSCODES
write_account bare </dev/null
send_hello -f me@local.example a@one.example b@two.example c@three.example
expect_status 0
expect_envelope bare 1 'by: DATA'
expect_envelope bare 1 'mail: <me@local.example>'
expect_envelope bare 1 'rcpt: <c@three.example>'

# Too many recipients for one transaction make a second one (F126).
start_smarthost few --recipients 2
write_account few </dev/null
send_hello -f me@local.example a@one.example b@two.example c@three.example
expect_status 0
expect_messages few 2
expect_connections few 1

# A message larger than SIZE is not begun (F138).
start_smarthost small --size 1000
write_account small </dev/null
{
	printf 'Subject: large\n\n'
	awk 'BEGIN { for (i = 0; i < 50; i++) print "a line of some thirty-odd bytes" }'
} | send -f me@local.example jane@one.example
expect_status 65 69
expect_stderr 1000
expect_messages small 0
expect_no_dialogue small 1 DATA
expect_no_dialogue small 1 BDAT
