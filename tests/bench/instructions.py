#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Fails when one small mail has become dearer: counts the instructions of a whole run.

    make check-bench
    make check-bench RECORD=1          writes what was counted to tests/bench/instructions

Time depends on the machine, instructions hardly: those of the C and TLS libraries on the
versions, and on the processor whose abilities they use.  So the floor, the same submission
without a mail client, is counted beside it; what it takes more or less than when the file was
written is allowed for.  With another version of a library than the file names nothing is
compared.  Keys differ from run to run and with them a few thousand instructions of arithmetic
(0.3 % between runs): the least of several runs is taken, and 5 % more are let pass.

Roots are invented here, as many as systems trust, because theirs change with each update.
"""

import os
import re
import shutil
import subprocess
import sys

from yard import RELAY, YARDSTICKS, Yard, tool

RUNS = 5
TOLERANCE = 1.05
RECORD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions")
TOTAL = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)
HEAD = """\
# Instructions of one small mail by STARTTLS and AUTH, 145 roots trusted, and of the floor.
# `make check-bench` compares, `make check-bench RECORD=1` writes this.
"""


def skip(reason):
    print(f"skip: {reason}")
    sys.exit(77 if os.environ.get("STRICT") else 0)


def count(yard, line, mail):
    out = yard.path("callgrind.out")
    with open(mail, "rb") as stdin:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *line],
            stdin=stdin,
            env=yard.environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        sys.exit(f"{os.path.basename(line[0])}: status {done.returncode}\n{done.stderr}")
    found = TOTAL.search(yard.read(out))
    if found is None:
        sys.exit("callgrind wrote no total")
    return int(found.group(1))


def count_all():
    with Yard() as yard:
        port = yard.start_sink(invented=True)
        mail = yard.write("mail", "Subject: bench\n\n" + "hello, again and again\n" * 40)
        runs = {"relay": [], "floor": []}
        for _ in range(RUNS):
            runs["relay"].append(count(yard, yard.relay(port), mail))
            runs["floor"].append(count(yard, yard.floor(port), mail))
    for name, counts in runs.items():
        spread = 100 * (max(counts) - min(counts)) / min(counts)
        print(f"{name}: {min(counts)} instructions, {spread:.1f} % between {RUNS} runs")
    return {name: min(counts) for name, counts in runs.items()}


def versions():
    done = subprocess.run([tool("floor"), "--versions"], capture_output=True, text=True, check=True)
    return dict(row.split() for row in done.stdout.splitlines())


def read_record():
    with open(RECORD, encoding="ascii") as file:
        rows = [row.split() for row in file if row.strip() and not row.startswith("#")]
    return dict(rows)


def write_record(known, counted):
    with open(RECORD, "w", encoding="ascii") as file:
        file.write(HEAD)
        file.writelines(f"{name} {value}\n" for name, value in {**known, **counted}.items())
    print(f"written to {RECORD}")
    return 0


def compare(record, counted):
    allowed = int(record["relay"]) - int(record["floor"]) + counted["floor"]
    change = 100 * (counted["relay"] / allowed - 1)
    times = counted["relay"] / counted["floor"]
    print(f"{change:+.1f} % against {RECORD}, {times:.2f} times the floor")
    if counted["relay"] <= allowed * TOLERANCE:
        return 0
    print(f"FAILED: more than {100 * (TOLERANCE - 1):.0f} % dearer; find out why, or record it")
    return 1


def main():
    if shutil.which("valgrind") is None:
        skip("no valgrind here")
    if os.environ.get("SANITIZERS"):
        skip("built with sanitizers, whose instructions would be counted")
    for path in (RELAY, YARDSTICKS):
        if not os.path.exists(path):
            sys.exit(f"nothing at {path}: use make check-bench")
    known = versions()
    if os.environ.get("RECORD"):
        return write_record(known, count_all())
    record = read_record()
    for name, version in known.items():
        if record.get(name) != version:
            skip(f"{name} is {version} here, the record was made with {record.get(name)}")
    return compare(record, count_all())


if __name__ == "__main__":
    sys.exit(main())
