/* SPDX-License-Identifier: ISC */
/*
 * Who logs in where, and where the password comes from.  Finding the source and
 * reading the secret are two steps: only the second one touches a secret.
 */
#ifndef RELAY_CONFIG_CREDENTIAL_H
#define RELAY_CONFIG_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/secret.h"
#include "config/account.h"
#include "mail/address.h"
#include "mail/completion.h"
#include "table/password.h"
#include "table/transport.h"

struct arena;
struct environment;
struct password_book;

/* In the order in which they are asked; a row of sasl_passwd comes first when the account
 * names no user, or when it is the sender's and sender_dependent_auth is on, and behind the
 * account's own sources otherwise. */
enum credential_source {
	CREDENTIAL_NONE,       /* no source: no AUTH */
	CREDENTIAL_TABLE,      /* a row of sasl_passwd for this hop */
	CREDENTIAL_LITERAL,    /* `password` */
	CREDENTIAL_FILE,       /* `passwordfile` */
	CREDENTIAL_SYSTEMD,    /* `password_credential` */
	CREDENTIAL_DESCRIPTOR, /* `password_fd` */
	CREDENTIAL_COMMAND,    /* `passwordeval` */
	CREDENTIAL_NETRC,      /* ~/.netrc, then SYSCONFDIR/netrc */
	CREDENTIAL_KEYRING,    /* the desktop's keyring, then as the next */
	CREDENTIAL_PROMPT,     /* the person at the terminal */
	CREDENTIAL_UNNEEDED    /* the mechanism needs no password (EXTERNAL, GSSAPI) */
};

struct credential {
	enum credential_source source;
	const char *user;  /* NULL: none */
	const char *where; /* "/etc/relay/sasl_passwd:3", "the command 'pass'": for
			      --pretend and hints, never the secret */
	const struct account *account;
	struct password_rule rule; /* CREDENTIAL_TABLE */
	struct password_row row;
	const char *netrc_file; /* CREDENTIAL_NETRC */
	const char *host;       /* CREDENTIAL_NETRC, CREDENTIAL_KEYRING, CREDENTIAL_PROMPT */
};

struct credential_request {
	const struct account *account;   /* the way's account */
	const struct transport_hop *hop; /* next hop as configured: the key (F98) */
	bool own_hop;                    /* the hop is the account's own host:port */
	struct address sender;           /* before generic */
	const struct completion *completion;
	const struct environment *environment;
	struct password_book *book; /* of all requests; NULL: this one stands alone */
};

/* Notes in the book what credential_find() will ask of sasl_passwd, so that it is read once for all
 * requests. */
void credential_note(const struct credential_request *request);

/*
 * Finds the source.  The account's own user and password are taken only for its
 * own host:port (design: whose password); a foreign hop needs a row or netrc.
 * `auth off` gives CREDENTIAL_NONE.  Fails with EX_CONFIG for `auth on` or a named mechanism
 * without any source, with the remedies as hint, and as password_find().
 */
bool credential_find(const struct credential_request *request, struct arena *arena,
    struct credential *credential, struct failure *why);

/*
 * Reads the secret.  passwordeval: /bin/sh -c, own stdin /dev/null, 60 s, status
 * counts, its stderr shown on failure; first line only.  Nothing is kept for
 * CREDENTIAL_NONE and CREDENTIAL_UNNEEDED.  A password_fd that is a pipe gives its line
 * once.  Fails with EX_CONFIG (files missing, unreadable or readable by others, empty
 * secret) or EX_TEMPFAIL (command failed).
 */
bool credential_read(const struct credential *credential, const struct environment *environment,
    struct secret *secret, struct failure *why);

#endif
