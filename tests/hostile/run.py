# SPDX-License-Identifier: ISC
"""Drives the real program against a server that misbehaves, at every point in every way.

    python3 run.py RELAY WITNESS DIRECTORY [WORD]

DIRECTORY holds server.pem, server.key and ca.pem.  With WORD only the cases that have it in their
name run.  After each the invariants of the catalogue are checked, whatever the case was about.

Environment: RELAY_HOSTILE=N runs every Nth case (default: all, of a sanitizer's build every
third), RELAY_HOSTILE_JOBS so many at once,
RELAY_HOSTILE_LIST=1 prints what became of each.
"""

import base64
import concurrent.futures
import os
import ssl
import subprocess
import sys
import time

import faults
from peer import Peer

USER = "fg12345678@skynet.example"
SECRET = "horse:battery-staple/4711"
MEMORY_KIB = 16 * 1024
STEP_S = 1    # timeout
FINAL_S = 2   # timeout_final

# How the mail travels: its points in their order.
BEFORE = ["greeting", "ehlo", "starttls", "handshake", "ehlo2", "auth", "mail", "rcpt"]
POINTS = {
    "starttls": BEFORE + ["data", "body", "dot", "quit"],
    "implicit": ["handshake", "greeting", "ehlo", "auth", "mail", "rcpt", "data", "body", "dot",
                 "quit"],
    "plain": ["greeting", "ehlo", "mail", "rcpt", "data", "body", "dot", "quit"],
    "lmtp": BEFORE + ["data", "body", "dot", "quit"],
}
TRAITS = [(), ("chunking",), ("lockstep",), ("lockstep", "chunking")]


class Case:
    def __init__(self, mode, traits, point, name, fault, allowed):
        self.mode = mode
        self.traits = traits
        self.point = point
        self.fault = fault
        self.allowed = allowed
        self.debug = False
        self.delays = {}  # seconds that the server takes for a right answer
        self.refuses = name in ("4xx", "5xx", "421", "421 and close")
        self.bulk = point == "body" and name in ("window shut", "sipping")
        self.name = " ".join([mode, *traits, "/", point, "/", name])
        self.what = name

    @property
    def login(self):
        return self.point in ("user", "password")


def statuses(point, name, allowed):
    """What the exit status may be; the dialogue's own rules for single points."""
    if point == "quit":
        return {0}  # F55, F58, F153: it is not even read
    if point == "starttls" and name in ("reply too many", "refusal too many", "reply early"):
        return {76}  # F5: data before TLS
    if point == "handshake":
        # Whatever is said there is no TLS: 69 told as temporary, or later.
        return {75, 69, 76}
    if point == "body":
        # A server that goes on after it said something has the last word.
        return allowed | {75, 76} | (faults.NEVER if name in ("4xx", "5xx") else set())
    if point == "dot":
        # Whoever has all of it may have taken it.
        return {75} if allowed == faults.WRONG else allowed
    return allowed


def wrong_class(point):
    """Codes that are answers, but to something else."""
    rows = []
    if point != "data":
        rows.append(("3xx", faults.says(354), {75, 76}))
    if point in ("greeting", "starttls", "auth"):
        rows.append(("2xx", faults.says(252), {76, 75}))
    if point == "data":
        rows.append(("2xx", faults.says(250), {75, 76}))
    return rows


def rows_for(mode, traits, point):
    rows = list(faults.EVERYWHERE) + list(faults.REFUSALS)
    if point != "handshake":
        rows += [(name, act, {0}) for name, act in faults.HARMLESS] if point != "body" else []
        rows += wrong_class(point)
        # What is too much: harmless at the end, else never believed.
        rows.append(("reply too many", faults.goes_on, {0, 75, 76}))
        rows.append(("refusal too many", faults.refuses_too, {0, 69, 75, 76}))
        rows.append(("reply early", faults.early, {0, 69, 75, 76}))
        if point == "body":
            rows += faults.IN_BODY
        else:
            # F136; with BDAT, of which there is one, LAST, F145.
            rows.append(("reply missing", faults.missing, {75, 76}))
    in_tls = mode != "plain" and (mode == "implicit" or point not in BEFORE[:4])
    if in_tls and point != "handshake":
        rows += [(name, act, {75, 76, 69}) for name, act in faults.TLS_ONLY]
    return rows


