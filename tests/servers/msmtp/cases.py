# SPDX-License-Identifier: ISC
"""Cases for the comparison with msmtp: configurations of random structure.

A case is a file as bytes would be written, and a way to call both programs.  Nothing
here knows what either program makes of it.
"""

import re

NAMES = ["home", "work", "isp", "a.b", "x-1", "with blank", "Default", "defaults"]
ADDRESSES = ["a@b.example", "joe@one.example", "jane@two.example", "Joe@One.Example",
             "joe+tag@one.example", "root", "%U@one.example", "%U@%H", "x%%y@one.example"]
PATTERNS = ["*@one.example", "j*@two.example", "jo?@one.example", "[jk]oe@*", "*",
            "[!a]*@b.example",
            "joe@*.example"]
SENDERS = ["a@b.example", "joe@one.example", "JOE@ONE.EXAMPLE", "jane@two.example",
           "joe+tag@one.example", "joe+a+b@one.example", "+x@one.example", "nobody@nowhere.example",
           "k+oe@else.example", "root", "alice@one.example"]
SHA256 = ":".join("%02x" % (i * 7 % 256) for i in range(32))
SHA1 = ":".join("%02X" % (i * 5 % 256) for i in range(20))
MD5 = ":".join("%02x" % i for i in range(16))

ON_OFF = ["on", "off", "", '"on"', '""']
FILES = ["~/file", "/some/file", "file", '"~/a file"', "~", '"/a b"', "~file"]
NUMBERS = ["25", "465", "587", "2525", "0x10", "0X1f", "010", "+26", "65535", '"26"', '" 26"',
           "00027"]

# Every command with arguments that both programs should take.
GOOD = {
    "host": ["mail.one.example", "192.0.2.7", "smtp.two.example", '"quoted.example"', "localhost",
             "h_1.example", "2001:db8::7"],
    "port": NUMBERS,
    "source_ip": ["192.0.2.1", "", "2001:db8::1"],
    "proxy_host": ["127.0.0.1", "", '""'],
    "proxy_port": ["9050", "", "0x20"],
    "socket": ["/run/socket", "", "~/socket"],
    "timeout": ["off", "10", "0x10", "010"],
    "connect_timeout": ["off", "5"],
    "protocol": ["smtp", "lmtp"],
    "domain": ["here.example", '"in quotes"', "localhost", "", "%H", 'a"b', '"'],
    "auth": ["on", "off", "", "plain", "login", "cram-md5", "scram-sha-1", "scram-sha-256",
             "external", "gssapi", "digest-md5", "oauthbearer", "xoauth2", "ntlm"],
    "user": ["joe", '"joe smith"', "", "joe@one.example", "a # b", "joe\\"],
    "password": ["secret", '"two words"', "", '"', "# no comment", "tab\there"],
    "passwordeval": ["echo secret", "", '"cat file"', "echo a # b"],
    "ntlmdomain": ["", "DOMAIN"],
    "tls": ON_OFF,
    "tls_starttls": ON_OFF,
    "tls_certcheck": ON_OFF,
    "tls_trust_file": FILES + ["system"],
    "tls_crl_file": ["", "~/crl"],
    "tls_fingerprint": ["", SHA256, SHA256.upper(), SHA1, MD5],
    "tls_key_file": ["", "", "", "~/key"],
    "tls_cert_file": ["", "", "", "~/cert"],
    "tls_priorities": ["", "NORMAL", '"SECURE256:-VERS-TLS1.2"'],
    "tls_host_override": ["", "other.example"],
    "tls_min_dh_prime_bits": ["", "2048", "0x400"],
    "tls_nocertcheck": [""],
    "tls_nostarttls": [""],
    "tls_force_sslv3": [""],
    "from": ADDRESSES + PATTERNS + [""],
    "allow_from_override": ["on", "off", "off"],
    "auto_from": ON_OFF,
    "maildomain": ["mail.example", "", "%H"],
    "set_from_header": ["auto", "on", "off", ""],
    "set_date_header": ["auto", "off", ""],
    "set_msgid_header": ["auto", "off", ""],
    "add_missing_from_header": ["on", "off", ""],
    "add_missing_date_header": ["on", "off", ""],
    "remove_bcc_headers": ON_OFF,
    "keepbcc": ON_OFF,
    "undisclosed_recipients": ON_OFF,
    "dsn_notify": ["off", "never", "failure", "delay,success", "failure,delay,success"],
    "dsn_return": ["off", "headers", "full"],
    "logfile": ["", "-", "~/log", "log", '"a log"'],
    "logfile_time_format": ["", "%Y", '"%b %d "'],
    "syslog": ["on", "off", "", "LOG_MAIL", "LOG_USER", "LOG_LOCAL0", "LOG_LOCAL7"],
    "aliases": FILES + [""],
}

