#!/bin/sh
# SPDX-License-Identifier: ISC
# Replies that are none, and words that would paint the terminal (F17, F110, F111, F152).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

n=0
try() {
	n=$((n + 1))
	start_smarthost "s$n" --without CHUNKING --reply "$1"
	write_account "s$n" </dev/null
	send_hello -f me@local.example jane@one.example
	expect_failure
	expect_messages "s$n" 0
	if tr -d '\n\t' <"$err" | LC_ALL=C grep -q '[[:cntrl:]]'; then
		wrong "'$1' puts control bytes on standard error" "$err"
	fi
	stop_smarthost "s$n"
}

escape=$(printf '\033')
try 'greeting=hello there'
try 'greeting=2200 x'
try 'greeting=554 5.3.2 not for you'
try "greeting=554 ${escape}[2Jgone"
try 'ehlo=250-one\n354 two'
try 'ehlo=500 5.5.1 what'
try "mail=550 5.7.1 ${escape}]0;title"
try 'mail=999 odd'
try 'data=250 2.0.0 already' # F129
