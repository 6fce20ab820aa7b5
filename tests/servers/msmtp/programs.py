# SPDX-License-Identifier: ISC
"""Runs both programs on a case and says what each understood, in the same words."""

import json
import os
import re
import subprocess

# What msmtp prints, and how relay's JSON calls it.
KEYS = {
    "host": "host", "port": "port", "source ip": "source_ip", "proxy host": "proxy_host",
    "proxy port": "proxy_port", "socket": "socket", "timeout": "timeout", "protocol": "protocol",
    "domain": "domain", "auth": "auth", "user": "user", "password": "password",
    "passwordeval": "passwordeval", "ntlmdomain": "ntlmdomain", "tls": "tls",
    "tls_starttls": "tls_starttls", "tls_trust_file": "tls_trust_file",
    "tls_crl_file": "tls_crl_file", "tls_fingerprint": "tls_fingerprint",
    "tls_key_file": "tls_key_file", "tls_cert_file": "tls_cert_file",
    "tls_certcheck": "tls_certcheck", "tls_min_dh_prime_bits": "tls_min_dh_prime_bits",
    "tls_priorities": "tls_priorities", "tls_host_override": "tls_host_override",
    "auto_from": "auto_from", "maildomain": "maildomain", "from": "from",
    "allow_from_override": "allow_from_override", "set_from_header": "set_from_header",
    "set_date_header": "set_date_header", "set_msgid_header": "set_msgid_header",
    "remove_bcc_headers": "remove_bcc_headers",
    "undisclosed_recipients": "undisclosed_recipients", "dsn_notify": "dsn_notify",
    "dsn_return": "dsn_return", "logfile": "logfile",
    "logfile_time_format": "logfile_time_format", "syslog": "syslog", "aliases": "aliases",
}
LIMIT_S = 60


class Answer:
    """What a program made of a case: its exit status, words, account and settings."""

    def __init__(self, status, output, words):
        self.status = status
        self.output = output
        self.words = words
        self.account = None
        self.values = {}
        self.written = {}

    @property
    def refused(self):
        return self.status != 0

    def lines_at_fault(self):
        return {int(line) for line in re.findall(r"relayrc:(\d+): |: line (\d+): ", self.words)
                for line in line if line}


def word(value):
    """One spelling for what is unset, and for the words of both."""
    if value is None or value in ("", "(not set)", "(read from mail)", "none"):
        return "off"
    if value is True:
        return "on"
    if value is False:
        return "off"
    return str(value)


def their_word(key, value):
    value = word(value)
    if key == "timeout":
        return value.split()[0]
    if key == "auth":
        return "on" if value == "choose" else value.lower()
    if key in ("dsn_notify", "dsn_return"):
        return value.lower().replace("hdrs", "headers")
    if key == "tls_fingerprint":
        return value.replace(":", "").lower()
    if key == "password":
        return "***" if value == "*" else value
    return "off" if key == "proxy port" and value == "0" else value


def our_word(key, value, settings):
    value = word(value)
    if key == "timeout" and value != "off":
        return str(int(value, 0)) if re.fullmatch(r"[+]?(0[xX][0-9a-fA-F]+|[1-9][0-9]*)", value) \
            else octal(value)
    if key == "tls_fingerprint":
        return value.replace(":", "").lower()
    if key == "tls_min_dh_prime_bits" or key == "proxy port":
        return "off" if value == "0" else value
    return value


def octal(value):
    return str(int(value, 8)) if re.fullmatch(r"0[0-7]+", value) else value


def their_account(output):
    if "using environment variables EMAIL and SMTPSERVER" in output:
        return "default"
    chosen = re.search(r"^using account (.*?)(?: from relayrc)?$", output, re.M)
    name = chosen.group(1) if chosen else None
    return {"specified on command line": "command-line"}.get(name, name)


class Programs:
    """Both programs in a directory of their own, which is their home as well."""

    def __init__(self, relay, msmtp, directory):
        self.relay = relay
        self.msmtp = msmtp
        self.directory = directory

    def environment(self, case):
        kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS")
                if name in os.environ}
        return dict(kept, HOME=self.directory, LC_ALL="C", USER="alice", HOSTNAME="box.example",
                    **case.variables)

    def run(self, case, words):
        # Without a terminal: neither shall ask for a password.
        done = subprocess.run(words, input=case.mail.encode(), capture_output=True,
                              timeout=LIMIT_S, check=False, cwd=self.directory,
                              start_new_session=True,
                              env=self.environment(case))
        return Answer(done.returncode, done.stdout.decode(errors="replace"),
                      done.stderr.decode(errors="replace"))

    def write(self, case):
        path = os.path.join(self.directory, "relayrc")
        if os.path.exists(path):
            os.unlink(path)
        with open(path, "wb") as file:
            file.write(case.text().encode())
        os.chmod(path, case.mode)

    def ask_msmtp(self, case):
        answer = self.run(case, [self.msmtp, "-P", "-C", "relayrc"] + case.arguments)
        if answer.refused:
            return answer
        answer.account = their_account(answer.output)
        for line in answer.output.split("\n"):
            key, equals, value = line.partition(" = ")
            if equals and key in KEYS:
                answer.values[key] = their_word(key, value)
        return answer

    def ask_relay(self, case):
        call = [self.relay, "-C", "relayrc", "--pretend"]
        answer = self.run(case, call + ["--json"] + case.arguments)
        if answer.refused:
            return answer
        settings = json.loads(answer.output)
        answer.account = settings["account"]
        answer.patterns = settings["from_patterns"]
        for key, name in KEYS.items():
            answer.values[key] = our_word(key, settings[name], settings)
        for name, place in re.findall(r"^  (\w+) .*\((.*)\)$",
                                      self.run(case, call + case.arguments).output, re.M):
            answer.written[name] = place
        return answer

    def send(self, case, sink):
        """What each delivered: the answers, and the mails that came."""
        self.write(case)
        theirs = self.run(case, [self.msmtp, "-C", "relayrc"] + case.arguments)
        first = sink.taken()
        ours = self.run(case, [self.relay, "-C", "relayrc"] + case.arguments)
        return theirs, ours, first, sink.taken()

    def ask(self, case):
        self.write(case)
        return self.ask_msmtp(case), self.ask_relay(case)
