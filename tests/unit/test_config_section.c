/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config_section.h"

#include "tests/support/shelf.h"

#include "base/buffer.h"
#include "base/environment.h"
#include "base/secret.h"

static const struct environment environment = {
	.user = "joe", .host = "box.example", .full_name = "", .system_directory = "/nonexistent"
};

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

TestSuite(config_section, .init = open_shelf, .fini = close_shelf);

/* A file of the directory with that content; safe for passwords. */
static struct config
parsed(const char *content)
{
	struct config config = { 0 };

	config_parse(shelf_path(shelf, "rc"), text_of(content), false, true, &environment,
	    shelf->arena, &config);
	return config;
}

/* Faults as "line: what", one a line. */
static const char *
faults(const struct config *config)
{
	struct buffer all = buffer_open(0);
	const char *result;

	for (size_t i = 0; i < config->remark_count; i++)
		if (config->remarks[i].fault)
			(void)buffer_print(&all, "%s: %s\n",
			    strrchr(config->remarks[i].why.where, ':') + 1,
			    config->remarks[i].why.what);
	result = text_string(buffer_text(&all), shelf->arena);
	buffer_close(&all);
	return result;
}

/* The accounts as "name(port) ...", "-" for a port that is not given. */
static const char *
ports(const struct config *config)
{
	struct buffer all = buffer_open(0);
	const char *result;

	for (size_t i = 0; i < config->accounts.count; i++) {
		const char *port = account_text(config->accounts.items[i], SETTING_PORT);

		(void)buffer_print(&all, "%s%s(%s)", i == 0 ? "" : " ",
		    config->accounts.items[i]->name, port == NULL ? "-" : port);
	}
	result = text_string(buffer_text(&all), shelf->arena);
	buffer_close(&all);
	return result;
}

