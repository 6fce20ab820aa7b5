#!/bin/sh
# SPDX-License-Identifier: ISC
# Which account sends, row by row of relayrc(5).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

unset SMTPSERVER EMAIL HOSTNAME 2>/dev/null
write_relayrc <<'end'
account plain
host plain.example
from Joe@one.example
from jim@one.example

account wild
host wild.example
from *@two.example
from j[aeiou]e@three.example

account expanded
host expanded.example
from %U@four.example

account default : plain
end

# chooses ACCOUNT ARGUMENT...: with the message on standard input.
chooses() {
	wanted=$1
	shift
	send --pretend --json "$@"
	expect_status 0
	expect_stdout "\"account\": \"$wanted\""
}

USER=alice
export USER
chooses wild -a wild </dev/null
chooses wild --account=wild -f joe@one.example </dev/null
chooses command-line --host=mail.example </dev/null
chooses command-line --host=mail.example -f joe@one.example </dev/null
chooses plain -f joe@one.example </dev/null
chooses plain -r JOE@ONE.EXAMPLE </dev/null
chooses plain -f jim@one.example </dev/null
chooses plain -f joe+list@one.example </dev/null
chooses wild -f anybody@two.example </dev/null
chooses wild -f jae@three.example </dev/null
chooses expanded -f alice@four.example </dev/null
chooses default -f jye@three.example </dev/null
chooses default -f anybody@TWO.example </dev/null
chooses default -f '<>' </dev/null
chooses default </dev/null
printf 'From: "Doe, Joe" <joe@one.example>, x@two.example\n\n' |
	chooses plain --read-envelope-from
printf 'Subject: none\n\n' | chooses default --read-envelope-from
# The sender of -t is not asked for.
printf 'From: x@two.example\nTo: y@z.example\n\n' | chooses default -t

# A file that says nothing of a default.
write_relayrc <<'end'
account only
host only.example
from only@one.example
end
SMTPSERVER=variable.example chooses default </dev/null
expect_stdout '"host": "variable.example"'
SMTPSERVER=variable.example EMAIL=me@mail.example chooses default </dev/null
expect_stdout '"from": "me@mail.example"'
SMTPSERVER=variable.example EMAIL=me@mail.example chooses default -f you@mail.example </dev/null
expect_stdout '"from": "you@mail.example"'
SMTPSERVER=variable.example chooses only -f only@one.example </dev/null

# None: every place that was looked at, and why.
send --pretend </dev/null
expect_status 78
expect_stderr 'no account to send with'
expect_stderr "$work/relayrc (read, no default account)"
expect_stderr 'relayrc (no such file)'
EMAIL=me@mail.example send --pretend </dev/null
expect_status 78
send --pretend -a missing </dev/null
expect_status 78
expect_stderr "there is no account 'missing'"
expect_stderr 'known accounts: only'
send -a only --host=mail.example someone </dev/null
expect_status 64

# Nothing is read with --host, so nothing in a file can stop it.
printf 'bogus\n' | write_relayrc
chooses command-line --host=mail.example </dev/null
