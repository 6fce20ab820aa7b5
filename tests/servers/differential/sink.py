# SPDX-License-Identifier: ISC
"""The smarthosts: several ports of loopback that take every mail and remember it."""

import base64
import collections
import re
import socket
import threading

MARK = re.compile(rb"X-Case: ([A-Z][0-9]+)")

# What one transaction handed over.
Delivery = collections.namedtuple("Delivery", "port user password sender recipients data")


class Session:
    """One connection, from greeting to the end."""

    def __init__(self, sink, connection, port):
        self.sink = sink
        self.port = port
        self.connection = connection
        self.stream = connection.makefile("rb")
        self.user = self.password = None
        self.reset()

    def reset(self):
        self.sender = None
        self.recipients = []

    def reply(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def run(self):
        self.reply("220 sink ESMTP")
        while True:
            line = self.stream.readline()
            if not line:
                return
            words = line.rstrip(b"\r\n").split(b" ", 1)
            argument = words[1] if len(words) > 1 else b""
            handler = getattr(self, "take_" + words[0].decode("ascii", "replace").lower(), None)
            if handler is None:
                self.reply("502 5.5.1 not here")
            elif handler(argument) is False:
                return

    def take_ehlo(self, _):
        auth = ["250-AUTH PLAIN LOGIN"] if self.port in self.sink.auth_ports else []
        lines = ["250-sink", "250-PIPELINING", *auth, "250-8BITMIME", "250 SMTPUTF8"]
        self.reply("\r\n".join(lines))

    def take_helo(self, _):
        self.reply("250 sink")

    def take_auth(self, argument):
        words = argument.split(b" ")
        if words[0].upper() == b"PLAIN":
            if len(words) < 2:
                self.reply("334 ")
                words.append(self.stream.readline().strip())
            _, self.user, self.password = base64.b64decode(words[1]).split(b"\0")
        else:
            self.user = self.ask("VXNlcm5hbWU6") if len(words) < 2 else base64.b64decode(words[1])
            self.password = self.ask("UGFzc3dvcmQ6")
        self.reply("235 2.7.0 welcome")

    def ask(self, challenge):
        self.reply("334 " + challenge)
        return base64.b64decode(self.stream.readline().strip())

    def take_mail(self, argument):
        self.reset()
        self.sender = path(argument)
        self.reply("250 2.1.0 yes")

    def take_rcpt(self, argument):
        self.recipients.append(path(argument))
        self.reply("250 2.1.5 yes")

    def take_data(self, _):
        self.reply("354 go on")
        lines = []
        while True:
            line = self.stream.readline()
            if not line:
                return False
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        self.sink.keep(Delivery(self.port, self.user, self.password, self.sender,
                                tuple(self.recipients), b"".join(lines)))
        self.reset()
        self.reply("250 2.0.0 taken")
        return True

    def take_rset(self, _):
        self.reset()
        self.reply("250 2.0.0 yes")

    def take_noop(self, _):
        self.reply("250 2.0.0 yes")

    def take_quit(self, _):
        self.reply("221 2.0.0 bye")
        return False


def path(argument):
    """The address of `FROM:<a@b> SIZE=1`; a quoted local part may hold a '>'."""
    start = argument.index(b"<") + 1
    quoted = False
    at = start
    while at < len(argument) and (quoted or argument[at:at + 1] != b">"):
        if argument[at:at + 1] == b"\\":
            at += 1
        elif argument[at:at + 1] == b'"':
            quoted = not quoted
        at += 1
    return argument[start:at]


class Sink:
    """Listens on `count` ports; the last one offers no AUTH.  `dead` is a port where nobody is."""

    def __init__(self, count):
        self.lock = threading.Lock()
        self.kept = collections.defaultdict(list)
        self.listeners = [listen() for _ in range(count)]
        self.ports = [listener.getsockname()[1] for listener in self.listeners]
        self.auth_ports = set(self.ports[:-1])
        # Bound and not listening: refused at once, and nobody else can take it.
        self.unused = socket.socket()
        self.unused.bind(("127.0.0.1", 0))
        self.dead = self.unused.getsockname()[1]
        for listener, port in zip(self.listeners, self.ports):
            threading.Thread(target=self.accept, args=(listener, port), daemon=True).start()

    def accept(self, listener, port):
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection, port), daemon=True).start()

    def serve(self, connection, port):
        with connection:
            try:
                Session(self, connection, port).run()
            except OSError:
                pass

    def keep(self, delivery):
        found = MARK.search(delivery.data)
        header = delivery.data.partition(b"\r\n\r\n")[0]
        if found is None or b"\r\nAuto-Submitted: auto-replied" in header:
            return  # a notice that Postfix made
        with self.lock:
            self.kept[found.group(1).decode()].append(delivery)

    def take(self, mark):
        """What came with that mark; forgotten afterwards."""
        with self.lock:
            return self.kept.pop(mark, [])


def listen():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(200)
    return listener
