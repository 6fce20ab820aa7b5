#!/bin/sh
# SPDX-License-Identifier: ISC
# DSN parameters go to a server that offers them, and only to it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_account isp </dev/null
send_hello -f me@local.example -N success,failure -R hdrs -V order-12345 jane@one.example
expect_status 0
grep '^mail:' "$work/isp/1.envelope" | grep -q 'RET=HDRS' ||
	wrong 'no RET=HDRS' "$work/isp/1.envelope"
grep '^mail:' "$work/isp/1.envelope" | grep -q 'ENVID=order-12345' ||
	wrong 'no ENVID' "$work/isp/1.envelope"
grep '^rcpt:' "$work/isp/1.envelope" | grep -qi 'NOTIFY=success,failure' ||
	wrong 'no NOTIFY' "$work/isp/1.envelope"
send_hello -f me@local.example -N sometimes jane@one.example
expect_status 64
expect_messages isp 1
