/* SPDX-License-Identifier: ISC */
/*
 * Every setting is a row: name, type, default, command-line flag, help line.
 * Parsing, inheritance, --help, --pretend, --json and the check that relayrc(5)
 * names each one all read this table.
 */
#ifndef RELAY_CONFIG_SETTING_H
#define RELAY_CONFIG_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/text.h"

struct arena;
struct environment;

/* In the order in which --pretend shows them. */
enum setting_id {
	SETTING_HOST,
	SETTING_PORT,
	SETTING_PROTOCOL,
	SETTING_SOCKET,
	SETTING_SOURCE_IP,
	SETTING_PROXY_HOST,
	SETTING_PROXY_PORT,
	SETTING_TIMEOUT,
	SETTING_TIMEOUT_FINAL,
	SETTING_DOMAIN,
	SETTING_AUTH,
	SETTING_USER,
	SETTING_PASSWORD,
	SETTING_PASSWORDEVAL,
	SETTING_PASSWORDFILE,
	SETTING_PASSWORD_CREDENTIAL,
	SETTING_PASSWORD_FD,
	SETTING_NETRC,
	SETTING_NTLMDOMAIN,
	SETTING_SASL_PASSWD,
	SETTING_SENDER_DEPENDENT_AUTH,
	SETTING_PUBLIC_SECRETS,
	SETTING_TLS,
	SETTING_TLS_STARTTLS,
	SETTING_TLS_TRUST_FILE,
	SETTING_TLS_CRL_FILE,
	SETTING_TLS_FINGERPRINT,
	SETTING_TLS_KEY_FILE,
	SETTING_TLS_CERT_FILE,
	SETTING_TLS_CERTCHECK,
	SETTING_TLS_PRIORITIES,
	SETTING_TLS_HOST_OVERRIDE,
	SETTING_TLS_MIN_DH_PRIME_BITS,
	SETTING_FROM,
	SETTING_FROM_FULL_NAME,
	SETTING_ALLOW_FROM_OVERRIDE,
	SETTING_AUTO_FROM,
	SETTING_MAILDOMAIN,
	SETTING_LOCAL_DOMAINS,
	SETTING_RECIPIENT_DELIMITER,
	SETTING_ALIASES,
	SETTING_TRANSPORT,
	SETTING_GENERIC,
	SETTING_GENERIC_RECURSION,
	SETTING_SET_FROM_HEADER,
	SETTING_SET_DATE_HEADER,
	SETTING_SET_MSGID_HEADER,
	SETTING_SET_TO_HEADER,
	SETTING_UNDISCLOSED_RECIPIENTS,
	SETTING_REMOVE_BCC_HEADERS,
	SETTING_DSN_NOTIFY,
	SETTING_DSN_RETURN,
	SETTING_HEADER_SIZE_LIMIT,
	SETTING_RECIPIENT_LIMIT,
	SETTING_MESSAGE_SIZE_LIMIT,
	SETTING_QUEUE,
	SETTING_QUEUE_ACCOUNT_FAULTS,
	SETTING_QUEUE_DIRECTORY,
	SETTING_QUEUE_LIFETIME,
	SETTING_QUEUE_WARNING,
	SETTING_QUEUE_MAX_SIZE,
	SETTING_LOGFILE,
	SETTING_LOGFILE_TIME_FORMAT,
	SETTING_LOG_FORMAT,
	SETTING_SYSLOG,
	SETTING_COUNT
};

enum setting_type {
	SETTING_IS_TEXT,    /* any words */
	SETTING_IS_FILE,    /* a leading ~/ is the home directory */
	SETTING_IS_TABLE,   /* the same with a type in front; the text is table_source_name()'s */
	SETTING_IS_SECRET,  /* as secret_veil() gives it; shown as *** */
	SETTING_IS_SWITCH,  /* on, off; nothing is on */
	SETTING_IS_CHOICE,  /* one of `choices`; the number is its place; nothing is auto or on */
	SETTING_IS_NUMBER,  /* `min`..`max` */
	SETTING_IS_SIZE,    /* bytes, with K, M, G; 0 when unlimited */
	SETTING_IS_TIME,    /* seconds, with s m h d */
	SETTING_IS_PATTERN, /* text that may be given several times (from) */
	SETTING_IS_SPECIAL  /* read by a function of its own (auth, host, timeout ...) */
};

/* The numbers of set_from_header, set_date_header, set_msgid_header and set_to_header. */
enum setting_when { SETTING_NEVER, SETTING_WHEN_MISSING, SETTING_ALWAYS };

/* The numbers of queue. */
enum setting_queue { SETTING_QUEUE_OFF, SETTING_QUEUE_ON, SETTING_QUEUE_ONLY };

/* A value as it stands in an account. */
struct value {
	bool set;         /* written for this account, or inherited from one that wrote it */
	const char *text; /* as shown; NULL: empty, switched off or never given */
	int64_t number;   /* switch 0/1, place of the choice, number, bytes, seconds */
	const char *file; /* where it was written; NULL: default or command line */
	size_t line;
	const struct value *next; /* further values of a SETTING_IS_PATTERN */
};

struct setting {
	enum setting_id id;
	const char *name; /* the relayrc command */
	enum setting_type type;
	const char *fallback;       /* default, as it would be written; NULL: none */
	const char *flag;           /* long option without "--"; NULL: none */
	char letter;                /* short option; 0: none */
	const char *argument;       /* name of the argument in --help */
	const char *const *choices; /* NULL-ended, for SETTING_IS_CHOICE */
	int64_t min;
	int64_t max;
	bool may_be_empty; /* an empty argument unsets it */
	bool (*read)(struct text argument, struct arena *arena, struct value *value,
	    struct failure *why); /* for SETTING_IS_SPECIAL */
	const char *help;         /* one line, for --help and relayrc(5) */
};

/* The row; never NULL for a valid id. */
const struct setting *setting_row(enum setting_id id);

/* The row of a relayrc command; NULL when there is none. */
const struct setting *setting_find(struct text name);

/*
 * An old msmtp name: *name and *argument become today's (keepbcc on ->
 * remove_bcc_headers off); false when it is none, or one that takes no argument and has
 * one.  A name that is accepted and does nothing any more gives an empty *name.
 */
bool setting_modernize(struct text *name, struct text *argument);

/*
 * Reads an argument (quotes taken off already).  value->set becomes true; file
 * and line are left to the caller; texts belong to arena.  Fails with EX_CONFIG and
 * a hint: `yes` for a switch, trailing text after a number, an unknown choice.
 */
bool setting_read(const struct setting *setting, struct text argument,
    const struct environment *environment, struct arena *arena, struct value *value,
    struct failure *why);

/* Are %U and its like replaced when the argument is read, by account_expand()? */
bool setting_is_expanded(const struct setting *setting);

/* The known command (also `account` and the like) that differs from `name` in case or by
 * one letter; NULL: none. */
const char *setting_nearest(struct text name);

#endif
