/* SPDX-License-Identifier: ISC */
/*
 * The fields of a header block, found without changing a byte.
 */
#ifndef RELAY_MAIL_HEADER_H
#define RELAY_MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct arena;

struct header_field {
	struct text raw;   /* the whole field with folding and its last CRLF */
	struct text name;  /* before the colon, blanks at its end left out (`Bcc :`) */
	struct text value; /* after the colon up to the last CRLF, folding included */
};

struct header {
	struct header_field *fields; /* belongs to arena; borrows the block */
	size_t count;
};

/*
 * Finds the fields of `block`, which is CRLF-normalised and holds only field
 * lines (header_line() true, or continuation of one).  Linear time (F169).
 */
struct header header_read(struct text block, struct arena *arena);

/* Does the line begin a field: a name of bytes 33..126 but ':', blanks, a colon? */
bool header_line(struct text line);

/* Is it the field of that name, letter case not counted? */
bool header_is(const struct header_field *field, const char *name);

/* The first field of that name at or after `*at` (which moves behind it); NULL: none. */
const struct header_field *header_find(const struct header *header, const char *name, size_t *at);

/* Is there one? */
bool header_has(const struct header *header, const char *name);

/* The value without folding and blanks at its ends; belongs to arena. */
struct text header_unfold(struct text value, struct arena *arena);

#endif
