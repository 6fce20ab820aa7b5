#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What one mail costs from start to end, beside the least that it can cost and beside others.

    make bench-dialogue
    python3 tests/bench/dialogue.py [--runs N] [--large-runs N]

A server on this machine takes mails by STARTTLS and AUTH PLAIN and costs next to nothing; the
clients trust the system's roots and the server's own.  `floor` is a submission by the same TLS
library without anything that a mail client has to do.  Clients run in turn, round by round;
figures are medians of the rounds, ratios medians of the ratios to the floor in each round, so
that a machine that slows down slows all of them.  The long line holds everything back for 25 ms
each way.  Writes are those to the connection, as strace sees them; bytes and round trips are
counted by the line.

At the end stands each budget with what was measured.  The exit status is 1 only when round
trips or the memory of the large mail broke theirs: time is that of the machine and its load.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys

from yard import PASSWORD, RECIPIENT, SENDER, USER, Yard, tool

DELAY_MS = 25
LARGE_MB = 50
SMALL_WALL, SMALL_CPU, SMALL_MEMORY = 1.25, 1.3, 1.25  # times the floor
LARGE_WALL, LARGE_MEMORY_MB = 1.5, 8

SENT = re.compile(rb"\b(?:write|writev|sendto|sendmsg)\(\d+<(?:socket|TCP|TCPv6):.*= \d+")


