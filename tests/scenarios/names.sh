# SPDX-License-Identifier: ISC
# Sourced behind lib.sh by scenarios that ask DNS: a name server of the test's own, in a network and
# a mount namespace of its own.  It answers SRV questions from $work/records (NAME PRIORITY PORT
# TARGET); what it was asked is in $work/dns.log.
# shellcheck shell=sh disable=SC2154

command -v python3 >/dev/null 2>&1 || skip "no python3 to play the name server"
if [ "${IN_NAMESPACE:-}" != yes ]; then
	if ! unshare -mn true 2>/dev/null; then
		skip "no namespaces may be made here (unshare -mn)"
	fi
	IN_NAMESPACE=yes unshare -mn sh "$0"
	exit
fi
ip link set lo up 2>/dev/null || python3 - <<'end' || skip "loopback cannot be brought up"
import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 0x49))
end

# NAME PORT... in $work/records: the answer to SRV questions; everything else does not exist.
cat >"$work/dns.py" <<'end'
import socket, struct, sys

work = sys.argv[1]
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
open(work + "/dns.ready", "w").close()

def labels(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".") if part) + b"\0"

while True:
    question, peer = server.recvfrom(4096)
    name, at = [], 12
    while question[at]:
        name.append(question[at + 1:at + 1 + question[at]].decode())
        at += 1 + question[at]
    kind = struct.unpack(">H", question[at + 1:at + 3])[0]
    asked = question[12:at + 5]
    with open(work + "/dns.log", "a") as log:
        log.write("%d %s\n" % (kind, ".".join(name)))
    rows = []
    for line in open(work + "/records"):
        words = line.split()
        if kind == 33 and words[0] == ".".join(name):
            data = struct.pack(">HHH", int(words[1]), 0, int(words[2])) + labels(words[3])
            rows.append(b"\xc0\x0c" + struct.pack(">HHIH", 33, 1, 60, len(data)) + data)
    code = 0x8180 if rows else 0x8183
    server.sendto(question[:2] + struct.pack(">HHHHH", code, 1, len(rows), 0, 0) + asked
        + b"".join(rows), peer)
end

echo 'nameserver 127.0.0.1' >"$work/resolv.conf"
printf '127.0.0.1 localhost mail.elsewhere.example\n' >"$work/hosts"
mount --bind "$work/resolv.conf" /etc/resolv.conf || skip "/etc/resolv.conf cannot be replaced"
mount --bind "$work/hosts" /etc/hosts || skip "/etc/hosts cannot be replaced"

start_name_server() {
	: >>"$work/records"
	python3 "$work/dns.py" "$work" &
	servers="$servers $!"
	while [ ! -e "$work/dns.ready" ]; do
		kill -0 "$!" 2>/dev/null || { wrong "the name server does not start"; exit 99; }
		sleep 0.02
	done
}
