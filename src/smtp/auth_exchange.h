/* SPDX-License-Identifier: ISC */
/*
 * The challenges and responses of one AUTH command (RFC 4954 section 4).  Knows a libgsasl
 * session that is ready to step, and not where user and password come from.
 */
#ifndef RELAY_SMTP_AUTH_EXCHANGE_H
#define RELAY_SMTP_AUTH_EXCHANGE_H

#include <stdbool.h>

#include <gsasl.h>

#include "base/failure.h"
#include "smtp/mechanism.h"
#include "smtp/session.h"

#define AUTH_EXCHANGE_LINE_MAX ((size_t)12288) /* RFC 4954 4: of a line, CRLF included (F78) */
#define AUTH_EXCHANGE_ROUNDS_MAX 16            /* F79 */
#define AUTH_EXCHANGE_ITERATIONS_MIN 4096      /* RFC 5802 5.1: fewer are easily guessed (F82) */
#define AUTH_EXCHANGE_ITERATIONS_MAX 1000000   /* a second of this machine's work (F82) */

struct auth_exchange {
	struct session *session;
	const struct mechanism *mechanism;
	Gsasl_session *sasl;
	const char *user; /* for messages; NULL: none */
};

/* May a password cross the session's channel?  Fails in stage AUTH with EX_NOPERM. */
bool auth_exchange_allowed(const struct session *session, struct failure *why);

/* Runs it to the server's 235.  Fails as auth_login() says. */
bool auth_exchange_run(const struct auth_exchange *exchange, struct failure *why);

#endif
