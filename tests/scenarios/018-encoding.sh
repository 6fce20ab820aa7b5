#!/bin/sh
# SPDX-License-Identifier: ISC
# 8-bit text and lines over 998 bytes travel as the server can take them (F140, F161).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

accents() {
	printf 'Subject: accents\nContent-Type: text/plain; charset=utf-8\n'
	printf 'MIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\n\nd\303\251j\303\240 vu = fine\n'
}

start_smarthost isp
write_account isp </dev/null
accents | send -f me@local.example jane@one.example
expect_status 0
grep -q 'BODY=8BITMIME' "$work/isp/1.envelope" || wrong 'no BODY=8BITMIME' "$work/isp/1.envelope"
printf 'd\303\251j\303\240 vu = fine\n' | expect_body isp 1

start_smarthost seven --without 8BITMIME
write_account seven </dev/null
accents | send -f me@local.example jane@one.example
expect_status 0
expect_header seven 1 'Content-Transfer-Encoding: quoted-printable'
expect_field seven 1 Content-Transfer-Encoding 1
printf 'd=C3=A9j=C3=A0 vu =3D fine\n' | expect_body seven 1

# The strict server refuses what is longer than 998, so 0 tells that nothing was.
{
	printf 'Subject: long\n\n'
	awk 'BEGIN { for (i = 0; i < 3000; i++) printf "0123456789"; print "" }'
} | send -f me@local.example jane@one.example
expect_status 0
expect_header seven 2 'Content-Transfer-Encoding: quoted-printable'
body seven 2 | sed -e :a -e '/=$/N; s/=\n//; ta' | awk '{ print length($0) }' >"$work/lengths"
[ "$(cat "$work/lengths")" = 30000 ] || wrong 'the long line came in pieces' "$work/lengths"
