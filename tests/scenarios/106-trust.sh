#!/bin/sh
# SPDX-License-Identifier: ISC
# Who may vouch: a file that must hold something, or a fingerprint (F64-F66).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
try_file() {
	write_account isp <<end
tls_trust_file  $1
end
	send_hello -f me@local.example jane@one.example
	expect_status 78
	expect_stderr "$1"
	expect_messages isp 0
}

try_file "$work/missing.pem"
: >"$work/empty.pem"
try_file "$work/empty.pem"
mkdir "$work/directory.pem"
try_file "$work/directory.pem"

# The pin of another certificate: both are shown, so that a new one can be copied.
pin=00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF
write_account isp <<end
tls_fingerprint $pin
end
send_hello -f me@local.example jane@one.example
expect_status 69
expect_messages isp 0
shown=$(grep -oE '([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}' "$err" | grep -vixF "$pin" | head -n 1)
[ -n "$shown" ] || wrong "the server's fingerprint is not shown" "$err"
write_account isp <<end
tls_fingerprint $shown
end
send_hello -f me@local.example jane@one.example
expect_status 0
expect_messages isp 1

write_account isp <<'end'
tls_fingerprint 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33
end
send_hello -f me@local.example jane@one.example
expect_status 78
expect_stderr SHA-256
expect_hint
