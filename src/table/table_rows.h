/* SPDX-License-Identifier: ISC */
/*
 * A walk over all rows of a table, for checks.
 */
#ifndef RELAY_TABLE_TABLE_ROWS_H
#define RELAY_TABLE_TABLE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "table/table.h"

struct arena;

/* Rows that share one arena of a walk: what it holds is gone with the last of them. */
#define TABLE_ROWS_BATCH ((size_t)256)

/* The memory for the row of that number, from 0: `arena` (NULL at first), or a new one in its
 * place every TABLE_ROWS_BATCH rows.  The last one is closed by the caller. */
struct arena *table_rows_arena(struct arena *arena, size_t count);

/*
 * Visits every well-formed row and counts them; others are told in `warnings` (may be NULL).
 * What the visitor's arena gives is soon gone.  Fails as table_open() and table_next_line().
 */
bool table_rows_each(const char *path, bool secret, struct table_warnings *warnings,
    void (*visit)(void *data, const struct table_row *row, struct arena *arena), void *data,
    size_t *count, struct failure *why);

#endif
