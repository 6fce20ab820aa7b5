#!/bin/sh
# SPDX-License-Identifier: ISC
# 4xx from MAIL, RCPT, DATA and the final dot is 75 (F120, F122, F128, F130).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

try() {
	start_smarthost "$1" --without CHUNKING --reply "$2"
	write_account "$1" </dev/null
	send_hello -f me@local.example jane@one.example
	expect_status 75
	expect_server_words "${2#*=}"
	expect_messages "$1" 0
}

try mail 'mail=451 4.3.0 come back later'
try rcpt 'rcpt:jane@one.example=450 4.2.1 mailbox is busy'
try data 'data=451 4.3.1 no room just now'
try dot 'dot=452 4.3.1 no room for this'
try auth 'auth=454 4.7.0 try again'
try greeting 'greeting=421 4.3.2 going down'
try starttls 'starttls=454 4.7.0 no TLS just now'

# One of three: the others are delivered.
start_smarthost some --reply 'rcpt:busy@two.example=450 4.2.1 mailbox is busy'
write_account some </dev/null
send_hello -f me@local.example a@one.example busy@two.example c@three.example
expect_status 75
expect_stderr busy@two.example
expect_messages some 1
expect_envelope some 1 'rcpt: <a@one.example>'
expect_envelope some 1 'rcpt: <c@three.example>'
