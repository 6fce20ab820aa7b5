/* SPDX-License-Identifier: ISC */
/*
 * What a server says it can do: the keywords of its EHLO reply (RFC 5321 4.1.1.1).
 */
#ifndef RELAY_SMTP_CAPABILITY_H
#define RELAY_SMTP_CAPABILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "smtp/reply.h"

#define CAPABILITY_MECHANISMS_MAX 64

struct capability {
	bool starttls;
	bool pipelining;
	bool eight_bit_mime;
	bool dsn;
	bool smtputf8;
	bool chunking;
	bool enhanced_codes;
	bool size;           /* SIZE was offered */
	uint64_t size_limit; /* bytes; 0: no limit told */
	bool auth;           /* AUTH was offered, with whatever mechanisms */
	struct text mechanisms[CAPABILITY_MECHANISMS_MAX]; /* as written; borrows the reply */
	size_t mechanism_count;
};

/* Reads the lines after the first; what is not known is passed over; only the exact keyword
 * counts, letter case not (F20, F74: also `AUTH=`; F138: a size that does not fit means no limit
 * told). */
void capability_read(const struct reply *reply, struct capability *capability);

/* Is the mechanism offered, letter case not counted? */
bool capability_has_mechanism(const struct capability *capability, const char *name);

/* The mechanisms with blanks between, for messages; belongs to arena. */
const char *capability_mechanisms(const struct capability *capability, struct arena *arena);

#endif
