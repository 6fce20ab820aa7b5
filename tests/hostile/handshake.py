# SPDX-License-Identifier: ISC
"""TLS by hand: what the client offers, and what it makes of answers that nobody should give.

    python3 handshake.py RELAY DIRECTORY

DIRECTORY is as for run.py.  RELAY_HOSTILE=N (3) changes every Nth byte of those to be changed.
"""

import concurrent.futures
import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

from peer import Peer

SECRET = "horse:battery-staple/4711"
LIMIT_S = 2


class Good:
    mode = "implicit"
    traits = ()
    point = ""
    delays = {}
    refuses = False


class Raw(threading.Thread):
    """Reads one ClientHello, answers with some bytes, and hears what the client says to them."""

    def __init__(self, answer, patience):
        super().__init__(daemon=True)
        self.answer = answer
        self.patience = patience
        self.hello = b""
        self.heard = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        line, _ = self.listener.accept()
        line.settimeout(10)
        try:
            while len(self.hello) < 5 or len(self.hello) < 5 + struct.unpack(
                    ">H", self.hello[3:5])[0]:
                self.hello += line.recv(65536)
            line.sendall(self.answer(self.hello))
            line.settimeout(self.patience)
            while True:
                more = line.recv(65536)
                if not more:
                    break
                self.heard += more
        except OSError:
            pass
        line.close()


class Twister(threading.Thread):
    """Between client and server; changes one byte of what the server says."""

    def __init__(self, port, at):
        super().__init__(daemon=True)
        self.target = port
        self.at = at
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        near, _ = self.listener.accept()
        far = socket.create_connection(("127.0.0.1", self.target))
        threading.Thread(target=self.carry, args=(near, far, None), daemon=True).start()
        self.carry(far, near, self.at)

    @staticmethod
    def carry(source, sink, at):
        seen = 0
        try:
            while True:
                piece = bytearray(source.recv(65536))
                if not piece:
                    break
                if at is not None and seen <= at < seen + len(piece):
                    piece[at - seen] ^= 0x41
                seen += len(piece)
                sink.sendall(piece)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def record(kind, payload, version=0x0303):
    return struct.pack(">BHH", kind, version, len(payload)) + payload


def session_id(hello):
    length = hello[5 + 38]
    return hello[5 + 38:5 + 39 + length]


def server_hello(version=0x0303, random=b"r" * 32, suite=0xC02F,
                 extensions=b"\xff\x01\x00\x01\x00\x00\x17\x00\x00"):
    def answer(hello):
        body = (struct.pack(">H", version) + random + session_id(hello)
                + struct.pack(">HB", suite, 0) + struct.pack(">H", len(extensions)) + extensions)
        return record(22, b"\x02" + struct.pack(">I", len(body))[1:] + body)
    return answer


def extensions_of(hello):
    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]
    at += 2 + struct.unpack(">H", hello[at:at + 2])[0]
    at += 1 + hello[at]
    ends = at + 2 + struct.unpack(">H", hello[at:at + 2])[0]
    at += 2
    found = {}
    while at < ends:
        kind, length = struct.unpack(">HH", hello[at:at + 4])
        found[kind] = hello[at + 4:at + 4 + length]
        at += 4 + length
    return found


