#!/bin/sh
# SPDX-License-Identifier: ISC
# Text that begins without a header gets one, and its first line stays text (F162).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_account isp </dev/null
send -f me@local.example jane@one.example <<'end'
The disk is full.
Do something.
end
expect_status 0
expect_field isp 1 From 1
expect_field isp 1 Date 1
expect_field isp 1 Message-ID 1
expect_body isp 1 <<'end'
The disk is full.
Do something.
end

# An mbox line before the header goes (F163).
send -f me@local.example jane@one.example <<'end'
From me@local.example Sun Nov 22 05:00:00 2026
Subject: from a mailbox

hi
end
expect_status 0
expect_header isp 2 'Subject: from a mailbox'
if grep -q '^From me' "$work/isp/2.message"; then
	wrong 'the mbox line was sent' "$work/isp/2.message"
fi

# A header that ends without a blank line gets one (F165).
printf 'Subject: only a header' | send -f me@local.example jane@one.example
expect_status 0
expect_header isp 3 'Subject: only a header'
