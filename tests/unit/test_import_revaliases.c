/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_revaliases.h"

#include "tests/support/imported.h"

static struct imported *imported;

static void
open_imported(void)
{
	imported = imported_open();
}

static void
close_imported(void)
{
	imported_close(imported);
}

TestSuite(import_revaliases, .init = open_imported, .fini = close_imported);

static const char *
written(const char *content, const char *parent)
{
	const struct import_file file = { .path = "revaliases", .bytes = text_of(content) };
	const struct import_server server = { .host = text_of("m.a.example"), .port = 587 };

	imported_again(imported);
	import_revaliases_write(&file, &server, parent, &imported->writer);
	return imported_settings(imported);
}

Test(import_revaliases, makes_rows_of_generic)
{
	cr_assert_str_eq(written("# user:address\nroot:admin@a.example\n"
				 "www:web@a.example:m.a.example:587 # as always\nbroken\n:x\n",
			     "ssmtp"),
	    "");
	cr_assert_not_null(strstr(
	    imported_output(imported), "#   root   admin@a.example\n#   www   web@a.example\n"));
	cr_assert_null(strstr(imported_output(imported), "broken"));
	cr_assert_not_null(strstr(imported_complaints(imported), "revaliases:2: "));
}

Test(import_revaliases, makes_an_account_of_another_server)
{
	static const struct {
		const char *row;
		const char *settings;
	} rows[] = {
		{ "bob:b@b.example:m.b.example",
		    "account ssmtp-bob : ssmtp|host m.b.example|from b@b.example|from bob@%M" },
		{ "bob:b@b.example:m.a.example:25",
		    "account ssmtp-bob : ssmtp|host m.a.example|port 25|from b@b.example|from "
		    "bob@%M" },
		{ "bob:b@b.example:M.A.example", "" },
		{ "b%b:%U@b.example:m.b.example",
		    "account ssmtp-b%b : ssmtp|host m.b.example|from %%U@b.example|from "
		    "b%%b@%M" },
		{ "bob: b@b.example: m.b.example :465",
		    "account ssmtp-bob : ssmtp|host m.b.example|port 465|from b@b.example|from "
		    "bob@%M" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(
		    written(rows[i].row, "ssmtp"), rows[i].settings, "%s", rows[i].row);
}

Test(import_revaliases, makes_no_account_of_a_name_that_is_none)
{
	cr_assert_str_eq(
	    written("a,b:b@b.example:m.b.example\na\x1b:b@b.example:m.b.example\n", "ssmtp"), "");
}
