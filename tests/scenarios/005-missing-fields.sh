#!/bin/sh
# SPDX-License-Identifier: ISC
# Date, Message-ID and From are added when missing, and kept when present.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_account isp </dev/null
send -F 'Cron Daemon' -f root jane@one.example <<'end'
Subject: bare

hi
end
expect_status 0
expect_field isp 1 Date 1
expect_field isp 1 Message-ID 1
header isp 1 | grep -q '^From: .*Cron Daemon.*<root@local\.example>$' ||
	wrong 'From is not made of -F and the sender' "$work/isp/1.message"
header isp 1 | grep -qE '^Date: [A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} [+-][0-9]{4}$' ||
	wrong 'Date has another form' "$work/isp/1.message"
header isp 1 | grep -qE '^Message-ID: <[^<>@ ]+@[^<>@ ]+>$' ||
	wrong 'Message-ID has another form' "$work/isp/1.message"

send -F 'Somebody Else' -f root jane@one.example <<'end'
From: Given <given@local.example>
Date: Sat, 21 Nov 2026 12:00:00 +0100
Message-Id: <kept@local.example>
X-Odd:   spaces   and	tabs stay	

hi
end
expect_status 0
expect_header isp 2 'From: Given <given@local.example>'
expect_header isp 2 'Date: Sat, 21 Nov 2026 12:00:00 +0100'
expect_header isp 2 'Message-Id: <kept@local.example>'
expect_header isp 2 'X-Odd:   spaces   and	tabs stay	'
expect_field isp 2 From 1
expect_field isp 2 Date 1
expect_field isp 2 Message-ID 1
