/* SPDX-License-Identifier: ISC */
/*
 * Dot transparency (RFC 5321 4.5.2) over a stream of CRLF lines cut at any byte.
 */
#ifndef RELAY_SMTP_DOTSTUFF_H
#define RELAY_SMTP_DOTSTUFF_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/text.h"

struct dotstuff {
	enum { DOTSTUFF_LINE_START, DOTSTUFF_IN_LINE, DOTSTUFF_AFTER_CR } state;
};

struct dotstuff dotstuff_start(void);

/* Appends `input` with a dot put before each dot that begins a line.  Scans at memchr speed. */
void dotstuff_feed(struct dotstuff *dotstuff, struct text input, struct buffer *to);

/* Appends the end of data: CRLF when the last line is open, then a lone dot. */
void dotstuff_finish(struct dotstuff *dotstuff, struct buffer *to);

#endif
