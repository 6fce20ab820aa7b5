# SPDX-License-Identifier: ISC
"""What a server may do in the place of an answer: name, what it does, what it must lead to.

An act is called with the dialogue and the answer that would have been right.
"""

import os
import select
import socket
import struct
import time

from peer import Gone

LATER = {75}
NEVER = {65, 67, 69, 77}
WRONG = {76}


def stall(talk, _):
    talk.line.wait()


def shut(talk, _):
    """Does not even read, so that what is sent has no place to go (F116)."""
    poll = select.poll()
    poll.register(talk.line.socket.fileno(), select.POLLRDHUP)
    poll.poll(30000)
    raise Gone


def sip(talk, _):
    """Reads, a byte now and then (F115)."""
    while True:
        talk.line.socket.recv(1)
        time.sleep(0.02)


def drip(talk, words):
    """A byte now and then, and no end of it (F115)."""
    code = words[:3] or b"220"
    while True:
        for byte in code + b"-more\r\n":
            talk.line.send(bytes([byte]))
            time.sleep(0.02)


def slow(talk, words):
    for byte in words:
        talk.line.send(bytes([byte]))
        time.sleep(0.002)


def close(talk, _):
    """Without TLS's own goodbye."""
    try:
        talk.line.socket.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    raise Gone


def goodbye(talk, _):
    """TLS's own, then no more (F56, F57)."""
    if talk.line.tls:
        try:
            talk.line.socket.settimeout(0.2)
            talk.line.socket.unwrap()
        except (OSError, ValueError):
            pass
    raise Gone


def reset(talk, _):
    talk.line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    talk.line.socket.close()
    raise Gone


def half(talk, words):
    talk.line.send(words[:len(words) // 2])
    close(talk, words)


def between(talk, words):
    """After a line that says that another one comes (F57)."""
    talk.line.send(words[:3] + b"-and\r\n")
    close(talk, words)


def saying(words, then=None):
    def act(talk, _):
        talk.line.send(words)
        if then is not None:
            then(talk, words)
    return act


def flood(piece):
    def act(talk, words):
        """64 MiB, if anybody takes it."""
        chunk = piece.replace(b"250", words[:3] or b"220") * (65536 // len(piece))
        for _ in range(1024):
            talk.line.send(chunk)
        raise Gone
    return act


def endless_line(talk, words):
    talk.line.send(words[:3] + b" ")
    flood(b"x")(talk, words)


def spoiled(change):
    """The right answer with something in it."""
    def act(talk, words):
        talk.line.send(change(words))
    return act


def goes_on(talk, words):
    """One more reply than was asked for."""
    talk.line.send(words + b"250 and another\r\n")


def refuses_too(talk, words):
    talk.line.send(words + b"550 5.7.1 and a refusal\r\n")


def early(talk, words):
    """The next answer comes with this one, and not again."""
    talk.line.send(words + (b"354 go on\r\n" if words[:3] == b"250" else b"250 ok\r\n"))
    talk.answered = True


def missing(_talk, _words):
    pass


def raw(words):
    """Bytes on the connection itself: past TLS where there is TLS (F60)."""
    def act(talk, _):
        fd = talk.line.socket.fileno()
        try:
            os.write(fd, words)
        except OSError:
            raise Gone from None
        talk.line.wait()
    return act


def says(code, text=b"no"):
    return saying(b"%d %s\r\n" % (code, text))


# Each: name, act, what the exit status may be before the end of data.
EVERYWHERE = [
    ("stall", stall, LATER),                               # F116
    ("drip", drip, LATER),                                 # F115
    ("close", close, LATER),                               # F117
    ("goodbye", goodbye, LATER),
    ("reset", reset, LATER),                               # F118
    ("half", half, LATER),                                 # F56
    ("421", says(421, b"4.3.2 going down"), LATER),        # F119
    ("421 and close", saying(b"421 bye\r\n", close), LATER),
    ("garbage", saying(b"\x80\xff\xfehello\x1b[2J\r\n"), WRONG),  # F111
    ("empty line", saying(b"\r\n"), WRONG),
    ("dash first", saying(b"-250 x\r\n"), WRONG),
    ("four digits", saying(b"2500 x\r\n"), WRONG),
    ("two digits", saying(b"25\r\n"), WRONG),
    ("http", saying(b"HTTP/1.1 400 Bad Request\r\n\r\n", close), WRONG),  # F290
    ("endless line", endless_line, WRONG),                 # F109
    ("endless lines", flood(b"250-x\r\n"), WRONG),         # F108
    ("NUL", spoiled(lambda w: w[:5] + b"\0" + w[5:]), WRONG),     # F110
    ("changing codes", saying(b"250-a\r\n354 b\r\n"), WRONG),     # F114
    ("1xx", says(150), WRONG),
    ("6xx", says(650), WRONG),
    ("7xx", says(750), WRONG),
    ("8xx", says(850), WRONG),
    ("9xx", says(999), WRONG),
    ("0xx", says(0), WRONG),
]

# A right answer in an odd form: the mail goes through.
HARMLESS = [
    ("byte by byte", slow),                                                 # F8, F134
    ("LF alone", spoiled(lambda w: w.replace(b"\r\n", b"\n"))),             # F112
    ("bare CR", spoiled(lambda w: w[:-2] + b" a\rb\r\r\n")),                # F113
    ("escapes", spoiled(lambda w: w[:-2] + b" \x1b[31m\x9b2J\xc3\xa9\x07\r\n")),  # F152
    ("long line", spoiled(lambda w: w[:-2] + b" " + b"y" * 4000 + b"\r\n")),
]

# These depend on the point: what was asked there decides.
REFUSALS = [
    ("4xx", says(451, b"4.3.0 later"), LATER),
    ("5xx", says(554, b"5.7.1 never"), NEVER),
]

# Only where much is on its way.
IN_BODY = [
    ("window shut", shut, LATER),
    ("sipping", sip, LATER),
]

TLS_ONLY = [
    ("record too long", raw(b"\x17\x03\x03\x48\x01" + b"z" * 18433)),
    ("record forged", raw(b"\x17\x03\x03\x00\x40" + b"z" * 64)),
    ("record of SSL 2", raw(b"\x80\x40\x01\x00\x02" + b"z" * 64)),
    ("alert in clear", raw(b"\x15\x03\x03\x00\x02\x02\x28")),
    ("reply in clear", raw(b"250 ok\r\n")),
]
