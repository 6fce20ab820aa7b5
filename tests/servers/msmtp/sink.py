# SPDX-License-Identifier: ISC
"""A server on loopback that takes every mail, one connection at a time, and keeps what it got."""

import socketserver
import threading


class Mail:
    """An envelope and a message as they came, dots taken off."""

    def __init__(self):
        self.sender = None
        self.recipients = []
        self.lines = []

    def header(self):
        return self.lines[:self.lines.index("")] if "" in self.lines else self.lines

    def body(self):
        return self.lines[self.lines.index("") + 1:] if "" in self.lines else []


class Dialogue(socketserver.StreamRequestHandler):
    """Plain SMTP with PIPELINING and 8BITMIME."""

    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")

    def read_line(self):
        return self.rfile.readline(1 << 20).decode("utf-8", "surrogateescape").rstrip("\r\n")

    def handle(self):
        self.say("220 sink")
        mail = Mail()
        while True:
            line = self.read_line()
            verb = line[:4].upper()
            if verb in ("", "QUIT"):
                self.say("221 bye")
                return
            if verb == "EHLO":
                self.say("250-sink\r\n250-PIPELINING\r\n250 8BITMIME")
            elif verb == "DATA":
                self.take(mail)
                mail = Mail()
            else:
                self.keep(mail, verb, line)
                self.say("250 ok")

    def keep(self, mail, verb, line):
        address = line.partition("<")[2].partition(">")[0]
        if verb == "MAIL":
            mail.sender = address
        elif verb == "RCPT":
            mail.recipients.append(address)

    def take(self, mail):
        self.say("354 go on")
        while True:
            line = self.read_line()
            if line == ".":
                break
            mail.lines.append(line[1:] if line.startswith(".") else line)
        self.server.mails.append(mail)
        self.say("250 kept")


class Sink:
    """`with Sink() as sink`: its port, and the mail that came since it was last asked."""

    def __enter__(self):
        self.server = socketserver.TCPServer(("127.0.0.1", 0), Dialogue)
        self.server.mails = []
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02},
                         daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def taken(self):
        mails, self.server.mails = self.server.mails, []
        return mails
