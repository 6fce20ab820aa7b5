# SPDX-License-Identifier: ISC
"""A Postfix of our own: private configuration, queue and data, nothing that listens."""

import collections
import os
import re
import signal
import subprocess
import time

MASTER = """\
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n -  0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n -  - trivial-rewrite
bounce    unix  - - n -  0 bounce
defer     unix  - - n -  0 bounce
trace     unix  - - n -  0 bounce
verify    unix  - - n -  1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -  - proxymap
smtp      unix  - - n -  - smtp
relay     unix  - - n -  - smtp
mailbox   unix  - - n -  - smtp
  -o syslog_name=postfix/mailbox
error     unix  - - n -  - error
retry     unix  - - n -  - error
discard   unix  - - n -  - discard
local     unix  - n n -  - local
scache    unix  - - n -  1 scache
postlog   unix-dgram n - n - 1 postlogd
"""

MAIN = """\
compatibility_level = 3.6
queue_directory = {work}/queue
data_directory = {work}/data
maillog_file = {work}/postfix.log
maillog_file_prefixes = {work}
syslog_name = postfix
myhostname = {domain}
myorigin = {domain}
mydestination = {domain}, localhost
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
append_dot_mydomain = no
alias_maps = hash:{world}/aliases
alias_database =
local_recipient_maps =
forward_path =
allow_mail_to_files = alias
allow_mail_to_commands =
mailbox_transport = mailbox:{relayhost}
relayhost = {relayhost}
transport_maps = hash:{world}/transport
smtp_generic_maps = hash:{world}/generic
recipient_delimiter = {delimiter}
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = hash:{world}/sasl_passwd
smtp_sasl_security_options = noanonymous
smtp_sender_dependent_authentication = {sender_auth}
smtp_tls_security_level = none
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtp_connection_cache_on_demand = no
smtp_bind_address = 127.0.0.1
disable_dns_lookups = yes
default_destination_concurrency_failed_cohort_limit = 0
minimal_backoff_time = 30000
maximal_backoff_time = 30000
queue_run_delay = 30000
in_flow_delay = 0
notify_classes =
header_checks = regexp:{work}/checks
body_checks = regexp:{work}/checks
"""

CHECKS = "/X-Case: P[0-9]+/ INFO\n"

# What became of a recipient, as it was given and is now: who decided, the status and the words.
Fate = collections.namedtuple("Fate", "recipient original program status text")

LINE = re.compile(r"(postfix\S*)\[\d+\]: ([0-9A-F]{6,}): (.*)")
FATE = re.compile(r"to=<(.*?)>, (?:orig_to=<(.*?)>, )?.*?status=(\w+) \((.*)\)$")
CASE = re.compile(r"X-Case: (P[0-9]+)")
FORWARD = re.compile(r"forwarded as ([0-9A-F]+)")


def default(name):
    """A setting as this Postfix was built."""
    return subprocess.run(["postconf", "-dhx", name], capture_output=True,
                          check=True).stdout.decode().strip()


class Log:
    """The mail log, read as it grows."""

    def __init__(self, path):
        self.path = path
        self.offset = 0
        self.start()

    def start(self):
        """Forgets what became of the mail of the last world."""
        self.cases = {}
        self.removed = set()
        self.fates = collections.defaultdict(list)
        self.taken = set()

    def read(self):
        try:
            with open(self.path, "rb") as stream:
                stream.seek(self.offset)
                text = stream.read()
        except FileNotFoundError:
            return
        end = text.rfind(b"\n") + 1
        self.offset += end
        for line in text[:end].decode("utf-8", "replace").splitlines():
            found = LINE.search(line)
            if found:
                self.take(*found.groups())

    def take(self, program, queue_id, text):
        if text.endswith("(queue active)"):
            self.taken.add(queue_id)
        case = CASE.search(text) if ": info: " in ": " + text else None
        if case:
            self.cases[queue_id] = case.group(1)
        forward = FORWARD.search(text)
        if forward and queue_id in self.cases:
            self.cases[forward.group(1)] = self.cases[queue_id]
        if text == "removed":
            self.removed.add(queue_id)
        fate = FATE.search(text)
        if fate:
            self.fates[queue_id].append(Fate(fate.group(1), fate.group(2) or fate.group(1), program,
                                              *fate.groups()[2:]))

    def of(self, mark):
        return [fate for queue_id, case in self.cases.items() if case == mark
                for fate in self.fates[queue_id]]


