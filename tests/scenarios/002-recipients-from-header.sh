#!/bin/sh
# SPDX-License-Identifier: ISC
# -t reads groups, comments, quoted names and folded fields; Bcc never leaves.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

start_smarthost isp
write_account isp </dev/null
send -t -f me@local.example extra@other.example <<'end'
From: Me <me@local.example>
To: "Doe, Jane" <jane@one.example>, (a comment, with a comma) joe@two.example
Cc: Friends: ann@three.example (Ann), "odd name"@four.example;,
	<bob@five.example>
bCC : hidden@six.example,
 also.hidden@seven.example
Subject: to many

hi
end
expect_status 0
expect_messages isp 1
for address in extra@other jane@one joe@two ann@three '"odd name"@four' bob@five hidden@six \
    also.hidden@seven; do
	expect_envelope isp 1 "rcpt: <$address.example>"
done
expect_field isp 1 Bcc 0
expect_header isp 1 'To: "Doe, Jane" <jane@one.example>, (a comment, with a comma) joe@two.example'
expect_header isp 1 'Cc: Friends: ann@three.example (Ann), "odd name"@four.example;,'
expect_header isp 1 '	<bob@five.example>'
if grep -q hidden "$work/isp/1.message"; then
	wrong 'a blind recipient is in the message' "$work/isp/1.message"
fi

# Resent fields, when there are any, are the only ones asked (F172).
send -t -f me@local.example <<'end'
From: me@local.example
To: jane@one.example
Resent-To: new@eight.example
Resent-Bcc: secret@nine.example
Subject: again

hi
end
expect_status 0
expect_envelope isp 2 'rcpt: <new@eight.example>'
expect_envelope isp 2 'rcpt: <secret@nine.example>'
expect_no_envelope isp 2 jane
expect_field isp 2 Resent-Bcc 0

# Nobody at all is a fault of the call (F172).
send -t -f me@local.example <<'end'
From: me@local.example
Subject: to nobody

hi
end
expect_status 64
expect_messages isp 2

# Without -t a Bcc field is no recipient, and is taken out all the same.
send -f me@local.example jane@one.example <<'end'
From: me@local.example
To: jane@one.example
Bcc: hidden@six.example

hi
end
expect_status 0
expect_no_envelope isp 3 hidden
expect_field isp 3 Bcc 0
