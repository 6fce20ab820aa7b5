#!/bin/sh
# SPDX-License-Identifier: ISC
# A message larger than what is kept in memory arrives whole.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

large() {
	awk 'BEGIN { for (i = 0; i < 60000; i++) printf "%06d .%s\n", i, "fifty bytes of text on every one of these lines" }'
}

start_smarthost isp
start_smarthost old --without CHUNKING
for server in isp old; do
	write_account $server </dev/null
	{
		printf 'From: me@local.example\nSubject: large\n\n'
		large
	} | send -f me@local.example jane@one.example
	expect_status 0
	expect_messages $server 1
	body $server 1 >"$work/got"
	large | cmp -s - "$work/got" || wrong "$server got another body"
done
