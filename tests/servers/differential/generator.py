# SPDX-License-Identifier: ISC
"""Random worlds: a set of tables with settings, and messages for it."""

import dataclasses

from addresses import (DOMAIN, FOREIGN, NAMES, address, address_list, domain, letters, local_part,
                       odd, plain, quoted)

PASSWORDS = ["secret", "p:q::r", "two words", "ha#sh", "pässwörd", '"quoted"', "back\\slash",
             "# first", ":colon", "x"]
USERS = ["user", "user@isp.test", "MiXed", "ü", "a b"]


@dataclasses.dataclass
class World:
    """Tables as lists of pieces of text, so that a reproduction can leave some out."""

    number: int
    domain: str = DOMAIN
    relayhost: str = ""
    delimiter: str = ""
    sender_auth: bool = False
    order: bool = False  # no null rows: transport hides aliases in Postfix
    aliases: list = dataclasses.field(default_factory=list)
    generic: list = dataclasses.field(default_factory=list)
    transport: list = dataclasses.field(default_factory=list)
    sasl_passwd: list = dataclasses.field(default_factory=list)
    includes: dict = dataclasses.field(default_factory=dict)
    cases: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Case:
    number: int
    arguments: list  # of sendmail
    text: bytes      # the message; MARK stands where the mark goes


MARK = b"@MARK@"


class Hops:
    """The ways in which the sink's ports can be named."""

    def __init__(self, sink):
        self.sink = sink

    def one(self, rng, auth=True):
        ports = self.sink.ports[:-1] if auth and odd(rng, 0.95) else self.sink.ports
        return rng.choice(["localhost:%d", "[localhost]:%d", "127.0.0.1:%d", "[127.0.0.1]:%d",
                           "LocalHost:%d"]) % rng.choice(ports)

    def some(self, rng):
        """A next hop, or several."""
        hop = self.one(rng)
        if odd(rng, 0.08):
            hop = "[localhost]:%d%s%s" % (self.sink.dead, rng.choice([",", ", ", " "]), hop)
        elif odd(rng, 0.05):
            hop += rng.choice([",", " "]) + self.one(rng)
        return hop


def row(rng, key, value):
    """A row as somebody may write it."""
    choice = rng.random()
    if choice < 0.05:
        return "%s\n\t%s\n" % (key, value)
    if choice < 0.08:
        return "%s\n# between\n\n   %s   \n" % (key, value)
    if choice < 0.10:
        return "%s %s\r\n" % (key, value)
    if choice < 0.15:
        return "# %s no\n   # indented\n%s\t \t%s\n" % (key, key, value)
    return "%s %s\n" % (letters(rng, key, 0.1), value)


def spoiled(rng, key):
    """A line that is no row."""
    return rng.choice(["%s\n", '"%s none\n', "%s: none\n", "%s \n"]) % key


def noise(rng, rows, keys):
    """Rows again, rows that are none, and a beginning that is dropped."""
    if rows and odd(rng, 0.15):
        rows.append(rng.choice(rows))
    if keys and odd(rng, 0.1):
        rows.insert(rng.randrange(len(rows) + 1), spoiled(rng, rng.choice(keys)))
    if odd(rng, 0.05):
        rows.insert(0, "   leading blank\n")
    if rows and odd(rng, 0.1):
        rows[-1] = rows[-1].rstrip("\n")


def full_key(rng):
    return quoted(local_part(rng)) + "@" + domain(rng, 0.4)


def generic_key(rng):
    return rng.choice([
        lambda: quoted(local_part(rng)), lambda: quoted(local_part(rng)),
        lambda: full_key(rng), lambda: full_key(rng),
        lambda: "@" + domain(rng), lambda: "." + rng.choice(FOREIGN),
        lambda: rng.choice(NAMES[:4]), lambda: '"%s"' % local_part(rng),
    ])()


def generic_value(rng):
    return rng.choice([
        lambda: plain(rng, 0.1), lambda: plain(rng, 0.1), lambda: plain(rng, 0.1),
        lambda: "me@isp.test", lambda: "@" + rng.choice(FOREIGN), lambda: "@" + domain(rng),
        lambda: "one@isp.test, two@isp.test", lambda: "one@isp.test # kept",
        lambda: "Display Name <named@isp.test>", lambda: "named@isp.test (comment)",
        lambda: "<>", lambda: address(rng, 0.1), lambda: "MiXed@Isp.Test",
    ])()


def fill_generic(rng, world):
    for _ in range(rng.randrange(1, 14)):
        world.generic.append(row(rng, generic_key(rng), generic_value(rng)))
    noise(rng, world.generic, NAMES)


def transport_key(rng):
    dom = rng.choice(FOREIGN)
    return rng.choice([
        lambda: dom, lambda: dom, lambda: "." + dom, lambda: ".test", lambda: ".corp.test",
        lambda: quoted(local_part(rng)) + "@" + dom, lambda: quoted(local_part(rng)) + "@" + dom,
        lambda: rng.choice(NAMES[:5]) + "@" + rng.choice(FOREIGN),
        lambda: rng.choice(NAMES), lambda: "@" + dom,
    ])()


