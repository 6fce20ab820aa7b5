# SPDX-License-Identifier: ISC
"""Random tables and keys asked of postmap and of relay's own reader (F208).

The reader is tests/support/lookup.c: `lookup FILE`, a key a line on standard input; it answers
`key TAB value`, or `key TAB ! why` where the key's row is malformed."""

import os
import subprocess

WORDS = ["root", "Root", "ÉLAN", "élan", "straße", "STRASSE", "ǅ", "ǆ", "İx", "ﬁn", "fin", "user",
         "user+ext", "a.b", '"a b"', '"A b"', '"q\\"q"', "back\\slash", "\\ blank", "@dom.test",
         "@DOM.test", "user@dom.test", '"a b"@dom.test', "*", ".dom.test", "[host]:587", "host:587",
         "#no", "key:", "x" * 300, "a'b", "Σίσυφος", "σίσυφος", "ΣΊΣΥΦΟΣ"]
VALUES = ["value", "two words", "UPPER", "# hash", '"quoted"', "a:b", "é", "trailing   ", "\\x",
          "value\t tab", '"', "=", "x" * 200]


def line(rng):
    key, value = rng.choice(WORDS), rng.choice(VALUES)
    return rng.choice([
        lambda: "%s %s\n" % (key, value), lambda: "%s %s\n" % (key, value),
        lambda: "%s\t%s\n" % (key, value), lambda: "%s %s\r\n" % (key, value),
        lambda: "%s\n %s\n" % (key, value), lambda: "%s %s\n  more\n\n\tand more\n" % (key, value),
        lambda: "%s %s\n# comment\n   # indented\n  more\n" % (key, value),
        lambda: "%s\n" % key, lambda: "%s: %s\n" % (key, value), lambda: '"%s %s\n' % (key, value),
        lambda: "# %s %s\n" % (key, value), lambda: "  \n", lambda: "\n",
        lambda: " %s %s\n" % (key, value), lambda: "%s%s\n" % (key, key),
    ])().encode() if rng.random() < 0.97 else b"bad\xff\xfe " + value.encode() + b"\n"


def table(rng):
    text = b"".join(line(rng) for _ in range(rng.randrange(1, 25)))
    return text.rstrip(b"\n") if rng.random() < 0.2 else text


def ask(command, keys):
    """{key: value} of the answers."""
    done = subprocess.run(command, input="".join(key + "\n" for key in keys).encode(),
                          capture_output=True, timeout=60, check=False)
    answers = {}
    for answer in done.stdout.split(b"\n"):
        key, tab, value = answer.partition(b"\t")
        if tab:
            answers[key.decode("utf-8", "replace")] = value
    return answers


def keys_of(rng):
    keys = set(WORDS) | {word.upper() for word in WORDS} | {word.lower() for word in WORDS}
    keys |= {"unknown", "bad", "more", "a b", "q"}
    # A key with a colon at its end is no address's, and a blank in front is none of postmap's.
    return sorted(key for key in keys
                  if rng.random() < 0.8 and not key.startswith("\\ ") and not key.endswith(":"))


def run(rng, configuration, program, work, tables):
    """(keys asked, malformed rows that relay refuses, [differences])"""
    path = os.path.join(work, "lookup.table")
    asked = refused = 0
    different = []
    for _ in range(tables):
        text = table(rng)
        with open(path, "wb") as stream:
            stream.write(text)
        # postmap waits for a table that was changed just now to come to rest.
        os.utime(path, (1, 1))
        keys = keys_of(rng)
        asked += len(keys)
        theirs = ask(["postmap", "-c", configuration, "-q", "-", "texthash:" + path], keys)
        ours = ask([program, path], keys)
        for key in keys:
            # A row that is none is refused here; Postfix keeps the CR inside a continued line.
            if ours.get(key, b"").startswith(b"! "):
                refused += 1
            elif theirs.get(key, b"?").replace(b"\r", b"") != ours.get(key, b"?"):
                different.append((text, key, theirs.get(key), ours.get(key)))
    return asked, refused, different
