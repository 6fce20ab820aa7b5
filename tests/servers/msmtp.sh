#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What relay and the distribution's msmtp make of the same configurations, generated
# from a seed: the same account and settings, or a refusal by both, or a difference
# that has a name (and a line under DIFFERENCES FROM MSMTP in relayrc(5)).  Then mails,
# a third as many, that both send to a server on loopback.
#
#   RELAY=./relay sh tests/servers/msmtp.sh     SEED= (1, or random), CASES= (300), MSMTP=

skip()
{
	printf 'SKIP: %s\n' "$*"
	exit 77
}

MSMTP=${MSMTP:-msmtp}
command -v python3 >/dev/null 2>&1 || skip "python3 is not installed"
command -v "$MSMTP" >/dev/null 2>&1 || skip "msmtp is not installed"
# Its system file would be read as well, and relay's is another one.
system=$("$MSMTP" --version | sed -n 's/^System configuration file name: //p')
[ ! -e "${system:-/etc/msmtprc}" ] || skip "this machine has a $system"

RELAY=${RELAY:-./relay}
RELAY=$(cd "$(dirname "$RELAY")" && pwd)/$(basename "$RELAY")
PYTHONDONTWRITEBYTECODE=1
export RELAY MSMTP PYTHONDONTWRITEBYTECODE
exec python3 "$(dirname "$0")/msmtp/differential.py"
