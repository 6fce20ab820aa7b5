# SPDX-License-Identifier: ISC
"""The program that is tested, with the same tables."""

import os
import subprocess

CONFIGURATION = """\
defaults
tls off
queue off
maildomain {domain}
local_domains {domain} localhost
generic_recursion off
sender_dependent_auth {sender_auth}
{delimiter}aliases {world}/aliases
generic {world}/generic
transport {world}/transport
sasl_passwd {world}/sasl_passwd
account default
host {relayhost}
"""


class Relay:
    def __init__(self, program, work):
        self.program = program
        self.path = os.path.join(work, "relayrc")

    def load(self, world, folder):
        delimiter = "recipient_delimiter %s\n" % world.delimiter if world.delimiter else ""
        with open(self.path, "w", encoding="utf-8") as stream:
            stream.write(CONFIGURATION.format(
                domain=world.domain, world=folder, relayhost=world.relayhost, delimiter=delimiter,
                sender_auth="on" if world.sender_auth else "off"))

    def run(self, arguments, text):
        """Exit status and what it says."""
        done = subprocess.run([self.program, "-C", self.path, *arguments], input=text,
                              capture_output=True, timeout=60, check=False)
        return done.returncode, done.stderr.decode("utf-8", "replace")
