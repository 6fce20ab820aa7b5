/* SPDX-License-Identifier: ISC */
/*
 * Header lines that are too long to travel (RFC 5322 2.1.1), folded at blanks that
 * are there: unfolding gives the same bytes back.
 */
#ifndef RELAY_MAIL_FOLDING_H
#define RELAY_MAIL_FOLDING_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/text.h"

struct buffer;

/* Has a line of the block more than CONTENT_LINE_MAX bytes? */
bool folding_needed(struct text block);

/*
 * Appends the block (CRLF lines) with its long lines folded, at 78 bytes where there is
 * a blank.  Linear time.  Fails with EX_DATAERR, naming the line, on one that stays too long.
 */
bool folding_apply(struct text block, struct buffer *to, struct failure *why);

#endif
