#!/bin/sh
# SPDX-License-Identifier: ISC
# Gets what is missing from the distribution, builds in build/ and runs every test.
#
#	sh tests/run.sh [CONFIGURE OPTION...]
#
# The last line is "N passed, N failed, N skipped".  A unit program counts by the tests
# inside it, everything else as one.  NO_INSTALL=1 forbids installing; BUILD names
# another build directory.
set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
# shellcheck source=tests/setup.sh
. "$top/tests/setup.sh"

passed=0
failed=0
skipped=0

# The number behind a word of Criterion's last line; what crashed is among what failed.
criterion_count() {
	sed -n "s/.*Synthesis:.*$2: *\([0-9][0-9]*\).*/\1/p" "$1" | tail -n 1
}

count_criterion() {
	good=$(criterion_count "$1" Passing)
	bad=$(criterion_count "$1" Failing)
	[ -n "$good" ] && [ -n "$bad" ] || return 1
	passed=$((passed + good))
	failed=$((failed + bad))
	# A sanitizer's report, or death after the summary, fails a program whose tests pass.
	if [ "$2" != PASS ] && [ "$bad" -eq 0 ]; then
		failed=$((failed + 1))
	fi
}

# What a skipped test says about it; the driver's own line at the end says nothing.
reason() {
	grep -v '(exit status: 77)' "$1" | sed -n 's/^ *[Ss][Kk][Ii][Pp][a-z]*: *//p' | tail -n 1
}

count_result() {
	log=${1%.trs}.log
	name=${1#"$build"/}
	name=${name%.trs}
	result=$(sed -n 's/^:test-result: *\([A-Z]*\).*/\1/p' "$1" | head -n 1)
	if [ "$result" = SKIP ]; then
		skipped=$((skipped + 1))
		say "skipped: $name: $(reason "$log")"
		return
	fi
	if [ "$result" != PASS ] && [ "$result" != XFAIL ]; then
		say "failed: $name (see $log)"
		grep -E '^(FAILED|not ok)|\[FAIL\]' "$log" | head -n 20 | sed 's/^/    /'
	fi
	count_criterion "$log" "$result" && return
	case $result in
	PASS | XFAIL) passed=$((passed + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
}

find_results() {
	find "$build" -name '*.trs' | sort
}

setup_begin
setup_need "$needs_to_build$needs_to_test"
setup_want "$helps_to_test"
setup_want_service "$services_to_test"
say "Building in $build (its output: setup.log there)"
setup_configure --enable-tests "$@"
setup_make all

# Results of tests that are no longer there must not be counted.
find_results | while read -r old; do rm -f "$old"; done
say 'Running make check'
in_build make -s -k -j "$(processors)" check >>"$setup_log" 2>&1 </dev/null
check=$?

for trs in $(find_results); do
	count_result "$trs"
done
# Something that does not even build has no result of its own.
if [ $check -ne 0 ] && [ $failed -eq 0 ]; then
	tail -n 40 "$setup_log" >&2
	failed=1
fi
say "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