def make_cases():
    cases = []
    for mode, points in POINTS.items():
        for traits in TRAITS:
            if mode == "lmtp" and "chunking" in traits:
                continue
            for point in points:
                if point == "data" and "chunking" in traits:
                    continue
                # Up to the login nothing depends on the server's abilities.
                if traits and point in BEFORE[:6]:
                    continue
                for name, act, allowed in rows_for(mode, traits, point):
                    cases.append(Case(mode, traits, point, name, act,
                                      statuses(point, name, allowed)))
    for point in ("user", "password"):
        for name, act, allowed in rows_for("starttls", (), point):
            if name != "3xx":
                # A challenge with something in it is no base64.
                odd = {76} if allowed == {0} else {77}
                cases.append(Case("starttls", (), point, name, act, allowed | odd))
    cases += slow_cases()
    for number, case in enumerate(cases):
        case.debug = number % 2 == 1
    return cases


def slow_cases():
    """Each step just in time, and all of them together not (F115)."""
    login = Case("starttls", (), "user", "login just in time", None, {75})
    login.delays = {"user": 0.6, "password": 0.6, "auth": 0.6}
    envelope = Case("starttls", ("lockstep",), "rcpt", "envelope just in time", None, {75})
    envelope.delays = {"mail": 0.9, "rcpt": 0.9, "data": 0.9}
    for case in (login, envelope):
        case.fault = lambda talk, words: talk.line.send(words)
    return [login, envelope]


def forms(secret):
    """The secret, and its base64 wherever in a group of three it begins."""
    found = [secret.encode()]
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + secret.encode() + b"\0\0")
        found.append(whole[4:-8])
    return found


class Run:
    """One case: its files, its server, the program, and what became of it."""

    def __init__(self, suite, case, number):
        self.suite = suite
        self.case = case
        self.home = os.path.join(suite.directory, "case%d" % number)
        self.problems = []

    def write_relayrc(self, port):
        case = self.case
        lines = ["host 127.0.0.1", "port %d" % port, "maildomain local.example",
                 "domain client.example", "aliases", "sasl_passwd", "transport", "generic",
                 "timeout %d" % STEP_S, "timeout_final %d" % FINAL_S]
        if case.mode == "plain":
            lines += ["tls off"]
        else:
            lines += ["tls_trust_file " + os.path.join(self.suite.directory, "ca.pem"),
                      "user " + USER, "password " + SECRET]
            lines += ["auth login" if case.login else "auth plain"]
        if case.mode == "implicit":
            lines += ["tls_starttls off"]
        if case.mode == "lmtp":
            lines += ["protocol lmtp"]
        path = os.path.join(self.home, "relayrc")
        with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write("\n".join(lines) + "\n")
        return path

    def command(self, port):
        words = [self.suite.witness, "40", self.suite.relay, "-C", self.write_relayrc(port),
                 "-f", "me@local.example"]
        if self.case.debug:
            words.append("--debug")
        return words + ["jane@one.example", "joe@two.example"]

    def message(self):
        size = 3000 if self.case.point == "body" else 3
        if self.case.bulk:
            size = 200000
        return (b"From: me@local.example\nTo: jane@one.example\nSubject: hello\n\n"
                + b"The quick brown fox jumps over the lazy dog, and so on.\n" * size)

    def go(self):
        os.makedirs(os.path.join(self.home, "tmp"))
        peer = Peer(self.case, self.suite.context)
        read_end, write_end = os.pipe()
        environment = {"HOME": self.home, "TMPDIR": os.path.join(self.home, "tmp"),
                       "PATH": os.environ["PATH"], "USER": "tester"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]

        def third():
            os.dup2(write_end, 3)

        process = subprocess.Popen(
            self.command(peer.port), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment, preexec_fn=third, close_fds=False)
        os.close(write_end)
        out, err = process.communicate(self.message())
        with os.fdopen(read_end) as file:
            told = dict(line.split(" ", 1) if " " in line else (line, "0")
                        for line in file.read().splitlines())
        peer.stop()
        self.judge(peer, told, out, err)
        return self

    def wrong(self, words, *more):
        self.problems.append(words % more if more else words)

    def judge(self, peer, told, out, err):
        case = self.case
        self.status = int(told.get("exit", -1))
        self.elapsed = int(told.get("elapsed", 0))
        self.err = err
        if "exit" not in told:
            self.wrong("no exit: %s", told)                                          # I2
        elif self.status not in case.allowed:
            self.wrong("exit status %d, not %s", self.status, sorted(case.allowed))
        if b"Sanitizer" in err or b"runtime error" in err:
            self.wrong("a sanitizer's report")                                       # I1
        self.judge_secrets(bytes(peer.plain), out, err)                              # I3
        # Every connection may wait once for the point that stalls.
        limit = {"dot": FINAL_S, "body": STEP_S + FINAL_S}.get(case.point, STEP_S)
        if case.what == "envelope just in time":
            limit = 3.2 * STEP_S  # a step's for MAIL, RCPT and DATA, and its tenth for each
        if case.what == "reply missing":
            limit = FINAL_S  # the message's own answer has taken another's place
        if self.elapsed > (limit * max(1, peer.connections) + self.suite.slack) * 1000:
            self.wrong("took %d ms", self.elapsed)                                   # I4
        if not self.suite.sanitized and int(told.get("memory", 0)) > MEMORY_KIB:
            self.wrong("held %s KiB", told["memory"])                                # I5
        if told.get("children") != "0":
            self.wrong("children are left: %s", told)                                # I7
        if os.listdir(os.path.join(self.home, "tmp")):
            self.wrong("files are left")                                             # I7
        self.judge_words(peer, out, err)
        self.judge_result(peer)

    def judge_secrets(self, plain, out, err):
        for form in self.suite.secrets:
            if form in plain:
                self.wrong("the password was sent in the clear")
            if form in out + err:
                self.wrong("the password was printed")
        if self.case.mode != "plain" and b"AUTH " in plain:
            self.wrong("AUTH was sent in the clear")

    def judge_words(self, peer, out, err):
        if out:
            self.wrong("something is on standard output: %r", out[:200])
        if any(byte < 32 and byte != 10 or 127 <= byte < 160 for byte in err.replace(b"\xc2", b"")
               if byte < 128):
            self.wrong("control bytes are on standard error: %r", err[-300:])
        if self.status != 0 and b"127.0.0.1:%d" % peer.port not in err:
            self.wrong("the server is not named")
        if self.status == 0 and err and not self.case.debug:
            self.wrong("it worked, and something is on standard error: %r", err[:200])

    def judge_result(self, peer):
        """Success is a 250 to the end of data, and nobody gets a mail twice (I8)."""
        case = self.case
        if peer.trouble:
            self.wrong("the server: %s", peer.trouble)
        taken = peer.accepted
        if case.point == "dot" and case.allowed == {0}:
            taken += 1
        # What it says in the body may come when all of it is under way, and be the answer.
        if self.status == 0 and taken == 0 and case.point not in ("dot", "body"):
            self.wrong("exit status 0, and nobody took the message")
        if taken > 1:
            self.wrong("the message was taken %d times", taken)
        # In one flight a refusal too many looks like a recipient's own (F135).
        shifted = case.what == "refusal too many" and "chunking" in case.traits
        told = shifted or b"may have " in self.err
        if self.status != 0 and taken > 0 and case.point != "body" and not told:
            self.wrong("the message was taken, and nobody is told")
        if case.mode != "plain" and self.status == 0 and b"MAIL" in peer.plain:
            self.wrong("the envelope was sent in the clear")


