/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config_need.h"

#include "tests/support/shelf.h"

#include "base/environment.h"
#include "base/file.h"

/* Every eval leaves its name in the file `ran`. */
#define EVAL(NAME) "eval printf %s " NAME " >>ran; echo port 7\n"

static struct shelf *shelf;
static struct config config;
static struct failure why;

static void
open_shelf(void)
{
	shelf = shelf_open();
	cr_assert_eq(chdir(shelf->directory), 0);
}

static void
close_shelf(void)
{
	(void)unlink("ran");
	(void)unlink("rc");
	(void)unlink("relayrc");
	cr_assert_eq(chdir("/"), 0);
	shelf_close(shelf);
}

TestSuite(config_need, .init = open_shelf, .fini = close_shelf);

static const char *
ran(void)
{
	struct text bytes;
	struct failure ignored;

	if (!file_read("ran", 4096, shelf->arena, &bytes, NULL, &ignored))
		return "";
	return text_string(bytes, shelf->arena);
}

static bool
read_for(bool any, const char *account, const char *user, const char *system)
{
	const struct environment environment = { .user = "joe",
		.system_directory = shelf->directory };
	const struct config_wish wish = { .any = any, .account = account };

	(void)unlink("ran");
	(void)unlink("relayrc");
	(void)shelf_file(shelf, "rc", user);
	if (system != NULL)
		(void)shelf_file(shelf, "relayrc", system);
	return config_read_for(
	    &wish, &environment, shelf_path(shelf, "rc"), shelf->arena, &config, &why);
}

Test(config_need, runs_what_the_chosen_account_needs)
{
	static const char file[] =
	    "defaults\n" EVAL("d") "account a\n" EVAL("a") "account b\n" EVAL(
		"b") "account c : a\n" EVAL("c") "account default : b\nuser u\n";
	static const struct {
		bool any;
		const char *account; /* NULL: default */
		const char *ran;
	} rows[] = {
		{ false, NULL, "db" },
		{ false, "a", "da" },
		{ false, "c", "dac" },
		{ true, NULL, "dabc" },
		{ true, "a", "dabc" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert(read_for(rows[i].any, rows[i].account, file, NULL), "%s", why.what);
		cr_assert_str_eq(ran(), rows[i].ran, "%zu: %s", i, ran());
		cr_assert_eq(config.accounts.count, 4);
	}
}

/* What is missing without an eval may be what it prints. */
Test(config_need, runs_all_when_it_cannot_know)
{
	static const struct {
		const char *label;
		const char *file;
		const char *ran;
	} rows[] = {
		{ "no such account", "account a\n" EVAL("a") "eval echo account default\n", "a" },
		{ "a parent that an eval prints",
		    "account x\n" EVAL("x") "eval echo account y\naccount default : y\n", "x" },
		{ "a transport table", "account a\n" EVAL("a") "account default\ntransport /t\n",
		    "a" },
		{ "a single account", EVAL("s") "account a\n" EVAL("a"), "s" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert(
		    read_for(false, NULL, rows[i].file, NULL), "%s: %s", rows[i].label, why.what);
		cr_assert_str_eq(ran(), rows[i].ran, "%s: %s", rows[i].label, ran());
	}
}

Test(config_need, tells_the_files_apart)
{
	cr_assert(read_for(false, NULL, "host h\n", "defaults\n" EVAL("d") "account a\n"), "%s",
	    why.what);
	cr_assert_str_eq(ran(), "");
	cr_assert(read_for(false, NULL, "account b\n" EVAL("b"),
		      "defaults\n" EVAL("d") "account default\n" EVAL("s")),
	    "%s", why.what);
	cr_assert_str_eq(ran(), "bds");
}

Test(config_need, lists_the_faults_of_what_was_run)
{
	cr_assert_not(
	    read_for(false, "a", "account a\neval echo bogus\naccount b\neval false\n", NULL));
	cr_assert_eq(config.remark_count, 1);
	cr_assert_str_eq(why.what, "unknown command 'bogus'");
}
