#!/bin/sh
# SPDX-License-Identifier: ISC
# Senders as programs give them: null, bare, absent; and what none may hold.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_account isp </dev/null
send_hello -f '' jane@one.example
expect_status 0
expect_envelope isp 1 'mail: <>'

send_hello -f '<>' jane@one.example
expect_status 0
expect_envelope isp 2 'mail: <>'

send_hello -f alice jane@one.example
expect_status 0
expect_envelope isp 3 'mail: <alice@local.example>'

send_hello -r bob@else.example -- jane@one.example
expect_status 0
expect_envelope isp 4 'mail: <bob@else.example>'

send_hello jane@one.example
expect_status 0
expect_envelope isp 5 "mail: <$(id -un)@local.example>"

# Debian's cron passes MAILTO as one argument.
send_hello -FCronDaemon -i -B8BITMIME -oem 'jane@one.example,joe@two.example'
expect_status 0
expect_envelope isp 6 'rcpt: <jane@one.example>'
expect_envelope isp 6 'rcpt: <joe@two.example>'

# A line end or a blank in an address never reaches the server (F175, F176).
send_hello -f "me@local.example>
RCPT TO:<evil@one.example" jane@one.example
expect_status 64
send_hello -f 'me@local.example SIZE=9' jane@one.example
expect_status 64
send_hello -f me@local.example 'jane@one.example>
RCPT TO:<evil@one.example'
expect_status 64 65
expect_messages isp 6
