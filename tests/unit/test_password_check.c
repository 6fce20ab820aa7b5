/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/password_check.h"

#include "tests/support/shelf.h"

Test(password_check, judges_every_row_and_shows_no_value)
{
	static const struct {
		const char *row;
		const char *what; /* NULL: fine */
		bool fault;
	} rows[] = {
		{ "[mail.example]:587 ann:hush", NULL, false },
		{ "mail.example ann@isp.example:hush:more #x", NULL, false },
		{ "mail.example hush", "no colon", true },
		{ "mail.example :hush", "user before the colon is empty", true },
		{ "mail.example hush:", "password behind the colon is empty", false },
		{ "hush", "a key without a value", true },
		{ "\"mail.example hush:hush", "quote is not closed", true },
		{ "ann@isp.example hush:hush", "sender_dependent_auth", false },
		{ "First.example hush:hush", "line 1 has the same key", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct shelf *shelf = shelf_open();
		struct table_warnings warnings = { .arena = shelf->arena };
		const struct password_rule rule = {
			.path = shelf_file(shelf, "sasl_passwd",
			    arena_print(shelf->arena, "first.example a:b\n%s\n", rows[i].row)),
			.completion = &shelf->completion,
		};
		struct password_check check;
		size_t count;

		cr_assert(password_check(&rule, &warnings, &check, &count, &shelf->why));
		password_check_close(&check);
		cr_assert_eq(warnings.count, rows[i].what == NULL ? 0 : 1, "%s", rows[i].row);
		if (rows[i].what != NULL) {
			cr_expect_eq(warnings.items[0].line, 2);
			cr_expect_eq(warnings.items[0].fault, rows[i].fault, "%s", rows[i].row);
			cr_expect_not_null(strstr(warnings.items[0].what, rows[i].what), "%s: %s",
			    rows[i].row, warnings.items[0].what);
			cr_expect_null(strstr(warnings.items[0].what, "hush"));
		}
		shelf_close(shelf);
	}
}

/* F99 */
Test(password_check, fails_for_a_file_that_others_may_read)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	const struct password_rule rule = {
		.path = shelf_file(shelf, "sasl_passwd", "mail.example a:b\n"),
		.completion = &shelf->completion,
	};
	struct password_check check;
	size_t count;

	cr_assert_eq(chmod(rule.path, 0644), 0);
	cr_assert_not(password_check(&rule, &warnings, &check, &count, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	password_check_close(&check);
	password_check_close(&check);
	shelf_close(shelf);
}
