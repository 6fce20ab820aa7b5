#!/bin/sh
# SPDX-License-Identifier: ISC
# `tls off` to a loopback peer works, AUTH included; nothing of it is a fallback (F21).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --no-starttls
write_account isp <<'end'
tls             off
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 1 'tls: none'
expect_no_dialogue isp 1 STARTTLS
