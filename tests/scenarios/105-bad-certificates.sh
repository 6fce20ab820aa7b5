#!/bin/sh
# SPDX-License-Identifier: ISC
# Certificates that do not vouch for the server: 69, which fault, a hint; no AUTH.  Who passes on
# to a server of another name shows a certificate of the wrong one (F23).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

try() {
	start_smarthost "$1" --certificate "$1"
	write_account "$1" </dev/null
	send_hello -f me@local.example jane@one.example
	expect_status 69
	expect_stderr "$host:$(port "$1")"
	[ -z "$2" ] || expect_stderr "$2"
	expect_hint
	expect_messages "$1" 0
	expect_no_dialogue "$1" 1 AUTH
	stop_smarthost "$1"
}

try unknown-ca ''           # F30
try self-signed ''          # F29
try expired expired         # F24
try future 'only from'      # F25
try wrong-name other.example # F26
try cn-only ''              # F28
try weak ''                 # F34