def transport_value(rng, hops):
    choice = rng.random()
    if choice < 0.6:
        return rng.choice(["smtp:", "smtp:", "relay:", ":", "smtp: "]) + hops.some(rng)
    if choice < 0.72:
        return ":"
    if choice < 0.82:
        return rng.choice(["error:5.7.1 no entry", "error:", "error:no code", "error:4.2.1 later",
                           "error:5.1.1", "retry:4.3.0 wait", "retry:", "retry:5.1.1 odd",
                           "retry:wait", "error"])
    if choice < 0.88:
        return rng.choice(["discard:", "discard:gone", "discard"])
    return rng.choice(["smtp:", "smtp", hops.one(rng), "SMTP:" + hops.one(rng), "uucp:x",
                       "local.unknown:x", "smtp:" + hops.some(rng)])


def fill_transport(rng, world, hops):
    keys = [transport_key(rng) for _ in range(rng.randrange(1, 10))]
    for key in keys:
        world.transport.append(row(rng, key, transport_value(rng, hops)))
    world.order = odd(rng, 0.15)
    if world.order:
        key = rng.choice(["*", DOMAIN, "localhost", rng.choice(NAMES[:6]) + "@" + DOMAIN])
        world.transport.append(row(rng, key, "smtp:" + hops.some(rng)))
    elif odd(rng, 0.4):
        world.transport.append(row(rng, "*", "smtp:" + hops.some(rng)))
    if not world.order:
        world.transport.append(DOMAIN + " :\n")
        world.transport.append("localhost :\n[127.0.0.1] :\n")
    noise(rng, world.transport, FOREIGN)


def login(rng):
    choice = rng.random()
    if choice < 0.02:
        return "nocolon"
    if choice < 0.04:
        return ":" + rng.choice(PASSWORDS)
    if choice < 0.06:
        return rng.choice(USERS) + ":"
    return rng.choice(USERS) + ":" + rng.choice(PASSWORDS)


def fill_passwords(rng, world, hops):
    texts = [piece.split(None, 1)[1] for piece in world.transport
             if len(piece.split(None, 1)) > 1 and "smtp:" in piece]
    texts = [text.replace("smtp:", "").strip() for text in texts] + [world.relayhost]
    for _ in range(rng.randrange(8)):
        key = rng.choice([hops.one(rng), hops.one(rng),
                          *rng.choice(texts).replace(",", " ").split()[:1]])
        if odd(rng, 0.12):
            key = rng.choice(["localhost", "127.0.0.1", "[localhost]", "isp.test"])
        world.sasl_passwd.append(row(rng, key, login(rng)))
    for _ in range(rng.randrange(4) if world.sender_auth else 0):
        world.sasl_passwd.append(row(rng, generic_key(rng), login(rng)))
    noise(rng, world.sasl_passwd, ["127.0.0.1", "[localhost]:1", "isp.test", "root"])


def target(rng, world):
    choice = rng.random()
    if choice < 0.55:
        return address(rng, 0.4)
    if choice < 0.65:
        return rng.choice(NAMES)
    if choice < 0.75:
        return "Display <%s> (c)" % plain(rng)
    if choice < 0.79:
        return rng.choice(["/dev/null", '"/dev/null"'])
    if choice < 0.82:
        return rng.choice(["|/bin/false", '"|/bin/false x"', "/nonexistent/x", '"/nonexistent/y"'])
    if choice < 0.9:
        return ":include:INCLUDES/" + rng.choice(sorted(world.includes))
    if choice < 0.95:
        return "\\" + rng.choice(NAMES[:8])
    return '"%s"@%s' % (local_part(rng), domain(rng))


def alias_row(rng, world, name):
    targets = [target(rng, world) for _ in range(1 + min(5, int(rng.expovariate(0.8))))]
    if odd(rng, 0.08):
        targets.append(name)
    joint = rng.choice([", ", ",", ",\n\t", " , ", ",\n# comment\n  "])
    key = quoted(name) if odd(rng, 0.8) else '"%s"' % name
    line = key + rng.choice([": ", ":", " : ", ":\t"]) + joint.join(targets)
    return line + rng.choice(["\n", "\n", "\n", " # not a comment\n" if odd(rng, 0.1) else "\n",
                              ",\n"])


def include_file(rng):
    lines = []
    for _ in range(rng.randrange(5)):
        lines.append(rng.choice([plain(rng, 0.3), plain(rng, 0), "# comment", "", "  bob@isp.test",
                                 plain(rng) + ", " + plain(rng), "Name <%s>" % plain(rng)]))
    return "".join(line + "\n" for line in lines)


