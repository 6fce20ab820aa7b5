# SPDX-License-Identifier: ISC
"""A submission server that does one thing wrong: at one point of the dialogue, in one way.

It remembers what a judge wants to know: all that came in the clear, and whether it took a message.
"""

import base64
import socket
import ssl
import threading
import time

PATIENCE = 30  # seconds, longer than any client under test may take


class Gone(Exception):
    """The connection is over."""


class Line:
    """One connection, in the clear first."""

    def __init__(self, raw, plain):
        self.raw = raw
        self.socket = raw
        self.input = b""
        self.plain = plain  # what came before TLS
        self.tls = False
        raw.settimeout(PATIENCE)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fill(self):
        try:
            more = self.socket.recv(65536)
        except (OSError, ValueError):
            raise Gone from None
        if not more:
            raise Gone
        if not self.tls:
            self.plain += more
        self.input += more

    def line(self):
        while b"\n" not in self.input:
            self.fill()
        line, self.input = self.input.split(b"\n", 1)
        return line.rstrip(b"\r")

    def take(self, count):
        while len(self.input) < count:
            self.fill()
        taken, self.input = self.input[:count], self.input[count:]
        return taken

    def send(self, words):
        try:
            self.socket.sendall(words)
        except (OSError, ValueError):
            raise Gone from None

    def wait(self):
        """Says nothing until the client gives up."""
        while True:
            self.input = b""
            self.fill()

    def secure(self, context):
        if self.input:
            raise Gone
        try:
            self.socket = context.wrap_socket(
                self.raw, server_side=True, suppress_ragged_eofs=True)
        except (OSError, ValueError):
            raise Gone from None
        self.tls = True

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass


class Peer:
    """Serves every connection that comes, one after the other, until stopped."""

    def __init__(self, case, context, address="127.0.0.1"):
        self.case = case
        self.context = context
        self.plain = bytearray()
        self.accepted = 0     # messages for which 2xx was sent
        self.connections = 0
        self.trouble = ""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.create_server((address, 0), family=family)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            line = Line(raw, self.plain)
            try:
                Dialogue(self, line).run()
            except Gone:
                pass
            except Exception as error:  # the judge shall see it
                self.trouble = repr(error)
            line.close()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(PATIENCE)


class Dialogue:
    def __init__(self, peer, line):
        self.peer = peer
        self.case = peer.case
        self.line = line
        self.answered = False  # the next answer was given before its command came
        self.recipients = 0
        self.refused = False   # the sender or the recipients, so there is no message to take
        self.done = False      # the fault happens once in a body

    def say(self, point, words):
        """The answer at a point of the dialogue, or what the case does in its place."""
        if self.answered:
            self.answered = False
            return
        time.sleep(self.case.delays.get(point, 0))
        if point == self.case.point:
            if point in ("mail", "rcpt") and self.case.refuses:
                self.refused = True
            self.case.fault(self, words)
        else:
            self.line.send(words)

    def run(self):
        if self.case.mode == "implicit":
            self.handshake()
        self.say("greeting", b"220 mail.example ESMTP\r\n")
        while True:
            self.command(self.line.line())

    def handshake(self):
        if self.case.point == "handshake":
            self.case.fault(self, b"")
        self.line.secure(self.peer.context)

    def command(self, line):
        verb = line.split(b" ")[0].split(b":")[0].upper().decode("latin-1").lower()
        act = getattr(self, "on_" + verb, None)
        if act is None:
            self.line.send(b"500 5.5.1 what?\r\n")
        else:
            act(line)

    def abilities(self):
        words = ["mail.example", "8BITMIME", "SIZE 100000000"]
        if "lockstep" not in self.case.traits:
            words.append("PIPELINING")
        if "chunking" in self.case.traits:
            words.append("CHUNKING")
        if self.case.mode != "plain":
            words.append("AUTH PLAIN LOGIN" if self.line.tls else "STARTTLS")
        lines = ["250-" + word for word in words]
        lines[-1] = lines[-1].replace("-", " ", 1)
        return "".join(line + "\r\n" for line in lines).encode()

    def on_ehlo(self, _):
        second = self.line.tls and self.case.mode != "implicit"
        self.say("ehlo2" if second else "ehlo", self.abilities())

    on_lhlo = on_ehlo

    def on_starttls(self, _):
        self.say("starttls", b"220 2.0.0 go\r\n")
        self.handshake()

    def on_auth(self, line):
        if line.split(b" ")[1].upper() == b"LOGIN":
            self.say("user", b"334 " + base64.b64encode(b"Username:") + b"\r\n")
            self.line.line()
            self.say("password", b"334 " + base64.b64encode(b"Password:") + b"\r\n")
            self.line.line()
        self.say("auth", b"235 2.7.0 welcome\r\n")

    def on_mail(self, _):
        self.recipients = 0
        self.say("mail", b"250 2.1.0 ok\r\n")

    def on_rcpt(self, _):
        self.recipients += 1
        self.say("rcpt", b"250 2.1.5 ok\r\n")

    def on_data(self, _):
        if self.refused:
            self.line.send(b"503 5.5.1 no recipients\r\n")
            return
        self.say("data", b"354 go on\r\n")
        seen = 0
        while True:
            line = self.line.line()
            if line == b".":
                break
            seen += len(line)
            self.within(seen)
        self.end()

    def on_bdat(self, line):
        size = int(line.split(b" ")[1])
        seen = 0
        while seen < size:
            seen += len(self.line.take(min(8192, size - seen)))
            self.within(seen)
        if self.refused:
            self.line.send(b"503 5.5.1 no recipients\r\n")
        else:
            self.end()

    def within(self, seen):
        if self.case.point == "body" and seen > 20000 and not self.done:
            self.done = True
            self.case.fault(self, b"250 2.0.0 taken\r\n")

    def end(self):
        """One reply, or with LMTP one for each recipient; counted before it is sent."""
        count = self.recipients if self.case.mode == "lmtp" else 1
        words = b"250 2.0.0 taken\r\n" * count
        if self.case.point != "dot":
            self.peer.accepted += 1
        self.say("dot", words)

    def on_rset(self, _):
        self.line.send(b"250 ok\r\n")

    def on_quit(self, _):
        self.say("quit", b"221 2.0.0 bye\r\n")
        raise Gone
