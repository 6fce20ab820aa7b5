/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/transport_check.h"

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

TestSuite(transport_check, .init = open_shelf, .fini = close_shelf);

static bool
is_work(const void *data, const char *name)
{
	(void)data;
	return strcmp(name, "work") == 0;
}

/* What is told of transport, a line each; `passwords` NULL: there is no such table. */
static const char *
told_of(const char *content, const char *passwords)
{
	struct table_warnings warnings = { .arena = shelf->arena };
	struct table_warnings others = { .arena = shelf->arena };
	const struct transport_rule rule = { .path = shelf_file(shelf, "transport", content),
		.completion = &shelf->completion,
		.account_exists = is_work };
	struct password_rule secrets = { .completion = &shelf->completion };
	struct password_check check = { 0 };
	const char *told = "";
	size_t rows;

	if (passwords != NULL) {
		secrets.path = shelf_file(shelf, "sasl_passwd", passwords);
		cr_assert(password_check(&secrets, &others, &check, &rows, &shelf->why));
	}
	cr_assert(transport_check(
		      &rule, passwords == NULL ? NULL : &check, &warnings, &rows, &shelf->why),
	    "%s", shelf->why.what);
	table_warnings_sort(&warnings);
	for (size_t i = 0; i < warnings.count; i++)
		told = arena_print(shelf->arena, "%s%zu %c %s\n", told, warnings.items[i].line,
		    warnings.items[i].fault ? 'F' : 'W', warnings.items[i].what);
	if (passwords != NULL)
		password_check_close(&check);
	return told;
}

Test(transport_check, says_nothing_of_good_rows)
{
	cr_expect_str_eq(told_of("a.example smtp:mail.example:587\n.a.example work:\n"
				 "b@c.example error:5.7.1 no\n* smtps:[mail.example]\nlocal :\n",
			     NULL),
	    "");
}

/* F211 */
Test(transport_check, finds_every_value_that_is_no_way)
{
	static const struct {
		const char *value;
		const char *what;
	} rows[] = {
		{ "smtp:", "no next hop" },
		{ "mail.example:587", "unknown transport" },
		{ "SMTP:mail.example", "unknown transport" },
		{ "home:", "unknown transport" },
		{ "smtp:mail.example:0", "no port" },
		{ "smtp:mail%n.example", "no host name" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *told = told_of(
		    arena_print(shelf->arena, "# first\nx.example %s\n", rows[i].value), NULL);

		cr_expect(strncmp(told, "2 F ", 4) == 0, "%s: %s", rows[i].value, told);
		cr_expect_not_null(strstr(told, rows[i].what), "%s: %s", rows[i].value, told);
	}
}

Test(transport_check, warns_of_keys_that_do_not_count)
{
	cr_expect_str_eq(told_of("@a.example smtp:m\nb.example smtp:m\nB.example smtp:\n", NULL),
	    "1 W the key never matches: for a whole domain write it without '@'\n"
	    "3 W line 2 has the same key and is the one that counts\n");
}

Test(transport_check, finds_servers_that_are_written_in_two_ways)
{
	static const struct {
		const char *hop;
		const char *key;
		bool unlike;
	} rows[] = {
		{ "mail.example:587", "mail.example:587", false },
		{ "MAIL.example:587", "mail.example:587", false },
		{ "mail.example:587", "mail.example", false },
		{ "[mail.example]:587", "mail.example", false },
		{ "mail.example:587", "other.example:587", false },
		{ "[mail.example]:587", "mail.example:587", true },
		{ "mail.example:587", "[mail.example]:587", true },
		{ "mail.example", "mail.example:587", true },
		{ "mail.example:465", "mail.example:587", false },
		{ "[mail.example]:465", "[mail.example]", true },
		{ "mail.example", "[mail.example]", true },
		{ "good.example, mail.example", "mail.example:587", true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *told = told_of(
		    arena_print(shelf->arena, "x.example smtp:%s\n", rows[i].hop),
		    arena_print(shelf->arena, "# first\n%s u:p4ss\n", rows[i].key));

		cr_expect_eq(strstr(told, "sasl_passwd:2 is about that host") != NULL,
		    rows[i].unlike, "%s and %s: %s", rows[i].hop, rows[i].key, told);
		cr_expect_null(strstr(told, "p4ss"));
	}
}

/* F199 */
Test(transport_check, fails_for_a_file_that_is_missing)
{
	struct table_warnings warnings = { .arena = shelf->arena };
	const struct transport_rule rule = { .path = shelf_path(shelf, "missing"),
		.completion = &shelf->completion };
	size_t rows;

	cr_assert_not(transport_check(&rule, NULL, &warnings, &rows, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
}
