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
		{ "a: :include:/nonexistent", "the included file '/nonexistent': " },
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

/* F195: each loop once, with the way as a hint, whatever else is wrong. */
Test(alias_check, follows_every_name_to_a_loop)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct alias_rule rule = rule_of(shelf,
	    "ok: x@y\na: b\nto-a: a\nb: a\nself: self, x@y\n"
	    "c: d, a\nd: c, \"|cmd\"\n");

	cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_assert_eq(warnings.faults, 3);
	cr_assert_eq(warnings.count, 3);
	cr_expect_eq(warnings.items[0].line, 7);
	cr_expect_not_null(strstr(warnings.items[0].what, "names a command"));
	cr_expect_eq(warnings.items[1].line, 4);
	cr_expect_str_eq(
	    warnings.items[1].what, "the alias 'b' leads back to 'a', which led to it");
	cr_expect_not_null(warnings.items[1].hint);
	cr_expect_eq(warnings.items[2].line, 7);
	cr_expect_str_eq(
	    warnings.items[2].what, "the alias 'd' leads back to 'c', which led to it");
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

/* F197: the good ones are looked at, each bad one is told once, by file and line. */
Test(alias_check, tells_every_bad_line_of_an_included_file_once)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	const char *staff = shelf_file(
	    shelf, "staff", "a@x.example\n|command\nb@x.example # the boss\nbad@\nc@x..y\n");
	struct alias_rule rule = rule_of(
	    shelf, arena_print(shelf->arena, "first: z@x\nlist: :include:%s\n", staff));
	static const char *const told[] = { "line 3 of the included file", "line 2 of the included",
		"line 4 of the included file", "line 5 of the included file" };

	cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_expect_eq(warnings.faults, 3);
	cr_expect_eq(warnings.remarks, 1);
	cr_assert_eq(warnings.count, sizeof told / sizeof *told);
	for (size_t i = 0; i < warnings.count; i++) {
		bool found = false;

		cr_expect_eq(warnings.items[i].line, 2);
		for (size_t k = 0; k < sizeof told / sizeof *told; k++)
			found = found || strstr(warnings.items[i].what, told[k]) != NULL;
		cr_expect(found, "%s", warnings.items[i].what);
		cr_expect(!warnings.items[i].fault || warnings.items[i].hint != NULL, "%s",
		    warnings.items[i].what);
	}
	shelf_close(shelf);
}

/* F197 F198: what an included file includes is followed as for a mail. */
Test(alias_check, follows_a_file_that_an_included_one_includes)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	const char *inner = shelf_path(shelf, "inner");
	const char *outer = shelf_file(
	    shelf, "outer", arena_print(shelf->arena, ":include:%s\n", inner));
	struct alias_rule rule = rule_of(
	    shelf, arena_print(shelf->arena, "list: :include:%s\n", outer));

	cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_assert_eq(warnings.faults, 1, "it is missing");
	cr_expect_not_null(strstr(warnings.items[0].what, inner), "%s", warnings.items[0].what);
	(void)shelf_file(shelf, "inner", "a@x.example\n");
	warnings = (struct table_warnings){ .arena = shelf->arena };
	cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_expect_eq(warnings.count, 0, "%s", warnings.count == 0 ? "" : warnings.items[0].what);
	shelf_close(shelf);
}

/* F196: everybody is on every list. */
Test(alias_check, tells_one_loop_of_lists_that_name_each_other)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct buffer bytes = buffer_open(0);
	struct alias_rule rule = { .must_exist = true, .completion = &shelf->completion };
	struct envelope_recipients from = { 0 };
	struct envelope_recipient recipient = { 0 };
	struct alias_result result = { 0 };

	for (unsigned i = 0; i < 300; i++) {
		(void)buffer_print(&bytes, "n%u: x%u@y.example", i, i);
		for (unsigned k = 0; k < 300; k++)
			if (k != i)
				(void)buffer_print(&bytes, ", n%u", k);
		(void)buffer_add(&bytes, "\n");
	}
	rule.path = shelf_bytes(shelf, "aliases", bytes.bytes, bytes.length);
	cr_assert(check(&rule, &warnings, &shelf->why), "%s", shelf->why.what);
	cr_expect_eq(warnings.count, 1);
	cr_expect_eq(warnings.faults, 1);
	for (unsigned i = 0; i < 300; i++) {
		recipient.address = shelf_address(
		    shelf, arena_print(shelf->arena, "n%u@local.example", i));
		recipient.original = recipient.address;
		(void)envelope_add(&from, recipient, shelf->arena);
	}
	cr_assert(alias_expand(&rule, &from, &result, shelf->arena, &shelf->why));
	cr_expect_eq(result.recipients.count, 300, "who can be reached is served");
	cr_expect_geq(result.refusal_count, 300, "each name is told");
	cr_expect_leq(result.refusal_count, 300 * ALIAS_ASTRAY_MAX);
	cr_expect_lt(bytes.length, 1000000);
	buffer_close(&bytes);
	shelf_close(shelf);
}
