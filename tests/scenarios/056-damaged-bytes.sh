#!/bin/sh
# SPDX-License-Identifier: ISC
# A byte of a good relayrc or table is another: the mail goes as before, or not, with a status
# of sysexits.h; the program never ends by a signal (F214).  Unit programs try every byte in
# many ways; here a few are tried from end to end.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

write_relayrc <<end
# comment
defaults
maildomain local.example
account one
host "mail.one.example:587"
aliases $work/aliases
generic $work/generic
transport $work/transport
account default : one
end
cat >"$work/aliases" <<end
root: jane, "joe"@two.example
jane: jane@one.example
end
cat >"$work/generic" <<end
root me@isp.example
@local.example @isp.example
end
cat >"$work/transport" <<end
one.example smtp:[mail.one.example]:587
.two.example smtps:mail.two.example
* one:
end

# damage FILE OFFSET OCTAL: that byte becomes another one.
damage() {
	{
		head -c "$2" "$work/good"
		printf '%b' "\\0$3"
		tail -c +$(($2 + 2)) "$work/good"
	} >"$1"
}

for file in relayrc aliases generic transport; do
	cp "$work/$file" "$work/good"
	size=$(wc -c <"$work/good")
	offset=0
	while [ $offset -lt "$size" ]; do
		for byte in 000 042 377; do
			damage "$work/$file" $offset $byte
			send_hello --pretend -f root root
			recall
			case $status in
			0 | 6[4-9] | 7[0-8]) ;;
			*) wrong "byte $offset of $file as $byte: status $status" "$err" ;;
			esac
			if [ "$status" -ne 0 ] && [ ! -s "$err" ] && ! grep -q '^refused ' "$out"; then
				wrong "byte $offset of $file as $byte: no word of it" "$out"
			fi
		done
		offset=$((offset + 7))
	done
	mv "$work/good" "$work/$file"
done

send_hello --pretend -f root root
expect_status 0
