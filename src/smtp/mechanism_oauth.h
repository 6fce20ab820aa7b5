/* SPDX-License-Identifier: ISC */
/*
 * XOAUTH2 (Google's and Microsoft's) and OAUTHBEARER (RFC 7628): what is said to log in by a
 * token, and what the server's answer to a bad one means.  libgsasl has neither.
 */
#ifndef RELAY_SMTP_MECHANISM_OAUTH_H
#define RELAY_SMTP_MECHANISM_OAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "smtp/mechanism.h"
#include "smtp/reply.h"

#define MECHANISM_OAUTH_WORD_MAX 160

struct mechanism_oauth {
	const char *user;
	const char *host; /* of the server; OAUTHBEARER tells both */
	uint16_t port;
	struct text token; /* borrowed */
};

/* The error that a server tells in a challenge, printable; empty where it says nothing. */
struct mechanism_oauth_error {
	char status[MECHANISM_OAUTH_WORD_MAX];
	char scope[MECHANISM_OAUTH_WORD_MAX];
	char schemes[MECHANISM_OAUTH_WORD_MAX];
	char words[MECHANISM_OAUTH_WORD_MAX]; /* the challenge itself when it is no JSON object */
};

/*
 * Appends the initial response, which holds the token.  Fails with EX_CONFIG for a user with
 * control bytes, and for what is no token: a command that prints an error where its token belongs.
 */
bool mechanism_oauth_response(const struct mechanism *mechanism,
    const struct mechanism_oauth *login, struct buffer *to, struct failure *why);

/* Reads the JSON of an error challenge; whatever it holds. */
void mechanism_oauth_error(struct text challenge, struct mechanism_oauth_error *error);

/* What the client has to say to an error so that the server ends the exchange, before base64:
 * one byte 0x01 (RFC 7628 3.2.3), nothing for XOAUTH2. */
struct text mechanism_oauth_dummy(const struct mechanism *mechanism);

struct mechanism_oauth_refusal {
	const struct reply *reply; /* that ended the exchange */
	const char *user;
	const char *where; /* the token came from, for the hint; NULL: not known */
};

/* The failure of that error: EX_NOPERM, or EX_TEMPFAIL for a 4xx or a status of 5xx. */
bool mechanism_oauth_refuse(const struct mechanism *mechanism,
    const struct mechanism_oauth_error *error, const struct mechanism_oauth_refusal *refusal,
    struct failure *why);

#endif
