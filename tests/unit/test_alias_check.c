/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_check.h"

#include "base/buffer.h"
#include "tests/support/shelf.h"

static struct alias_rule
rule_of(struct shelf *shelf, const char *content)
{
	return (struct alias_rule){ .path = shelf_file(shelf, "aliases", content),
		.must_exist = true,
		.completion = &shelf->completion,
		.limit = 10000 };
}

static bool
check(const struct alias_rule *rule, struct table_warnings *warnings, struct failure *why)
{
	size_t rows;

	return alias_check(rule, warnings, &rows, why);
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
		{ "a: \"b", "the value is no address list: " },
		{ "a: (nobody)", "names no address" },
		{ "a: :include:relative", "is not named by an absolute path" },
		{ "a: b@x..y", "names what is no address" },
		{ "a b@x", "no colon" },
		{ "a:", "without a value" },
		{ "FIRST: b@x", "line 1 has the same key" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct table_warnings warnings = { .arena = shelf->arena };
		struct alias_rule rule = rule_of(
		    shelf, arena_print(shelf->arena, "first: x@x\n%s\n", cases[i].line));

		cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
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

	cr_assert_not(check(&rule, &warnings, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	rule.must_exist = false;
	cr_expect(check(&rule, &warnings, &shelf->why));
	shelf_close(shelf);
}

Test(alias_check, tells_a_fault_from_a_warning)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct alias_rule rule = rule_of(shelf, "a: \"|cmd\"\nb: c@x # d\n");

	cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_assert_eq(warnings.count, 2);
	cr_expect(warnings.items[0].fault);
	cr_expect_not(warnings.items[1].fault);
	shelf_close(shelf);
}

/* F195: each row that leads on in a loop, once. */
Test(alias_check, follows_every_name_to_a_loop)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct alias_rule rule = rule_of(shelf, "ok: x@y\na: b\nto-a: a\nb: a\nself: self, x@y\n");

	cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_assert_eq(warnings.faults, 2);
	cr_assert_eq(warnings.count, 2);
	for (size_t i = 0; i < 2; i++) {
		cr_expect(warnings.items[i].line == 2 || warnings.items[i].line == 4);
		cr_expect_not_null(strstr(warnings.items[i].what, "leads back to"));
		cr_expect_not_null(warnings.items[i].hint);
	}
	shelf_close(shelf);
}

/* F195 F196: thousands of rows that lead from one to the next, each way short enough. */
Test(alias_check, follows_many_short_chains)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct buffer bytes = buffer_open(0);
	struct alias_rule rule = { .must_exist = true, .completion = &shelf->completion };
	size_t rows = 0;

	for (unsigned i = 0; i < 20000; i++)
		(void)buffer_print(
		    &bytes, i % 20 == 19 ? "n%u: x@y.example\n" : "n%u: n%u\n", i, i + 1);
	rule.path = shelf_bytes(shelf, "aliases", bytes.bytes, bytes.length);
	cr_assert(alias_check(&rule, &warnings, &rows, &shelf->why), "%s", shelf->why.what);
	cr_expect_eq(rows, 20000);
	cr_expect_eq(warnings.count, 0, "%s", warnings.count == 0 ? "" : warnings.items[0].what);
	buffer_close(&bytes);
	shelf_close(shelf);
}

/* F197 F198 */
Test(alias_check, looks_into_included_files)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	const char *staff = shelf_file(shelf, "staff", "a@x.example\n|command\n");
	struct alias_rule rule = rule_of(
	    shelf, arena_print(shelf->arena, "list: :include:%s\n", staff));

	cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_assert_eq(warnings.faults, 1);
	cr_expect_not_null(strstr(warnings.items[0].what, "names a file or a command"), "%s",
	    warnings.items[0].what);
	(void)shelf_file(shelf, "staff", "list\n");
	warnings = (struct table_warnings){ .arena = shelf->arena };
	cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_assert_eq(warnings.faults, 1);
	cr_expect_not_null(
	    strstr(warnings.items[0].what, "leads back"), "%s", warnings.items[0].what);
	shelf_close(shelf);
}
