/* SPDX-License-Identifier: ISC */
/*
 * What --import makes of another program's words: a row for each of them, and the loop that
 * applies them to the lines of a file, in their order.
 */
#ifndef RELAY_CONFIG_IMPORT_ROW_H
#define RELAY_CONFIG_IMPORT_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"
#include "config/import_writer.h"

/* No configuration of a person has more lines that say something. */
#define IMPORT_ROW_ENTRIES_MAX ((size_t)4096)

/* A line of theirs. */
struct import_entry {
	struct text name;
	struct text value;
	struct import_place place;
	bool broken; /* what it says could not be made out */
};

struct import_entries {
	struct import_entry *items; /* belongs to arena */
	size_t count;
	size_t capacity;
	bool fold; /* letter case of names does not count */
};

enum import_row_act {
	IMPORT_ROW_TEXT,  /* the setting, with that value */
	IMPORT_ROW_EXACT, /* the same, % doubled */
	IMPORT_ROW_FILE,  /* the same, a file that should be there */
	IMPORT_ROW_CALL,  /* what `write` does */
	IMPORT_ROW_APART, /* looked at elsewhere, together with others */
	IMPORT_ROW_LOST,  /* for `reason` */
	IMPORT_ROW_IDLE   /* nothing that sending would miss */
};

struct import_row {
	const char *name; /* their word; with '*' at its end: every word that begins so */
	enum import_row_act act;
	enum setting_id setting;
	const char *reason;
	void (*write)(
	    struct import_writer *writer, const struct import_entry *entry, const void *data);
	bool first; /* of several lines the first counts, not the last */
};

struct import_rows {
	const struct import_row *rows;
	size_t count;
	const char *unknown; /* why a word without a row is not kept; NULL: it is idle */
	const char *idle;    /* how the idle ones are called in a comment; NULL: not at all */
};

/* Adds an entry.  Fails with EX_CONFIG at file:line past IMPORT_ROW_ENTRIES_MAX. */
bool import_row_add(struct import_entries *entries, const struct import_entry *entry,
    struct arena *arena, struct failure *why);

/* The entry that counts, the last or the first, broken or not; NULL: none. */
const struct import_entry *import_row_last(const struct import_entries *entries, const char *name);
const struct import_entry *import_row_first(const struct import_entries *entries, const char *name);

/* Writes what the rows say about each entry that counts; `data` is for the calls. */
void import_row_write(const struct import_rows *rows, const struct import_entries *entries,
    const void *data, struct import_writer *writer);

#endif
