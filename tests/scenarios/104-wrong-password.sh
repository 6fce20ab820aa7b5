#!/bin/sh
# SPDX-License-Identifier: ISC
# 535: exit 77, the server's words, where the password came from; one try only (F89, F92).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp --mechanisms 'PLAIN LOGIN CRAM-MD5'
write_seed_tables isp
printf '%s:%s %s:not-it\n' "$host" "$(port isp)" "$user" >"$work/sasl_passwd"
send_hello -f root root
expect_status 77
expect_stderr "$host:$(port isp)"
expect_server_words '535 5.7.8'
expect_hint
expect_no_stderr not-it
expect_messages isp 0
[ "$(grep -c '^AUTH' "$work/isp/1.dialogue")" -eq 1 ] ||
	wrong 'more than one AUTH' "$work/isp/1.dialogue"
expect_no_dialogue isp 1 MAIL

# A user that the server does not know looks the same.
printf '%s:%s stranger:%s\n' "$host" "$(port isp)" "$secret" >"$work/sasl_passwd"
send_hello -f root root
expect_status 77
expect_messages isp 0

# SCRAM says it in its own way.
start_smarthost scram --mechanisms SCRAM-SHA-256
write_account scram <<'end'
password        not-it
end
send_hello -f me@local.example jane@one.example
expect_status 77
expect_messages scram 0
