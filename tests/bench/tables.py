#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What large tables and long lists of recipients cost a mail.

    make bench
    RELAY=./relay python3 tests/bench/tables.py [--rows N] [--runs N]

Everything is made in a temporary directory and planned with --pretend: no network, no
secret.  All commands of a part run in turn, round by round, so that a machine that slows
down slows all of them; figures are medians of the rounds, ratios medians of the ratios of
each round.  What a table costs is a run with it minus the run with an empty one in the same
round.  Budgets of time are held against processor time: that is what goes by on a machine that
is idle and has the files in memory, and what other programs do counts least.  Yardsticks are `postmap -q` on the same table compiled (left out, with a word, when
there is no Postfix) and `grep -c` over its text.

Memory is the peak of the process itself (VmHWM), read while its first write of output
waits for room.  Planned is what goes by until the first byte of that output.

At the end stands each budget with what was measured.  The exit status is 1 only when memory
or linearity broke its budget: milliseconds are those of the machine and its load.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

COST_MS = 60  # of a table of a million rows, for one mail
MEMORY_MB = 10  # more than with an empty one
PLAN_S = 1.0  # 100,000 recipients, before the first byte goes out
LINEAR = 2.5  # twice the recipients: at most this much more processor time

RELAY = os.path.abspath(os.environ.get("RELAY", "./relay"))
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
ENVIRONMENT = {"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin", "LC_ALL": "C"}


