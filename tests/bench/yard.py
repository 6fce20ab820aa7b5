# SPDX-License-Identifier: ISC
"""What the measurements of the dialogue share: the programs beside this file, started and
stopped, and the files that clients need to reach them.

YARDSTICKS names the directory in which make built them, RELAY the program under test.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile

ROOTS = 144  # as many as systems trust
SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt"
USER, PASSWORD = "u", "p"
SENDER, RECIPIENT = "root@client.example", "a@b.example"

RELAY = os.path.abspath(os.environ.get("RELAY", "./relay"))
YARDSTICKS = os.path.abspath(os.environ.get("YARDSTICKS", "./tests/bench"))


def tool(name):
    path = os.path.join(YARDSTICKS, name)
    if not os.access(path, os.X_OK):
        sys.exit(f"no program at {path}: use make bench or make check-bench")
    return path


def host_name():
    """A bare container may have no hosts file; the certificate holds the address as well."""
    try:
        socket.getaddrinfo("localhost", None, socket.AF_INET)
        return "localhost"
    except OSError:
        return "127.0.0.1"


class Yard:
    """A temporary directory with everything in it, and the servers; a context manager."""

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="relay-bench.")
        self.started = []
        self.host = host_name()
        self.environment = {
            "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin",
            "LC_ALL": "C",
            "HOME": self.path("home"),
            "TMPDIR": self.directory,
        }
        os.mkdir(self.path("home"))
        self.roots = 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for process in self.started:
            process.kill()
            process.wait()
        shutil.rmtree(self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "w", encoding="ascii", newline="") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def read(self, path):
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def start(self, *line):
        """Starts a server and returns the port that it prints."""
        process = subprocess.Popen(
            line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=self.environment
        )
        self.started.append(process)
        port = process.stdout.readline().strip()
        if not port.isdigit():
            sys.exit(f"{os.path.basename(line[0])} did not start")
        return int(port)

    def start_sink(self, invented):
        """The server; the roots trusted with its own are invented, or the system's."""
        system = None if invented or not os.path.exists(SYSTEM_ROOTS) else SYSTEM_ROOTS
        port = self.start(tool("sink"), self.directory, "0" if system else str(ROOTS))
        bundle = self.read(system or self.path("roots.pem")) + self.read(self.path("ca.pem"))
        with open(self.path("bundle.pem"), "w", encoding="utf-8") as file:
            file.write(bundle)
        self.roots = bundle.count("BEGIN CERTIFICATE")
        return port

    def account(self, name, port, more=""):
        """The same words are understood by relay and by msmtp."""
        return self.write(
            name,
            f"account default\nhost {self.host}\nport {port}\ntls on\ntls_starttls on\n"
            f"tls_trust_file {self.path('bundle.pem')}\nauth plain\nuser {USER}\n"
            f"password {PASSWORD}\nfrom {SENDER}\n" + more,
        )

    def relay(self, port):
        # What this machine's own aliases cost is no part of it.
        rc = self.account(f"relayrc.{port}", port, f"aliases {self.write('aliases', '')}\n")
        return [RELAY, "-C", rc, RECIPIENT]

    def floor(self, port):
        return [tool("floor"), str(port), self.path("ca.pem")]
