# SPDX-License-Identifier: ISC
"""Random addresses, and lists of them as people and programs write them."""

DOMAIN = "local.example"

NAMES = ["root", "alice", "bob", "carol", "list", "staff", "daemon", "postmaster", "www-data",
         "Mailer-Daemon", "double-bounce", "owner-list", "list-request", "first.last", "élan",
         "cron", "ops", "deep", "self", "loop", "inc", "null", "odd name", "x"]
FOREIGN = ["isp.test", "corp.test", "sub.corp.test", "a.b.corp.test", "friend.example",
           "single", "dom.test", "deep.er.dom.test", "Ünï.test"]
EXTENSIONS = ["x", "lists", "a+b", "c-d", "Spam", "é"]
PHRASES = ["Charlie Root", '"Root, Charlie"', "Charlie R. Root", "=?utf-8?q?Ch=C3=A1rlie?=",
           "Élise Müller", '"quoted \\" name"', "a@b.test", '"alice@isp.test"', "", "",
           "=?utf-8?B?w6FiYw==?= Root", "Dr. Root", "root", "X" * 60]
COMMENTS = ["(c)", "(a (nested) one)", "(with, comma)", "(Charlie Root)", "(esc \\) aped)",
            "(root@isp.test)", "()", "(é)"]
FOLDS = [" ", " ", " ", "\n ", "\n\t", "  ", "\n  \n\t"]


def odd(rng, chance):
    return rng.random() < chance


def letters(rng, text, chance=0.12):
    """Now and then in other letter case."""
    if not odd(rng, chance):
        return text
    return rng.choice([text.upper(), text.capitalize(), text.swapcase()])


def quoted(local):
    """As it must stand in an address."""
    atom = all(c.isalnum() or c in "!#$%&'*+-/=?^_`{|}~." or ord(c) > 127 for c in local)
    if atom and local and not local.startswith(".") and not local.endswith(".") \
            and ".." not in local:
        return local
    return '"' + local.replace("\\", "\\\\").replace('"', '\\"') + '"'


def local_part(rng):
    name = letters(rng, rng.choice(NAMES))
    if odd(rng, 0.2):
        name += rng.choice("++-") + rng.choice(EXTENSIONS)
    return name


def domain(rng, local=0.3):
    if odd(rng, local):
        return letters(rng, rng.choice([DOMAIN, DOMAIN, DOMAIN, "localhost"]))
    return letters(rng, rng.choice(FOREIGN))


def plain(rng, local=0.3):
    """user or user@dom, nothing special."""
    name = quoted(local_part(rng))
    return name if odd(rng, 0.35) else name + "@" + domain(rng, local)


def special(rng):
    """What other mail systems, and people, write."""
    name = quoted(local_part(rng))
    return rng.choice([
        lambda: "%s%%%s" % (name, domain(rng)),
        lambda: "%s!%s" % (domain(rng), name),
        lambda: "%s%%%s@%s" % (name, domain(rng), DOMAIN),
        lambda: "%s!%s@localhost" % (domain(rng), name),
        lambda: "%s%%%s@%s" % (name, domain(rng), rng.choice(FOREIGN)),
        lambda: "%s@%s." % (name, domain(rng)),
        lambda: "%s @ %s" % (name, domain(rng)),
        lambda: "%s@[127.0.0.1]" % name,
        lambda: '"%s"@%s' % (local_part(rng), domain(rng)),
        lambda: '"%s@%s"@%s' % (local_part(rng), domain(rng, 0), DOMAIN),
        lambda: "%s@%s@%s" % (name, domain(rng), domain(rng)),
        lambda: quoted("+" + local_part(rng)),
        lambda: quoted(local_part(rng) + "+"),
        lambda: quoted(local_part(rng) + "-"),
        lambda: name + rng.choice("+!%") if odd(rng, 0.4) else name,
    ])()


def address(rng, local=0.3):
    return special(rng) if odd(rng, 0.1) else plain(rng, local)


def mailbox(rng):
    """An element of an address field."""
    spec = address(rng)
    if odd(rng, 0.03):
        spec = "@%s,@%s:%s" % (domain(rng), domain(rng), spec)
        return "<%s>" % spec
    choice = rng.random()
    if choice < 0.4:
        text = spec
    elif choice < 0.7:
        text = "%s <%s>" % (rng.choice(PHRASES), spec)
    elif choice < 0.8:
        text = "%s %s" % (spec, rng.choice(COMMENTS))
    elif choice < 0.85:
        text = "%s %s <%s>" % (rng.choice(COMMENTS), rng.choice(PHRASES), spec)
    elif choice < 0.9:
        text = "%s <%s> %s" % (rng.choice(PHRASES), spec, rng.choice(COMMENTS))
    elif choice < 0.93:
        text = "<%s %s>" % (spec, rng.choice(COMMENTS))
    else:
        text = "<%s>" % spec
    return text.strip()


def group(rng):
    members = ", ".join(mailbox(rng) for _ in range(rng.randrange(3)))
    return "%s:%s;" % (rng.choice(["Team", "undisclosed-recipients", '"A Team"', "My Team"]),
                       members and " " + members)


def address_list(rng, most=4):
    """The value of an address field, LF-folded, without the blank before it."""
    if odd(rng, 0.03):
        return rng.choice(["", "<>", "(nobody)", ",", "root,", ", root", "root,,bob",
                           "undisclosed-recipients:;", "root alice", "root alice@isp.test",
                           "mailto:root@" + DOMAIN, "root; alice"])
    parts = [group(rng) if odd(rng, 0.06) else mailbox(rng)
             for _ in range(1 + min(most, int(rng.expovariate(0.9))))]
    text = parts[0]
    for part in parts[1:]:
        text += ("," if odd(rng, 0.97) else "") + rng.choice(FOLDS) + part
    return text
