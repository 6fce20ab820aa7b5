#!/bin/sh
# SPDX-License-Identifier: ISC
# Wrong port: 75, where, why, and what to look at.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_account isp </dev/null
closed=$(port isp)
stop_smarthost isp
send_hello -f me@local.example jane@one.example
expect_status 75
expect_stderr "$host:$closed"
expect_stderr refused
expect_hint port

# A name that does not exist is 68.
write_account isp <<'end'
host            no-such-host.invalid
end
send_hello -f me@local.example jane@one.example
expect_status 68 75
expect_stderr no-such-host.invalid
expect_hint
