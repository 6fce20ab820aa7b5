# SPDX-License-Identifier: ISC
"""The network between: name servers, addresses, proxies and lines that do not do their part.

    python3 network.py RELAY DIRECTORY

Runs in a network of its own, where port 53 of the loopback is free and resolv.conf names it.
"""

import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

from peer import Peer

LIMIT_S = 2  # timeout
SECRET = "horse:battery-staple/4711"
CODES = {"nxdomain": 0x8183, "servfail": 0x8182, "refused": 0x8185}


class Good:
    """A case without a fault."""
    mode = "plain"
    traits = ()
    point = ""
    delays = {}
    refuses = False


class SlowAnswers(Good):
    delays = {point: 0.4 for point in ("greeting", "ehlo", "mail", "rcpt", "data", "dot")}


class Names(threading.Thread):
    """A name server.  A name's rows are addresses, or what to do instead of an answer."""

    def __init__(self, rows):
        super().__init__(daemon=True)
        self.rows = rows
        self.asked = set()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.start()

    def run(self):
        while True:
            question, peer = self.socket.recvfrom(4096)
            words, at = [], 12
            while question[at]:
                words.append(question[at + 1:at + 1 + question[at]].decode())
                at += 1 + question[at]
            kind = struct.unpack(">H", question[at + 1:at + 3])[0]
            self.asked.add(".".join(words))
            rows = self.rows.get(".".join(words), "nxdomain")
            if rows == "silence":
                continue
            code = CODES.get(rows, 0x8180) if isinstance(rows, str) else 0x8180
            if rows == "garbage":
                self.socket.sendto(os.urandom(40), peer)
                continue
            answers = [] if isinstance(rows, str) else [self.row(r, kind) for r in rows]
            answers = [a for a in answers if a]
            # All that does not fit would ask for TCP, where nobody listens.
            head = question[:2] + struct.pack(">HHHHH", code, 1, len(answers), 0, 0)
            self.socket.sendto(head + question[12:at + 5] + b"".join(answers), peer)

    @staticmethod
    def row(address, kind):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        if kind != {socket.AF_INET: 1, socket.AF_INET6: 28}[family]:
            return b""
        data = socket.inet_pton(family, address)
        return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


class Abyss:
    """Addresses whose connections never come about: the queue of who asks is full."""

    def __init__(self, addresses, port):
        self.sockets = []
        for address in addresses:
            listener = socket.socket()
            listener.bind((address, port))
            listener.listen(0)
            self.sockets.append(listener)
            for _ in range(3):
                asker = socket.socket()
                asker.setblocking(False)
                asker.connect_ex((address, port))
                self.sockets.append(asker)

    def close(self):
        for one in self.sockets:
            one.close()


class Line(threading.Thread):
    """Carries bytes to a port, each way after `delay` seconds and at `rate` bytes a second; what
    comes after `hole` bytes vanishes."""

    def __init__(self, port, delay, rate, hole=None):
        super().__init__(daemon=True)
        self.target = port
        self.delay = delay
        self.rate = rate
        self.hole = hole
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        near, _ = self.listener.accept()
        far = socket.create_connection(("127.0.0.1", self.target))
        for source, sink, hole in ((near, far, self.hole), (far, near, None)):
            threading.Thread(target=self.carry, args=(source, sink, hole), daemon=True).start()

    def carry(self, source, sink, hole):
        seen = 0
        while True:
            piece = source.recv(2048)
            if not piece:
                break
            seen += len(piece)
            if hole is not None and seen > hole:
                continue
            time.sleep(self.delay + len(piece) / self.rate)
            try:
                sink.sendall(piece)
            except OSError:
                break
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Proxy(threading.Thread):
    """Says something that is no SOCKS, and remembers what it was told."""

    def __init__(self, words):
        super().__init__(daemon=True)
        self.words = words
        self.heard = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        peer, _ = self.listener.accept()
        if self.words is not None:
            peer.sendall(self.words)
        peer.settimeout(0.2 if self.words is not None else 10)
        try:
            while True:
                more = peer.recv(4096)
                if not more:
                    break
                self.heard += more
        except OSError:
            pass
        peer.close()


