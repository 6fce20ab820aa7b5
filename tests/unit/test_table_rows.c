/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_rows.h"

#include "base/buffer.h"
#include "tests/support/shelf.h"

struct visited {
	size_t count;
	size_t last_line;
};

static void
visit(void *data, const struct table_row *row, struct arena *arena)
{
	struct visited *visited = data;

	cr_assert_not_null(arena_zero(arena, row->key.length));
	visited->count++;
	visited->last_line = row->line;
}

Test(table_rows, visits_every_row)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct visited visited = { 0 };
	struct buffer bytes = buffer_open(0);
	size_t count = 0;

	(void)buffer_add(&bytes, "# first\nlonely\n");
	for (size_t i = 0; i < 3 * TABLE_ROWS_BATCH; i++)
		(void)buffer_print(&bytes, "k%zu v\n", i);
	(void)shelf_bytes(shelf, "t", bytes.bytes, bytes.length);
	cr_assert(table_rows_each(shelf_path(shelf, "t"), false, &warnings, visit, &visited, &count,
		      &shelf->why),
	    "%s", shelf->why.what);
	cr_expect_eq(count, 3 * TABLE_ROWS_BATCH);
	cr_expect_eq(visited.count, count);
	cr_expect_eq(visited.last_line, count + 2);
	cr_expect_eq(warnings.faults, 1);
	buffer_close(&bytes);
	shelf_close(shelf);
}

/* F199 */
Test(table_rows, fails_for_a_file_that_is_missing)
{
	struct shelf *shelf = shelf_open();
	struct visited visited = { 0 };
	size_t count = 7;

	cr_assert_not(table_rows_each(
	    shelf_path(shelf, "missing"), false, NULL, visit, &visited, &count, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	cr_expect_eq(count, 7);
	shelf_close(shelf);
}
