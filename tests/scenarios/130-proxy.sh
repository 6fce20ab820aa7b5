#!/bin/sh
# SPDX-License-Identifier: ISC
# By way of a SOCKS5 proxy: the name is its to look up, its refusals are told, and a proxy on
# this machine makes no private connection.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null 2>&1 || skip "no python3 to play the proxy"

# A proxy that knows one name, mail.example, and refuses the rest by rule.
cat >"$work/proxy.py" <<'end'
import os, socket, sys, threading

work, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
with open(work + "/proxy.new", "w") as file:
    file.write(str(listener.getsockname()[1]))
os.rename(work + "/proxy.new", work + "/proxy.port")

def need(peer, count):
    got = b""
    while len(got) < count:
        more = peer.recv(count - len(got))
        if not more:
            raise EOFError
        got += more
    return got

def pump(source, sink):
    try:
        while True:
            got = source.recv(65536)
            if not got:
                break
            sink.sendall(got)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass

def serve(peer):
    need(peer, need(peer, 2)[1])
    peer.sendall(b"\5\0")
    head = need(peer, 5)
    name = need(peer, head[4]) if head[3] == 3 else head[4:] + need(peer, 3)
    asked = int.from_bytes(need(peer, 2), "big")
    with open(work + "/asked", "ab") as file:
        file.write(b"%s %d\n" % (name, asked))
    if name != b"mail.example":
        peer.sendall(b"\5\2\0\1\0\0\0\0\0\0")
        peer.close()
        return
    server = socket.create_connection(("127.0.0.1", port))
    peer.sendall(b"\5\0\0\3\4here\0\1")
    threading.Thread(target=pump, args=(server, peer), daemon=True).start()
    pump(peer, server)

while True:
    peer, _ = listener.accept()
    threading.Thread(target=serve, args=(peer,), daemon=True).start()
end

start_smarthost isp
python3 "$work/proxy.py" "$work" "$(port isp)" &
servers="$servers $!"
while [ ! -s "$work/proxy.port" ]; do
	kill -0 "$!" 2>/dev/null || { wrong "the proxy does not start"; exit 99; }
	sleep 0.02
done

# The certificate is the server's, under the name that its owner gave it.
write_relayrc <<end
host             mail.example
port             587
user             $user
passwordfile     $work/isp.password
tls_trust_file   $work/isp/ca.pem
tls_host_override localhost
proxy_host       127.0.0.1
proxy_port       $(cat "$work/proxy.port")
end

send_hello -f me@local.example jane@one.example
expect_status 0
expect_envelope isp 1 'rcpt: <jane@one.example>'
grep -q '^mail.example 587$' "$work/asked" || wrong "the proxy was asked for another" "$work/asked"

# What the proxy refuses is told in its words, with the server and the proxy.
send_hello -f me@local.example --host=elsewhere.example --port=25 \
	--proxy-host=127.0.0.1 --proxy-port="$(cat "$work/proxy.port")" jane@one.example
expect_status 69
expect_stderr "the proxy's rules forbid the connection"
expect_stderr 'elsewhere.example:25'
expect_hint 'the proxy was reached'
expect_stderr "127.0.0.1:$(cat "$work/proxy.port")"

# A proxy that is not there is looked for under its own name.
send_hello -f me@local.example --proxy-host=127.0.0.1 --proxy-port=1 jane@one.example
expect_status 75
expect_stderr 'by proxy 127.0.0.1:1'
expect_hint 'check proxy_host and proxy_port'

# In clear through a proxy on this machine: the password stays here.
cat >>"$work/relayrc" <<end
tls off
auth plain
end
send_hello -f me@local.example jane@one.example
expect_status 77
expect_no_dialogue isp 2 AUTH
