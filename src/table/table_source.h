/* SPDX-License-Identifier: ISC */
/*
 * What a named table is: a text file, or one compiled by tinycdb.  Postfix's main.cf puts a
 * type in front of the path (`hash:/etc/postfix/generic`); the configuration settles what was
 * written into a name, which is what rules carry and what people are shown:
 *
 *     /etc/postfix/generic             the text
 *     cdb:/etc/postfix/generic.cdb     the compiled table
 */
#ifndef RELAY_TABLE_TABLE_SOURCE_H
#define RELAY_TABLE_TABLE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"

struct arena;

enum table_source_kind { TABLE_SOURCE_TEXT, TABLE_SOURCE_CDB };

struct table_source {
	enum table_source_kind kind;
	const char *path; /* of the file that is read; for messages, too */
};

/*
 * Splits what a person wrote: *path is what stands behind the type, `~/` and all.  A path alone
 * is a text; so are `texthash:`, and the maps that Postfix compiles of a text (`hash:`, `btree:`,
 * `lmdb:`, `dbm:`, `sdbm:`), of which the text is read.  `proxy:` in front of a type says nothing.
 * Fails with EX_CONFIG and a hint for any other `word:` (F209: patterns are not matched), for a
 * type without a path, and for several maps.
 */
bool table_source_read(
    struct text written, enum table_source_kind *kind, struct text *path, struct failure *why);

/* The settled name; a compiled table gets Postfix's `.cdb` behind its path, unless that is there.
 * Belongs to arena. */
const char *table_source_name(enum table_source_kind kind, const char *path, struct arena *arena);

/* What a settled name names; the path is part of the name. */
struct table_source table_source_of(const char *name);

/* Where a row of a settled name stands: path:line, and for a line of 0 (a compiled row has none)
 * the path.  Belongs to arena. */
const char *table_source_place(const char *name, size_t line, struct arena *arena);

/* failure_at() for such a place. */
bool table_source_at(struct failure *why, const char *name, size_t line);

#endif
