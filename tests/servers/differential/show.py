# SPDX-License-Identifier: ISC
"""A case told to a person: tables, message, and what both made of it."""


def indent(text):
    return "".join("#     %s\n" % line for line in text.splitlines())


def show_result(name, result):
    lines = ["#   %s: status %d\n" % (name, result.status), indent(result.said)]
    for delivery in result.deliveries:
        lines.append("#     %s, user %s, password %s: %s -> %s\n" % (
            delivery.port, delivery.user, delivery.password, delivery.sender,
            delivery.recipients))
    for fate in result.fates:
        lines.append("#     %s: %s by %s (%s)\n" % (fate.recipient, fate.status, fate.program,
                                                 fate.text))
    return "".join(lines)


def show(world, case, postfix, relay, differences):
    parts = ["# case %d: %s\n" % (case.number, case.arguments)]
    parts.append("#   relayhost %s, delimiter '%s', sender_auth %s\n" % (
        world.relayhost, world.delimiter, world.sender_auth))
    for name in ("aliases", "generic", "transport", "sasl_passwd"):
        parts.append("#   %s:\n%s" % (name, indent("".join(getattr(world, name)))))
    for name, text in world.includes.items():
        parts.append("#   :include: %s:\n%s" % (name, indent(text)))
    parts.append("#   message:\n" + indent(case.text.decode("utf-8", "replace")))
    parts += [show_result("Postfix", postfix), show_result("relay", relay)]
    for difference in differences:
        parts.append("#   DIFFERENT %s: %s\n#     Postfix %s\n#     relay   %s\n" % difference)
    return "".join(parts)
