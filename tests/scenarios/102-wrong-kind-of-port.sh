#!/bin/sh
# SPDX-License-Identifier: ISC
# TLS from the first byte where STARTTLS is spoken, and the other way round (F15, F16).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost wrapped --implicit-tls
write_account wrapped <<'end'
timeout         5
end
send_hello -f me@local.example jane@one.example
expect_failure
expect_hint
expect_messages wrapped 0

start_smarthost plain
write_account plain <<'end'
tls_starttls    off
end
send_hello -f me@local.example jane@one.example
expect_status 75 69
expect_hint 587
expect_messages plain 0
expect_no_dialogue plain 1 AUTH
