/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/generic_check.h"

#include "base/buffer.h"
#include "table/table_warnings.h"
#include "tests/support/shelf.h"

static struct shelf *shelf;

static void
open_shelf(void)
{
	shelf = shelf_open();
}

static void
close_shelf(void)
{
	shelf_close(shelf);
}

TestSuite(generic_check, .init = open_shelf, .fini = close_shelf);

/* What is told, a line each: "2 F the result ...". */
static const char *
told_of(const char *content, bool recursion)
{
	struct table_warnings warnings = { .arena = shelf->arena };
	const struct generic_rule rule = { .path = shelf_file(shelf, "generic", content),
		.recursion = recursion,
		.completion = &shelf->completion };
	const char *told = "";
	size_t rows;

	cr_assert(generic_check(&rule, &warnings, &rows, &shelf->why), "%s", shelf->why.what);
	table_warnings_sort(&warnings);
	for (size_t i = 0; i < warnings.count; i++)
		told = arena_print(shelf->arena, "%s%zu %c %s\n", told, warnings.items[i].line,
		    warnings.items[i].fault ? 'F' : 'W', warnings.items[i].what);
	return told;
}

Test(generic_check, counts_good_rows_and_says_nothing_of_them)
{
	struct table_warnings warnings = { .arena = shelf->arena };
	const struct generic_rule rule = {
		.path = shelf_file(shelf, "generic",
		    "root me@isp.example\n@web.lan @isp.example\nnobody <>\n"
		    "\"a b\"@x Ann <ann@isp.example>\nlocal bob\n"),
		.recursion = true,
		.completion = &shelf->completion
	};
	size_t rows;

	cr_assert(generic_check(&rule, &warnings, &rows, &shelf->why), "%s", shelf->why.what);
	cr_expect_eq(rows, 5);
	cr_expect_eq(warnings.count, 0, "%s", warnings.count == 0 ? "" : warnings.items[0].what);
}

/* F205 F206: what generic_resolve() refuses is found before mail meets it. */
Test(generic_check, finds_every_value_that_is_no_address)
{
	static const struct {
		const char *value;
		const char *what;
	} rows[] = {
		{ "@", "a lone '@'" },
		{ "@a..b", "empty label" },
		{ "a@b@c", "two '@'" },
		{ "a@", "" },
		{ "(nobody)", "there is none" },
		{ "a\x01z@b.example", "" },
		{ "a@b\x7f.example", "" },
		{ "\"a@b.example", "" },
		{ "a@b.example\xff", "UTF-8" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *told = told_of(
		    arena_print(shelf->arena, "ok x@y.example\nkey %s\n", rows[i].value), true);

		cr_expect(strncmp(told, "2 F ", 4) == 0, "%s: %s", rows[i].value, told);
		cr_expect_not_null(strstr(told, rows[i].what), "%s: %s", rows[i].value, told);
	}
}

Test(generic_check, warns_of_more_than_one_address)
{
	cr_expect_str_eq(told_of("root one@isp.example, two@isp.example\n", true),
	    "1 W the value holds 2 addresses, of which only the first counts\n");
	cr_expect_str_eq(told_of("root one@isp.example # main\n", true),
	    "1 W the value holds 3 addresses, of which only the first counts: a '#' behind text "
	    "begins no comment\n");
}

Test(generic_check, warns_of_equal_keys)
{
	cr_expect_str_eq(told_of("root a@x.example\n\nROOT @\n", true),
	    "3 W line 1 has the same key and is the one that counts\n");
}

Test(generic_check, warns_of_keys_that_match_nothing)
{
	cr_expect_str_eq(told_of("root@ a@x.example\n", true),
	    "1 W the key never matches: there is no domain behind the '@'\n");
}

Test(generic_check, tells_which_results_are_looked_up_again)
{
	static const struct {
		const char *content;
		const char *told;
	} rows[] = {
		{ "root a@x.example\na@x.example b@y.example\n",
		    "1 W the result is looked up again, line 2: Postfix would stop here\n" },
		{ "a@x.example b@y.example\nroot A@X.example\n",
		    "2 W the result is looked up again, line 1: Postfix would stop here\n" },
		{ "root alice\nalice a@x.example\n",
		    "1 W the result is looked up again, line 2: Postfix would stop here\n" },
		{ "root a@x.example\n@x.example @y.example\n",
		    "1 W the result is looked up again, line 2: Postfix would stop here\n" },
		{ "@a.example @b.example\n@b.example @c.example\n",
		    "1 W the result is looked up again, line 2: Postfix would stop here\n" },
		/* Nothing changes any more. */
		{ "@x.example me@x.example\n", "" },
		{ "root root@local.example\n", "" },
		/* A row that does not count leads nowhere. */
		{ "root z@z.example\nROOT a@x.example\na@x.example b@y.example\n",
		    "2 W line 1 has the same key and is the one that counts\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect_str_eq(told_of(rows[i].content, true), rows[i].told, "%s: %s",
		    rows[i].content, told_of(rows[i].content, true));
		cr_expect_null(strstr(told_of(rows[i].content, false), "again"));
	}
}

/* F199 */
Test(generic_check, fails_for_a_file_that_is_missing)
{
	struct table_warnings warnings = { .arena = shelf->arena };
	const struct generic_rule rule = { .path = shelf_path(shelf, "missing"),
		.completion = &shelf->completion };
	size_t rows;

	cr_assert_not(generic_check(&rule, &warnings, &rows, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
}