# Lines that at least one program should refuse, or that are read otherwise than meant.
ODD = [
    "unknown", "unknown word", "Host mail.example", "TLS on", "hosts x", "hst x", "host=x",
    "tls yes",
    "tls ON", "tls true", "tls on # comment", "port 0", "port -1", "port 65536", "port 25 # x",
    "port",
    "port 99999999999999999999", "port 5.5", "port 08", "port 0x", "timeout 0", "timeout",
    "timeout 5m",
    "timeout -5", "timeout on", "host", 'host ""', "host mail # comment", 'host "open', "host a b",
    "protocol", "protocol SMTP", "protocol imap", "auth magic", "auth PLAIN", "auth plain login",
    "auth no", "dsn_notify", "dsn_notify failure, delay", "dsn_notify FAILURE",
    "dsn_notify failure,",
    "dsn_notify never,delay", "dsn_return", "dsn_return hdrs", "dsn_return FULL", "syslog LOG_KERN",
    "syslog log_mail", "tls_fingerprint 00:11", "tls_fingerprint zz" + SHA256[2:],
    "tls_min_dh_prime_bits 0", "tls_min_dh_prime_bits many", "tls_nocertcheck on",
    "tls_nostarttls off",
    "tls_force_sslv3 on", "account", "account :home", "account x:", "account y : nobody",
    "account a,b",
    "account z : home,", "account z : , home", "defaults x", "eval", "eval false", "eval true",
    "eval exit 3", "eval echo port 77; exit 1", "eval echo eval echo port 77", "eval echo nonsense",
    "eval printf '\\n'", '"tls on"', "keepbcc yes", "set_from_header yes", "set_date_header on",
    "set_msgid_header on", "undisclosed_recipients maybe", "allow_from_override no", "proxy_port 0",
    "from Joe <joe@one.example>", "from a@b c", "from joe@", "user", "from a@b.example # me",
    "tls \\", "domain a b", "password", "tls_trust_file", "tls_trust_file \"\"", "proxy_port x",
    "auth ntlm", "remove_bcc_headers 1", "set_to_header auto", "from_full_name Joe",
    "host mail.example.",
    "domain " + "long" * 130, "# " + "long" * 130,
]

EVALS = ["eval echo port 77", "eval echo 'host eval.example'", "eval echo tls",
         "eval printf 'domain d'",
         "eval echo '  # a comment'", "eval printf 'user \"a b\"\\nport 1\\n'",
         'eval "echo port 78"',
         "eval echo account evaluated", "eval echo defaults", "eval printf 'timeout 7\\r\\n'"]

MAILS = ["From: joe@one.example\nTo: a@b.example\n\nhi\n", "From: Joe <joe+x@one.example>\n\nhi\n",
         "Subject: no sender\n\nhi\n", "From: \"A, b\" <jane@two.example>, joe@one.example\n\n",
         "from:\n alice@one.example (Alice)\n\n",
         "Resent-From: joe@one.example\nFrom: a@b.example\n\n"]


class Case:
    """A configuration and a call.  `lines` are without their ends; None is no file."""

    def __init__(self):
        self.lines = []
        self.end = "\n"
        self.mark = ""
        self.last_end = True
        self.mode = 0o600
        self.arguments = []
        self.variables = {}
        self.mail = ""

    def text(self):
        text = self.mark + self.end.join(self.lines)
        return text + self.end if self.last_end and self.lines else text

    def copy(self):
        other = Case()
        other.__dict__.update(self.__dict__)
        other.lines = list(self.lines)
        other.arguments = list(self.arguments)
        other.variables = dict(self.variables)
        return other

    def show(self):
        ends = {"\n": "", "\r\n": " (lines end in CRLF)"}[self.end]
        notes = ends + (" (byte order mark)" if self.mark else "")
        notes += "" if self.last_end else " (no end of the last line)"
        shown = ["  | " + line for line in self.lines]
        shown.append("  mode %04o%s" % (self.mode, notes))
        shown.append("  arguments %r variables %r" % (self.arguments, self.variables))
        if self.mail:
            shown.append("  mail %r" % self.mail)
        return "\n".join(shown)


def setting(random):
    name = random.choice(list(GOOD))
    argument = random.choice(GOOD[name])
    between = random.choice([" ", " ", " ", "\t", "  \t "]) if argument else random.choice(["",
                                                                                            " "])
    return name + between + argument


def dressed(random, line):
    """The line as people indent and end it."""
    if random.random() < 0.15:
        line = random.choice([" ", "\t", "    "]) + line
    if random.random() < 0.1:
        line += random.choice([" ", "\t", " \t "])
    return line


def filler(random):
    return random.choice(["", " ", "\t", "# comment", "  # host x", "#tls yes"])


