/* SPDX-License-Identifier: ISC */
/*
 * What a server says in a 334 (RFC 4954 section 4): decoded, and judged before any library sees
 * it.
 */
#ifndef RELAY_SMTP_AUTH_CHALLENGE_H
#define RELAY_SMTP_AUTH_CHALLENGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"
#include "smtp/mechanism.h"
#include "smtp/reply.h"

#define AUTH_CHALLENGE_LINE_MAX ((size_t)12288) /* RFC 4954 4: of a line, CRLF included (F78) */
#define AUTH_CHALLENGE_CRAM_MAX ((size_t)1024)  /* of CRAM-MD5; those of servers have 100 (F86) */

struct auth_challenge {
	char *bytes; /* NULL: empty */
	size_t length;
};

/* Decodes the challenge of a 334.  Fails with EX_PROTOCOL when it is too long, no base64 in every
 * byte, or of several lines (F77, F78). */
bool auth_challenge_read(
    const struct reply *reply, struct auth_challenge *challenge, struct failure *why);

/* The bytes, borrowed. */
struct text auth_challenge_text(const struct auth_challenge *challenge);

/*
 * May the mechanism work on it?  What
 * CRAM-MD5 is to sign has at most AUTH_CHALLENGE_CRAM_MAX bytes and the form of a msg-id (RFC
 * 2195 2); any form but an empty one when the user `named` the mechanism (F86).  Fails with
 * EX_PROTOCOL.
 */
bool auth_challenge_judge(const struct auth_challenge *challenge, const struct mechanism *mechanism,
    bool named, struct failure *why);

/* Wipes and frees.  May be called again. */
void auth_challenge_close(struct auth_challenge *challenge);

#endif