class Handshakes:
    def __init__(self, relay, directory):
        self.relay = relay
        self.directory = directory
        self.count = 0
        self.failed = 0
        self.note = ""
        self.lock = threading.Lock()

    def send(self, port, *lines):
        with self.lock:
            self.count += 1
            path = os.path.join(self.directory, "relayrc%d" % self.count)
        with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write("\n".join([
                "host 127.0.0.1", "port %d" % port, "tls_starttls off", "maildomain local.example",
                "domain client.example", "aliases", "transport", "generic", "sasl_passwd",
                "tls_trust_file " + os.path.join(self.directory, "ca.pem"), "user me",
                "auth plain", "password " + SECRET, "timeout %d" % LIMIT_S, *lines]) + "\n")
        return subprocess.run([self.relay, "-C", path, "-f", "me@local.example",
                               "jane@one.example"], input=b"Subject: hello\n\nhi\n",
                              stderr=subprocess.PIPE, timeout=60)

    def wrong(self, label, words, err=b""):
        self.failed += 1
        print("FAILED: %s: %s\n%s" % (label, words, err.decode(errors="replace")))

    def refuse(self, label, answer, alert=None, patience=10):
        """The client must go away by itself; with an alert, by saying that one."""
        raw = Raw(answer, patience)
        began = time.monotonic()
        ended = self.send(raw.port)
        took = time.monotonic() - began
        raw.join(10)
        if ended.returncode not in (69, 75):
            self.wrong(label, "exit status %d" % ended.returncode, ended.stderr)
        elif took > LIMIT_S + 4:
            self.wrong(label, "took %.1f s" % took)
        elif b"127.0.0.1:%d" % raw.port not in ended.stderr:
            self.wrong(label, "the server is not named", ended.stderr)
        elif re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", ended.stderr):
            self.wrong(label, "control bytes", ended.stderr)
        elif SECRET.encode() in ended.stderr + raw.heard:
            self.wrong(label, "the password was shown")
        elif alert is not None and raw.heard[:1] + raw.heard[5:7] != bytes([21, 2, alert]):
            self.wrong(label, "no alert %d but %r" % (alert, raw.heard[:16]), ended.stderr)
        return raw


def test_offer(hands):
    """F43, F47, F61-F63: nothing to resume by, no early data, no address as a name."""
    raw = hands.refuse("offer", lambda hello: record(21, b"\x02\x28"))
    offered = extensions_of(raw.hello)
    for kind, label in ((0, "SNI with an address"), (35, "a ticket"), (41, "a PSK"),
                        (42, "early data"), (16, "ALPN")):
        if kind in offered:
            hands.wrong("offer", "the client offers " + label)
    versions = offered.get(43, b"")
    found = {versions[at:at + 2] for at in range(1, len(versions), 2)}
    if found != {b"\x03\x04", b"\x03\x03"}:
        hands.wrong("offer", "versions %r" % found)
    if 23 not in offered:
        hands.wrong("offer", "no extended master secret")


def answers():
    """Label, answer, and the alert that it must be met with."""
    # F49: the server knows TLS 1.3 and somebody made 1.2 of it.
    yield "F49", server_hello(random=b"r" * 24 + b"DOWNGRD\x01"), 47
    # F48: what was never offered.
    for suite, label in ((0x0005, "RC4"), (0x000A, "3DES"), (0x0002, "NULL"), (0x0034, "anon"),
                         (0x0003, "export"), (0x0000, "none"), (0xFFFF, "nonsense")):
        yield "F48 " + label, server_hello(suite=suite), None
    for version in (0x0002, 0x0300, 0x0301, 0x0302, 0x0305, 0x7f1c):
        yield "F47 %04x" % version, server_hello(version=version), None
    yield "unasked extension", server_hello(extensions=b"\x0a\x0a\x00\x01\x00"), None
    for label, words in (
            ("F60 long", record(22, b"\x02" + b"x" * 16640)),
            ("F60 long length", b"\x16\x03\x03\xff\xff" + b"x" * 70000),
            ("F60 kind", record(99, b"x" * 16)),
            ("F60 version", record(22, b"\x02\x00\x00\x00", 0x0901)),
            ("F60 data", record(23, b"220 mail.example ESMTP\r\n")),
            ("F59", record(22, b"") * 100000),
            ("F52", record(22, b"\x02\xff\xff\xff" + b"x" * 16000)
             + record(22, b"x" * 16384) * 100)):
        yield label, (lambda hello, words=words: words), None


def test_answers(hands):
    spread(lambda row: hands.refuse(*row), list(answers()))


