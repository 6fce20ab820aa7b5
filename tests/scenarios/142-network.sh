#!/bin/sh
# SPDX-License-Identifier: ISC
# Name servers, addresses, proxies and lines that do not do their part (F277-F281, F284, F285,
# F287-F289), in a network and a host name of its own.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null 2>&1 || skip 'no python3 to play the network'
if [ "${IN_NAMESPACE:-}" != yes ]; then
	unshare -mnu true 2>/dev/null || skip 'no namespaces may be made here (unshare -mnu)'
	IN_NAMESPACE=yes unshare -mnu sh "$0"
	exit
fi
ip link set lo up 2>/dev/null || skip 'loopback cannot be brought up'
hostname box 2>/dev/null || skip 'the host cannot be named'

echo 'nameserver 127.0.0.1' >"$work/resolv.conf"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$work/hosts"
mount --bind "$work/resolv.conf" /etc/resolv.conf || skip '/etc/resolv.conf cannot be replaced'
mount --bind "$work/hosts" /etc/hosts || skip '/etc/hosts cannot be replaced'

python3 -B "${0%/*}/../hostile/network.py" "$relay" "$work" || wrong 'the network had its way'

# A resolv.conf that names nobody, and none (F277).
: >"$work/resolv.conf"
write_relayrc <<end
host       mail.example
domain     client.example
maildomain local.example
timeout    2
end
send_hello -f me@local.example jane@one.example
expect_status 75
expect_stderr 'cannot look up'
expect_hint resolv.conf
