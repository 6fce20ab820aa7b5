# SPDX-License-Identifier: ISC
"""A smaller case that is still different: what a person has to read.

Rows of tables, fields of the message and arguments are left out one after the other.  Each try
is a world of its own, so the number of tries is bounded."""

import copy

from compare import differences

TABLES = ("aliases", "generic", "transport", "sasl_passwd")


def without(items, start, count):
    return items[:start] + items[start + count:]


def smaller_worlds(world):
    """Worlds without a half, a quarter ... a single row of a table."""
    for name in TABLES:
        items = getattr(world, name)
        count = len(items)
        while count > 0:
            for start in range(0, len(items), count):
                if "local.example :" in "".join(items[start:start + count]):
                    continue  # without it aliases are hidden, which is another story
                smaller = copy.deepcopy(world)
                setattr(smaller, name, without(items, start, count))
                yield smaller
            count //= 2


def smaller_cases(world):
    case = world.cases[0]
    head, separator, body = case.text.partition(b"\n\n")
    lines = head.split(b"\n")
    first = next((i for i, line in enumerate(lines) if b"@MARK@" in line), len(lines)) + 1
    for start in range(first, len(lines)):
        end = start + 1
        while end < len(lines) and lines[end][:1] in (b" ", b"\t"):
            end += 1
        smaller = copy.deepcopy(world)
        smaller.cases[0].text = b"\n".join(lines[:start] + lines[end:]) + separator + body
        yield smaller
    for i in range(case.arguments.index("--") + 1, len(case.arguments)):
        smaller = copy.deepcopy(world)
        smaller.cases[0].arguments = without(case.arguments, i, 1)
        yield smaller


def shrink(run_world, explain, world, case, tries=60):
    """The smallest (world, case, results, differences) that was found."""
    best = copy.deepcopy(world)
    best.cases = [copy.deepcopy(case)]
    found = attempt(run_world, explain, best)
    if not found:
        return None
    smaller = True
    while smaller and tries > 0:
        smaller = False
        for candidate in [*smaller_worlds(best), *smaller_cases(best)]:
            tries -= 1
            if tries <= 0:
                break
            result = attempt(run_world, explain, candidate)
            if result:
                best, found, smaller = candidate, result, True
                break
    return (best, *found)


def attempt(run_world, explain, world):
    """(case, Postfix's result, relay's, what is not explained); None: nothing is left."""
    try:
        case, postfix, relay = run_world(world)[0]
    except RuntimeError:
        return None
    left = [difference for difference in differences(case, postfix, relay)
            if explain(world, case, postfix, relay, difference) is None]
    return (case, postfix, relay, left) if left else None
