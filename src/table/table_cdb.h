/* SPDX-License-Identifier: ISC */
/*
 * Tables compiled by tinycdb (`postmap cdb:/path`, `postalias cdb:/path`), for those who have
 * millions of rows and many mails: a key costs a few reads, not a pass over the text.
 *
 * The library is optional when relay is built, and loaded when a table of this type is opened:
 * who has none does not pay for it.
 */
#ifndef RELAY_TABLE_TABLE_CDB_H
#define RELAY_TABLE_TABLE_CDB_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/text.h"

struct arena;
struct table_cdb;
struct table_keys;

/* Was relay built with tinycdb? */
bool table_cdb_is_supported(void);

/*
 * Opens the file at `path` (without a type) and checks that its index is whole.  `secret`: it
 * holds passwords, so file_keeps_secret() is asked.  Fails with EX_CONFIG when relay was built
 * without tinycdb, when its library cannot be loaded, or when the file is not a regular one or
 * everybody may change it (F201); with EX_TEMPFAIL when it cannot be read (F199) or is damaged,
 * since it may be on its way to disk.
 */
bool table_cdb_open(const char *path, bool secret, struct table_cdb **cdb, struct failure *why);

/* Wipes and frees.  NULL is fine. */
void table_cdb_close(struct table_cdb *cdb);

/*
 * Asks for a folded key, then for the same with a NUL behind it, which is the other form that
 * Postfix writes.  The first of equal rows is found.  The value is trimmed, without that NUL,
 * and borrowed until the next call; never empty.  Fails with EX_TEMPFAIL for a damaged file, and
 * with EX_CONFIG for a value that no text table could hold; where is the path.
 */
bool table_cdb_find(
    struct table_cdb *cdb, struct text key, struct text *value, bool *found, struct failure *why);

/* table_keys_search() over a compiled file; rows have the line 0.  Opens the path when *cdb is
 * NULL, else asks the file that is open (F200); it is the caller's to close, after a failure too.
 * Fails as table_cdb_open() and table_cdb_find(). */
bool table_cdb_search(
    struct table_keys *keys, const char *path, struct table_cdb **cdb, struct failure *why);

/* The text of which the file was compiled (`path` ends in `.cdb`, as settled names do), when that
 * was changed afterwards; NULL: it was not, or is not there.  Belongs to arena. */
const char *table_cdb_newer_text(const char *path, struct arena *arena);

#endif
