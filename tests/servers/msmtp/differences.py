# SPDX-License-Identifier: ISC
"""The differences that are meant: each stands under DIFFERENCES FROM MSMTP in relayrc(5)."""

import re


def compare(case, theirs, ours):
    """What differs: a list of (key, their value, our value)."""
    if theirs.refused and ours.refused:
        return faults(theirs, ours)
    if theirs.refused or ours.refused:
        return [("verdict", theirs.words.strip() or "accepted", ours.words.strip() or "accepted")]
    if theirs.account != ours.account:
        return [("account", theirs.account, ours.account)]
    found = []
    for key in theirs.values:
        if theirs.values[key] != ours.values[key]:
            found.append((key, theirs.values[key], ours.values[key]))
    return found


def faults(theirs, ours):
    """msmtp stops at the first fault, relay tells them all: that one is among them."""
    if ours.status != 78:
        return [("status", str(theirs.status), str(ours.status))]
    if theirs.lines_at_fault() <= ours.lines_at_fault():
        return []
    return [("fault", theirs.words.strip(), ours.words.strip())]


def default(ours, name):
    return ours.written.get(name) in (None, "default")


NAMED = []


def another(before, after):
    """One refuses because of the account that it has chosen, and the other has not."""
    return re.search(r"account default (not found|from relayrc:)", before) is not None \
        or re.search(r"needs tls_|no usual port|nothing says which", after) is not None


def named(name):
    def add(test):
        NAMED.append((name, test))
        return test
    return add


@named("tls is on by default")
def _(case, theirs, ours, key, before, after):
    return key == "tls" and (before, after) == ("off", "on") and default(ours, "tls")


@named("the default port")
def _(case, theirs, ours, key, before, after):
    return key == "port" and default(ours, "port") and before in ("24", "25", "465") \
        and after in ("25", "465", "587")


@named("port 465 means TLS from the first byte")
def _(case, theirs, ours, key, before, after):
    return key == "tls_starttls" and after == "off" and default(ours, key) \
        and ours.values["port"] == "465"


@named("the default domain")
def _(case, theirs, ours, key, before, after):
    return key == "domain" and (before, after) == ("localhost", "off")


@named("/etc/aliases by default")
def _(case, theirs, ours, key, before, after):
    return key == "aliases" and (before, after) == ("off", "/etc/aliases") and default(ours, key)


@named("from missing")
def _(case, theirs, ours, key, before, after):
    return key == "from" and before == "off" and "@" in after


@named("from without a domain is completed")
def _(case, theirs, ours, key, before, after):
    return key == "from" and "@" not in before and after.partition("@")[0] == before


@named("from with wildcards is not sent")
def _(case, theirs, ours, key, before, after):
    return key == "from" and any(c in before for c in "*?[") and "@" in after


@named("several from")
def _(case, theirs, ours, key, before, after):
    twice = len([line for line in case.lines if re.match(r"\s*from[ \t]+\S", line)]) > 1
    several = key in ("from", "account") and ", " in (getattr(ours, "patterns", None) or "")
    matched = key == "verdict" and another(before, after)
    return twice and (several or matched)


@named("wildcards match a sender with a +")
def _(case, theirs, ours, key, before, after):
    wild = re.search(r"^\s*from\b.*[*?[]", "\n".join(case.lines), re.M)
    plus = any("+" in word for word in case.arguments + [case.mail])
    return wild is not None and plus and (key == "account" or another(before, after))


@named("from is expanded before it is matched")
def _(case, theirs, ours, key, before, after):
    patterns = getattr(ours, "patterns", None) or ""
    return any("%" in line for line in case.lines) and ("alice@" in patterns or "box" in patterns) \
        and (key == "account" or another(before, after))


@named("the address is taken out of a from with a name")
def _(case, theirs, ours, key, before, after):
    return key == "from" and before.endswith("<%s>" % after)


@named("allow_from_override is inherited")
def _(case, theirs, ours, key, before, after):
    text = "\n".join(case.lines)
    return key in ("allow_from_override", "from", "account") \
        and re.search(r"^\s*allow_from_override\s+\"?off", text, re.M) is not None \
        and re.search(r"^\s*account\b.*:", text, re.M) is not None


@named("an empty tls_trust_file of defaults holds with parents")
def _(case, theirs, ours, key, before, after):
    return key == "tls_trust_file" and (before, after) == ("system", "off") \
        and any(re.match(r"\s*account\b.*:", line) for line in case.lines)


@named("maildomain is expanded")
def _(case, theirs, ours, key, before, after):
    return key == "from" and before.replace("%H", "box.example") == after


