/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/netrc.h"

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

TestSuite(netrc, .init = open_shelf, .fini = close_shelf);

/* "login/password", "none", or "!" with place and sentence. */
static const char *
asked(const char *path, const char *host, const char *user)
{
	struct secret secret = { 0 };
	struct failure why = { 0 };
	const char *login;
	const char *answer;
	bool found;

	if (!netrc_find(path, host, user, shelf->arena, &found, &login, &secret, &why)) {
		cr_assert_eq(why.stage, FAILURE_CONFIG);
		return arena_print(shelf->arena, "!%d %s: %s", why.code, why.where, why.what);
	}
	if (!found)
		return "none";
	answer = arena_print(shelf->arena, "%s/%s", login, secret.bytes);
	secret_wipe(&secret);
	return answer;
}

Test(netrc, finds_the_entry_of_a_host)
{
	static const struct {
		const char *label;
		const char *content;
		const char *user; /* NULL: any */
		const char *expected;
	} rows[] = {
		{ "one line", "machine h login joe password x", NULL, "joe/x" },
		{ "many lines", "machine h\n\tlogin joe\n\tpassword x\n", NULL, "joe/x" },
		{ "host in other case", "machine H login joe password x", NULL, "joe/x" },
		{ "another host", "machine g login joe password x", NULL, "none" },
		{ "host as a prefix", "machine hh login joe password x", NULL, "none" },
		{ "the first of two", "machine h login a password 1\nmachine h login b password 2",
		    NULL, "a/1" },
		{ "by user", "machine h login a password 1\nmachine h login b password 2", "b",
		    "b/2" },
		{ "no such user", "machine h login a password 1", "b", "none" },
		{ "user in other case", "machine h login a password 1", "A", "none" },
		{ "no login, user given", "machine h password 1", "b", "b/1" },
		{ "no login, no user", "machine h password 1", NULL, "none" },
		{ "no password", "machine h login a\nmachine h login b password 2", NULL, "b/2" },
		{ "default without a user", "default login d password 1", NULL, "none" },
		{ "default of a user", "default login d password 1", "d", "d/1" },
		{ "default of another", "default login d password 1", "e", "none" },
		{ "default after", "machine h login a password 1\ndefault login d password 2", NULL,
		    "a/1" },
		{ "default before", "default login d password 2\nmachine h login a password 1",
		    NULL, "a/1" },
		{ "account and others", "machine h port 587 account x login a password 1", NULL,
		    "a/1" },
		{ "quotes", "machine h login \"a b\" password \"x\\\" \\\\y\"", NULL,
		    "a b/x\" \\y" },
		{ "quote inside a word", "machine h login a password x\"y", NULL, "a/x\"y" },
		{ "comment", "# machine h login c password 3\nmachine h login a password 1", NULL,
		    "a/1" },
		{ "hash in a password", "machine h login a password #1 ", NULL, "a/#1" },
		{ "macro",
		    "macdef init\nmachine h login m password 0\n\nmachine h login a password 1",
		    NULL, "a/1" },
		{ "macro to the end", "macdef init\nmachine h login m password 0", NULL, "none" },
		{ "crlf", "machine h\r\nlogin a\r\npassword 1\r\n", NULL, "a/1" },
		{ "keywords as values", "machine h login password password machine", NULL,
		    "password/machine" },
		{ "values before any machine", "login a password 1", NULL, "none" },
		{ "nothing", "", NULL, "none" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *path = shelf_file(shelf, "netrc", rows[i].content);

		cr_assert_str_eq(
		    asked(path, "h", rows[i].user), rows[i].expected, "%s", rows[i].label);
	}
}

Test(netrc, names_the_line_of_a_token_without_a_value)
{
	static const struct {
		const char *content;
		const char *expected; /* behind the path */
	} rows[] = {
		{ "machine h\nlogin", ":2: 'login' has no value" },
		{ "machine h login a\n\npassword  \n", ":3: 'password' has no value" },
		{ "machine", ":1: 'machine' has no value" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *path = shelf_file(shelf, "netrc", rows[i].content);

		cr_assert_str_eq(asked(path, "h", NULL),
		    arena_print(shelf->arena, "!%d %s%s", EX_CONFIG, path, rows[i].expected));
	}
}

Test(netrc, takes_a_missing_file_for_an_empty_one)
{
	cr_assert_str_eq(asked(shelf_path(shelf, "missing"), "h", NULL), "none");
}

/* F99 */
Test(netrc, refuses_a_file_that_others_may_read_when_it_has_the_entry)
{
	const char *path = shelf_file(shelf, "netrc", "machine h login a password 1");

	cr_assert_eq(chmod(path, 0644), 0);
	cr_assert_str_eq(asked(path, "g", NULL), "none");
	cr_assert_str_eq(asked(path, "h", NULL),
	    arena_print(shelf->arena,
		"!%d %s: holds a password and has mode 0644, which lets others at it%s", EX_CONFIG,
		path, geteuid() == 0 ? " (640 with a group of its own will do, too)" : ""));
}

Test(netrc, refuses_what_is_no_file)
{
	const char *path = shelf_path(shelf, "fifo");

	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_assert_str_eq(asked(path, "h", NULL),
	    arena_print(shelf->arena, "!%d %s: not a regular file", EX_CONFIG, path));
}

/* The planning step must hold no secret. */
Test(netrc, finds_the_login_without_taking_the_password)
{
	const char *path = shelf_file(shelf, "netrc", "machine h login a password 1");
	struct failure why;
	const char *login;
	bool found;

	cr_assert(netrc_find(path, "h", NULL, shelf->arena, &found, &login, NULL, &why));
	cr_assert(found);
	cr_assert_str_eq(login, "a");
}

Test(netrc, needs_no_more_than_its_length_for_many_quotes)
{
	size_t length = (size_t)512 * 1024;
	char *bytes = arena_zero(shelf->arena, length);

	memset(bytes, '"', length);
	cr_assert_str_eq(asked(shelf_bytes(shelf, "netrc", bytes, length), "h", NULL), "none");
}
