/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_loop.h"

#include "table/alias.h"
#include "table/alias_graph.h"
#include "tests/support/shelf.h"

/* Rows "name: target" without the colon; line numbers from 1. */
static size_t
suspects_of(
    struct shelf *shelf, const char *const (*rows)[2], size_t count, size_t *lines, size_t max)
{
	const struct alias_rule rule = { .completion = &shelf->completion };
	struct table_seen names = table_seen_open();
	struct alias_loop loop = { .rule = &rule, .names = &names, .arena = shelf->arena };
	size_t found;

	for (size_t i = 0; i < count; i++)
		(void)table_seen_add(&names, text_of(rows[i][0]), i + 1);
	for (size_t i = 0; i < count; i++) {
		struct alias_targets targets = { 0 };

		alias_target_read(text_of(rows[i][1]), shelf->arena, &targets);
		alias_loop_add(&loop, text_of(rows[i][0]), i + 1, &targets, shelf->arena);
	}
	found = alias_loop_suspects(&loop, lines, max);
	table_seen_close(&names);
	return found;
}

/* F195 */
Test(alias_loop, suspects_what_leads_to_itself)
{
	static const char *const rows[][2] = {
		{ "good", "a@isp.example" },
		{ "a", "b, x@isp.example" },
		{ "self", "self, x@isp.example" },
		{ "b", "A@local.example" },
		{ "leads", "good, a" },
		{ "fine", "good, self, unknown" },
		{ "c", "d, a" },
		{ "d", "e" },
		{ "e", "fine, c" },
	};
	struct shelf *shelf = shelf_open();
	size_t lines[8];

	cr_assert_eq(suspects_of(shelf, rows, sizeof rows / sizeof *rows, lines, 8), 2);
	cr_expect_eq(lines[0], 2);
	cr_expect_eq(lines[1], 7);
	cr_expect_eq(suspects_of(shelf, rows, sizeof rows / sizeof *rows, lines, 1), 1);
	shelf_close(shelf);
}

/* F195: the deepest way that is allowed has ALIAS_GRAPH_DEPTH rows. */
Test(alias_loop, suspects_a_chain_that_is_too_long)
{
	const char *rows[ALIAS_GRAPH_DEPTH + 3][2];
	struct shelf *shelf = shelf_open();
	size_t lines[8];

	for (size_t i = 0; i < ALIAS_GRAPH_DEPTH + 3; i++) {
		rows[i][0] = arena_print(shelf->arena, "n%zu", i);
		rows[i][1] = arena_print(shelf->arena, "n%zu", i + 1);
	}
	cr_expect_eq(
	    suspects_of(shelf, (const char *const(*)[2])rows, ALIAS_GRAPH_DEPTH, lines, 8), 0);
	cr_assert_eq(
	    suspects_of(shelf, (const char *const(*)[2])rows, ALIAS_GRAPH_DEPTH + 1, lines, 8), 1);
	cr_expect_eq(lines[0], 1);
	cr_expect_eq(
	    suspects_of(shelf, (const char *const(*)[2])rows, ALIAS_GRAPH_DEPTH + 3, lines, 8), 1,
	    "what leads there is told by it");
	cr_expect_eq(lines[0], 3);
	shelf_close(shelf);
}
