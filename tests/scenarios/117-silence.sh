#!/bin/sh
# SPDX-License-Identifier: ISC
# A server that says nothing any more is left after the time that `timeout` sets (F18, F116).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

for step in greeting ehlo starttls handshake ehlo-tls auth mail rcpt; do
	start_smarthost "$step" --stall "$step"
	write_account "$step" <<-end
	timeout         1
	end
	send_hello -f me@local.example jane@one.example
	expect_status 75
	expect_stderr "$host:$(port "$step")"
	expect_stderr 'within the time limit'
	expect_messages "$step" 0
	stop_smarthost "$step"
done

# QUIT is not waited for: the mail is through.
start_smarthost quit --stall quit
write_account quit </dev/null
send_hello -f me@local.example jane@one.example
expect_status 0
expect_messages quit 1
