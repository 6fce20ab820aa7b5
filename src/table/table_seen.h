/* SPDX-License-Identifier: ISC */
/*
 * Which keys a table has, and where: for checks that read a table through.  Mail never
 * needs it, since it asks for a few keys only (table_keys).
 *
 * Keys are folded and kept whole, side by side: a million rows of 25 bytes take 50 MB.
 */
#ifndef RELAY_TABLE_TABLE_SEEN_H
#define RELAY_TABLE_TABLE_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/text.h"
#include "table/table.h"

struct table_seen {
	char *records; /* each: the line, the folded key, NUL */
	size_t length;
	size_t capacity;
	size_t *slots;     /* where a record begins; 0: free */
	size_t slot_count; /* 0 or a power of two */
	size_t count;
	struct buffer scratch;
};

/* No keys.  table_seen_close() frees everything and may be called again. */
struct table_seen table_seen_open(void);
void table_seen_close(struct table_seen *seen);

/* Notes that the key has a row at `line`, unless it has one already: then the line of that
 * one, else 0. */
size_t table_seen_add(struct table_seen *seen, struct text key, size_t line);

/* The line of the key's row; 0: it has none. */
size_t table_seen_find(struct table_seen *seen, struct text key);

/* table_seen_add() that warns of a key that has a row already; true when it had none. */
bool table_seen_row(
    struct table_seen *seen, struct text key, size_t line, struct table_warnings *warnings);

#endif
