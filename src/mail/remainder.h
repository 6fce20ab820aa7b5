/* SPDX-License-Identifier: ISC */
/*
 * The rest of a large body that stays in the file which the caller gave, and is read and
 * normalised a second time when it is sent: it need not be written to another file first.
 *
 * Its first part is in memory like any body.  Knows where the second begins and in which state
 * the normaliser was there, and nothing of messages.
 */
#ifndef RELAY_MAIL_REMAINDER_H
#define RELAY_MAIL_REMAINDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "mail/content.h"

struct remainder {
	bool left;             /* there is one */
	int fd;                /* borrowed; its offset does not matter */
	uint64_t start, end;   /* bytes of the file */
	struct content before; /* what was known at `start` */
};

/* Hands it out once. */
struct remainder_reader {
	const struct remainder *remainder;
	uint64_t at; /* in the file */
	struct content content;
	struct buffer lines;
	char *block; /* NULL: nothing was handed out yet */
	bool over;
};

struct remainder_reader remainder_reader_open(const struct remainder *remainder);

/* The next piece, at most 256 KiB, borrowed until the next call; empty at the end.  Fails with
 * EX_IOERR, and with EX_DATAERR on a NUL that was not there at first. */
bool remainder_reader_next(
    struct remainder_reader *reader, struct text *piece, struct failure *why);

void remainder_reader_close(struct remainder_reader *reader);

#endif
