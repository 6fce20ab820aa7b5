#!/bin/sh
# SPDX-License-Identifier: ISC
# Every fault of a relayrc is told at once, in the order of its lines.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

write_relayrc <<'end'
host localhost
prot 587
maildomain local.example
tls maybe
# a comment
account second : nobody
port 70000
end
send_hello -f me@local.example jane@one.example
expect_status 78
for line in 2 4 6 7; do
	expect_stderr "$work/relayrc:$line:"
done
for line in 1 3 5; do
	expect_no_stderr "$work/relayrc:$line:"
done
grep -o "relayrc:[0-9]*:" "$err" >"$work/order"
sort -t: -k2n "$work/order" | cmp -s - "$work/order" || wrong 'faults are out of order' "$err"