class Client:
    """A command line for a port, and what its rounds measured."""

    def __init__(self, name, line):
        self.name = name
        self.line = line
        self.walls, self.cpus, self.peaks = [], [], []
        self.bytes, self.trips, self.writes = None, None, None

    def round(self, yard, mail, keep=True):
        done = subprocess.run(
            [tool("meter"), mail, *self.line], env=yard.environment, capture_output=True, check=True
        )
        status, wall, cpu, peak = map(int, done.stdout.split())
        if status != 0:
            sys.exit(f"{self.name}: status {status}: {' '.join(self.line)}")
        if keep:
            self.walls.append(wall / 1e3)
            self.cpus.append(cpu / 1e3)
            self.peaks.append(peak / 1024)

    def count_writes(self, yard, mail):
        trace = yard.path("trace")
        with open(mail, "rb") as stdin:
            done = subprocess.run(
                ["strace", "-f", "-y", "-s", "1", "-o", trace]
                + ["-e", "trace=write,writev,sendto,sendmsg", *self.line],
                stdin=stdin,
                env=yard.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        if done.returncode == 0:
            with open(trace, "rb") as file:
                self.writes = sum(1 for line in file if SENT.search(line))


def make_clients(yard, port, left_out):
    """The first is what the others are compared with."""
    clients = [Client("floor", yard.floor(port)), Client("relay", yard.relay(port))]
    rc = yard.account(f"msmtprc.{port}", port)
    if shutil.which("msmtp"):
        clients.append(Client("msmtp", ["msmtp", "-C", rc, RECIPIENT]))
    else:
        left_out["msmtp"] = "not installed"
    if shutil.which("curl"):
        words = ["curl", "-sS", "--url", f"smtp://{yard.host}:{port}", "--ssl-reqd"]
        words += ["--cacert", yard.path("bundle.pem"), "--user", f"{USER}:{PASSWORD}"]
        words += ["--login-options", "AUTH=PLAIN", "--mail-from", SENDER]
        clients.append(Client("curl", words + ["--mail-rcpt", RECIPIENT, "-T", "-"]))
    else:
        left_out["curl"] = "not installed"
    return clients


def run_rounds(yard, clients, mail, runs):
    for number in range(runs + 1):
        for client in clients:
            client.round(yard, mail, keep=number > 0)


def last_count(yard, counts, before):
    """The line writes when the connection's last byte has arrived, after the client left."""
    for _ in range(200):
        rows = yard.read(counts).split("\n")[:-1] if os.path.exists(counts) else []
        if len(rows) > before:
            return [int(word) for word in rows[-1].split()], len(rows)
        subprocess.run(["sleep", "0.05"], check=True)
    sys.exit("the line counted nothing")


def count_wire(yard, clients, counts, mail, traced):
    """One run of each, alone on the line."""
    before = len(yard.read(counts).split("\n")) - 1 if os.path.exists(counts) else 0
    for client in clients:
        client.round(yard, mail, keep=False)
        (up, down, client.trips), before = last_count(yard, counts, before)
        client.bytes = up + down
        if traced:
            client.count_writes(yard, mail)
            _, before = last_count(yard, counts, before)


def ratio(those, these):
    return statistics.median(a / b for a, b in zip(those, these))


def show(title, clients):
    floor = clients[0]
    print(f"\n{title}\n")
    print(f"{'':8}{'wall':>12}{'x':>8}{'cpu':>12}{'x':>8}{'peak':>11}{'x':>8}", end="")
    print(f"{'bytes':>12}{'writes':>8}{'trips':>7}" if floor.trips is not None else "")
    for client in clients:
        row = f"{client.name:8}"
        for unit, get in (("ms", "walls"), ("ms", "cpus"), ("MB", "peaks")):
            mine, least = getattr(client, get), getattr(floor, get)
            row += f"{statistics.median(mine):{8 if unit == 'MB' else 9}.1f} {unit}"
            row += f"{ratio(mine, least):8.2f}"
        if client.trips is not None:
            writes = "?" if client.writes is None else client.writes
            row += f"{client.bytes:12}{writes:>8}{client.trips:7}"
        print(row)


class Budgets:
    def __init__(self):
        self.lines = []
        self.broken = False

    def add(self, label, figure, budget, unit, binding):
        met = figure <= budget
        self.broken = self.broken or (binding and not met)
        words = f"{figure:8.2f} {unit} of {budget} {unit}"
        self.lines.append(f"  {'met   ' if met else 'missed'}  {label:40}{words}")

    def show(self):
        print("\nBudgets\n")
        print("\n".join(self.lines))


def write_mails(yard):
    head = f"From: {SENDER}\nTo: {RECIPIENT}\nSubject: bench\n"
    head += "Date: Thu, 01 Jan 2026 00:00:00 +0000\nMessage-ID: <1@client.example>\n\n"
    words = "words that fill a line as long as people write them"
    text = "".join(f"{i:04} .{words:>66}\n" for i in range(1000))
    small = yard.write("small", head + text[: 1024 - len(head)])
    times = (LARGE_MB * 1000000 - len(head)) // len(text) + 1
    large = yard.write("large", head + text * times)
    return small, large


def measure(yard, title, mail, ports, runs, left_out):
    """Without and with the long line; returns the clients of both."""
    direct = make_clients(yard, ports["sink"], left_out)
    run_rounds(yard, direct, mail, runs)
    show(f"{title}, loopback", direct)
    far = make_clients(yard, ports["line"], {})
    run_rounds(yard, far, mail, max(3, runs // 3))
    counted = make_clients(yard, ports["counter"], {})
    count_wire(yard, counted, yard.path("counts"), mail, shutil.which("strace") is not None)
    for client, same in zip(far, counted):
        client.bytes, client.trips, client.writes = same.bytes, same.trips, same.writes
    show(f"{title}, {DELAY_MS} ms each way", far)
    return direct, far


def judge(budgets, small, large):
    floor, relay = small[0][:2]
    budgets.add("small mail: wall", ratio(relay.walls, floor.walls), SMALL_WALL, "x", False)
    budgets.add("small mail: processor", ratio(relay.cpus, floor.cpus), SMALL_CPU, "x", False)
    budgets.add("small mail: memory", ratio(relay.peaks, floor.peaks), SMALL_MEMORY, "x", False)
    floor, relay = small[1][:2]
    budgets.add("small mail: round trips", relay.trips, floor.trips, "", True)
    floor, relay = large[0][:2]
    budgets.add(f"{LARGE_MB} MB: wall", ratio(relay.walls, floor.walls), LARGE_WALL, "x", False)
    peak = statistics.median(relay.peaks)
    budgets.add(f"{LARGE_MB} MB: memory", peak, LARGE_MEMORY_MB, "MB", True)


def main():
    words = argparse.ArgumentParser(description="What one mail costs from start to end.")
    words.add_argument("--runs", type=int, default=40)
    words.add_argument("--large-runs", type=int, default=7)
    given = words.parse_args()
    print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    left_out = {}
    budgets = Budgets()
    with Yard() as yard:
        port = yard.start_sink(invented=False)
        ports = {"sink": port}
        line = [tool("line"), str(port), str(DELAY_MS)]
        ports["line"] = yard.start(*line, "/dev/null")
        ports["counter"] = yard.start(*line, yard.path("counts"))
        print(f"{yard.roots} roots trusted, {yard.host}")
        mails = write_mails(yard)
        small = measure(yard, "1 KB", mails[0], ports, given.runs, left_out)
        large = measure(yard, f"{LARGE_MB} MB", mails[1], ports, given.large_runs, left_out)
        judge(budgets, small, large)
    for name, reason in left_out.items():
        print(f"\n  {name} left out: {reason}")
    if shutil.which("strace") is None:
        print("\n  writes not counted: no strace here")
    budgets.show()
    return 1 if budgets.broken else 0


if __name__ == "__main__":
    sys.exit(main())
