#!/bin/sh
# SPDX-License-Identifier: ISC
# AUTH is a step of its own: nothing is sent behind it until it is answered, whatever the server
# offers (F106), nothing of it goes into MAIL (F107), and one password is tried once (F91, F92).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

# after_auth NAME: what the client said behind AUTH, in the first connection.
after_auth() {
	sed '1,/^AUTH/d' "$work/$1/1.dialogue"
}

start_smarthost silent --stall auth
write_account silent <<'end'
timeout         1
auth            plain
end
send_hello -f me@local.example jane@one.example
expect_status 75
expect_dialogue silent 1 'AUTH PLAIN'
[ -z "$(after_auth silent)" ] || wrong 'AUTH was not alone' "$work/silent/1.dialogue"

start_smarthost isp
write_account isp </dev/null
send_hello -f me@local.example jane@one.example
expect_status 0
expect_dialogue isp 1 'MAIL FROM:<me@local.example>'
expect_no_dialogue isp 1 'AUTH='

for reply in '534 5.7.9 too weak' '538 5.7.11 encryption required' '535 5.7.8 no' \
    '500 5.5.2 what' '432 4.7.12 change your password'; do
	start_smarthost "${reply%% *}" --mechanisms 'PLAIN LOGIN CRAM-MD5' --reply "auth=$reply"
	write_account "${reply%% *}" </dev/null
	send_hello -f me@local.example jane@one.example
	expect_status 75 77
	expect_connections "${reply%% *}" 1
	[ "$(grep -c '^AUTH' "$work/${reply%% *}/1.dialogue")" -eq 1 ] ||
		wrong 'more than one AUTH' "$work/${reply%% *}/1.dialogue"
	expect_no_dialogue "${reply%% *}" 1 MAIL
	stop_smarthost "${reply%% *}"
done
