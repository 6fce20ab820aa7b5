#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every name that a source file exports begins with the name of the file, so that a
# call tells where to look; fail() is the one exception.  No variable is exported.
#
#   LIBRELAY=./librelay.a sh tests/check-names.sh

archive=${LIBRELAY:-./librelay.a}

if ! command -v nm >/dev/null 2>&1; then
	echo "SKIP: no nm (package binutils)"
	exit 77
fi
if [ ! -r "$archive" ]; then
	echo "no archive at $archive (set LIBRELAY)"
	exit 1
fi

# POSIX format: "archive[member.o]: name type value size".  Names with two underscores in
# front are the compiler's (sanitizers, coverage).
nm -A -g -P "$archive" | awk '
	$3 ~ /^[Uwv]$/ || $2 ~ /^__/ { next }
	{
		file = $1
		sub(/.*\[/, "", file)
		sub(/\].*/, "", file)
		sub(/\.o$/, "", file)
		sub(/^librelay_a-/, "", file)
		names++
	}
	$2 != file && index($2, file "_") != 1 && !(file == "failure" && $2 == "fail") {
		print file ".c: " $2 " does not begin with \"" file "\""
		bad++
	}
	$3 !~ /^[TWi]$/ {
		print file ".c: " $2 " is a variable"
		bad++
	}
	END {
		if (!names) {
			print "no names found"
			exit 1
		}
		printf "%d names, %d wrong\n", names, bad
		exit bad > 0
	}'