class Postfix:
    """One instance; a world's tables and settings at a time."""

    def __init__(self, work):
        self.work = work
        self.configuration = os.path.join(work, "postfix")
        self.environment = dict(os.environ, MAIL_CONFIG=self.configuration)
        self.process = None
        for name in ("postfix", "queue", "data"):
            os.makedirs(os.path.join(work, name), exist_ok=True)
        subprocess.run(["chown", "postfix", os.path.join(work, "data")], check=True)
        self.write("checks", CHECKS)
        self.write("postfix/master.cf", MASTER)
        self.log = Log(os.path.join(work, "postfix.log"))
        self.sendmail = default("sendmail_path")
        self.master = os.path.join(default("daemon_directory"), "master")

    def write(self, name, text):
        with open(os.path.join(self.work, name), "w", encoding="utf-8") as stream:
            stream.write(text)

    def command(self, *words):
        done = subprocess.run([words[0], "-c", self.configuration, *words[1:]],
                              capture_output=True, env=self.environment, check=False)
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")

    def load(self, world, folder):
        """Writes settings, compiles the tables in `folder`."""
        first = not os.path.exists(os.path.join(self.configuration, "main.cf"))
        self.write("postfix/main.cf", MAIN.format(
            work=self.work, world=folder, domain=world.domain, relayhost=world.relayhost,
            delimiter=world.delimiter, sender_auth="yes" if world.sender_auth else "no"))
        if first:
            status, said = self.command("postfix", "check")
            if status != 0:
                raise RuntimeError("postfix check: " + said)
        said = self.command("postalias", "hash:" + os.path.join(folder, "aliases"))
        for name in ("transport", "generic", "sasl_passwd"):
            more = self.command("postmap", "hash:" + os.path.join(folder, name))
            said = (said[0] or more[0], said[1] + more[1])
        if said[0] != 0:
            raise RuntimeError("postmap: " + said[1])
        self.log.read()
        self.log.start()

    def submit(self, arguments, text):
        """The exit status and words of its sendmail.  The mail waits for start()."""
        done = subprocess.run([self.sendmail, "-C", self.configuration, "-N", "never", *arguments],
                              input=text, capture_output=True, env=self.environment,
                              timeout=60, check=False)
        return done.returncode, done.stderr.decode("utf-8", "replace")

    def start(self):
        # A session of its own: it signals its whole process group when it ends.
        self.process = subprocess.Popen(
            [self.master, "-c", self.configuration, "-d"], env=self.environment,
            start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def stop(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process = None

    def waiting(self, *queues):
        """Names of the files in these queues."""
        return [name for queue in queues
                for _, _, names in os.walk(os.path.join(self.work, "queue", queue))
                for name in names]

    def busy(self):
        if self.waiting("maildrop", "incoming", "active"):
            return True
        self.log.read()
        rest = self.log.taken - self.log.removed
        return bool(rest - set(self.waiting("deferred", "hold", "corrupt")))

    def drain(self, seconds=120):
        """Waits until each mail is sent, bounced or put off."""
        quiet = 0
        end = time.monotonic() + seconds
        while quiet < 2:
            if time.monotonic() > end:
                raise RuntimeError("Postfix does not come to an end: %s"
                                   % self.waiting("maildrop", "incoming", "active"))
            quiet = 0 if self.busy() else quiet + 1
            time.sleep(0.05)

    def purge(self):
        for queue in ("maildrop", "incoming", "active", "deferred", "hold", "corrupt"):
            for folder, _, names in os.walk(os.path.join(self.work, "queue", queue)):
                for name in names:
                    os.unlink(os.path.join(folder, name))
