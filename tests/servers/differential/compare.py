# SPDX-License-Identifier: ISC
"""What two programs handed over: equal, different as relay-tables(5) says, or different."""

import collections
import re

from fields import ADDRESS_FIELDS, DROPPED, given_fields, mailboxes, split_header
from sink import MARK

Result = collections.namedtuple("Result", "status said deliveries fates")
Difference = collections.namedtuple("Difference", "kind what postfix relay")


def envelope(deliveries):
    return {(delivery.port, delivery.user, delivery.password, delivery.sender, recipient)
            for delivery in deliveries for recipient in delivery.recipients}


def fold(entry):
    return entry[:3] + (entry[3], entry[4].decode("utf-8", "replace").casefold())


def compare_envelopes(postfix, relay):
    """Letter case counts, except that relay may keep one of two spellings."""
    theirs, ours = envelope(postfix), envelope(relay)
    folded_theirs, folded_ours = {fold(e) for e in theirs}, {fold(e) for e in ours}
    for entry in sorted(theirs, key=repr):
        if fold(entry) not in folded_ours:
            yield Difference("missing", "only Postfix sends", entry, None)
    for entry in sorted(ours, key=repr):
        if fold(entry) not in folded_theirs:
            yield Difference("extra", "only relay sends", None, entry)
        elif entry not in theirs:
            yield Difference("case", "letter case", None, entry)


ADDED = re.compile(rb"(?:(?:Received|Delivered-To):[^\r]*\r\n(?:[ \t][^\r]*\r\n)*)+(?=X-Case:)")


def normalised(data):
    """Without the mark, and without what Postfix put on top."""
    return ADDED.sub(b"", MARK.sub(b"X-Case: @MARK@", data), count=1)


def behind_mark(fields, below):
    """The fields without those on top that a program added, which are all of `below`."""
    for i, field in enumerate(fields):
        if field.name == "x-case":
            return fields[i:], [f for f in fields[:i] if f.name not in below]
    return fields, []


def compare_data(given, theirs, ours):
    theirs, their_body = split_header(theirs)
    ours, our_body = split_header(ours)
    if their_body != our_body:
        yield Difference("body", "body", their_body, our_body)
    names = {field.name for field in given}
    added = {"from", "date", "message-id"} - names
    theirs, odd = behind_mark(theirs, {"received", "delivered-to"})
    theirs = odd + theirs
    from_theirs = [field for field in theirs if field.name == "from"] if "from" in added else []
    theirs = [field for field in theirs if field.name not in added]
    from_ours = [field for field in ours if field.name == "from"] if "from" in added else []
    ours = [field for field in ours if field.name not in added]
    for field, mine in zip(from_theirs, from_ours):
        if mailboxes(field.value) != mailboxes(mine.value):
            yield Difference("made", "From that was made", field.raw, mine.raw)
    if len(from_theirs) != len(from_ours) and not any(n.startswith("resent-") for n in names):
        yield Difference("made", "From that was made", from_theirs, from_ours)
    resent = [field for field in theirs if field.name.startswith("resent-")
              and field.name not in names]
    if resent:
        yield Difference("resent", "Resent- fields that Postfix made", [f.raw for f in resent],
                         [field.raw for field in from_ours])
        theirs = [field for field in theirs if field not in resent]
    kept = [field for field in given if field.name not in DROPPED]
    if [f.name for f in theirs] != [f.name for f in ours] or len(kept) != len(theirs):
        yield Difference("fields", "which fields there are",
                         [f.raw for f in theirs], [f.raw for f in ours])
        return
    for original, field, mine in zip(kept, theirs, ours):
        yield from compare_field(original, field, mine)


def compare_field(original, theirs, ours):
    if theirs.raw == ours.raw:
        return
    if theirs.name not in ADDRESS_FIELDS or theirs.raw == original.raw:
        yield Difference("field", original.raw, theirs.raw, ours.raw)
    elif mailboxes(theirs.value) != mailboxes(ours.value):
        yield Difference("addresses", original.raw, theirs.raw, ours.raw)


def compare_refusals(postfix, relay):
    refused = postfix.status != 0 or any(fate.status in ("bounced", "deferred", "undeliverable")
                                         for fate in postfix.fates)
    if refused and relay.status == 0:
        yield Difference("silent", "relay says nothing",
                         [fate for fate in postfix.fates if fate.status != "sent"]
                         or postfix.said, relay.status)
    if not refused and relay.status != 0:
        yield Difference("refused", "only relay refuses", None, relay.said)


def differences(case, postfix, relay):
    """Every difference between two results of a case."""
    yield from compare_envelopes(postfix.deliveries, relay.deliveries)
    yield from compare_refusals(postfix, relay)
    theirs = {normalised(delivery.data) for delivery in postfix.deliveries}
    ours = {normalised(delivery.data) for delivery in relay.deliveries}
    given = given_fields(case.text)
    seen = set()
    for mine in sorted(ours):
        for data in sorted(theirs):
            for difference in compare_data(given, data, mine):
                if repr(difference) not in seen:
                    seen.add(repr(difference))
                    yield difference
