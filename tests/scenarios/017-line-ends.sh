#!/bin/sh
# SPDX-License-Identifier: ISC
# LF, CRLF and a mix of them arrive as CRLF; a bare CR becomes one (F156, F158),
# by DATA and by BDAT (F146).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
start_smarthost old --without CHUNKING
for server in isp old; do
	write_account $server </dev/null
	printf 'Subject: mixed\r\nX-Two: 2\n\r\none\r\ntwo\nthree\rfour\r\r\n' |
		send -f me@local.example jane@one.example
	expect_status 0
	expect_header $server 1 'Subject: mixed'
	expect_header $server 1 'X-Two: 2'
	printf 'one\ntwo\nthree\nfour\n\n' | expect_body $server 1

	printf 'Subject: smuggled\n\na\n.\r\nb\r.\rc\r\n.\nd\n' |
		send -i -f me@local.example jane@one.example
	expect_status 0
	printf 'a\n.\nb\n.\nc\n.\nd\n' | expect_body $server 2
	expect_messages $server 2
done

# NUL is refused, and nothing is sent (F160).
printf 'Subject: nul\n\na\000b\n' | send -f me@local.example jane@one.example
expect_status 65
expect_messages old 2
