# SPDX-License-Identifier: ISC
"""The differences that relay-tables(5) lists under DIFFERENCES FROM POSTFIX, each a predicate.

A predicate is given a Context and a Difference and says whether it explains it.  The names in
PREDICATES are those of the manual's items; the summary counts them.
"""

import collections
import quopri
import re

from addresses import DOMAIN
from fields import Mailbox, given_fields, mailboxes, unquote

Context = collections.namedtuple("Context", "world case postfix relay")

LOCAL_AGENTS = ("postfix/local", "postfix/mailbox/smtp", "postfix/qmgr")
ENVELOPE = ("missing", "extra")


def refused_so(context, pattern):
    """Did relay refuse, in such words, everybody or those whose rows are at fault?"""
    said = context.relay.said
    partly = re.search(r"^relay: delivered to \d+ of \d+ recipients$", said, re.M) is not None
    return ((partly or not context.relay.deliveries) and context.relay.status != 0
            and re.search(pattern, said, re.M) is not None)


def malformed_row(context, difference):
    if malformed_alias(context, difference):
        return True
    return difference.kind in ("missing", "refused") and refused_so(
        context, r"^relay: \S+:\d+: the row for '[^\n]*': "
        r"(the key ends in a colon|a double quote|a key without a value|begins with a blank)")


def malformed_alias(context, difference):
    """Only who is meant by the row gets nothing."""
    return (difference.kind in ("missing", "refused") and context.relay.status == 78
            and re.search(r"/aliases:\d+: the row for '[^\n]*': (there is no colon|a name without)",
                          context.relay.said) is not None)


def missing_server(context, difference):
    return difference.kind in ("missing", "refused") and refused_so(
        context, r"/transport:\d+: the transport '.*' has no next hop")


def without_way(context, difference):
    return difference.kind in ("missing", "refused") and refused_so(
        context, r"/transport:\d+: unknown transport .*\n\s+hint: a row names its transport first")


def unknown_way(context, difference):
    return difference.kind in ("missing", "refused") and refused_so(
        context, r"/transport:\d+: unknown transport")


def no_password(context, difference):
    """An empty user or no colon is a fault of the row, an empty password one of the route."""
    if difference.kind in ("missing", "refused") and refused_so(
            context, r"/sasl_passwd:\d+: (the value has no colon|"
            r"the user before the colon is empty)"):
        return True
    if "the password is empty" not in context.relay.said or context.relay.status != 78:
        return False
    return difference.kind == "refused" or (
        difference.kind == "missing" and difference.postfix[2] == b"")


def to_ascii(recipient):
    local, _, domain = recipient.decode("utf-8", "replace").rpartition("@")
    try:
        return local.casefold() + "@" + domain.casefold().encode("idna").decode()
    except UnicodeError:
        return None


def domain_in_ascii(context, difference):
    """The same recipient, the domain once in Unicode and once as A-labels."""
    if difference.kind not in ENVELOPE:
        return False
    entry = difference.postfix or difference.relay
    others = context.relay if difference.postfix else context.postfix
    if not re.search(rb"[\x80-\xff]|xn--", entry[3] + entry[4], re.I):
        return False
    return any(entry[:3] == (other.port, other.user, other.password)
               and to_ascii(entry[3]) == to_ascii(other.sender)
               and to_ascii(entry[4]) == to_ascii(recipient)
               for other in others.deliveries for recipient in other.recipients)


def resent_fields(_, difference):
    return difference.kind == "resent"


def double_bounce(context, difference):
    """Postfix throws mail for its own notices' sender away."""
    return difference.kind in ("extra", "refused", "case") and any(
        fate.text == "undeliverable postmaster notification discarded"
        for fate in context.postfix.fates)


def blank_in_sender(context, difference):
    return (difference.kind in ("missing", "refused") and context.relay.status == 64
            and context.relay.said.startswith("relay: a blank inside the address"))


