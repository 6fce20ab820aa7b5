# SPDX-License-Identifier: ISC
"""Header fields taken apart, as far as two programs' cosmetics have to be told from changes."""

import collections
import re

ADDRESS_FIELDS = {name.lower() for name in (
    "From", "Sender", "Reply-To", "To", "Cc", "Apparently-To", "Errors-To", "Return-Receipt-To",
    "Disposition-Notification-To", "Mail-Followup-To", "Resent-From", "Resent-Sender",
    "Resent-Reply-To", "Resent-To", "Resent-Cc")}
DROPPED = {"bcc", "resent-bcc", "return-path", "content-length"}

Field = collections.namedtuple("Field", "name raw value")
Mailbox = collections.namedtuple("Mailbox", "address phrase")

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)|\[[^\]]*\]|[<>,;:@.]|'
                   r'=\?[^\s?]+\?[^\s?]+\?[^\s?]*\?=|(?:[^\s"(<>,;:@.\\]|\\.)+|\s+|.', re.S)


def split_header(data):
    """(fields, body) of a message with CRLF line ends."""
    head, _, body = data.partition(b"\r\n\r\n")
    if data.startswith(b"\r\n"):
        head, body = b"", data[2:]
    fields = []
    for line in (head + b"\r\n").decode("utf-8", "surrogateescape").splitlines(True):
        if line[:1] in " \t" and fields:
            fields[-1] += line
        else:
            fields.append(line)
    return [field_of(raw) for raw in fields if raw.strip()], body


def given_fields(text):
    """The fields of the message as it was given."""
    text = text.replace(b"\r\n", b"\n")
    if text.startswith(b"From "):
        text = text[text.index(b"\n") + 1:]
    lines = []
    for line in text.split(b"\n"):
        head = re.match(rb"[!-9;-~]+[ \t]*:", line)
        if not head and not (lines and line[:1] in (b" ", b"\t")):
            break
        lines.append(line)
    return split_header(b"\r\n".join(lines) + b"\r\n\r\n")[0]


def field_of(raw):
    name, _, value = raw.partition(":")
    return Field(name.strip().lower(), raw, value.rstrip("\r\n"))


def scan(text):
    """Tokens without blanks; comments whole, also nested ones."""
    text = text.replace("\r\n", "")
    at = 0
    while at < len(text):
        if text[at] == "(":
            end = comment_end(text, at)
            yield text[at:end]
        else:
            end = TOKEN.match(text, at).end()
            yield text[at:end]
        at = end


def comment_end(text, at):
    depth = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return at


def unquote(text):
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.S) if text.startswith('"') else \
        re.sub(r"\\(.)", r"\1", text, flags=re.S)


def spec_of(tokens):
    """An address as one text, quotes resolved, source route and last dot left out."""
    if tokens[:1] == ["@"] and ":" in tokens:
        tokens = tokens[tokens.index(":") + 1:]
    ats = [i for i, token in enumerate(tokens) if token == "@"]
    at = ats[-1] if ats else len(tokens)
    local = "".join(unquote(token) for token in tokens[:at])
    domain = "".join(tokens[at + 1:])
    if domain.endswith(".") and len(domain) > 1:
        domain = domain[:-1]
    return local + ("@" + domain if at < len(tokens) else "")


def squeeze(text):
    return re.sub(r"\s+", "", text)


class Reader:
    """Mailboxes and group marks of a list, and apart from them the comments, in order.

    Postfix moves comments behind the address, so it does not count where one stands."""

    def __init__(self, text):
        self.found = []
        self.comments = []
        self.tokens = list(scan(text))
        self.start()

    def start(self):
        self.words = []     # tokens that may be a phrase or an address, a blank where one is
        self.inside = None  # tokens between < and >
        self.angle = False

    def finish(self):
        if self.inside is not None:
            phrase = squeeze("".join(unquote(word) for word in self.words))
            self.found.append(Mailbox(spec_of(self.inside), phrase))
        else:
            self.found += [Mailbox(spec_of(run), "") for run in self.runs()]
        self.start()

    def runs(self):
        """Bare addresses that stand side by side without a comma."""
        run = []
        apart = False
        for word in self.words:
            if word == " ":
                apart = True
                continue
            if run and apart and word not in "@.:" and run[-1] not in "@.:":
                yield run
                run = []
            apart = False
            run.append(word)
        if run:
            yield run

    def take(self, token, rest):
        if token.startswith("(") or token.isspace():
            if token.startswith("("):
                self.comments.append(squeeze(token))
            self.words.append(" ")
        elif self.angle:
            if token == ">":
                self.angle = False
            else:
                self.inside.append(token)
        elif token == "<":
            if self.inside is not None:
                self.finish()
            self.inside = []
            self.angle = True
        elif token == ",":
            self.finish()
        elif token == ":" and ";" in rest:
            self.found.append(("group", squeeze("".join(map(unquote, self.words)))))
            self.start()
        elif token == ";":
            self.finish()
            self.found.append(("end",))
        else:
            if self.inside is not None:
                self.finish()
            self.words.append(token)

    def read(self):
        for i, token in enumerate(self.tokens):
            self.take(token, self.tokens[i + 1:])
        self.finish()
        return self.found, self.comments


def mailboxes(value):
    """(addresses with their names and group marks, comments) of an address list."""
    return Reader(value).read()
