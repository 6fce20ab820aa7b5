#!/bin/sh
# SPDX-License-Identifier: ISC
# A table that cannot be read is not an empty table: 75, and it is named (F199).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
for table in aliases generic transport sasl_passwd; do
	write_seed_tables isp
	rm "$work/$table"
	send_hello -f root root
	expect_status 75
	expect_stderr "$work/$table"
	expect_connections isp 0

	write_seed_tables isp
	rm "$work/$table"
	mkdir "$work/$table"
	send_hello -f root root
	expect_status 75 78
	expect_stderr "$work/$table"
	expect_connections isp 0
	rmdir "$work/$table"
done

if [ "$(id -u)" -ne 0 ]; then
	write_seed_tables isp
	chmod 0 "$work/generic"
	send_hello -f root root
	expect_status 75
	expect_stderr "$work/generic"
	expect_connections isp 0
	rm -f "$work/generic"
fi

# Passwords that everybody may read are refused, with the command that mends it (F99).
write_seed_tables isp
chmod 644 "$work/sasl_passwd"
send_hello -f root root
expect_status 78
expect_stderr "$work/sasl_passwd"
expect_hint chmod
expect_connections isp 0