def recipient_fields(case):
    return [field for field in given_fields(case.text)
            if field.name in ("to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc")]


QUOTED = r'"(?:[^"\\]|\\.)*"'
TOKEN = re.compile(QUOTED + r'|[^\s<>,;:@.()"!%]+|.', re.S)


def touching(text):
    """The runs of words and quoted strings, a quoted one among several, as lists."""
    runs = [[]]
    for token in TOKEN.findall(text):
        if len(token) == 1 and token in ' \t\r\n<>,;:@.()"!%':
            runs.append([])
        else:
            runs[-1].append(token)
    return [run for run in runs if len(run) > 1]


def texts_of(case, world):
    """Everything that may name a recipient or the sender."""
    texts = case.arguments + world.aliases + list(world.includes.values())
    if "-t" in case.arguments:
        texts = texts + [field.value for field in recipient_fields(case)]
    return texts


def touching_locals(texts):
    """The local parts that such words make: one of them all, and one of each."""
    found = set()
    for text in texts:
        for run in touching(text):
            parts = [unquote(part) for part in run]
            found |= {"".join(parts), *parts}
    return found


def touching_words(context, difference):
    """A quoted string that touches a word: one address here, two in Postfix."""
    if difference.kind == "addresses":
        return bool(touching(difference.what))
    found = touching_locals(texts_of(context.case, context.world))
    if difference.kind == "silent":
        return isinstance(difference.postfix, list) and found.issuperset(
            unquote(local_of(fate.recipient)) for fate in difference.postfix)
    if difference.kind not in ENVELOPE:
        return False
    entry = difference.postfix or difference.relay
    return any(unquote(local_of(half.decode("utf-8", "replace"))) in found for half in entry[3:])


def made_from(context, difference):
    """The sender of a notice gets its domain, a name that is not ASCII is encoded."""
    if difference.kind != "made" or not difference.postfix or not difference.relay:
        return False
    if difference.postfix.startswith("From: MAILER-DAEMON") or '""' in difference.postfix:
        return any(delivery.sender == b"" for delivery in context.relay.deliveries)
    theirs, ours = (mailboxes(raw.partition(":")[2])[0][-1:]
                    for raw in (difference.postfix, difference.relay))
    if any(delivery.sender == b"" for delivery in context.relay.deliveries):
        return theirs[0].address == ours[0].address
    return (any(map(touching, context.case.arguments))
            or decoded(difference.postfix) == decoded(difference.relay))


ENCODED = re.compile(r"=\?utf-8\?q\?([^?]*)\?=(?:\s+(?==\?))?", re.I)


def decoded(raw):
    """Its words, encoded ones (RFC 2047) made readable."""
    return ENCODED.sub(lambda found: quopri.decodestring(
        found.group(1), header=True).decode("utf-8", "replace"), raw).split()


def null_recipient(context, difference):
    """Mail for nobody: Postfix sends it to MAILER-DAEMON, and to a generic result `<>` as it is."""
    if difference.kind not in ("missing", "refused", "silent"):
        return False
    notified = any(half.casefold() in ("mailer-daemon", "mailer-daemon@" + DOMAIN)
                   for fate in context.postfix.fates for half in (fate.recipient, fate.original))
    aliased = re.search(r'^"?mailer-daemon"?\s*:', "".join(context.world.aliases), re.M | re.I)
    if (notified or aliased) and names_nobody(context.case):
        return True
    return refused_so(context, r"into no address$")


def names_nobody(case):
    """Is there an argument that names nobody: `<>`, a comment, an empty group, nothing?"""
    words = case.arguments[case.arguments.index("--") + 1:]
    lists = [mailboxes(word)[0] for word in words]
    return any(not found or any(isinstance(each, Mailbox) and not each.address for each in found)
               or ("end",) in found for found in lists)


def sender_of(case):
    """The argument of -f."""
    return case.arguments[1] if case.arguments[0] == "-f" else ""


