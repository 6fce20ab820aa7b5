# SPDX-License-Identifier: ISC
"""main.py RELAY LOOKUP MANUAL WORK: random cases through Postfix and relay; see differential.sh.

Environment: SEED (1; or `random`), CASES, and SHOW, how many differences are told in full."""

import collections
import concurrent.futures
import os
import random
import signal
import sys
import time

import compare
import intended
import lookup
from generator import MARK, Hops, make_world
from postfix import Postfix
from relay import Relay
from show import show
from shrink import shrink
from sink import Sink

WORLD_SIZE = 40
LOOKUP_TABLES = 60


class Run:
    """Both programs and what they hand their mail to."""

    def __init__(self, program, work):
        self.work = work
        self.sink = Sink(5)
        self.postfix = Postfix(work)
        self.relay = Relay(program, work)
        self.pool = concurrent.futures.ThreadPoolExecutor(4)

    def write_tables(self, world):
        folder = os.path.join(self.work, "world")
        os.makedirs(os.path.join(folder, "includes"), exist_ok=True)
        for name in ("aliases", "generic", "transport", "sasl_passwd"):
            path = os.path.join(folder, name)
            text = "".join(getattr(world, name)).replace("INCLUDES", folder + "/includes")
            with open(path, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
            os.chmod(path, 0o600 if name == "sasl_passwd" else 0o644)
        for name, text in world.includes.items():
            with open(os.path.join(folder, "includes", name), "w", encoding="utf-8") as stream:
                stream.write(text)
        return folder

    def submit(self, program, letter, cases):
        """What the program says to each of the cases."""
        return list(self.pool.map(lambda case: program(
            case.arguments, case.text.replace(MARK, b"%s%d" % (letter, case.number))), cases))

    def run_world(self, world):
        """(case, Postfix's result, relay's result) of each case."""
        folder = self.write_tables(world)
        self.postfix.load(world, folder)
        self.relay.load(world, folder)
        theirs = self.submit(self.postfix.submit, b"P", world.cases)
        self.postfix.start()
        try:
            ours = self.submit(self.relay.run, b"R", world.cases)
            self.postfix.drain()
        finally:
            self.postfix.stop()
            self.postfix.purge()
        return [self.collect(*each) for each in zip(world.cases, theirs, ours)]

    def collect(self, case, theirs, ours):
        mark = "P%d" % case.number
        return (case, compare.Result(*theirs, self.sink.take(mark), self.postfix.log.of(mark)),
                compare.Result(*ours, self.sink.take("R%d" % case.number), []))


def explain(world, case, postfix, relay, difference):
    return intended.explain(intended.Context(world, case, postfix, relay), difference)


class Tally:
    """What the cases came to."""

    def __init__(self):
        self.count = 0
        self.identical = 0
        self.explained = collections.Counter()
        self.unexplained = []

    def add(self, world, case, postfix, relay):
        self.count += 1
        found = list(compare.differences(case, postfix, relay))
        names = [explain(world, case, postfix, relay, difference) for difference in found]
        self.explained.update(set(names) - {None})
        if not found:
            self.identical += 1
        if None in names:
            left = [difference for difference, name in zip(found, names) if name is None]
            self.unexplained.append((world, case, postfix, relay, left))

    def report(self):
        print("# %d cases: %d identical, %d with intended differences, %d unexplained" % (
            self.count, self.identical,
            self.count - self.identical - len(self.unexplained), len(self.unexplained)))
        for name, number in sorted(self.explained.items()):
            print("# %6d %s" % (number, name))


def tell(run, found):
    """The smallest form of the first difference, and some of the others as they are."""
    for i, (world, case, postfix, relay, left) in enumerate(found):
        smaller = shrink(run.run_world, explain, world, case) if i == 0 else None
        if smaller:
            world, case, postfix, relay, left = smaller
        print(show(world, case, postfix, relay, left))


def run_lookups(rng, run, program):
    asked, refused, different = lookup.run(rng, run.postfix.configuration, program, run.work,
                                           LOOKUP_TABLES)
    print("# %d keys of raw tables: %d of malformed rows, %d unexplained" % (
        asked, refused, len(different)))
    for text, key, theirs, ours in different[:5]:
        print("#   key %r: postmap %r, relay %r in\n#     %r" % (key, theirs, ours, text))
    return not different


def main():
    # So that the Postfix is stopped, which is a session of its own.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    program, lookup_program, manual, work = sys.argv[1:]
    for name in intended.undocumented(manual):
        print("not ok - '%s' is no item of %s" % (name, manual))
        return 1
    seed = os.environ.get("SEED") or "1"
    seed = random.SystemRandom().randrange(1 << 32) if seed == "random" else int(seed)
    cases = int(os.environ.get("CASES") or 400)
    print("# SEED=%d CASES=%d" % (seed, cases), flush=True)
    rng = random.Random(seed)
    run = Run(program, work)
    hops = Hops(run.sink)
    tally = Tally()
    start = time.monotonic()
    for number in range((cases + WORLD_SIZE - 1) // WORLD_SIZE):
        world = make_world(rng, number, min(WORLD_SIZE, cases - tally.count), hops)
        for result in run.run_world(world):
            tally.add(world, *result)
    same = run_lookups(rng, run, lookup_program)
    tell(run, tally.unexplained[:int(os.environ.get("SHOW") or 3)])
    tally.report()
    print("# SEED=%d, %.0f seconds" % (seed, time.monotonic() - start))
    return 0 if same and not tally.unexplained else 1


if __name__ == "__main__":
    sys.exit(main())
