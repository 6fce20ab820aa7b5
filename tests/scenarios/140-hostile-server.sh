#!/bin/sh
# SPDX-License-Identifier: ISC
# A server that misbehaves at every point of the dialogue, in every way: it holds nobody up, gets
# no secret in the clear, and no mail counts as sent that it did not take.  F3, F8, F13-F19,
# F55-F58, F60, F108-F119, F128-F131, F133-F137, F145, F151-F153, F282, F283, F290.
#
# RELAY_HOSTILE=N runs every Nth case only; with a sanitizer N is 3.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null 2>&1 || skip 'no python3 to play the server'
python3 -c 'import ssl' 2>/dev/null || skip 'the python3 here has no ssl'
witness=$(absolute "${WITNESS:?the program that watches}")

# It makes the certificates.
start_smarthost keys
stop_smarthost keys
RELAY_HOSTILE_JOBS=${RELAY_HOSTILE_JOBS:-8} python3 -B "${0%/*}/../hostile/run.py" \
	"$relay" "$witness" "$work/keys" || wrong 'some server had its way'