Test(config_section, builds_accounts_from_defaults_and_parents)
{
	static const struct {
		const char *label;
		const char *content;
		const char *expected;
	} rows[] = {
		{ "no section", "host h\nport 1\n", "default(1)" },
		{ "defaults before", "defaults\nport 1\naccount a\n", "a(1)" },
		{ "defaults after", "account a\ndefaults\nport 1\n", "a(-)" },
		{ "defaults add up", "defaults\nport 1\ndefaults\nuser u\naccount a\n", "a(1)" },
		{ "parent's own", "account a\nport 1\naccount b : a\n", "a(1) b(1)" },
		{ "parent's default is not inherited",
		    "defaults\nport 1\naccount a\ndefaults\nport 2\naccount b : a\n", "a(1) b(2)" },
		{ "later parent wins",
		    "account a\nport 1\naccount b\nport 2\naccount c : a , b\naccount d:b,a\n",
		    "a(1) b(2) c(2) d(1)" },
		{ "own setting wins", "account a\nport 1\naccount b : a\nport 3\n", "a(1) b(3)" },
		{ "grandparent", "account a\nport 1\naccount b:a\naccount c:b\n",
		    "a(1) b(1) c(1)" },
		{ "default named", "account a\nport 1\naccount default : a\n", "a(1) default(1)" },
		{ "quotes around the name", "account \"a\"\nport 1\n", "a(1)" },
		{ "a name of two words", "account a b\nport 1\n", "a b(1)" },
		{ "settings before, then default's child", "port 1\naccount x : default\n",
		    "default(1) x(1)" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct config config = parsed(rows[i].content);

		cr_assert_str_eq(faults(&config), "", "%s", rows[i].label);
		cr_assert_str_eq(ports(&config), rows[i].expected, "%s", rows[i].label);
	}
}

Test(config_section, refuses_names_that_do_not_fit)
{
	static const struct {
		const char *content;
		const char *expected;
	} rows[] = {
		{ "account\nport 1\n", "1: the name of the account is missing\n" },
		{ "account : a\n", "1: the name of the account is missing\n" },
		{ "account a :\n", "1: the name of the account is missing\n" },
		{ "account a\naccount b : a,\n", "2: the name of the account is missing\n" },
		{ "account a : b\n", "1: account 'b' is not defined before this line\n" },
		{ "account a : a\n", "1: account 'a' is not defined before this line\n" },
		{ "account a,b\n", "1: the name of an account holds no comma\n" },
		{ "account a\naccount a\nport x\n",
		    "2: account 'a' was defined already\n"
		    "3: port: 'x' is not a number from 1 to 65535\n" },
		{ "defaults x\n", "1: 'defaults' takes no argument\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct config config = parsed(rows[i].content);

		cr_assert_str_eq(faults(&config), rows[i].expected, "%s", rows[i].content);
	}
}

Test(config_section, keeps_the_settings_of_a_refused_account_from_the_one_before)
{
	struct config config = parsed("account a\nport 1\naccount a\nport 2\n");

	cr_assert_str_eq(ports(&config), "a(1)");
}

Test(config_section, limits_the_number_of_accounts)
{
	struct buffer bytes = buffer_open(0);
	struct config config = { 0 };

	for (size_t i = 0; i <= CONFIG_LINES_ACCOUNTS_MAX; i++)
		(void)buffer_print(&bytes, "account a%zu\n", i);
	config_parse("rc", buffer_text(&bytes), false, true, &environment, shelf->arena, &config);
	cr_assert_eq(config.accounts.count, CONFIG_LINES_ACCOUNTS_MAX);
	cr_assert_str_eq(faults(&config), "4097: more than 4096 accounts\n");
	buffer_close(&bytes);
}

Test(config_section, puts_the_first_line_that_a_command_prints_in_the_place_of_eval)
{
	struct config config = parsed("account a\neval echo port 7\n"
				      "eval printf 'user u\\nbogus\\n'\neval echo '# nothing'\n"
				      "eval echo\n");

	cr_assert_str_eq(faults(&config), "");
	cr_assert_str_eq(ports(&config), "a(7)");
	cr_assert_str_eq(account_text(config.accounts.items[0], SETTING_USER), "u");
	cr_assert_eq(config.accounts.items[0]->values[SETTING_PORT].line, 2);
}

Test(config_section, judges_what_a_command_prints_and_how_it_ends)
{
	static const struct {
		const char *content;
		const char *expected;
	} rows[] = {
		{ "eval echo port 7; exit 3\n", "1: the command 'echo' ended with status 3\n" },
		{ "eval true\n", "1: the command 'true' printed nothing\n" },
		{ "eval echo eval echo port 7\n", "1: an eval prints another eval\n" },
		{ "eval echo bogus\n", "1: unknown command 'bogus'\n" },
		{ "eval\n", "1: 'eval' needs a command\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct config config = parsed(rows[i].content);

		cr_assert_str_eq(faults(&config), rows[i].expected, "%s", rows[i].content);
		cr_assert_eq(config.remarks[0].why.code, EX_CONFIG, "%s", rows[i].content);
		cr_assert(!config.remarks[0].why.temporary, "%s", rows[i].content);
	}
}

/* A command's output is not in the file: its mode says nothing about it. */
Test(config_section, lets_eval_give_a_password_to_a_readable_file)
{
	struct config config = { 0 };
	struct secret secret = { 0 };

	config_parse("rc", text_of("host h\neval echo password x\n"), false, false, &environment,
	    shelf->arena, &config);
	cr_assert_str_eq(faults(&config), "");
	secret_unveil(&secret, account_text(config.accounts.items[0], SETTING_PASSWORD));
	cr_assert_str_eq(secret.bytes, "x");
	secret_wipe(&secret);
}

Test(config_section, reads_an_included_file_as_if_it_stood_there)
{
	struct config config;

	shelf_file(shelf, "more", "port 7\naccount b : a\n");
	config = parsed("account a\ninclude more\nuser u\n");
	cr_assert_str_eq(faults(&config), "");
	cr_assert_str_eq(ports(&config), "a(7) b(7)");
	cr_assert_str_eq(account_text(config.accounts.items[1], SETTING_USER), "u");
	cr_assert_str_eq(
	    config.accounts.items[0]->values[SETTING_PORT].file, shelf_path(shelf, "more"));
	cr_assert_eq(config.accounts.items[0]->values[SETTING_PORT].line, 1);
	cr_assert_eq(config.accounts.items[1]->values[SETTING_USER].line, 3);
}

Test(config_section, includes_what_a_pattern_matches_in_order)
{
	struct config config;

	shelf_file(shelf, "2.rc", "account two\n");
	shelf_file(shelf, "1.rc", "account one\n");
	config = parsed("include *.rc\ninclude none*\n");
	cr_assert_str_eq(faults(&config), "");
	cr_assert_str_eq(ports(&config), "one(-) two(-)");
}

Test(config_section, names_the_line_of_an_include_that_fails)
{
	const char *path = shelf_path(shelf, "missing");
	struct config config = parsed("host h\ninclude missing\ninclude\n");

	cr_assert_str_eq(faults(&config),
	    arena_print(shelf->arena,
		"2: cannot include '%s': cannot open the file: No such file or directory\n"
		"3: 'include' needs a file\n",
		path));
}

/* F203 */
Test(config_section, does_not_wait_for_an_included_fifo)
{
	struct config config;

	cr_assert_eq(mkfifo(shelf_path(shelf, "fifo"), 0600), 0);
	config = parsed("include fifo\n");
	cr_assert_not_null(strstr(faults(&config), "not a regular file"));
}

Test(config_section, limits_how_deep_files_include_each_other)
{
	struct config config;

	for (int i = 1; i <= 9; i++)
		shelf_file(shelf, arena_print(shelf->arena, "d%d", i),
		    arena_print(shelf->arena, "account a%d\ninclude d%d\n", i, i + 1));
	config = parsed("include d1\n");
	cr_assert_eq(config.accounts.count, 8);
	cr_assert_not_null(strstr(faults(&config), "included more than 8 deep"));
	shelf_file(shelf, "self", "include self\n");
	config = parsed("include self\n");
	cr_assert_not_null(strstr(faults(&config), "it includes itself"));
}

/* F99 */
Test(config_section, judges_each_included_file_by_its_own_mode)
{
	struct config config;

	shelf_file(shelf, "secret", "password x\n");
	config = parsed("host h\ninclude secret\n");
	cr_assert_str_eq(faults(&config), "");
	cr_assert_eq(chmod(shelf_path(shelf, "secret"), 0644), 0);
	config = parsed("host h\ninclude secret\n");
	cr_assert_not_null(strstr(
	    faults(&config), "1: holds a password and has mode 0644, which lets others at it"));
	cr_assert_eq(chmod(shelf_path(shelf, "secret"), 0622), 0);
	config = parsed("host h\ninclude secret\n");
	cr_assert_not_null(strstr(faults(&config), "has mode 0622, which lets others write it"));
}
