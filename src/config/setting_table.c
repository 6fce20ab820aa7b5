/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/setting_table.h"

#include "config/setting_special.h"

#define PORT_MAX 65535
#define DESCRIPTOR_MAX 1048576
#define BITS_MAX 65536
#define COUNT_MAX 1000000000

/* The name of a row's place, its command and its type. */
#define ROW(ID, NAME, TYPE) .id = SETTING_##ID, .name = (NAME), .type = SETTING_IS_##TYPE

static const char *const protocols[] = { "smtp", "lmtp", NULL };
static const char *const when_words[] = { "off", "auto", "on", NULL };
static const char *const when_missing_words[] = { "off", "auto", NULL };
static const char *const return_words[] = { "off", "headers", "full", NULL };
static const char *const queue_words[] = { "off", "on", "only", NULL };
static const char *const log_forms[] = { "text", "json", NULL };

static const struct setting rows[SETTING_COUNT] = {
	/* The server */
	[SETTING_HOST] = { ROW(HOST, "host", SPECIAL), .flag = "host", .argument = "HOST[:PORT]...",
	    .read = setting_special_host,
	    .help = "the server, or several in the order they are tried" },
	[SETTING_PORT] = { ROW(PORT, "port", NUMBER), .flag = "port", .argument = "NUMBER",
	    .min = 1, .max = PORT_MAX,
	    .help = "its port: 587, or 465 for TLS from the first byte, 25 without TLS" },
	[SETTING_PROTOCOL] = { ROW(PROTOCOL, "protocol", CHOICE), .fallback = "smtp",
	    .flag = "protocol", .argument = "smtp|lmtp", .choices = protocols,
	    .help = "the protocol spoken" },
	[SETTING_SOCKET] = { ROW(SOCKET, "socket", FILE), .flag = "socket", .argument = "FILE",
	    .may_be_empty = true, .help = "connect to this unix socket, not to host and port" },
	[SETTING_SOURCE_IP] = { ROW(SOURCE_IP, "source_ip", TEXT), .flag = "source-ip",
	    .argument = "ADDRESS", .may_be_empty = true,
	    .help = "the local address to connect from" },
	[SETTING_PROXY_HOST] = { ROW(PROXY_HOST, "proxy_host", TEXT), .flag = "proxy-host",
	    .argument = "HOST", .may_be_empty = true, .help = "connect through this SOCKS proxy" },
	[SETTING_PROXY_PORT] = { ROW(PROXY_PORT, "proxy_port", NUMBER), .flag = "proxy-port",
	    .argument = "NUMBER", .min = 1, .max = PORT_MAX, .may_be_empty = true,
	    .help = "port of the proxy" },
	[SETTING_TIMEOUT] = { ROW(TIMEOUT, "timeout", SPECIAL), .flag = "timeout",
	    .argument = "SECONDS|off", .read = setting_special_timeout,
	    .help = "limit of every step, instead of those of RFC 5321" },
	[SETTING_TIMEOUT_FINAL] = { ROW(TIMEOUT_FINAL, "timeout_final", TIME), .fallback = "10m",
	    .argument = "TIME",
	    .help = "limit of the reply to the whole message" },
	[SETTING_DOMAIN] = { ROW(DOMAIN, "domain", SPECIAL), .flag = "domain", .argument = "NAME",
	    .may_be_empty = true, .read = setting_special_domain,
	    .help = "the name given in EHLO" },

	/* Logging in */
	[SETTING_AUTH] = { ROW(AUTH, "auth", SPECIAL), .flag = "auth",
	    .argument = "on|off|MECHANISM...", .read = setting_special_auth,
	    .help = "log in; on when there is a password, else off" },
	[SETTING_USER] = { ROW(USER, "user", TEXT), .flag = "user", .argument = "NAME",
	    .may_be_empty = true, .help = "the name to log in with" },
	[SETTING_PASSWORD] = { ROW(PASSWORD, "password", SECRET), .argument = "SECRET",
	    .may_be_empty = true, .help = "the password itself" },
	[SETTING_PASSWORDEVAL] = { ROW(PASSWORDEVAL, "passwordeval", TEXT), .flag = "passwordeval",
	    .argument = "COMMAND", .may_be_empty = true,
	    .help = "a command whose first line of output is the password" },
	[SETTING_PASSWORDFILE] = { ROW(PASSWORDFILE, "passwordfile", FILE), .argument = "FILE",
	    .may_be_empty = true, .help = "a file whose first line is the password" },
	[SETTING_PASSWORD_CREDENTIAL] = { ROW(PASSWORD_CREDENTIAL, "password_credential", SPECIAL),
	    .argument = "NAME", .may_be_empty = true, .read = setting_special_credential,
	    .help = "a credential of the service manager that is the password" },
	[SETTING_PASSWORD_FD] = { ROW(PASSWORD_FD, "password_fd", NUMBER), .argument = "NUMBER",
	    .min = 3, .max = DESCRIPTOR_MAX, .may_be_empty = true,
	    .help = "an inherited descriptor to read the password from" },
	[SETTING_NETRC] = { ROW(NETRC, "netrc", FILE), .argument = "FILE", .may_be_empty = true,
	    .help = "where to look a password up last; ~/.netrc and the system's" },
	[SETTING_NTLMDOMAIN] = { ROW(NTLMDOMAIN, "ntlmdomain", TEXT), .argument = "DOMAIN",
	    .may_be_empty = true, .help = "accepted and not used: NTLM is not spoken" },
	[SETTING_SASL_PASSWD] = { ROW(SASL_PASSWD, "sasl_passwd", TABLE), .flag = "sasl-passwd",
	    .argument = "FILE", .may_be_empty = true,
	    .help = "table of user and password by next hop" },
	[SETTING_SENDER_DEPENDENT_AUTH] = { ROW(SENDER_DEPENDENT_AUTH, "sender_dependent_auth",
						SWITCH),
	    .fallback = "off", .help = "ask sasl_passwd for the sender first" },
	[SETTING_PUBLIC_SECRETS] = { ROW(PUBLIC_SECRETS, "public_secrets", SWITCH),
	    .fallback = "off", .help = "every local user may read the system file's passwords" },

	/* TLS */
	[SETTING_TLS] = { ROW(TLS, "tls", SWITCH), .fallback = "on", .flag = "tls",
	    .help = "encrypt; never falls back" },
	[SETTING_TLS_STARTTLS] = { ROW(TLS_STARTTLS, "tls_starttls", SWITCH), .fallback = "on",
	    .flag = "tls-starttls", .help = "by STARTTLS; off: TLS from the first byte" },
	[SETTING_TLS_TRUST_FILE] = { ROW(TLS_TRUST_FILE, "tls_trust_file", FILE),
	    .fallback = "system", .flag = "tls-trust-file", .argument = "FILE|system",
	    .may_be_empty = true, .help = "the authorities that may vouch for the server" },
	[SETTING_TLS_CRL_FILE] = { ROW(TLS_CRL_FILE, "tls_crl_file", FILE), .flag = "tls-crl-file",
	    .argument = "FILE", .may_be_empty = true, .help = "certificates they have revoked" },
	[SETTING_TLS_FINGERPRINT] = { ROW(TLS_FINGERPRINT, "tls_fingerprint", SPECIAL),
	    .read = setting_special_fingerprint, .flag = "tls-fingerprint", .argument = "SHA256",
	    .may_be_empty = true,
	    .help = "trust only the certificate with this SHA-256 fingerprint" },
	[SETTING_TLS_KEY_FILE] = { ROW(TLS_KEY_FILE, "tls_key_file", FILE), .flag = "tls-key-file",
	    .argument = "FILE", .may_be_empty = true, .help = "key of our own certificate" },
	[SETTING_TLS_CERT_FILE] = { ROW(TLS_CERT_FILE, "tls_cert_file", FILE),
	    .flag = "tls-cert-file", .argument = "FILE", .may_be_empty = true,
	    .help = "our own certificate, shown to the server" },
	[SETTING_TLS_CERTCHECK] = { ROW(TLS_CERTCHECK, "tls_certcheck", SWITCH), .fallback = "on",
	    .flag = "tls-certcheck", .help = "verify the server's certificate" },
	[SETTING_TLS_PRIORITIES] = { ROW(TLS_PRIORITIES, "tls_priorities", TEXT),
	    .flag = "tls-priorities", .argument = "STRING", .may_be_empty = true,
	    .help = "priority string of GnuTLS" },
	[SETTING_TLS_HOST_OVERRIDE] = { ROW(TLS_HOST_OVERRIDE, "tls_host_override", TEXT),
	    .flag = "tls-host-override", .argument = "HOST", .may_be_empty = true,
	    .help = "the name the certificate must bear, instead of host" },
	[SETTING_TLS_MIN_DH_PRIME_BITS] = { ROW(TLS_MIN_DH_PRIME_BITS, "tls_min_dh_prime_bits",
						NUMBER),
	    .flag = "tls-min-dh-prime-bits", .argument = "BITS", .min = 1, .max = BITS_MAX,
	    .may_be_empty = true, .help = "smallest Diffie-Hellman prime" },

	/* Addresses */
	[SETTING_FROM] = { ROW(FROM, "from", PATTERN), .argument = "ADDRESS", .may_be_empty = true,
	    .help = "envelope sender; the account is chosen for senders that match" },
	[SETTING_FROM_FULL_NAME] = { ROW(FROM_FULL_NAME, "from_full_name", TEXT),
	    .flag = "from-full-name", .argument = "NAME", .may_be_empty = true,
	    .help = "name in a From field made here" },
	[SETTING_ALLOW_FROM_OVERRIDE] = { ROW(ALLOW_FROM_OVERRIDE, "allow_from_override", SWITCH),
	    .fallback = "on", .flag = "allow-from-override", .help = "let -f override from" },
	[SETTING_AUTO_FROM] = { ROW(AUTO_FROM, "auto_from", SWITCH), .fallback = "off",
	    .flag = "auto-from", .help = "send as user@maildomain, whatever from says" },
	[SETTING_MAILDOMAIN] = { ROW(MAILDOMAIN, "maildomain", TEXT), .flag = "maildomain",
	    .argument = "DOMAIN", .may_be_empty = true,
	    .help = "appended to addresses without a domain" },
	[SETTING_LOCAL_DOMAINS] = { ROW(LOCAL_DOMAINS, "local_domains", TEXT),
	    .argument = "DOMAIN...", .may_be_empty = true,
	    .help = "domains whose users are this machine's" },
	[SETTING_RECIPIENT_DELIMITER] = { ROW(RECIPIENT_DELIMITER, "recipient_delimiter", TEXT),
	    .argument = "CHARACTERS", .may_be_empty = true,
	    .help = "what begins an address extension" },

	/* Tables */
	[SETTING_ALIASES] = { ROW(ALIASES, "aliases", TABLE), .flag = "aliases", .argument = "FILE",
	    .may_be_empty = true, .help = "what local names stand for" },
	[SETTING_TRANSPORT] = { ROW(TRANSPORT, "transport", TABLE), .flag = "transport",
	    .argument = "FILE", .may_be_empty = true, .help = "table of routes by recipient" },
	[SETTING_GENERIC] = { ROW(GENERIC, "generic", TABLE), .flag = "generic", .argument = "FILE",
	    .may_be_empty = true, .help = "table of addresses as the world knows them" },
	[SETTING_GENERIC_RECURSION] = { ROW(GENERIC_RECURSION, "generic_recursion", SWITCH),
	    .fallback = "on", .help = "look results of generic up again" },

	/* The message */
	[SETTING_SET_FROM_HEADER] = { ROW(SET_FROM_HEADER, "set_from_header", CHOICE),
	    .fallback = "auto", .flag = "set-from-header", .argument = "auto|on|off",
	    .choices = when_words, .help = "add From when missing, always, or never" },
	[SETTING_SET_DATE_HEADER] = { ROW(SET_DATE_HEADER, "set_date_header", CHOICE),
	    .fallback = "auto", .flag = "set-date-header", .argument = "auto|off",
	    .choices = when_missing_words, .help = "add Date when missing" },
	[SETTING_SET_MSGID_HEADER] = { ROW(SET_MSGID_HEADER, "set_msgid_header", CHOICE),
	    .fallback = "auto", .flag = "set-msgid-header", .argument = "auto|off",
	    .choices = when_missing_words, .help = "add Message-ID when missing" },
	[SETTING_SET_TO_HEADER] = { ROW(SET_TO_HEADER, "set_to_header", CHOICE), .fallback = "off",
	    .flag = "set-to-header", .argument = "auto|on|off", .choices = when_words,
	    .help = "add To when missing, always, or never" },
	/* clang-format off */
	[SETTING_UNDISCLOSED_RECIPIENTS] = {
	    ROW(UNDISCLOSED_RECIPIENTS, "undisclosed_recipients", SWITCH), .fallback = "off",
	    .flag = "undisclosed-recipients",
	    .help = "replace To, Cc and Bcc by an empty group" },
	/* clang-format on */
	[SETTING_REMOVE_BCC_HEADERS] = { ROW(REMOVE_BCC_HEADERS, "remove_bcc_headers", SWITCH),
	    .fallback = "on", .flag = "remove-bcc-headers", .help = "remove Bcc" },
	[SETTING_DSN_NOTIFY] = { ROW(DSN_NOTIFY, "dsn_notify", SPECIAL), .flag = "dsn-notify",
	    .letter = 'N', .argument = "off|never|failure,delay,success",
	    .read = setting_special_dsn_notify, .help = "when the servers shall send a notice" },
	[SETTING_DSN_RETURN] = { ROW(DSN_RETURN, "dsn_return", CHOICE), .fallback = "off",
	    .flag = "dsn-return", .letter = 'R', .argument = "off|headers|full",
	    .choices = return_words, .help = "how much of the mail a notice returns" },
	[SETTING_HEADER_SIZE_LIMIT] = { ROW(HEADER_SIZE_LIMIT, "header_size_limit", SIZE),
	    .fallback = "1M", .argument = "BYTES", .help = "largest header accepted" },
	[SETTING_RECIPIENT_LIMIT] = { ROW(RECIPIENT_LIMIT, "recipient_limit", NUMBER),
	    .fallback = "100000", .argument = "NUMBER", .min = 1, .max = COUNT_MAX,
	    .help = "most recipients accepted" },
	[SETTING_MESSAGE_SIZE_LIMIT] = { ROW(MESSAGE_SIZE_LIMIT, "message_size_limit", SIZE),
	    .argument = "BYTES", .may_be_empty = true, .help = "largest message accepted" },

	/* Queue and log */
	[SETTING_QUEUE] = { ROW(QUEUE, "queue", CHOICE), .argument = "on|off|only",
	    .choices = queue_words, .help = "keep what cannot be sent now" },
	/* clang-format off */
	[SETTING_QUEUE_ACCOUNT_FAULTS] = {
	    ROW(QUEUE_ACCOUNT_FAULTS, "queue_account_faults", SWITCH),
	    .help = "also when TLS, login or configuration is at fault" },
	/* clang-format on */
	[SETTING_QUEUE_DIRECTORY] = { ROW(QUEUE_DIRECTORY, "queue_directory", FILE),
	    .argument = "DIRECTORY", .help = "where it is kept" },
	[SETTING_QUEUE_LIFETIME] = { ROW(QUEUE_LIFETIME, "queue_lifetime", TIME), .fallback = "5d",
	    .argument = "TIME", .help = "given up after" },
	[SETTING_QUEUE_WARNING] = { ROW(QUEUE_WARNING, "queue_warning", TIME), .fallback = "4h",
	    .argument = "TIME", .may_be_empty = true, .help = "the sender is warned after" },
	[SETTING_QUEUE_MAX_SIZE] = { ROW(QUEUE_MAX_SIZE, "queue_max_size", SIZE), .fallback = "1G",
	    .argument = "BYTES", .help = "most that is kept" },
	[SETTING_LOGFILE] = { ROW(LOGFILE, "logfile", FILE), .flag = "logfile", .letter = 'X',
	    .argument = "FILE", .may_be_empty = true,
	    .help = "a line for each mail goes there; - is standard output" },
	[SETTING_LOGFILE_TIME_FORMAT] = { ROW(LOGFILE_TIME_FORMAT, "logfile_time_format", TEXT),
	    .flag = "logfile-time-format", .argument = "FORMAT", .may_be_empty = true,
	    .help = "its time, as for strftime(3)" },
	[SETTING_LOG_FORMAT] = { ROW(LOG_FORMAT, "log_format", CHOICE), .fallback = "text",
	    .argument = "text|json", .choices = log_forms, .help = "its form" },
	[SETTING_SYSLOG] = { ROW(SYSLOG, "syslog", SPECIAL), .flag = "syslog",
	    .argument = "on|off|FACILITY", .read = setting_special_syslog,
	    .help = "a line for each mail goes to the system log" },
};

const struct setting *
setting_table_rows(void)
{
	return rows;
}