class Suite:
    def __init__(self, relay, witness, directory):
        self.relay = os.path.abspath(relay)
        self.witness = os.path.abspath(witness)
        self.directory = os.path.abspath(directory)
        with open(self.relay, "rb") as file:
            self.sanitized = b"__asan_init" in file.read()
        self.slack = 4 if self.sanitized else 1
        self.secrets = forms(SECRET)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(os.path.join(directory, "server.pem"),
                                     os.path.join(directory, "server.key"))

    def run(self, cases, jobs):
        """Those that fail beside others have another try alone: what a busy machine delays."""
        numbered = list(enumerate(cases))
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            runs = list(pool.map(lambda c: Run(self, c[1], c[0]).go(), numbered))
        for at, run in enumerate(runs):
            if run.problems and run.elapsed > 900 * STEP_S:
                runs[at] = Run(self, run.case, len(cases) + at).go()
        return runs


def main():
    began = time.monotonic()
    suite = Suite(*sys.argv[1:4])
    word = sys.argv[4] if len(sys.argv) > 4 else ""
    # A sanitizer takes its time; without one all of them run anyway.
    every = int(os.environ.get("RELAY_HOSTILE", "3" if suite.sanitized else "1"))
    jobs = int(os.environ.get("RELAY_HOSTILE_JOBS", "8"))
    cases = [case for case in make_cases() if word in case.name][::every]
    runs = suite.run(cases, jobs)
    failed = [run for run in runs if run.problems]
    if os.environ.get("RELAY_HOSTILE_LIST"):
        for run in runs:
            print("%3d %5d %s" % (run.status, run.elapsed, run.case.name))
    for run in failed:
        print("FAILED: %s: %s" % (run.case.name, "; ".join(run.problems)))
        if word:
            print(run.err.decode(errors="replace"))
    print("%d cases, %d failed, %.0f s" % (len(runs), len(failed), time.monotonic() - began))
    return 1 if failed or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
