# SPDX-License-Identifier: ISC
"""Sends a large mail to a server that takes its time, with a terminal for standard error.

    python3 terminal.py RELAY DIRECTORY pty|pipe [OPTION...]

Prints what was written there, and gives the program's exit status.
"""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
import time

from peer import Peer


class Case:
    mode = "plain"
    traits = ("chunking",)
    point = "body"
    delays = {}
    refuses = False

    @staticmethod
    def fault(*_):
        """Reads nothing for a while: all that fits on the way is soon under way."""
        time.sleep(1.5)


def collect(fd, into):
    while True:
        try:
            more = os.read(fd, 65536)
        except OSError:
            return
        if not more:
            return
        into.append(more)


def main():
    relay, directory, kind = sys.argv[1:4]
    peer = Peer(Case, None)
    path = os.path.join(directory, "terminal.rc")
    with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as file:
        file.write("host 127.0.0.1\nport %d\ntls off\nmaildomain local.example\n"
                   "domain client.example\naliases\ntransport\ngeneric\nsasl_passwd\n" % peer.port)
    # A pipe's ends come the other way round: first the one that is read.
    master, slave = pty.openpty() if kind == "pty" else os.pipe()
    if kind == "pty":
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 70, 0, 0))
    process = subprocess.Popen(
        [relay, "-C", path, "-f", "me@local.example", *sys.argv[4:], "jane@one.example"],
        stdin=subprocess.PIPE, stderr=slave)
    os.close(slave)
    seen = []
    reader = threading.Thread(target=collect, args=(master, seen))
    reader.start()
    process.stdin.write(b"Subject: much\n\n" + b"All work and no play makes a dull mail.\n" * 500000)
    process.stdin.close()
    status = process.wait()
    reader.join()
    peer.stop()
    sys.stdout.buffer.write(b"".join(seen))
    return status


if __name__ == "__main__":
    sys.exit(main())
