#!/bin/sh
# SPDX-License-Identifier: ISC
# Servers that answer AUTH in ways that must not be believed (F77, F79, F80, F84, F89-F91).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

n=0
try() {
	n=$((n + 1))
	start_smarthost "s$n" --mechanisms "$1" --reply "auth=$2"
	write_account "s$n" </dev/null
	send_hello -f me@local.example jane@one.example
	# shellcheck disable=SC2086
	expect_status $3
	expect_messages "s$n" 0
	expect_no_dialogue "s$n" 1 MAIL
	stop_smarthost "s$n"
}

try SCRAM-SHA-256 '235 2.7.0 welcome' '69 76 77'
try SCRAM-SHA-256 '334 cj1vdGhlcixzPWFhYWEsaT00MDk2' '69 76 77'
try SCRAM-SHA-256 '334 !!!!' '69 76 77'
try PLAIN '334 ' '69 76 77'
try LOGIN '334 VXNlcm5hbWU6' '69 76 77'
try PLAIN '534 5.7.9 too weak' '77 69'
try PLAIN '538 5.7.11 encryption required' '77 69'
try PLAIN '535 5.7.8 no' '77'
try PLAIN '454 4.7.0 later' '75'

# SCRAM that would cost a day of work (F82).
start_smarthost costly --mechanisms SCRAM-SHA-256 --scram-iterations 2000000000
write_account costly </dev/null
send_hello -f me@local.example jane@one.example
expect_failure
expect_messages costly 0
