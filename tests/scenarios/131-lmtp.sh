#!/bin/sh
# SPDX-License-Identifier: ISC
# LMTP over a unix socket: each recipient has its own verdict, and the exit status tells.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null 2>&1 || skip "no python3 to play the LMTP server"

cat >"$work/lmtp.py" <<'end'
import os, socket, sys, threading

work = sys.argv[1]
listener = socket.socket(socket.AF_UNIX)
listener.bind(work + "/lmtp.new")
listener.listen()
os.rename(work + "/lmtp.new", work + "/lmtp")

def serve(peer):
    lines = peer.makefile("rb")
    say = lambda words: peer.sendall(words.encode() + b"\r\n")
    names = []
    log = open(work + "/lmtp.log", "ab", buffering=0)
    say("220 here LMTP")
    for line in lines:
        log.write(line)
        verb = line[:4].upper()
        if verb == b"LHLO":
            say("250-here\r\n250 PIPELINING")
        elif verb == b"MAIL":
            say("250 2.1.0 ok")
        elif verb == b"RCPT":
            names.append(line.decode().split("<")[1].split("@")[0])
            say("250 2.1.5 ok")
        elif verb == b"DATA":
            say("354 go on")
            while lines.readline() != b".\r\n":
                pass
            for name in names:
                say("452 4.2.2 %s is full" % name if name == "full"
                    else "250 2.1.5 %s has it" % name)
        else:
            return

while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
end
python3 "$work/lmtp.py" "$work" &
servers="$servers $!"
while [ ! -S "$work/lmtp" ]; do
	kill -0 "$!" 2>/dev/null || { wrong "the server does not start"; exit 99; }
	sleep 0.02
done

write_relayrc <<end
protocol    lmtp
socket      $work/lmtp
tls         off
from        me@local.example
end

send_hello jane@one.example joe@one.example
expect_status 0
expect_silence
grep -q '^LHLO ' "$work/lmtp.log" || wrong "it did not say LHLO" "$work/lmtp.log"

send_hello jane@one.example full@one.example joe@one.example
expect_status 75
expect_stderr 'full@one.example'
expect_server_words '4.2.2 full is full'
expect_stderr 'delivered to 2 of 3 recipients'

# Without a port or a socket there is nowhere to go.
write_relayrc <<end
host        mail.example
protocol    lmtp
end
send_hello jane@one.example
expect_status 78
expect_hint port
