#!/bin/sh
# SPDX-License-Identifier: ISC
# TLS with a peer that speaks it by hand: what is offered, answers that nobody should give, every
# alert, and single bytes changed on the way (F47-F49, F52-F54, F59-F63).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null 2>&1 || skip 'no python3 to play the server'
python3 -c 'import ssl' 2>/dev/null || skip 'the python3 here has no ssl'

# It makes the certificates.
start_smarthost keys
stop_smarthost keys
python3 -B "${0%/*}/../hostile/handshake.py" "$relay" "$work/keys" ||
	wrong 'some server had its way'
