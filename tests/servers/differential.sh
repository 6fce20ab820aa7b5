#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Random tables and mail given to a private Postfix and to the program: both hand over to a
# server of the test's own, and what arrives there must be the same but for what relay-tables(5)
# lists under DIFFERENCES FROM POSTFIX.  Keys of random tables are asked of postmap, too (F208).
#
#   RELAY=./relay LOOKUP=./lookup sh tests/servers/differential.sh
#
# SEED=... is 1, SEED=random draws one and prints it; CASES=... is its size, SHOW=... how many differences are told in full,
# KEEP=1 keeps the directory.

# shellcheck disable=SC2154 # work and relay are set in common.inc
# shellcheck source=/dev/null
. "$(dirname "$0")/common.inc"

folder=$(cd "$(dirname "$0")/differential" && pwd) || exit 1
begin differential
need postfix postmap postalias
need python3 python3
if ! ls /usr/lib/*/sasl2/libplain.so >/dev/null 2>&1; then
	skip "no libplain.so (package libsasl2-modules)"
fi
mkdir "$work/none" && : >"$work/none/main.cf"
if ! postconf -c "$work/none" -m 2>/dev/null | grep -qx hash; then
	skip "this Postfix has no hash tables"
fi
case $(postconf -d -h mail_version 2>/dev/null) in
3.[6-9]* | 3.[1-9][0-9]*) ;;
*) skip "what is expected was seen with Postfix 3.7: this one is another" ;;
esac
lookup=${LOOKUP:-$(dirname "$relay")/lookup}
if [ ! -x "$lookup" ]; then
	printf 'not ok - no program at %s (set LOOKUP)\n' "$lookup"
	exit 1
fi
lookup=$(cd "$(dirname "$lookup")" && pwd)/$(basename "$lookup")

python3 -B "$folder/main.py" "$relay" "$lookup" "$folder/../../../doc/relay-tables.5" "$work"
