#!/bin/sh
# SPDX-License-Identifier: ISC
# Lines of dots arrive as they were written, with and without -i (F154, F155).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

dots() {
	printf 'Subject: dots\n\n.\n..\n.x\nx.\n\n.\n'
}

start_smarthost isp
write_account isp </dev/null
dots | send -f me@local.example jane@one.example
expect_status 0
dots | sed '1,/^$/d' | expect_body isp 1

dots | send -i -f me@local.example jane@one.example
expect_status 0
dots | sed '1,/^$/d' | expect_body isp 2

# The last line is a dot without an end: it is text, and gets its end (F154, F166).
printf 'Subject: dots\n\nx\n.' | send -i -f me@local.example jane@one.example
expect_status 0
printf 'x\n.\n' | expect_body isp 3

# The same by DATA, where dots are doubled on the way.
start_smarthost old --without CHUNKING
write_account old </dev/null
dots | send -i -f me@local.example jane@one.example
expect_status 0
expect_envelope old 1 'by: DATA'
dots | sed '1,/^$/d' | expect_body old 1