def fill_aliases(rng, world):
    world.includes = {"one": include_file(rng), "two": include_file(rng), "empty": ""}
    names = rng.sample(NAMES, rng.randrange(1, 12))
    for name in names:
        if odd(rng, 0.15):
            name += rng.choice("+-") + "x"
        world.aliases.append(alias_row(rng, world, letters(rng, name, 0.1)))
    if odd(rng, 0.3):
        world.aliases.append("loop: back\nback: loop, out@isp.test\n")
    if odd(rng, 0.3):
        world.aliases.append("owner-%s: %s\n" % (rng.choice(names), plain(rng)))
    if odd(rng, 0.1):
        world.aliases.append(rng.choice(["name@dom.test: x\n", "two names: x\n", "nocolon x\n",
                                         "novalue:\n"]))
    if odd(rng, 0.1):
        world.aliases.insert(rng.randrange(len(world.aliases) + 1),
                             rng.choice(NAMES[:8]) + rng.choice([" bob@isp.test\n", ":\n"]))
    if odd(rng, 0.2):
        world.aliases.append(alias_row(rng, world, rng.choice(names)))


FIELDS = ["To", "To", "To", "Cc", "Cc", "Bcc", "Reply-To", "Sender", "Errors-To",
          "Return-Receipt-To", "Disposition-Notification-To", "Mail-Followup-To",
          "Apparently-To", "Resent-To", "Resent-From", "Resent-Cc", "Resent-Bcc", "Resent-Sender",
          "Resent-Reply-To"]
OTHERS = ["Subject: root@local.example stays", "Subject: folded\n subject line", "X-To: root",
          "Message-ID: <1.root@local.example>", "Date: Mon, 1 Jan 2024 00:00:00 +0000",
          "References: <a@local.example>", "In-Reply-To: <root@local.example>",
          "List-Post: <mailto:list@local.example>", "Return-Path: <root>", "Content-Length: 12",
          "Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000", "X-Empty:", "Subject:nospace",
          "X-Trailing: blanks  ", "Delivered-To: root@elsewhere.test", "Subject: Grüße",
          "Message-Id:<2@x>", "X-Long: " + "word " * 40]
BODIES = ["hi\n", "", "From here\n.dot\n..\n\n\n", "no newline", "Grüße\n", "trailing  \n\ttab\n",
          "To: root\n\nnot a header\n", "crlf\r\nlines\r\n", "x" * 900 + "\n", ".\n", "\n\n"]


def header_field(rng, name):
    if odd(rng, 0.06):
        name = rng.choice([name.upper(), name.lower(), name + " ", name + "\t"])
    if odd(rng, 0.05):
        return name + ":" + address_list(rng)
    return name + ":" + rng.choice([" ", " ", " ", "\n ", "  "]) + address_list(rng)


def chance_of(name, resent):
    if name.startswith("Resent-"):
        return 0.3 if resent else 0
    return 0.35 if name in ("To", "Cc", "Bcc") else 0.08


def header(rng):
    fields = []
    if odd(rng, 0.8):
        fields.append(header_field(rng, "From"))
    resent = odd(rng, 0.15)
    names = [name for name in FIELDS if odd(rng, chance_of(name, resent))]
    fields += [header_field(rng, name) for name in names]
    fields += rng.sample(OTHERS, rng.randrange(5))
    rng.shuffle(fields)
    return fields


def message(rng):
    lines = ["X-Case: @MARK@"] + header(rng)
    text = "".join(line + "\n" for line in lines)
    choice = rng.random()
    if choice < 0.03:
        text = "From root Mon Jan  1 00:00:00 2024\n" + text
    elif choice < 0.05:
        text += "this is no header line\n"
    text += "\n" + rng.choice(BODIES)
    if odd(rng, 0.06):
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return text.encode()


def arguments(rng, header_recipients):
    words = []
    if odd(rng, 0.6):
        choice = rng.random()
        sender = "" if choice < 0.06 else "<>" if choice < 0.12 else address(rng, 0.6)
        words += ["-f", sender]
    if odd(rng, 0.1):
        words += ["-F", rng.choice(["Full Name", "Jürgen", "A, B", 'q"q'])]
    words.append("-i")
    if header_recipients:
        words.append("-t")
    words.append("--")
    if not header_recipients or odd(rng, 0.2):
        for _ in range(1 + min(5, int(rng.expovariate(0.7)))):
            words.append(address_list(rng, 1).replace("\n", "") if odd(rng, 0.12)
                         else address(rng, 0.45))
    return words


def make_world(rng, number, count, hops):
    """World `number` with `count` cases; their numbers are unique over all worlds."""
    world = World(number, relayhost=hops.some(rng) if odd(rng, 0.1) else hops.one(rng),
                  delimiter=rng.choice(["", "", "+", "+", "-", "+-"]),
                  sender_auth=odd(rng, 0.35))
    fill_aliases(rng, world)
    fill_generic(rng, world)
    fill_transport(rng, world, hops)
    fill_passwords(rng, world, hops)
    for _ in range(count):
        case_number = number * 1000 + len(world.cases)
        world.cases.append(Case(case_number, arguments(rng, odd(rng, 0.35)), message(rng)))
    return world