@named("passwordeval is not run to pretend")
def _(case, theirs, ours, key, before, after):
    return key == "password" and (before, after) == ("***", "off") \
        and ours.values["passwordeval"] != "off"


@named("~ is the home directory for a socket as well")
def _(case, theirs, ours, key, before, after):
    return key == "socket" and before.startswith("~/") and after.endswith(before[1:])


@named("SMTPSERVER without EMAIL is enough")
def _(case, theirs, ours, key, before, after):
    return key == "verdict" and "account default not found" in before and after == "accepted" \
        and "SMTPSERVER" in case.variables and "EMAIL" not in case.variables


@named("a proxy's usual port is not shown")
def _(case, theirs, ours, key, before, after):
    return key == "proxy port" and (before, after) == ("1080", "off")


@named("~ without a slash behind it is no directory")
def _(case, theirs, ours, key, before, after):
    return after.startswith("~") and before.endswith(after[1:])


@named("a fault of the command line is 64")
def _(case, theirs, ours, key, before, after):
    return key == "status" and after == "64" and re.search(r"^(msmtp: .* |relay: )--",
                                                             theirs.words + ours.words,
                                                           re.M) is not None


@named("an eval that is not needed is not run")
def _(case, theirs, ours, key, before, after):
    if any(re.match(r"\s*eval echo (defaults|account)", line) for line in case.lines):
        return True
    evals = any(re.match(r"\s*eval\b", line) for line in case.lines)
    failed = re.search(r"cannot read output of|unknown command (eval|nonsense)", before or "")
    return key in ("verdict", "fault") and evals and failed is not None


@named("host may be missing")
def _(case, theirs, ours, key, before, after):
    return key == "verdict" and "host not set" in before and after == "accepted"


@named("an eval that fails begins no account")
def _(case, theirs, ours, key, before, after):
    return key == "fault" and "was already defined" in before and "ended with status" in after


@named("an auth that is overruled is not looked at")
def _(case, theirs, ours, key, before, after):
    return key in ("verdict", "fault") and re.search(r"for command auth$", before) is not None \
        and len([line for line in case.lines if re.match(r"\s*auth\b", line)]) > 1


def takes_more(pattern):
    """msmtp's refusal of what relay understands."""
    def test(case, theirs, ours, key, before, after):
        return key in ("verdict", "fault") and re.search(pattern, before, re.M) is not None
    return test


def takes_less(pattern):
    """relay's refusal of what msmtp takes."""
    def test(case, theirs, ours, key, before, after):
        return key == "verdict" and before == "accepted" and re.search(pattern, after) is not None
    return test


for _name, _pattern in (
        ("commands of a newer msmtp", r"unknown command (from_full_name|set_to_header)\s*$"),
        ("a switch without its argument is on",
         r"invalid argument  for (command allow_from_override|--[a-z-]+)$"),
        ("lines may be longer", r"line longer than 500 characters"),
        ("words for DSN in any case", r"invalid argument [A-Z]+ for (command |--)dsn[-_]notify"),
        ("a socket needs no port", r"port not set"),
        ("times may have units", r"invalid argument \d+[smhd] for (command |--)timeout"),
        ("several mechanisms, in any case",
         r"invalid argument [A-Za-z0-9 -]+ for (command |--)auth"),
        ("passwordeval is not run to pretend", r"^msmtp: cannot read output of"),
        ("a byte order mark is skipped", "unknown command \ufeff"),
):
    NAMED.append((_name, takes_more(_pattern)))

for _name, _pattern in (
        ("SHA-256 fingerprints only", r"not the 64 of SHA-256"),
        ("a host is checked when it is read", r"is no host name and no address"),
        ("a domain is checked when it is read", r"is no name for the greeting"),
        ("an auth that names nothing is a fault", r"leaves out every mechanism"),
        ("from is checked when it is used",
         r"(an address without a domain|is no address: it has more|'.*' is not one address)"),
        ("a password is looked for", r"there is no password for user|auth is on and there is no"),
        ("a password needs a user", r"there is a \w+ and no user"),
        ("certificates to trust must be named with the default tls",
         r"nothing says which certificates to trust"),
        ("files are looked at before anything is sent", r"tls_\w+ '.*': cannot open"),
        ("the status of eval counts", r"the command '\S+' ended with status"),
        ("a password that others may read", r"holds a password and has mode 06[04][04],"),
        ("mechanisms not supported", r"the mechanism '?\w+'? is not (yet )?supported"),
        ("not yet supported", r"not yet supported"),
):
    NAMED.append((_name, takes_less(_pattern)))


def explain(case, theirs, ours, difference):
    """The name of the meant difference, or None."""
    for name, test in NAMED:
        if test(case, theirs, ours, *difference):
            return name
    return None
