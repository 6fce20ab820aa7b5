#!/bin/sh
# SPDX-License-Identifier: ISC
# A bad line in relayrc: 78, file:line, what to write instead; nothing is connected (F210).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp

try() {
	write_account isp <<end
$1
end
	send_hello -f me@local.example jane@one.example
	expect_status 78
	expect_stderr "$work/relayrc:7:"
	expect_connections isp 0
}

try 'tls_startls on'
expect_hint tls_starttls
try 'TLS on'
expect_hint tls
try 'tls yes'
expect_hint on
try 'port 65536'
try 'port 587x'
try 'port 0'
try 'timeout soon'
try 'port'
try 'host bad%name'
