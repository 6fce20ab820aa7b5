#!/bin/sh
# SPDX-License-Identifier: ISC
# Callers' command lines (F180): links, bundles, options that mean nothing here.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_account isp </dev/null
ln -s "$relay" "$work/sendmail"
ln -s "$relay" "$work/mailq"
relay=$work/sendmail

n=0
taken() {
	n=$((n + 1))
	send "$@" <<-end
	From: me@local.example
	To: jane@one.example
	Subject: as called

	hi
	end
	expect_status 0
	expect_messages isp $n
	expect_envelope isp $n 'rcpt: <jane@one.example>'
}

taken -ti
taken -t -i
taken -oi -fme@local.example -t
taken -FCronDaemon -i -odi -oem -oi -t -f root
taken -odi -oem -or0s -oi -t
taken -i -f me@local.example -- jane@one.example
taken -bm -t
taken -oem -oi -f me@local.example -N failure,delay -R hdrs -- jane@one.example
taken -oi -t -ODeliveryMode=b -OErrorMode=m
taken -L tag -p NNTP:host -i jane@one.example

send_hello --no-such-option jane@one.example
expect_status 64
expect_stderr no-such-option
send_hello -bd
expect_status 64
expect_messages isp $n

"$work/mailq" -C "$work/relayrc" >"$work/q.out" 2>"$work/q.err" </dev/null ||
	wrong 'mailq fails' "$work/q.err"
within_a_minute "$work/sendmail" -q -C "$work/relayrc" >"$work/q.out" 2>"$work/q.err" </dev/null ||
	wrong '-q fails' "$work/q.err"
