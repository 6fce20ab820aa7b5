/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_check.h"

#include "tests/support/shelf.h"

static struct alias_rule
rule_of(struct shelf *shelf, const char *content)
{
	return (struct alias_rule){ .path = shelf_file(shelf, "aliases", content),
		.must_exist = true,
		.completion = &shelf->completion,
		.limit = 10000 };
}

Test(alias_check, judges_every_row)
{
	static const struct {
		const char *line;
		const char *what;
	} cases[] = {
		{ "a: b@x", NULL },
		{ "a: root, \\b, c@y", NULL },
		{ "a: /dev/null", NULL },
		{ "a: b#c", NULL },
		{ "a: b@x # c", "a '#' behind text begins no comment" },
		{ "a: /var/mail/a", "names a file" },
		{ "a: \"|cmd\"", "names a command" },
		{ "a: :include:/nonexistent", "an :include: file that cannot be used" },
		{ "a: \"b", "the value is no list of addresses" },
		{ "a: b@x..y", "names what is no address" },
		{ "a b@x", "no colon" },
		{ "a:", "without a value" },
		{ "FIRST: b@x", "has a row above" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct table_warnings warnings = { .arena = shelf->arena };
		struct alias_rule rule = rule_of(
		    shelf, arena_print(shelf->arena, "first: x@x\n%s\n", cases[i].line));

		cr_assert(alias_check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
		cr_assert_eq(warnings.count, cases[i].what == NULL ? 0 : 1, "%s: %zu warnings",
		    cases[i].line, warnings.count);
		if (cases[i].what != NULL) {
			cr_expect_eq(warnings.items[0].line, 2, "%s", cases[i].line);
			cr_expect_not_null(strstr(warnings.items[0].what, cases[i].what), "%s: %s",
			    cases[i].line, warnings.items[0].what);
		}
		shelf_close(shelf);
	}
}

Test(alias_check, fails_for_a_file_that_is_missing)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct alias_rule rule = { .path = shelf_path(shelf, "missing"),
		.must_exist = true,
		.completion = &shelf->completion };

	cr_assert_not(alias_check(&rule, &warnings, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	rule.must_exist = false;
	cr_expect(alias_check(&rule, &warnings, &shelf->why));
	shelf_close(shelf);
}

Test(alias_check, tells_a_fault_from_a_warning)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct alias_rule rule = rule_of(shelf, "a: \"|cmd\"\nb: c@x # d\n");

	cr_assert(alias_check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_assert_eq(warnings.count, 2);
	cr_expect(warnings.items[0].fault);
	cr_expect_not(warnings.items[1].fault);
	shelf_close(shelf);
}

/* F195 */
Test(alias_check, follows_every_name_to_a_loop)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct alias_rule rule = rule_of(shelf, "ok: x@y\na: b\nb: a\n");

	cr_assert_not(alias_check(&rule, &warnings, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_not_null(strstr(shelf->why.where, "aliases:"), "%s", shelf->why.where);
	shelf_close(shelf);
}
