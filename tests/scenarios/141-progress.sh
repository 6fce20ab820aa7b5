#!/bin/sh
# SPDX-License-Identifier: ISC
# A large mail over a slow line shows on a terminal how far it is; nowhere else, and not unasked
# beside the dialogue.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null 2>&1 || skip 'no python3 to play server and terminal'

see() {
	python3 -B "${0%/*}/../hostile/terminal.py" "$relay" "$work" "$@" >"$work/seen"
	result=$?
	[ $result -eq 0 ] || wrong "$*: exit status $result" "$work/seen"
}

see pty
grep -q '% \[=* *\] .* of 20\.5 MB, .*/s, [0-9]*:[0-9][0-9] left' "$work/seen" ||
	wrong 'no progress is shown' "$work/seen"
# At the end the line is empty again.
tr '\r' '\n' <"$work/seen" | tail -n 1 | grep -q '[^ ]' && wrong 'something is left there' "$work/seen"

see pipe
[ ! -s "$work/seen" ] || wrong 'it is shown where there is no terminal' "$work/seen"
see pipe --progress
[ ! -s "$work/seen" ] || wrong 'it is shown where there is no terminal, asked for' "$work/seen"
see pty --no-progress
[ ! -s "$work/seen" ] || wrong 'it is shown against the wish' "$work/seen"
see pty --debug
! grep -q ' left' "$work/seen" || wrong 'it is shown beside the dialogue' "$work/seen"
see pty --debug --progress
grep -q ' left' "$work/seen" || wrong 'it is not shown, asked for' "$work/seen"