def test_alerts(hands, every):
    """F54: all of them, as warnings and as the end."""
    def try_one(number):
        level, alert = divmod(number, 256)
        hands.refuse("F54 %d %d" % (level + 1, alert),
                     lambda hello: record(21, bytes([level + 1, alert])), patience=0.2)
    spread(try_one, range(0, 512, every))


def test_twisted(hands, every):
    """One byte of the server's changed: it never gets the password by that, nor is a mail lost."""
    for newest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(hands.directory, "server.pem"),
                                os.path.join(hands.directory, "server.key"))
        context.maximum_version = newest
        context.set_alpn_protocols(["h2"])  # F63

        def try_one(at):
            peer = Peer(Good, context)
            ended = hands.send(Twister(peer.port, at).port)
            peer.stop()
            label = "byte %d of %s" % (at, newest.name)
            if ended.returncode not in (0, 69, 75, 76):
                hands.wrong(label, "exit status %d" % ended.returncode, ended.stderr)
            if (ended.returncode == 0) != (peer.accepted == 1) and (
                    b"may have" not in ended.stderr):
                hands.wrong(label, "status %d, taken %d times" % (
                    ended.returncode, peer.accepted), ended.stderr)
        spread(try_one, list(range(0, 1600, 8 * every)) + [100000])


def test_constraints(hands):
    """F53: names times constraints, as many as fit into a handshake, judged in no time or not."""
    if shutil.which("openssl") is None:
        print("without openssl no name constraints are made")
        return
    names = ",".join("DNS:host%d.%d.example" % (n, n) for n in range(1200))
    constraints = ",".join("excluded;DNS:%d.other%d.example" % (n, n) for n in range(1200))
    where = os.path.join(hands.directory, "f53")
    os.makedirs(where, exist_ok=True)
    with open(os.path.join(where, "extensions"), "w") as file:
        file.write("[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n"
                   "[middle]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n"
                   "nameConstraints=%s\n[leaf]\nsubjectAltName=IP:127.0.0.1,%s\n"
                   % (constraints, names))
    script = """
        for name in root middle leaf; do
            openssl ecparam -genkey -name prime256v1 -noout -out $name.key
            openssl req -new -key $name.key -subj /CN=$name -out $name.csr
        done
        sign() { openssl x509 -req -days 5 -in $1.csr -extfile extensions -extensions $1 \
            -out $1.pem "${@:2}"; }
        sign root -signkey root.key
        sign middle -CA root.pem -CAkey root.key -set_serial 2
        sign leaf -CA middle.pem -CAkey middle.key -set_serial 3
        cat leaf.pem middle.pem >chain.pem
    """
    subprocess.run(["bash", "-ec", script], cwd=where, check=True, stderr=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(where, "chain.pem"), os.path.join(where, "leaf.key"))
    peer = Peer(Good, context)
    began = time.monotonic()
    ended = hands.send(peer.port, "tls_trust_file " + os.path.join(where, "root.pem"))
    took = time.monotonic() - began
    peer.stop()
    if ended.returncode not in (0, 69, 75) or took > 5:
        hands.wrong("F53", "status %d after %.1f s" % (ended.returncode, took), ended.stderr)
    hands.note = "F53: status %d after %.2f s: %s" % (
        ended.returncode, took, ended.stderr.decode(errors="replace")[:200])


def spread(act, items):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(act, items))


def main():
    hands = Handshakes(sys.argv[1], sys.argv[2])
    every = int(os.environ.get("RELAY_HOSTILE", "3"))
    for test in (test_offer, test_answers,
                 lambda hands: test_alerts(hands, 1 if every < 10 else every),
                 lambda hands: test_twisted(hands, every), test_constraints):
        began = time.monotonic()
        test(hands)
        print("%.1f s" % (time.monotonic() - began))
    print(hands.note)
    print("%d handshakes, %d failed" % (hands.count, hands.failed))
    return 1 if hands.failed else 0


if __name__ == "__main__":
    sys.exit(main())
