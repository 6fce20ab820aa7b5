#!/bin/sh
# SPDX-License-Identifier: ISC
# Whose configuration is read when HOME is missing, strange, or another user's, and when the
# program has rights that its caller has not (F212, F213).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

# pretend [COMMAND...]: without -C.
pretend() {
	run=$(($(cat "$work/runs") + 1))
	echo $run >"$work/runs"
	printf 'To: x@else.example\n\nhi\n' |
		within_a_minute "$@" "$relay" --pretend x@else.example \
			>"$work/run$run.out" 2>"$work/run$run.err"
	echo $? >"$work/run$run.status"
	recall
}

mkdir "$work/mine" "$work/other" "$work/mine/.config" "$work/mine/.config/relay"
printf 'host mine.example\n' >"$work/mine/.relayrc"
printf 'host xdg.example\n' >"$work/mine/.config/relay/config"
printf 'host other.example\n' >"$work/other/.relayrc"

pretend env HOME="$work/mine"
expect_status 0
expect_stdout mine.example
rm "$work/mine/.relayrc"
pretend env HOME="$work/mine"
expect_status 0
expect_stdout xdg.example
printf 'host mine.example\n' >"$work/mine/.relayrc"

# Missing or relative: the passwd entry's, so not what stands here (F212).
cd "$work" || exit 99
pretend env -u HOME
expect_no_stdout mine.example
pretend env HOME=mine
expect_no_stdout mine.example
pretend env HOME=
expect_no_stdout mine.example
pretend env HOME=mine XDG_CONFIG_HOME=mine/.config
expect_no_stdout xdg.example
cd / || exit 99

# In a directory of one's own, but a file of another user: refused.
if [ "$(id -u)" -ne 0 ]; then
	skip 'only root can give files away: the rest was not tried'
fi
chown 12345 "$work/mine/.relayrc"
pretend env HOME="$work/mine"
expect_status 78
expect_stderr "$work/mine/.relayrc: belongs to uid 12345"
chown 0 "$work/mine/.relayrc"

# HOME kept through sudo: the files of who called are not root's (F213).
chown -R 12345 "$work/other"
pretend env HOME="$work/other"
expect_no_stdout other.example
expect_no_stderr 'belongs to uid'
if [ "$status" -ne 0 ]; then
	expect_status 78
	expect_stderr "$work/other/.relayrc (not looked at: HOME is another user's)"
fi
pretend env HOME="$work/other" XDG_CONFIG_HOME="$work/other"
expect_no_stdout other.example

# The other way: what is started as a user reads that user's file.
command -v setpriv >/dev/null 2>&1 || skip 'no setpriv (package util-linux): the rest was not tried'
chmod 755 "$work"
cp "$relay" "$work/relay-copy"
chmod 755 "$work/relay-copy"
relay=$work/relay-copy
as_user='setpriv --reuid 12345 --regid 12345 --clear-groups'
# shellcheck disable=SC2086
pretend $as_user env HOME="$work/other"
expect_status 0
expect_stdout other.example

# With the rights of another group no file of the user and no variable is believed (F213).
cp "$(command -v id)" "$work/id"
chgrp 12346 "$relay" "$work/id"
chmod 2755 "$relay" "$work/id"
# Leaks cannot be looked for in a process that may not be traced.
if grep -q __asan_init "$relay"; then
	skip 'built with sanitizers: privileges were not tried'
fi
# shellcheck disable=SC2086
[ "$($as_user "$work/id" -g)" = 12346 ] || skip 'set-id has no effect here: that was not tried'
# shellcheck disable=SC2086
pretend $as_user env HOME="$work/other" SMTPSERVER=variable.example
expect_no_stdout other.example
expect_no_stdout variable.example
expect_no_stderr "$work/other"
# shellcheck disable=SC2086
$as_user "$relay" -C "$work/other/.relayrc" --pretend x@else.example </dev/null \
	>"$work/named.out" 2>"$work/named.err"
[ $? -eq 77 ] || wrong '-C is believed with privileges' "$work/named.out" "$work/named.err"
