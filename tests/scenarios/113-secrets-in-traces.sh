#!/bin/sh
# SPDX-License-Identifier: ISC
# The dialogue can be shown, the password cannot (F102).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
for mechanism in plain login cram-md5 scram-sha-256; do
	write_account isp <<-end
	auth            $mechanism
	end
	send_hello --debug -f me@local.example jane@one.example
	expect_status 0
	cat "$out" "$err" >"$work/trace"
	grep -q 'AUTH' "$work/trace" || wrong 'the trace lacks AUTH' "$work/trace"
	grep -qF '***' "$work/trace" || wrong 'nothing is masked' "$work/trace"
	for bytes in "$secret" "$(printf '%s' "$secret" | base64)" \
	    "$(printf '\000%s\000%s' "$user" "$secret" | base64)"; do
		if grep -qF -e "$bytes" "$work/trace"; then wrong "the trace has '$bytes'"; fi
	done
done
