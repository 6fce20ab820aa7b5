#!/bin/sh
# SPDX-License-Identifier: ISC
# Tables that are replaced while mail is sent: a mail sees the old one or the new one, never
# rows of both, and never none (F200).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

write_relayrc <<end
host            localhost
maildomain      local.example
generic         $work/generic
generic_recursion off
transport       $work/transport
aliases         $work/aliases
end
for version in one two; do
	mkdir "$work/$version"
	{
		printf 'alice alice@%s.example\n' $version
		yes 'filler@else.example filler@else.example' | head -n 3000
		printf 'root root@%s.example\n' $version
	} >"$work/$version/generic"
	{
		printf 'x.example smtp:%s.example\n' $version
		yes 'else.example smtp:else.example' | head -n 3000
		printf 'y.example smtp:%s.example\n' $version
	} >"$work/$version/transport"
	printf 'both: alice@x.example, bob@y.example\n' >"$work/$version/aliases"
	cp "$work/$version/generic" "$work/$version/transport" "$work/$version/aliases" "$work"
done

swap() {
	while [ ! -e "$work/done" ]; do
		for version in one two; do
			for table in generic transport aliases; do
				cp "$work/$version/$table" "$work/new" &&
					mv "$work/new" "$work/$table"
			done
		done
	done
}

swap &
swapper=$!
run_number=0
while [ $run_number -lt 40 ]; do
	run_number=$((run_number + 1))
	send_hello --pretend -f alice root x@x.example y@y.example both
	expect_status 0
	for places in 'alice@\(one\|two\).example' 'root@\(one\|two\).example'; do
		grep -o "$places" "$out"
	done | sed 's/.*@//' | sort -u >"$work/names"
	[ "$(wc -l <"$work/names")" -eq 1 ] || wrong 'generic is a mixture' "$out"
	grep -o 'smtp:\(one\|two\).example' "$out" | sort -u >"$work/servers"
	[ "$(wc -l <"$work/servers")" -eq 1 ] || wrong 'transport is a mixture' "$out"
	[ ! -s "$work/failures" ] || break
done
touch "$work/done"
wait $swapper
