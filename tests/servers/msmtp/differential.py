# SPDX-License-Identifier: ISC
"""Compares relay with msmtp on generated configurations.

Environment: RELAY, MSMTP, SEED (a number, "random" for a new one; 1, so that a check is the
same each time), CASES.  Ends with 0 when every difference has a name.
"""

import collections
import os
import random
import sys
import tempfile

import cases
import differences
import messages
import programs
import sink


def unexplained(both, case):
    theirs, ours = both.ask(case)
    return [difference for difference in differences.compare(case, theirs, ours)
            if differences.explain(case, theirs, ours, difference) is None]


def smaller(case):
    """The case with one thing less, in every way."""
    for i in range(len(case.lines)):
        less = case.copy()
        del less.lines[i]
        yield less
    for i in range(len(case.arguments)):
        for count in (2, 1):
            less = case.copy()
            del less.arguments[i:i + count]
            yield less
    for name, plain in cases.Case().__dict__.items():
        if name not in ("lines", "arguments") and getattr(case, name) != plain:
            less = case.copy()
            setattr(less, name, plain)
            yield less


def reduce(both, case, keys):
    """As little as still shows one of the same differences."""
    for less in smaller(case):
        if keys & {difference[0] for difference in unexplained(both, less)}:
            return reduce(both, less, keys)
    return case


def report(both, number, case, found):
    least = reduce(both, case, {difference[0] for difference in found})
    print("not ok - case %d, made as small as it gets:" % number)
    print(least.show())
    for key, theirs, ours in unexplained(both, least):
        print("  %s: msmtp %r, relay %r" % (key, theirs, ours))


def main():
    seed = os.environ.get("SEED") or "1"
    seed = random.SystemRandom().randrange(1 << 31) if seed == "random" else int(seed)
    count = int(os.environ.get("CASES") or 300)
    source = random.Random(seed)
    tally = collections.Counter()
    print("# SEED=%d CASES=%d" % (seed, count), flush=True)
    with tempfile.TemporaryDirectory(prefix="relay-msmtp.") as directory:
        both = programs.Programs(os.environ["RELAY"], os.environ.get("MSMTP", "msmtp"), directory)
        for number in range(count):
            one(both, number, cases.make(source), tally)
        summary(seed, count, tally)
        mails = send(both, source, max(count // 3, 1))
        summary_of_mails(seed, mails)
    alike = tally["same, accepted"] > 0 and mails["same"] > 0
    return 0 if tally["unexplained"] + mails["unexplained"] == 0 and alike else 1


def send(both, source, count):
    """Mails that both send to a server on loopback."""
    tally = collections.Counter()
    with sink.Sink() as taker:
        for number in range(count):
            case = cases.Case()
            messages.make(source, case, taker.port)
            one_mail(both, number, case, taker, tally)
    return tally


def one_mail(both, number, case, taker, tally):
    theirs, ours, first, second = both.send(case, taker)
    tally["cases"] += 1
    if len(first) != 1 or len(second) != 1:
        found = [("delivery", theirs.words.strip(), ours.words.strip())]
    else:
        found = messages.compare(first[0], second[0])
    names = {messages.explain(case, *each) for each in found}
    if not found:
        tally["same"] += 1
    elif None in names:
        tally["unexplained"] += 1
        print("not ok - mail %d:" % number)
        print(case.show())
        for each in found:
            print("  %s: msmtp %r, relay %r" % each)
    else:
        tally["explained"] += 1
    for name in names - {None}:
        tally["- " + name] += 1


def summary_of_mails(seed, tally):
    print("# seed %d, %d mails sent: %d same, %d with differences that have a name, %d unexplained"
          % (seed, tally["cases"], tally["same"], tally["explained"], tally["unexplained"]))
    list_names(tally)


def one(both, number, case, tally):
    theirs, ours = both.ask(case)
    found = differences.compare(case, theirs, ours)
    names = {differences.explain(case, theirs, ours, each) for each in found}
    if not found:
        tally["same, refused" if theirs.refused else "same, accepted"] += 1
    elif None in names:
        tally["unexplained"] += 1
        report(both, number, case, [each for each in found
                                    if differences.explain(case, theirs, ours, each) is None])
    else:
        tally["explained"] += 1
    for name in names - {None}:
        tally["- " + name] += 1


def summary(seed, count, tally):
    print("# seed %d, %d cases: %d same (%d accepted, %d refused by both), "
          "%d with differences that have a name, %d unexplained"
          % (seed, count, tally["same, accepted"] + tally["same, refused"],
             tally["same, accepted"], tally["same, refused"], tally["explained"],
             tally["unexplained"]))
    list_names(tally)


def list_names(tally):
    for name in sorted(name for name in tally if name.startswith("- ")):
        print("#   %4d %s" % (tally[name], name[2:]))


if __name__ == "__main__":
    sys.exit(main())
