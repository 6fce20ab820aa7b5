/* SPDX-License-Identifier: ISC */
/*
 * AUTH (RFC 4954) by libgsasl, and by tokens.  The one function that writes it refuses every
 * channel that is not private: the check stands on the state of the connection, never on a setting.
 */
#ifndef RELAY_SMTP_AUTH_H
#define RELAY_SMTP_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/secret.h"
#include "smtp/session.h"

struct auth_identity {
	const char *user;     /* NULL: none */
	const char *filter;   /* mechanisms: "on" or a list */
	const char *hostname; /* of the service, for GSSAPI, DIGEST-MD5 and OAUTHBEARER */
	uint16_t port;        /* of the service, for OAUTHBEARER; 0: not told */
	const char *where;    /* the secret comes from, for hints; NULL: not known */
	const char *nonce;    /* of SCRAM; NULL: a fresh one, as it should be */
	/* Fetches the secret, once, after a mechanism that needs one was chosen; auth_login()
	 * wipes it.  NULL: there is none. */
	bool (*secret)(void *data, struct secret *secret, struct failure *why);
	void *data;
};

/*
 * Logs in.  Fails in stage AUTH: EX_NOPERM (77) when the channel is not private, or 535 and
 * other 5xx; EX_TEMPFAIL for 4xx, lost connection, deadline; EX_UNAVAILABLE as
 * mechanism_choose(); EX_CONFIG for a missing user or secret, one with a NUL, one that is too
 * long for AUTH, or what is no token; EX_PROTOCOL for bad challenges (answered with `*`) and a
 * server signature that is wrong or missing even when 235 came (F84).  Only one mechanism is tried
 * (F92).
 */
bool auth_login(struct session *session, const struct auth_identity *identity, struct failure *why);

#endif
