/* SPDX-License-Identifier: ISC */
/*
 * The challenges and responses of one AUTH command (RFC 4954 section 4).  Knows a libgsasl
 * session that is ready to step, one of SCRAM, or the words to say in turn, and not where user
 * and password come from.
 */
#ifndef RELAY_SMTP_AUTH_EXCHANGE_H
#define RELAY_SMTP_AUTH_EXCHANGE_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/secret.h"
#include "smtp/auth_challenge.h"
#include "smtp/mechanism.h"
#include "smtp/mechanism_scram.h"
#include "smtp/sasl.h"
#include "smtp/session.h"

#define AUTH_EXCHANGE_LINE_MAX AUTH_CHALLENGE_LINE_MAX /* RFC 4954 4: CRLF included (F105) */
#define AUTH_EXCHANGE_ROUNDS_MAX 16                    /* F79 */
#define AUTH_EXCHANGE_WORDS_MAX 2

struct auth_exchange {
	struct session *session;
	const struct mechanism *mechanism;
	bool named;                    /* the user asked for this mechanism */
	const struct sasl *library;    /* NULL where it is not needed */
	Gsasl_session *sasl;           /* of the library */
	struct mechanism_scram *scram; /* NULL for others */
	/* What PLAIN, LOGIN and OAuth say one after the other, before base64; borrowed. */
	struct text words[AUTH_EXCHANGE_WORDS_MAX];
	size_t word_count;
	const char *user;            /* for messages; NULL: none */
	const char *where;           /* the secret came from, for hints; NULL: not known */
	const struct secret *secret; /* not to be repeated to anybody; NULL: none */
};

/* May a password cross the session's channel?  Fails in stage AUTH with EX_NOPERM. */
bool auth_exchange_allowed(const struct session *session, struct failure *why);

/* Runs it to the server's 235.  Fails as auth_login() says. */
bool auth_exchange_run(const struct auth_exchange *exchange, struct failure *why);

#endif
