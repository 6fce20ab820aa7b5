#!/bin/sh
# SPDX-License-Identifier: ISC
#
# No function over 80 lines, no file over 450; a unit program, which cannot be split without
# splitting the file that it tests, may have 700.  The house style puts a function's
# name at the start of a line and its braces in column one, so awk finds the bodies;
# a test opens its brace on the line of its name.
#
#   sh tests/check-length.sh          srcdir is the top of the source tree

cd "${srcdir:-$(dirname "$0")/..}" || exit 1

# shellcheck disable=SC2016 # $0 is awk's
find src tests -name '*.[ch]' | sort | xargs awk -v function_max=80 -v file_max=450 -v unit_max=700 '
	function complain(place, what, lines, allowed) {
		printf "%s: %s has %d lines, %d are allowed\n", place, what, lines, allowed
		bad++
	}
	function end_of_file() {
		allowed = file ~ /^tests\/unit\// ? unit_max : file_max
		if (lines > allowed)
			complain(file, "the file", lines, allowed)
	}
	FNR == 1 {
		end_of_file()
		file = FILENAME
		files++
		start = 0
	}
	{ lines = FNR }
	!start && /^[A-Za-z_][A-Za-z_0-9 *]*\(/ {
		name = $0
		if (!sub(/\)[ \t]*\{.*/, ")", name))
			sub(/\(.*/, "", name)
	}
	!start && (/^\{/ || /^[A-Za-z_].*\)[ \t]*\{[ \t]*$/) { start = FNR }
	start && /^\}/ {
		functions++
		if (FNR - start + 1 > function_max)
			complain(file ":" start, name, FNR - start + 1, function_max)
		start = 0
	}
	END {
		end_of_file()
		if (!functions) {
			print "no functions found"
			exit 1
		}
		printf "%d files, %d functions, %d too long\n", files, functions, bad
		exit bad > 0
	}'
