/* SPDX-License-Identifier: ISC */
/*
 * Transcripts as script.h describes them, taken apart into entries.
 */
#ifndef RELAY_TESTS_SUPPORT_TRANSCRIPT_H
#define RELAY_TESTS_SUPPORT_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct arena;

enum transcript_kind {
	TRANSCRIPT_SERVER,
	TRANSCRIPT_CLIENT,
	TRANSCRIPT_DATA,
	TRANSCRIPT_CHUNK,
	TRANSCRIPT_PART,
	TRANSCRIPT_TLS,
	TRANSCRIPT_TLS_UNVERIFIED,
	TRANSCRIPT_TLS_REFUSED,
	TRANSCRIPT_CLOSE,
	TRANSCRIPT_STALL,
	TRANSCRIPT_BREAK,
	TRANSCRIPT_SIGNAL
};

struct transcript_entry {
	enum transcript_kind kind;
	struct text bytes; /* of a server's or client's line, CRLF included */
	size_t number;     /* its line in the transcript */
};

struct transcript {
	struct transcript_entry *entries;
	size_t count;
	size_t capacity;
	bool local;      /* LOCAL stands in it */
	size_t bad_line; /* the first line that is no entry; 0: none */
};

/* Takes a transcript apart; entries belong to arena. */
struct transcript transcript_read(struct text text, struct arena *arena);

/* The text of a file of tests/dialogs (below $srcdir); empty when it cannot be read. */
struct text transcript_load(const char *name, struct arena *arena);

#endif
