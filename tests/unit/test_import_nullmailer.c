/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_nullmailer.h"

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

TestSuite(import_nullmailer, .init = open_imported, .fini = close_imported);

static const char *first;

/* The name and the content of control files, in turn. */
static const char *
written(const char *const files[])
{
	struct import_set set = { .peer = IMPORT_NULLMAILER };

	imported_again(imported);
	for (; files[0] != NULL; files += 2)
		imported_file(imported, &set, files[0], files[1]);
	cr_assert(import_nullmailer_write(&set, &imported->writer, &first, &imported->shelf->why));
	imported_valid(imported, "nullmailer");
	return imported_settings(imported);
}

#define FILES(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NEAR "remotes", "localhost\n"
#define NEAR_SETTINGS "account nullmailer|host localhost|port 25|tls off"

Test(import_nullmailer, reads_the_control_files)
{
	const struct {
		const char *const *files;
		const char *settings;
	} rows[] = {
		{ FILES(NEAR), "" },
		{ FILES(NEAR, "me", "h.a.example\n"),
		    "|maildomain h.a.example|domain h.a.example" },
		{ FILES(NEAR, "me", "box\n", "defaultdomain", "a.example\n"),
		    "|maildomain box.a.example|domain box.a.example" },
		{ FILES(NEAR, "me", "box\n", "defaulthost", " a.example \n"),
		    "|maildomain a.example|domain box" },
		{ FILES(NEAR, "me", "box\n", "helohost", "h.a.example\n"),
		    "|maildomain box|domain h.a.example" },
		{ FILES(NEAR, "allmailfrom", "joe@a.example\n"),
		    "|from joe@a.example|allow_from_override off" },
		{ FILES(NEAR, "queuelifetime", "86400\n"), "|queue_lifetime 86400" },
		{ FILES(NEAR, "adminaddr", "\n"), "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(written(rows[i].files),
		    arena_print(imported->shelf->arena, NEAR_SETTINGS "%s", rows[i].settings),
		    "row %zu", i);
	cr_assert_str_eq(first, "nullmailer");
}

Test(import_nullmailer, makes_an_alias_of_adminaddr)
{
	(void)written(FILES(NEAR, "adminaddr", "a@a.example,b@b.example\n"));
	cr_assert_not_null(
	    strstr(imported_output(imported), "#   default: a@a.example,b@b.example\n"));
	cr_assert_not_null(strstr(imported_complaints(imported), "adminaddr:1: "));
}

Test(import_nullmailer, gives_one_account_to_remotes_that_are_alike)
{
	cr_assert_str_eq(written(FILES("remotes",
			     "# x\n\na smtp tls user=j pass=p\nb smtp tls user=j pass=p\n"
			     "c smtp tls\nd smtp tls\n",
			     "allmailfrom", "j@a.example")),
	    "account nullmailer|host a:465 b:465|tls on|tls_starttls off|user j|password p|"
	    "from j@a.example|allow_from_override off|"
	    "account nullmailer-2|host c:465 d:465|tls on|tls_starttls off|"
	    "from j@a.example|allow_from_override off");
	cr_assert_not_null(strstr(imported_complaints(imported), "remotes:5: this server"));
}

Test(import_nullmailer, passes_over_what_is_not_smtp)
{
	cr_assert_str_eq(written(FILES("remotes", "q qmqp\nlocalhost\n")), NEAR_SETTINGS);
	cr_assert_not_null(strstr(imported_complaints(imported), "remotes:1: not kept"));
}

Test(import_nullmailer, tells_that_no_server_is_named)
{
	cr_assert_str_eq(written(FILES("me", "h.a.example\n")),
	    "account nullmailer|maildomain h.a.example|domain h.a.example");
	cr_assert_not_null(strstr(imported_complaints(imported), "no server is named"));
}

Test(import_nullmailer, tells_of_what_it_does_not_keep)
{
	static const char *const names[] = { "idhost", "doublebounceto", "pausetime", "maxpause",
		"sendtimeout", "defaultdomain" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		(void)written(FILES(NEAR, names[i], "60\n"));
		cr_assert_not_null(strstr(imported_output(imported), "#   60\n"), "%s", names[i]);
		cr_assert_not_null(strstr(imported_complaints(imported), names[i]), "%s", names[i]);
	}
}