class Network:
    def __init__(self, relay, directory):
        self.relay = relay
        self.directory = directory
        self.count = 0
        self.failed = 0

    def start(self, host, port, *lines, body=b"hi\n"):
        path = os.path.join(self.directory, "relayrc")
        with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write("\n".join([
                "host " + host, "port %d" % port, "tls off", "aliases", "transport", "generic",
                "sasl_passwd",
                "timeout %d" % LIMIT_S, "maildomain local.example", *lines]) + "\n")
        process = subprocess.Popen(
            [self.relay, "-C", path, "-f", "me@local.example", "jane@one.example"],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(b"Subject: hello\n\n" + body)
        process.stdin.close()
        process.stdin = None
        return process

    def expect(self, label, process, status, word="", limit=LIMIT_S + 1.0):
        began = time.monotonic()
        _, err = process.communicate(timeout=60)
        took = time.monotonic() - began
        self.count += 1
        problem = ""
        if process.returncode != status:
            problem = "exit status %d, not %d" % (process.returncode, status)
        elif word not in err.decode(errors="replace"):
            problem = "standard error lacks '%s'" % word
        elif took > limit:
            problem = "took %.1f s" % took
        if problem:
            self.failed += 1
            print("FAILED: %s: %s\n%s" % (label, problem, err.decode(errors="replace")))
        return err

    def reaches(self, label, host, peer, *lines, **more):
        self.expect(label, self.start(host, peer.port, *lines, **more), 0)
        if peer.accepted != 1:
            self.failed += 1
            print("FAILED: %s: taken %d times" % (label, peer.accepted))
        peer.stop()


def test_names(network, names):
    """F277"""
    for name, status, word in (
            ("missing.example", 68, "does not exist"), ("empty.example", 68, "no address"),
            ("servfail.example", 75, "cannot look up"), ("refused.example", 75, "cannot look up"),
            ("silent.example", 75, "within the time limit"),
            ("garbage.example", 75, "within the time limit")):
        network.expect(name, network.start(name, 587, "domain client.example"), status, word)
    # The own name is asked for as well, where nothing says it, and is no reason to wait.
    peer = Peer(Good, None)
    network.expect("own name", network.start("127.0.0.1", peer.port, "maildomain local"), 0,
                   limit=4)
    if "box" not in names.asked:
        network.failed += 1
        print("FAILED: the own name was not asked for")
    peer.stop()


def test_addresses(network, names):
    peer = Peer(Good, None)
    abyss = Abyss(["127.0.0.5"], peer.port)
    names.rows["half.example"] = ["127.0.0.5", "127.0.0.1"]
    network.reaches("F278", "half.example", peer, "domain client.example")
    abyss.close()
    peer = Peer(Good, None)
    dead = ["127.0.1.%d" % number for number in range(1, 25)]
    abyss = Abyss(dead, peer.port)
    names.rows["dead.example"] = dead
    network.expect("F279", network.start("dead.example", peer.port, "domain client.example"),
                   75, "cannot connect to any of")
    abyss.close()
    # Nobody listens at .9; ::1 and the mapped one are this server's as well.
    names.rows["refusing.example"] = ["127.0.0.9", "127.0.0.1"]
    network.reaches("F281", "refusing.example", peer, "domain client.example")
    network.expect("F281 all", network.start("127.0.0.9", 9, "domain client.example"),
                   75, "refused")
    network.expect("F281 no way", network.start("192.0.2.1", 587, "domain client.example"),
                   75, "no way to that network")
    network.expect("F287", network.start("127.0.0.1", 9, "source_ip 192.0.2.77"),
                   75, "cannot use source_ip")


def test_families(network, names):
    """F280"""
    names.rows["six.example"] = ["::1"]
    names.rows["both.example"] = ["::1", "127.0.0.1"]
    for label, address, host in (("six", "::1", "six.example"), ("both", "::1", "both.example"),
                                 ("four of both", "127.0.0.1", "both.example"),
                                 ("mapped", "127.0.0.1", "::ffff:127.0.0.1"),
                                 ("literal", "::1", "::1")):
        peer = Peer(Good, None, address)
        network.reaches("F280 " + label, host, peer, "domain client.example")


def test_lines(network):
    # As 64 kbit/s with 0.4 s each way: it is slow and works.
    peer = Peer(Good, None)
    line = Line(peer.port, 0.4, 8192)
    process = network.start("127.0.0.1", line.port, "domain client.example", "timeout 5",
                            body=b"All work and no play.\n" * 400)
    network.expect("F284", process, 0, limit=20)
    peer.stop()
    # Small packets pass, large ones do not.
    peer = Peer(Good, None)
    line = Line(peer.port, 0, 1e6, hole=4000)
    process = network.start("127.0.0.1", line.port, "domain client.example", "timeout_final 2",
                            body=b"All work and no play.\n" * 400)
    network.expect("F285", process, 75, "within the time limit", limit=6)
    peer.stop()


def test_signals(network):
    """F288: a process that is stopped and goes on again has its waiting broken off each time."""
    peer = Peer(SlowAnswers, None)
    process = network.start("127.0.0.1", peer.port, "domain client.example")
    ends = time.monotonic() + 1.5
    while time.monotonic() < ends and process.poll() is None:
        process.send_signal(signal.SIGSTOP)
        process.send_signal(signal.SIGCONT)
        select.select([], [], [], 0.005)
    network.expect("F288", process, 0, limit=10)
    peer.stop()


def test_proxies(network):
    """F289: no password for a proxy, whatever it says."""
    for label, words, status in (
            ("HTTP", b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", 76),
            ("SMTP", b"220 mail.example ESMTP\r\n", 76), ("zeros", b"\0" * 64, 76),
            ("SOCKS 4", b"\0\x5a" + b"\0" * 6, 76), ("wants a password", b"\5\2", 76),
            ("noise", b"\xff" * 5000, 76), ("silence", None, 75), ("nothing", b"", 75)):
        proxy = Proxy(words)
        err = network.expect("F289 " + label, network.start(
            "mail.example", 587, "domain client.example", "proxy_host 127.0.0.1",
            "proxy_port %d" % proxy.port, "user me", "password " + SECRET), status, "by proxy")
        if SECRET.encode() in proxy.heard + err or b"me" in proxy.heard:
            network.failed += 1
            print("FAILED: F289 %s: the proxy was told the login" % label)


def main():
    network = Network(sys.argv[1], sys.argv[2])
    names = Names({
        "servfail.example": "servfail", "refused.example": "refused", "empty.example": [],
        "silent.example": "silence", "garbage.example": "garbage", "box": "silence"})
    test_names(network, names)
    test_addresses(network, names)
    test_families(network, names)
    test_lines(network)
    test_signals(network)
    test_proxies(network)
    print("%d runs, %d failed" % (network.count, network.failed))
    return 1 if network.failed else 0


if __name__ == "__main__":
    sys.exit(main())
