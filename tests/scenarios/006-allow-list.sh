#!/bin/sh
# SPDX-License-Identifier: ISC
# A transport table without "*" is a list of who may be written to.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_seed_tables isp
send_hello -f root stranger@elsewhere.example
expect_status 67 69
expect_stderr 'no transport for'
expect_stderr 'stranger@elsewhere.example'
expect_hint
expect_connections isp 0

# The others are served.
send_hello -f root root stranger@elsewhere.example
expect_status 67 69
expect_stderr 'no transport for'
expect_messages isp 1
expect_envelope isp 1 'rcpt: <pdupont@proximus.example>'
expect_no_envelope isp 1 stranger