OPERATOR = re.compile(r"[!%]($|\W)")
IN_QUOTES = re.compile(r'[!%]"|"[!%]')


def bare_operator(context, difference):
    """root% and host! are a bad address in Postfix; here they are a name."""
    if difference.kind in ("addresses", "field"):
        return OPERATOR.search(difference.what) is not None
    if difference.kind == "made":
        return any(map(OPERATOR.search, context.case.arguments))
    odd = [fate for fate in context.postfix.fates
           if fate.recipient.endswith("@") or fate.recipient.startswith('""@')
           or re.match(r'bad recipient address syntax: (""@|.*@$)', fate.text)]
    if difference.kind == "silent":
        return isinstance(difference.postfix, list) and set(difference.postfix) <= set(odd)
    if difference.kind == "refused":
        return bool(odd)
    if difference.kind not in ENVELOPE:
        return False
    entry = difference.postfix or difference.relay
    return bool(odd) or OPERATOR.search(sender_of(context.case)) is not None or any(half.startswith(b'""@') or half.split(b"@")[0][-1:] in (b"%", b"!")
                            or half.endswith(b"@") for half in entry[3:])


def quoted_operator(context, difference):
    """A quoted string beside ! or %: Postfix quotes the whole and routes no more."""
    if difference.kind == "addresses":
        return IN_QUOTES.search(difference.what) is not None
    return difference.kind in ENVELOPE + ("made",) and any(
        map(IN_QUOTES.search, context.case.arguments))


def alias_for_nobody(context, difference):
    return difference.kind == "refused" and context.relay.status == 78 and re.search(
        r"/aliases:\d+: (':include:\S+' holds|the alias '.*' names) no address",
        context.relay.said) is not None


def auth_not_offered(context, difference):
    if "the server does not offer AUTH" not in context.relay.said:
        return False
    return difference.kind == "refused" or (
        difference.kind == "missing" and difference.postfix[1] is None
        and "127.0.0.1:%d: the server" % difference.postfix[0] in context.relay.said)


GROUP = re.compile(r'[^\s,:]\s+("A Team"|My Team|Team|undisclosed-recipients):',
                   re.I)


def group_without_comma(context, difference):
    """Postfix takes what stands before it for a part of the group's name."""
    if difference.kind in ("addresses", "field"):
        return GROUP.search(difference.what.partition(":")[2]) is not None
    if difference.kind == "silent" and "No recipient addresses found" not in context.postfix.said:
        return False
    return difference.kind in (*ENVELOPE, "silent") and "-t" in context.case.arguments and any(
        GROUP.search(field.value) for field in recipient_fields(context.case))


def own_list(context, difference):
    """A list that names itself, with an owner or by way of :include:, is a loop in Postfix; here
    the name is meant."""
    names = {fate.recipient.casefold() for fate in context.postfix.fates
             if fate.text.startswith("mail forwarding loop for")}
    own = {name for name in names if names_itself(context.world, local_of(name))
           or names_itself(context.world, base_of(context.world, local_of(name)))}
    if difference.kind == "silent":
        return isinstance(difference.postfix, list) and own.issuperset(
            fate.recipient.casefold() for fate in difference.postfix)
    return difference.kind == "extra" and bool(own)


def base_of(world, local):
    """Without its extension."""
    return re.split("[%s]" % re.escape(world.delimiter), local)[0] if world.delimiter else local


def names_itself(world, name):
    word = r"\b%s\b" % re.escape(name)
    return re.search(r'^"?owner-%s"?\s*:' % re.escape(name), "".join(world.aliases),
                     re.M | re.I) is not None \
        or re.search(word, "".join(world.includes.values()), re.I) is not None


def local_of(address):
    return address.rpartition("@")[0]


def loops(context, difference):
    """Postfix nests a hundred deep, and bounces whoever it meets then; a loop by way of a file
    ends there, since a file is read once."""
    if difference.kind == "refused":
        return "leads back to" in context.relay.said and any(
            ":include:" in piece for piece in context.world.aliases)
    return (difference.kind == "extra" and "leads back to" in context.relay.said
            and any(fate.text.startswith("alias database loop for")
                    for fate in context.postfix.fates))


