#!/bin/sh
# SPDX-License-Identifier: ISC
# Runs a unit program and fails when its output holds a sanitizer's report: Criterion runs each
# test in a child, whose leaks would otherwise pass unseen.
set -u
log=$(mktemp) || exit 99
trap 'rm -f "$log"' EXIT
"$@" >"$log" 2>&1
status=$?
cat "$log"
if grep -qE 'ERROR: (Address|Leak)Sanitizer|runtime error:' "$log"; then
	echo "a sanitizer reported the above" >&2
	exit 1
fi
exit "$status"
