#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The program is what configure made the compiler take: position independent, relocations
# read-only and bound at the start, no executable stack, stack protector and fortified calls.
#
#   RELAY=program HARDENING='flags' sh tests/check-hardening.sh

case ${HARDENING:-} in
*-*) ;;
*)
	echo 'SKIP: built without hardening (sanitizers, or --disable-hardening)'
	exit 77 ;;
esac
if ! command -v readelf >/dev/null 2>&1; then
	echo 'SKIP: readelf is not there'
	exit 77
fi

bad=0
# wants FLAG WHAT WHERE PATTERN: the flag was taken, so the program must show it.
wants() {
	case $HARDENING in
	*"$1"*) ;;
	*) return ;;
	esac
	if ! printf '%s\n' "$3" | grep -Eq "$4"; then
		echo "the program has no $2"
		bad=1
	fi
}

segments=$(readelf -lW "$RELAY") || exit 1
dynamic=$(readelf -dW "$RELAY") || exit 1
symbols=$(readelf -sW "$RELAY") || exit 1

wants -fPIE 'position independence' "$(readelf -hW "$RELAY")" 'Type: +DYN'
wants -Wl,-z,relro 'read-only relocations' "$segments" 'GNU_RELRO'
wants -Wl,-z,now 'immediate binding' "$dynamic" 'BIND_NOW|FLAGS.*NOW'
wants noexecstack 'stack without execution' "$segments" 'GNU_STACK.* RW +0x'
wants stack-protector 'stack protector' "$symbols" '__stack_chk_fail'
wants FORTIFY 'fortified call' "$symbols" '__(memcpy|snprintf|vsnprintf|read|poll)_chk'
[ -u "$RELAY" ] || [ -g "$RELAY" ] && { echo 'the program is set-id'; bad=1; }
exit $bad
