#!/bin/sh
# SPDX-License-Identifier: ISC
# TLS from the first byte, by setting and by transport name.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --implicit-tls
write_account isp <<'end'
tls_starttls    off
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 1 'tls: TLS1.3'
expect_envelope isp 1 "auth: SCRAM-SHA-256-PLUS $user"

write_seed_tables isp
printf '* smtps:%s:%s\n' "$host" "$(port isp)" >"$work/transport"
send_hello -f root jane@one.example
expect_status 0
expect_envelope isp 2 'tls: TLS1.3'