def header(random, names):
    """A line that opens an account, with parents when there are some."""
    name = random.choice([name for name in NAMES if name not in names] or ["more%d" % len(names)])
    if random.random() < 0.3 and "default" not in names:
        name = "default"
    parents = random.sample(names, min(len(names), random.choice([0, 0, 1, 1, 2, 3])))
    line = "account " + name
    if parents:
        line += random.choice([":", " : ", ": ", " :"])
        line += random.choice([",", ", ", " , "]).join(parents)
    names.append(name)
    return line


def section(random):
    count = random.choice([0, 1, 2, 3, 4, 6])
    lines = []
    if random.random() < 0.7:
        lines.append("host " + random.choice(GOOD["host"]))
    if random.random() < 0.6:
        lines.append("from " + random.choice(GOOD["from"]))
    lines += [setting(random) for _ in range(count)]
    if random.random() < 0.08:
        lines.append(random.choice(EVALS))
    random.shuffle(lines)
    return lines


def body(random):
    names = []
    lines = section(random) if random.random() < 0.3 else []
    if lines:
        names.append("default")
    for _ in range(random.choice([0, 1, 2, 3, 4])):
        lines.append("defaults" if random.random() < 0.3 else header(random, names))
        lines += section(random)
    if not names:
        names = ["default"]
        lines.append("account default")
        lines += section(random)
    if "default" not in names and random.random() < 0.95:
        lines.append("account default : " + random.choice(names))
        if random.random() < 0.2:
            lines += section(random)
    return lines, names


def option(random):
    """A setting given on the command line."""
    name = random.choice(["port", "auth", "user", "tls", "tls_starttls", "timeout", "domain",
                          "logfile",
                          "from", "syslog", "dsn_notify", "dsn_return", "set_from_header",
                          "protocol",
                          "source_ip", "tls_trust_file", "aliases", "remove_bcc_headers",
                          "auto_from",
                          "maildomain", "proxy_host", "set_date_header", "undisclosed_recipients",
                          "tls_fingerprint", "tls_certcheck", "socket", "passwordeval"])
    argument = random.choice(GOOD[name]).strip('"')
    if name == "from":
        argument = random.choice(SENDERS)
    return "--%s=%s" % (name.replace("_", "-"), argument)


def call(random, case, names):
    """Which account is asked for, and by what."""
    way = random.choice(["none", "none", "account", "account", "sender", "sender", "mail", "host",
                         "variables"])
    if way == "account":
        case.arguments += [random.choice(["-a", "--account"]),
                           random.choice(names * 4 + ["missing"])]
    if way == "sender":
        case.arguments += [random.choice(["-f", "-f", "--from"]), random.choice(SENDERS)]
    if way == "mail":
        case.arguments += random.choice([["--read-envelope-from"], ["--read-envelope-from", "-t"],
                                         ["-t"]])
        case.mail = random.choice(MAILS)
    if way == "host":
        case.arguments += ["--host=command.example"]
        if random.random() < 0.5:
            case.arguments += ["-f", random.choice(SENDERS)]
    if way == "variables" or random.random() < 0.05:
        case.variables = random.choice([{"SMTPSERVER": "variable.example"},
                                        {"SMTPSERVER": "variable.example",
                                         "EMAIL": "joe@mail.example"},
                                        {"EMAIL": "joe@mail.example"}])
    if random.random() < 0.25:
        case.arguments += [option(random) for _ in range(random.choice([1, 1, 2]))]


def plain(random):
    """Defaults for all that the two programs begin differently."""
    return ["defaults", "host " + random.choice(GOOD["host"]),
            "tls " + random.choice(["on", "off"]), "port " + random.choice(NUMBERS),
            "domain " + random.choice(["d.example", "%H", "%C"]),
            "aliases " + random.choice(FILES[:4]),
            "from " + random.choice(ADDRESSES[:5])]


def make(random):
    case = Case()
    case.lines, names = body(random)
    if random.random() < 0.85 and re.match("account|defaults", case.lines[0]):
        case.lines = plain(random) + case.lines
    if random.random() < 0.2:
        for _ in range(random.choice([1, 1, 1, 2])):
            case.lines.insert(random.randint(0, len(case.lines)), random.choice(ODD))
    for _ in range(random.choice([0, 0, 1, 2])):
        case.lines.insert(random.randint(0, len(case.lines)), filler(random))
    case.lines = [dressed(random, line) for line in case.lines]
    case.end = random.choice(["\n", "\n", "\n", "\r\n"])
    case.mark = "\ufeff" if random.random() < 0.02 else ""
    case.last_end = random.random() < 0.8
    case.mode = random.choice([0o600] * 12 + [0o400, 0o640, 0o644, 0o604])
    call(random, case, names)
    return case
