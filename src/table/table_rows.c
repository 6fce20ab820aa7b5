/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_rows.h"

#include "base/arena.h"

struct arena *
table_rows_arena(struct arena *arena, size_t count)
{
	/* Opening one for each row would cost more than the row. */
	if (count % TABLE_ROWS_BATCH != 0)
		return arena;
	arena_close(arena);
	return arena_open();
}

bool
table_rows_each(const char *path, bool secret, struct table_warnings *warnings,
    void (*visit)(void *data, const struct table_row *row, struct arena *arena), void *data,
    size_t *count, struct failure *why)
{
	struct table_reader *reader;
	struct arena *arena = NULL;
	size_t visited = 0;
	bool found = true;
	bool read = true;

	if (!table_open(path, secret, &reader, why))
		return false;
	while (read && found) {
		struct table_row row;

		read = table_next_row(reader, warnings, &row, &found, why);
		if (!read || !found)
			continue;
		arena = table_rows_arena(arena, visited++);
		visit(data, &row, arena);
	}
	arena_close(arena);
	table_close(reader);
	if (read)
		*count = visited;
	return read;
}
