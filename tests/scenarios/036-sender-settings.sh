#!/bin/sh
# SPDX-License-Identifier: ISC
# What the settings about sender and header make of a mail.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
NAME='The User'
export NAME

# The number of the mail that came last: `sends` may be in a shell of its own.
latest() {
	count_files isp envelope
}

# sends LINES ARGUMENT...: with these settings; the message is standard input.
sends() {
	before=$(latest)
	printf '%s\n' "$1" | write_account isp
	shift
	send "$@" jane@one.example
	expect_status 0
	expect_messages isp $((before + 1))
}

field() {
	expect_header isp "$(latest)" "$1"
}

fields() {
	expect_field isp "$(latest)" "$1" "$2"
}

without_from() {
	printf 'Subject: s\n\nhi\n'
}

with_all() {
	printf '%s\n' 'From: Her <her@one.example>' 'To: jane@one.example' 'Cc: joe@one.example' \
		'Bcc: blind@one.example' 'Date: Sun, 22 Nov 2026 12:00:00 +0000' \
		'Message-ID: <1@one.example>' '' hi
}

# set_from_header, and the name in a field made here
without_from | sends '' -f me@local.example
field 'From: The User <me@local.example>'
without_from | sends 'from_full_name Jane Doe' -f me@local.example
field 'From: Jane Doe <me@local.example>'
without_from | sends 'from_full_name %F at %U' -f me@local.example
field "From: The User at ${USER:-$(id -un)} <me@local.example>"
without_from | sends 'from_full_name Jane Doe' -f me@local.example -F 'J. Doe'
field 'From: "J. Doe" <me@local.example>'
without_from | sends '' -f me@local.example -F 'José Doë'
field 'From: =?utf-8?Q?Jos=C3=A9_Do=C3=AB?= <me@local.example>'
without_from | sends 'set_from_header off' -f me@local.example
fields From 0
with_all | sends 'set_from_header on' -f me@local.example
field 'From: The User <me@local.example>'
fields From 1
with_all | sends 'set_from_header auto' -f me@local.example
field 'From: Her <her@one.example>'

# The envelope sender
with_all | sends 'from own@local.example' -f me@local.example
expect_envelope isp "$(latest)" 'mail: <me@local.example>'
with_all | sends 'from own@local.example
allow_from_override off' -f me@local.example
expect_envelope isp "$(latest)" 'mail: <own@local.example>'
field 'From: Her <her@one.example>'
with_all | sends 'from own@local.example
auto_from on' -f me@local.example
expect_envelope isp "$(latest)" "mail: <${USER:-$(id -un)}@local.example>"

# The field follows the envelope through generic, and its name stays.
printf 'me@local.example out@one.example\n' >"$work/generic"
printf 'From: "The, Me" <me@local.example>\n\nhi\n' | sends "generic $work/generic" \
	-f me@local.example
expect_envelope isp "$(latest)" 'mail: <out@one.example>'
field 'From: "The, Me" <out@one.example>'
without_from | sends "generic $work/generic" -f me@local.example
field 'From: The User <out@one.example>'

# Date and Message-ID
without_from | sends '' -f me@local.example
fields Date 1
fields Message-ID 1
without_from | sends 'set_date_header off
set_msgid_header off' -f me@local.example
fields Date 0
fields Message-ID 0
without_from | sends 'add_missing_date_header off
add_missing_from_header off' -f me@local.example
fields Date 0
fields From 0

# Recipients in the header
with_all | sends '' -f me@local.example
fields Bcc 0
with_all | sends 'remove_bcc_headers off' -f me@local.example
fields Bcc 1
with_all | sends 'keepbcc on' -f me@local.example
fields Bcc 1
with_all | sends 'undisclosed_recipients on' -f me@local.example
field 'To: undisclosed-recipients:;'
fields To 1
fields Cc 0
fields Bcc 0
without_from | sends '' -f me@local.example
fields To 0
without_from | sends 'set_to_header auto' -f me@local.example
field 'To: undisclosed-recipients:;'
with_all | sends 'set_to_header auto' -f me@local.example
field 'To: jane@one.example'
with_all | sends 'set_to_header on' -f me@local.example
field 'To: undisclosed-recipients:;'
fields To 1

# Notices
with_all | sends 'dsn_notify failure,delay
dsn_return headers' -f me@local.example
grep '^mail:' "$work/isp/$(latest).envelope" | grep -q RET=HDRS || wrong 'no RET' "$work/isp/$(latest).envelope"
grep '^rcpt:' "$work/isp/$(latest).envelope" | grep -qi NOTIFY=failure,delay ||
	wrong 'no NOTIFY' "$work/isp/$(latest).envelope"
