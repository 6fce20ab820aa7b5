/* SPDX-License-Identifier: ISC */
/*
 * Command lines, and the one place that refuses what must never be in one: CR, LF,
 * NUL, other control bytes, a length past RFC 5321 4.5.3.1.4 with room for
 * extensions.
 */
#ifndef RELAY_SMTP_COMMAND_H
#define RELAY_SMTP_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"

#define COMMAND_LINE_MAX 12288 /* RFC 4954 section 4: an AUTH line; others are far shorter */

struct command_mail {
	struct text sender; /* as address_format() gives it; empty: null */
	bool has_size;
	uint64_t size_bytes;
	bool body_8bit;
	bool smtputf8;
	const char *dsn_return;  /* FULL, HDRS; NULL: none */
	const char *envelope_id; /* NULL: none; written as xtext (RFC 3461 4.4) */
};

struct command_rcpt {
	struct text recipient;
	const char *dsn_notify; /* NULL: none */
	struct text original;   /* ORCPT rfc822; empty: none */
};

/* Each appends one line with CRLF to a buffer without maximum.  Fails with EX_USAGE (nothing
 * appended) on a byte or length that may not be sent. */
bool command_plain(struct buffer *to, const char *words, struct failure *why);
bool command_hello(struct buffer *to, const char *verb, const char *domain, struct failure *why);
bool command_mail(struct buffer *to, const struct command_mail *mail, struct failure *why);
bool command_rcpt(struct buffer *to, const struct command_rcpt *rcpt, struct failure *why);
bool command_bdat(struct buffer *to, uint64_t size_bytes, bool last, struct failure *why);

#endif
