# SPDX-License-Identifier: ISC
"""Mails as both programs send them: what the settings about sender and header make of them."""

import email.header
import email.utils
import re

FIELDS = ["From: Joe Doe <joe@one.example>", "From: joe@one.example", "To: a@b.example",
          "To: A <a@b.example>,\n  c@d.example", "Cc: e@f.example", "CC: e@f.example (E)",
          "Bcc: blind@g.example", "Bcc: blind@g.example,\n\tmore@g.example", "BCC : odd@g.example",
          "Subject: hello", "Subject: a\n folded one", "Date: Sun, 22 Nov 2026 12:00:00 +0000",
          "Message-ID: <1@one.example>", "Message-Id: <2@one.example>", "X-Other: kept as it is",
          "Resent-From: r@h.example", "Resent-To: rt@h.example", "Resent-Bcc: rb@h.example",
          "Sender: s@one.example", "Reply-To: joe@one.example", "Received: by here"]
NAMES = ["Joe", "Joe Doe", "Joe \"the\" Doe", "Doe, Joe", "Jos\u00e9 Do\u00eb", "a@b",
         "back\\slash", "", "J. Doe",
         "\u00fc" * 60]
KEPT = ("x-other", "subject", "received", "sender", "reply-to", "resent-from", "resent-to")
SETTINGS = {
    "set_from_header": ["auto", "on", "off"],
    "set_date_header": ["auto", "off"],
    "set_msgid_header": ["auto", "off"],
    "remove_bcc_headers": ["on", "off"],
    "undisclosed_recipients": ["on", "off"],
    "allow_from_override": ["on", "off"],
    "auto_from": ["off", "off", "on"],
    "add_missing_from_header": ["on", "off"],
    "add_missing_date_header": ["on", "off"],
    "keepbcc": ["on", "off"],
}


def make(random, case, port):
    """Fills the case: `port` is where the mail shall go."""
    case.lines = ["host 127.0.0.1", "port %d" % port, "tls off", "auth off", "aliases",
                  "domain d.example",
                  "maildomain m.example", "from " + random.choice(["me@one.example",
                                                                   "\"me+x\"@one.example"])]
    for name in random.sample(list(SETTINGS), random.choice([0, 1, 2, 3])):
        case.lines.append("%s %s" % (name, random.choice(SETTINGS[name])))
    fields = random.sample(FIELDS, random.choice([0, 2, 4, 6, 8]))
    case.mail = "\n".join(fields + ["", random.choice(["hi", ".dots\n..\nhi", "From here", ""]),
                                    ""])
    if random.random() < 0.4:
        case.arguments.append("-F" + random.choice([name for name in NAMES if name]))
    if random.random() < 0.4:
        case.arguments += ["-f", random.choice(["you@two.example", "you+tag@two.example",
                                                "me@one.example"])]
    if random.random() < 0.4:
        case.arguments.append("-t")
    case.arguments += ["--", "rcpt@x.example"]


def unfolded(lines):
    """The fields as (name, value), folded lines put together."""
    fields = []
    for line in lines:
        if line[:1] in (" ", "\t") and fields:
            fields[-1][1] += line
        else:
            name, _, value = line.partition(":")
            fields.append([name.strip().lower(), value])
    return [(name, re.sub(r"\s+", " ", value).strip()) for name, value in fields]


def made(name, value):
    """A field that a program writes itself, without what must differ."""
    if name == "from":
        words = email.header.make_header(email.header.decode_header(value))
        return name, email.utils.parseaddr(str(words))
    return name, "..." if name in ("date", "message-id") else value


def words(mail):
    """What is compared, by name."""
    header = [made(*field) for field in unfolded(mail.header())]
    return {
        "sender": mail.sender,
        "recipients": sorted(mail.recipients),
        "fields": sorted(map(str, header)),
        "order": [str(field) for field in header if field[0] in KEPT],
        "body": mail.body(),
    }


def compare(theirs, ours):
    """What differs, as (key, theirs, ours)."""
    before, after = words(theirs), words(ours)
    found = [(key, before[key], after[key]) for key in ("sender", "order",
                                                        "body") if before[key] != after[key]]
    for key in ("recipients", "fields"):
        lacking = [each for each in before[key] if each not in after[key]]
        more = [each for each in after[key] if each not in before[key]]
        found += [(key, each, None) for each in lacking] + [(key, None, each) for each in more]
    return pair(found)


def pair(found):
    """From is written by both: one difference, not two."""
    froms = [each for each in found if each[0] == "fields" and "('from'" in (each[1] or each[2])]
    if len(froms) != 2:
        return found
    rest = [each for each in found if each not in froms]
    return rest + [("from", froms[0][1] or froms[1][1], froms[0][2] or froms[1][2])]


def name_and_address(field):
    return re.match(r"\('from', \((.*), (.*)\)\)$", field).groups()


def unquoted(address):
    return address.replace('"', "").replace("'", "")


def explain(case, key, before, after):
    """The name of the meant difference, or None."""
    full_name = any(word.startswith("-F") for word in case.arguments)
    if key == "sender" and unquoted(before) == after:
        return "quotes that an address does not need are left out"
    if key == "fields" and after is None and "'resent-bcc'" in before:
        return "Resent-Bcc is removed like Bcc"
    if key == "fields" and after is None and "'bcc', 'odd@" in before:
        return "Bcc with a blank before its colon is Bcc"
    if key == "recipients" and after == "odd@g.example":
        return "Bcc with a blank before its colon is Bcc"
    if key == "recipients" and "-t" in case.arguments and "Resent-" in case.mail:
        return "recipients among Resent- fields as Postfix finds them"
    if key != "from":
        return None
    if set(case.arguments) & {"-FDoe, Joe", '-FJoe "the" Doe', "-Fa@b"}:
        return "a full name is quoted where it must be"
    theirs, ours = name_and_address(before), name_and_address(after)
    if unquoted(theirs[1]) != unquoted(ours[1]):
        return None
    if theirs[0] == ours[0]:
        return "quotes that an address does not need are left out"
    unnamed = theirs[0] == "''" and not full_name
    return "the user's full name when none is given" if unnamed else None
