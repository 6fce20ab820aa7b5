#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Every #include "folder/..." in src/ must be one that the table in doc/ARCHITECTURE
# allows, and every folder of src/ must have its row there.
#
#   sh tests/check-layers.sh          srcdir is the top of the source tree

top=${srcdir:-$(dirname "$0")/..}
table=$top/doc/ARCHITECTURE

# The rows of the table: "folder | sentence | may include" -> "folder may include".
rows()
{
	sed -n 's/^\(src\/[a-z.]*\) *|[^|]*| *\(.*[^ ]\) *$/\1 \2/p' "$table"
}

# The folder, or main.c, that a source file belongs to.
includes()
{
	find "$top/src" -name '*.[ch]' | sort | while read -r file; do
		name=${file#"$top"/}
		case $name in
		src/*/*) layer=${name%/*} ;;
		*) layer=$name ;;
		esac
		sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$file" |
			sed "s|^|$layer $name |"
	done
}

if [ ! -r "$table" ]; then
	echo "no $table"
	exit 1
fi

{ rows | sed 's/^/row /'; includes | sed 's/^/use /'; } | awk '
	$1 == "row" {
		count++
		known[$2] = 1
		for (i = 3; i <= NF; i++)
			may[$2, $i] = 1
		next
	}
	{ uses++ }
	!($2 in known) {
		print $3 ": " $2 " has no row in doc/ARCHITECTURE"
		bad++
		next
	}
	# "config.h" is made by configure; a header of the top folder has no slash.
	$4 == "config.h" { next }
	{
		to = $4
		if (!sub(/\/.*/, "", to)) {
			print $3 ": \"" $4 "\" is written without its folder"
			bad++
		} else if ("src/" to != $2 && !may[$2, to] && !may[$2, "all"]) {
			print $3 ": " $2 " may not include \"" $4 "\""
			bad++
		}
	}
	END {
		if (!count) { print "no rows in doc/ARCHITECTURE"; exit 1 }
		if (!uses) { print "no includes found in src/"; exit 1 }
		printf "%d rows, %d includes, %d forbidden\n", count, uses, bad
		exit bad > 0
	}'