class Command:
    """A command line with its standard input, and what its rounds measured."""

    def __init__(self, label, line, stdin=os.devnull):
        self.label = label
        self.line = line
        self.stdin = stdin
        self.walls = []
        self.cpus = []
        self.firsts = []
        self.peak = None

    def start(self, stdout):
        with open(self.stdin, "rb") as stdin:
            return subprocess.Popen(
                self.line, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=ENVIRONMENT
            )

    def finish(self, process):
        complaint = process.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stderr.close()
        if process.returncode != 0:
            sys.exit(f"{self.label}: status {process.returncode}: {complaint.strip()}")
        return usage

    def round(self):
        begin = time.monotonic()
        process = self.start(subprocess.PIPE)
        got = os.read(process.stdout.fileno(), 1)
        self.firsts.append(time.monotonic() - begin)
        while got:
            got = os.read(process.stdout.fileno(), 1 << 20)
        usage = self.finish(process)
        process.stdout.close()
        self.walls.append(time.monotonic() - begin)
        self.cpus.append(usage.ru_utime + usage.ru_stime)

    def measure_peak(self):
        """In KiB; None where /proc does not tell."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        try:
            while True:
                os.write(writer, bytes(4096))
        except BlockingIOError:
            os.set_blocking(writer, True)
        process = self.start(writer)
        os.close(writer)
        self.peak = wait_and_look(process)
        while os.read(reader, 1 << 20):
            pass
        os.close(reader)
        self.finish(process)


def wait_and_look(process):
    """The peak of a process that came to wait for room in its output."""
    asleep = 0
    while asleep < 3:
        time.sleep(0.02)
        try:
            with open(f"/proc/{process.pid}/status", encoding="ascii", errors="replace") as file:
                lines = dict(line.split(":", 1) for line in file if ":" in line)
        except OSError:
            return None
        if "VmHWM" not in lines:
            return None
        asleep = asleep + 1 if lines["State"].split()[0] == "S" else 0
    return int(lines["VmHWM"].split()[0])


def run_rounds(commands, runs):
    for number in range(runs + 1):
        for command in commands:
            command.round()
        if number == 0:  # the files come into the cache, the processor awakes
            for command in commands:
                command.walls, command.cpus, command.firsts = [], [], []
    for command in commands:
        command.measure_peak()


def median_difference(those, these):
    """In milliseconds."""
    return statistics.median(a - b for a, b in zip(those, these)) * 1e3


def median_ratio(those, these):
    return statistics.median(a / b for a, b in zip(those, these))


def write_lines(path, lines):
    with open(path, "w", encoding="ascii") as file:
        file.writelines(lines)


class Shelf:
    """The temporary directory with all that is measured."""

    def __init__(self, directory, rows):
        self.directory = directory
        self.rows = rows
        write_lines(self.path("empty"), [])
        write_lines(self.path("mail"), ["Subject: bench\n", "\n", "hello\n"])

    def path(self, name):
        return os.path.join(self.directory, name)

    def make_tables(self):
        rows = range(self.rows)
        write_lines(
            self.path("generic"),
            [f"user{i:06d}@dom.example user{i:06d}@isp.example\n" for i in rows]
            + ["last@dom.example found@isp.example\n"],
        )
        write_lines(
            self.path("transport"),
            [f"user{i:06d}@dom.example smtp:[mx{i % 7}.example]:587\n" for i in rows]
            + ["last@dom.example smtp:[mx.example]:587\n"],
        )
        write_lines(
            self.path("aliases"),
            [f"user{i:06d}: person{i:06d}@dom.example\n" for i in rows]
            + ["first: last\n", "last: found@isp.example\n"],
        )

    def configure(self, name, more="", **tables):
        for table in ("generic", "transport", "aliases"):
            tables.setdefault(table, "empty")
        write_lines(
            self.path(name),
            ["host mail.example\n", "maildomain local.example\n", "auth off\n"]
            + [f"{table} {self.path(file)}\n" for table, file in tables.items()]
            + [more],
        )
        return self.path(name)

    def relay(self, label, configuration, *words, stdin="mail"):
        line = [RELAY, "-C", configuration, "--pretend", *words]
        return Command(label, line, self.path(stdin))


def make_compiled(shelf):
    """`postmap -q` for the generic table, or why there is none."""
    postmap = shutil.which("postmap", path=ENVIRONMENT["PATH"])
    if postmap is None:
        return None, "no postmap here (package postfix)"
    os.mkdir(shelf.path("postfix"))
    write_lines(shelf.path("postfix/main.cf"), ["compatibility_level = 3.6\n"])
    postconf = os.path.join(os.path.dirname(postmap), "postconf")
    known = subprocess.run(
        [postconf, "-c", shelf.path("postfix"), "-m"], capture_output=True, text=True, check=False
    )
    if "hash" not in known.stdout.split():
        return None, "this Postfix has no hash tables"
    shutil.copy(shelf.path("generic"), shelf.path("compiled"))
    line = [postmap, "-c", shelf.path("postfix")]
    begin = time.monotonic()
    made = subprocess.run(line + ["hash:" + shelf.path("compiled")], check=False, **QUIET)
    if made.returncode != 0:
        return None, "postmap cannot compile the table"
    word = f"compiling took {time.monotonic() - begin:.1f} s"
    line += ["-q", "last@dom.example", "hash:" + shelf.path("compiled")]
    return Command("postmap -q, compiled", line), word


def make_table_commands(shelf):
    empty = shelf.configure("rc.empty")
    generic = shelf.configure("rc.generic", generic="generic")
    once = shelf.configure("rc.once", "generic_recursion off\n", generic="generic")
    transport = shelf.configure("rc.transport", transport="transport")
    aliases = shelf.configure("rc.aliases", aliases="aliases")
    last = ("-f", "last@dom.example", "to@isp.example")
    absent = ("-f", "absent@dom.example", "to@isp.example")
    return [
        shelf.relay("empty tables", empty, *last),
        shelf.relay("generic, one pass, last row", once, *last),
        shelf.relay("generic, absent key", generic, *absent),
        shelf.relay("generic, recursion, two passes", generic, *last),
        shelf.relay("transport, last row", transport, "-f", "a@isp.example", "last@dom.example"),
        shelf.relay("aliases, one pass", aliases, "-f", "a@isp.example", "last"),
        shelf.relay("aliases, chain, two passes", aliases, "-f", "a@isp.example", "first"),
    ]


def show_tables(commands, yardsticks):
    empty = commands[0]
    names = [command.label for command in yardsticks]
    title = f"{'':32}{'run':>9}{'table':>9}{'processor':>11}{'memory':>10}"
    print(title + "".join(f"{name:>22}" for name in names))
    for command in commands + yardsticks:
        line = f"{command.label:32}{statistics.median(command.walls) * 1e3:6.1f} ms"
        if command in yardsticks or command is empty:
            line += " " * 20
        else:
            line += f"{median_difference(command.walls, empty.walls):6.1f} ms"
            line += f"{median_difference(command.cpus, empty.cpus):8.1f} ms"
        line += f"{command.peak / 1024:7.1f} MB" if command.peak is not None else f"{'?':>10}"
        for other in yardsticks:
            line += f"{median_ratio(command.cpus, other.cpus):20.2f} x"
        print(line)


def measure_tables(shelf, runs, budgets):
    print(f"\nTables of {shelf.rows} rows, one mail\n")
    shelf.make_tables()
    commands = make_table_commands(shelf)
    yardsticks = [
        Command("grep -c", ["grep", "-c", "-F", "last@dom.example", shelf.path("generic")])
    ]
    compiled, word = make_compiled(shelf)
    if compiled is not None:
        yardsticks.append(compiled)
    run_rounds(commands + yardsticks, runs)
    show_tables(commands, yardsticks)
    print(f"\n  {'postmap -q left out: ' if compiled is None else 'postmap: '}{word}")
    for command in commands[1:]:
        cost = median_difference(command.cpus, commands[0].cpus)
        budgets.add(f"{command.label}: time", cost, COST_MS, "ms", False)
        if command.peak is not None and commands[0].peak is not None:
            more = (command.peak - commands[0].peak) / 1024
            budgets.add(f"{command.label}: more memory", more, MEMORY_MB, "MB", True)
        else:
            print(f"  memory of '{command.label}' not measured: /proc does not tell")


def make_lists(shelf, counts):
    write_lines(
        shelf.path("many.aliases"),
        (f"n{i:06d}: person{i:06d}@dom.example\n" for i in range(max(counts))),
    )
    write_lines(
        shelf.path("many.generic"),
        (f"person{i:06d}@dom.example out{i:06d}@isp.example\n" for i in range(max(counts))),
    )
    for count in counts:
        names = ",\n ".join(f"n{i:06d}" for i in range(count))
        write_lines(shelf.path(f"list.{count}"), [f"To: {names}\n", "Subject: x\n\nhello\n"])


def measure_recipients(shelf, runs, budgets):
    counts = (100000, 200000)
    print("\nRecipients, each by an alias and a generic row, the result looked up again\n")
    make_lists(shelf, counts)
    more = "recipient_limit 1000000\nheader_size_limit 100M\n"
    many = shelf.configure("rc.many", more, aliases="many.aliases", generic="many.generic")
    ways = {"-t": [], "arguments": []}
    for count in counts:
        ways["-t"].append(
            shelf.relay(f"{count} by -t", many, "-f", "a@isp.example", "-t", stdin=f"list.{count}")
        )
        names = [f"n{i:06d}" for i in range(count)]
        ways["arguments"].append(
            shelf.relay(f"{count} by arguments", many, "-f", "a@isp.example", *names)
        )
    if not enlarge_stack():
        print("  arguments left out: no room for them (ulimit -Hs)")
        del ways["arguments"]
    run_rounds([command for way in ways.values() for command in way], runs)
    print(f"{'':32}{'planned':>9}{'processor':>11}{'memory':>10}")
    for way, (half, whole) in ways.items():
        for command in (half, whole):
            line = f"{command.label:32}{statistics.median(command.firsts):7.2f} s"
            line += f"{statistics.median(command.cpus):9.2f} s"
            print(line + (f"{command.peak / 1024:7.0f} MB" if command.peak else f"{'?':>10}"))
        whole_run = statistics.median(half.cpus)
        budgets.add(f"{half.label}: planned and printed", whole_run, PLAN_S, "s", False)
        ratio = median_ratio(whole.cpus, half.cpus)
        budgets.add(f"twice as many by {way}: processor", ratio, LINEAR, "x", True)


def enlarge_stack():
    """Room for 200,000 arguments: a quarter of the stack is theirs."""
    wanted = 64 << 20
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            return False
        resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
    return True


class Budgets:
    def __init__(self):
        self.lines = []
        self.broken = False

    def add(self, label, figure, budget, unit, binding):
        met = figure <= budget
        self.broken = self.broken or (binding and not met)
        self.lines.append(
            f"  {'met   ' if met else 'missed'}  {label:48}{figure:8.2f} {unit:2} of {budget} {unit}"
        )

    def show(self):
        print("\nBudgets\n")
        print("\n".join(self.lines))


def main():
    words = argparse.ArgumentParser(description="What large tables cost a mail.")
    words.add_argument("--rows", type=int, default=1000000)
    words.add_argument("--runs", type=int, default=9)
    given = words.parse_args()
    if not os.access(RELAY, os.X_OK):
        sys.exit(f"no program at {RELAY} (set RELAY)")
    busy = os.getloadavg()[0] > (os.cpu_count() or 1) / 2
    print(f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", end="")
    print(": run and planned tell of others, too" if busy else "")
    budgets = Budgets()
    with tempfile.TemporaryDirectory(prefix="relay-bench.") as directory:
        shelf = Shelf(directory, given.rows)
        measure_tables(shelf, given.runs, budgets)
        measure_recipients(shelf, max(3, given.runs // 2), budgets)
    budgets.show()
    return 1 if budgets.broken else 0


if __name__ == "__main__":
    sys.exit(main())
