#!/bin/sh
# SPDX-License-Identifier: ISC
# A server that goes away at any step leaves the mail with the caller (F117, F131).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

try() {
	# shellcheck disable=SC2086
	start_smarthost "s$1" --close "$2" ${3:-}
	write_account "s$1" </dev/null
	send_hello -f me@local.example jane@one.example
	expect_status 75
	expect_messages "s$1" 0
	stop_smarthost "s$1"
}

try 1 greeting
try 2 ehlo
try 3 starttls
try 4 handshake
try 5 ehlo-tls
try 6 auth
try 7 mail
try 8 rcpt
try 9 data '--without CHUNKING'
try 10 body '--without CHUNKING'
try 11 dot '--without CHUNKING'
try 12 dot

# After the 250 nothing can undo it (F55, F117).
start_smarthost late --close quit
write_account late </dev/null
send_hello -f me@local.example jane@one.example
expect_status 0
expect_messages late 1

# A signal takes the command of passwordeval along.
mkfifo "$work/never"
write_account late </dev/null
sed -i '/^password/d' "$work/relayrc"
cat >>"$work/relayrc" <<end
passwordeval echo \$\$ >$work/child.new; mv $work/child.new $work/child; cat $work/never
end
for signal in HUP TERM; do
	rm -f "$work/child"
	"$relay" -C "$work/relayrc" -f me@local.example jane@one.example </dev/null 2>/dev/null &
	while [ ! -s "$work/child" ] && kill -0 $! 2>/dev/null; do
		sleep 0.02
	done
	kill -s "$signal" $!
	wait $!
	patience=250
	while kill -0 "$(cat "$work/child")" 2>/dev/null && [ $patience -gt 0 ]; do
		patience=$((patience - 1))
		sleep 0.02
	done
	if kill -0 "$(cat "$work/child")" 2>/dev/null; then
		wrong "the command of passwordeval lives on after SIG$signal"
		kill -9 "-$(cat "$work/child")"
	fi
done