def has_owner(world):
    return any(re.search(r'^"?owner-', piece, re.M | re.I) for piece in world.aliases)


def several_senders(context, difference):
    """Reached on two ways, as himself and by a list with an owner: one copy is enough."""
    if difference.kind not in ENVELOPE or not has_owner(context.world):
        return False
    entry = difference.postfix or difference.relay
    others = context.relay if difference.postfix else context.postfix
    return any(to_ascii(recipient) == to_ascii(entry[4]) and delivery.sender != entry[3]
               for delivery in others.deliveries for recipient in delivery.recipients)


def odd_domain(context, difference):
    """A domain that no host can have: Postfix refuses it, here the server is asked."""
    return difference.kind in ("silent", "extra") and any(
        "bad recipient address syntax" in fate.text or fate.text == "bad address syntax"
        for fate in context.postfix.fates) and any(
            re.search(rb"@.*[^\w.\-\[\]:\x80-\xff]", recipient)
            for delivery in context.relay.deliveries for recipient in delivery.recipients)


def two_local_domains(context, difference):
    """An alias that names user@localhost beside user@maildomain."""
    if difference.kind != "extra":
        return False
    entry = difference.relay
    local, _, domain = entry[4].decode("utf-8", "replace").rpartition("@")
    return is_local("@" + domain) and any(
        fate.program == "postfix/mailbox/smtp" and is_local(fate.recipient)
        and local_of(fate.recipient).casefold() == local.casefold()
        for fate in context.postfix.fates)


def notice_to_list(context, difference):
    """A list's owner does not become the sender of what has none."""
    if difference.kind not in ENVELOPE or not has_owner(context.world):
        return False
    if difference.kind == "missing":
        return difference.postfix[3] != b"" and all(
            delivery.sender == b"" for delivery in context.relay.deliveries)
    return difference.relay[3] == b"" and several_senders(context, difference)


def is_local(recipient):
    return recipient.rpartition("@")[2].casefold() in (DOMAIN, "localhost", "[127.0.0.1]")


def order(context, difference):
    """transport took a local recipient that has an alias, or none."""
    taken = [fate for fate in context.postfix.fates
             if is_local(fate.recipient) and fate.program not in LOCAL_AGENTS]
    return (context.world.order and bool(taken)
            and difference.kind in ("missing", "extra", "silent", "refused", "case"))


PREDICATES = {
    "Order": order,
    "Lines passed over": malformed_row,
    "Missing server": missing_server,
    "Server without a way": without_way,
    "Ways": unknown_way,
    "Logins without a password": no_password,
    "International domains": domain_in_ascii,
    "Resent- fields": resent_fields,
    "Mail to double-bounce": double_bounce,
    "Senders with blanks": blank_in_sender,
    "Words that touch": touching_words,
    "From made here": made_from,
    "Mail to nobody": null_recipient,
    "% or ! at an end": bare_operator,
    "Lists that name themselves": own_list,
    "Loops of aliases": loops,
    "Odd domains": odd_domain,
    "Two local domains": two_local_domains,
    "Notices to lists": notice_to_list,
    "One copy": several_senders,
    "Quotes beside % or !": quoted_operator,
    "AUTH that is not offered": auth_not_offered,
    "Groups without a comma": group_without_comma,
    "Aliases for nobody": alias_for_nobody,
}


def undocumented(manual):
    """Names that are no item of the manual page."""
    with open(manual, encoding="utf-8") as stream:
        lines = set(stream.read().replace("\&", "").splitlines())
    return [name for name in PREDICATES if ".It " + name not in lines]


def explain(context, difference):
    """The name of the predicate that explains it, or None."""
    for name, predicate in PREDICATES.items():
        if predicate(context, difference):
            return name
    return None
