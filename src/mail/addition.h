/* SPDX-License-Identifier: ISC */
/*
 * The fields a message must have and may come without: From, Date, Message-ID
 * (RFC 5322 3.6, RFC 6409 section 8), made in one place.
 */
#ifndef RELAY_MAIL_ADDITION_H
#define RELAY_MAIL_ADDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "mail/address.h"
#include "mail/header.h"

struct arena;

struct addition {
	bool from;             /* add From when missing */
	bool date;             /* add Date when missing */
	bool message_id;       /* add Message-ID when missing */
	struct address sender; /* complete; for From.  Null: MAILER-DAEMON@domain */
	struct text full_name; /* display name for From; encoded as needed; may be empty */
	struct text domain;    /* right side of a Message-ID */
	int64_t now;           /* seconds since 1970 */
	uint64_t now_us;
	uint64_t random[2]; /* for the Message-ID */
};

/* The field lines (CRLF-ended) that `header` lacks, to stand before it; may be
 * empty.  In a block with Resent- fields the plain ones are judged all the same.
 * Belongs to arena. */
struct text addition_make(
    const struct addition *addition, const struct header *header, struct arena *arena);

/* `From: "Name" <address>` with CRLF: the name plain when it is atoms, quoted when
 * it must be, encoded words (mail/word) when it holds 8-bit, dropped control
 * bytes (F174). */
struct text addition_from(struct address sender, struct text full_name, struct arena *arena);

/* The date-time of RFC 5322 3.3 in local time with its numeric zone. */
struct text addition_date(int64_t now, struct arena *arena);

#endif
