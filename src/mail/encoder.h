/* SPDX-License-Identifier: ISC */
/*
 * The two transfer encodings of RFC 2045 (6.7, 6.8) over a stream of bytes cut anywhere.
 * Lines of the output have at most 76 bytes and end in CRLF.
 */
#ifndef RELAY_MAIL_ENCODER_H
#define RELAY_MAIL_ENCODER_H

#include <stddef.h>

#include "base/text.h"

struct buffer;

/* Bytes of input that make one line of base64. */
#define ENCODER_GROUP 57

enum encoder_kind { ENCODER_IDENTITY, ENCODER_QUOTED_PRINTABLE, ENCODER_BASE64 };

struct encoder {
	enum encoder_kind kind;
	size_t column;             /* bytes of the output line so far */
	char held;                 /* a blank that may turn out to end its line; else NUL */
	char group[ENCODER_GROUP]; /* what is not a whole line of base64 yet */
	size_t group_length;
};

struct encoder encoder_start(enum encoder_kind kind);

/* Appends `input` encoded; quoted-printable wants CRLF lines.  `output` has no maximum. */
void encoder_feed(struct encoder *encoder, struct text input, struct buffer *output);

/* Appends what was held back. */
void encoder_finish(struct encoder *encoder, struct buffer *output);

/* The value of Content-Transfer-Encoding. */
const char *encoder_name(enum encoder_kind kind);

#endif
