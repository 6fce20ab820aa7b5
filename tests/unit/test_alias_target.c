/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_target.h"

#include "tests/support/shelf.h"

static const char *
described(struct shelf *shelf, const struct alias_targets *targets)
{
	const char *all = "";

	for (size_t i = 0; i < targets->count; i++) {
		const struct alias_target *target = &targets->items[i];
		const char *one = "?";

		if (target->kind == ALIAS_TARGET_ADDRESS)
			one = shelf_string(shelf, target->address);
		if (target->kind == ALIAS_TARGET_NOTHING)
			one = "NOTHING";
		if (target->kind == ALIAS_TARGET_FILE)
			one = "FILE";
		if (target->kind == ALIAS_TARGET_COMMAND)
			one = "COMMAND";
		if (target->kind == ALIAS_TARGET_BROKEN)
			one = "BROKEN";
		if (target->kind == ALIAS_TARGET_INCLUDE)
			one = arena_print(shelf->arena, "INCLUDE(%s)", target->path);
		all = arena_print(shelf->arena, "%s%s%s%s", all, i == 0 ? "" : " ", one,
		    target->included ? "!" : "");
	}
	return all;
}

static void
expect_broken(const struct alias_targets *targets, const char *what)
{
	for (size_t i = 0; i < targets->count; i++) {
		if (targets->items[i].kind != ALIAS_TARGET_BROKEN)
			continue;
		cr_expect_eq(targets->items[i].code, EX_CONFIG);
		cr_expect_not_null(
		    strstr(targets->items[i].what, what), "%s", targets->items[i].what);
	}
}

Test(alias_target, reads_what_a_value_names)
{
	static const struct {
		const char *value;
		const char *targets;
	} cases[] = {
		{ "me@isp", "me@isp" },
		{ "a, b@x,c", "a b@x c" },
		{ "a b@x", "a b@x" },
		{ "a,", "a" },
		{ ", a,, b ,", "a b" },
		{ "a@x # b@y", "a@x # b@y" },
		{ "Me Myself <me@isp> (who)", "me@isp" },
		{ "\"Me, Myself\" <me@isp>, b", "me@isp b" },
		{ "(a, /b) c", "c" },
		{ "\\root", "root" },
		{ "\"a b\"", "\"a b\"" },
		{ "team: a, b;", "a b" },
		{ "/dev/null", "NOTHING" },
		{ "\"/dev/null\"", "NOTHING" },
		{ "/dev/null, a", "NOTHING a" },
		{ "a, /var/mail/x", "a FILE" },
		{ "a /var/mail/x b", "a FILE b" },
		{ "~/mbox", "FILE" },
		{ "/a/b@c", "FILE" },
		{ "\"/with blank, and comma\"", "FILE" },
		{ "|cmd", "COMMAND" },
		{ "\"|cmd -x, 'y'\", a", "COMMAND a" },
		{ "\"|cmd \\\"x\\\"\"", "COMMAND" },
		{ ":include:/etc/list", "INCLUDE(/etc/list)" },
		{ "\":include:/etc/my list\"", "INCLUDE(/etc/my list)" },
		{ ":INCLUDE:/etc/list,a", "INCLUDE(/etc/list) a" },
		{ "a, :include:/b :include:/c", "a INCLUDE(/b) INCLUDE(/c)" },
		{ ":include:relative", "INCLUDE(relative)" },
		{ "\"/quoted\"@dom", "/quoted@dom" },
		{ "user/folder, a|b", "user/folder a|b" },
		{ "a@x,b@/y", "a@x b@/y" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct alias_targets targets = { 0 };

		alias_target_read(text_of(cases[i].value), shelf->arena, &targets);
		cr_expect_str_eq(described(shelf, &targets), cases[i].targets, "%s: %s",
		    cases[i].value, described(shelf, &targets));
		shelf_close(shelf);
	}
}

/* F197: what is wrong keeps the mail from nobody else. */
Test(alias_target, breaks_what_is_no_address_and_keeps_the_others)
{
	static const struct {
		const char *value;
		const char *targets;
		const char *what;
	} cases[] = {
		{ "<>", "BROKEN", "the value holds an empty address" },
		{ "a, \"b", "a BROKEN", "the value is no address list: " },
		{ "\"/open", "BROKEN", "the value is no address list: " },
		{ "a (b", "BROKEN", "the value is no address list: " },
		{ "<a@b", "BROKEN", "the value is no address list: " },
		{ "a, <>, b", "a BROKEN b", "the value holds an empty address" },
		{ "a@x, bad@, b@x", "a@x BROKEN b@x", "the value is no address list: " },
		{ "a@x, (c, d) \"e,f\"@x, bad@", "a@x \"e,f\"@x BROKEN", "no address list: " },
		{ "bad@, /dev/null, b", "BROKEN NOTHING b", "the value is no address list: " },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct alias_targets targets = { 0 };

		alias_target_read(text_of(cases[i].value), shelf->arena, &targets);
		cr_expect_str_eq(described(shelf, &targets), cases[i].targets, "%s: %s",
		    cases[i].value, described(shelf, &targets));
		expect_broken(&targets, cases[i].what);
		shelf_close(shelf);
	}
}

Test(alias_target, reads_an_included_file_line_by_line)
{
	static const struct {
		const char *content;
		const char *targets;
	} cases[] = {
		{ "", "" },
		{ "a@x\n", "a@x!" },
		{ "# comment\na, b@y\n\n  \nc", "a! b@y! c!" },
		{ "a\n b\n", "a! b!" },
		{ "a\n #c\n", "a! #c!" },
		{ "a\r\nb\r\n", "a! b!" },
		{ "/dev/null\n", "NOTHING!" },
		{ ":include:/other\n", "INCLUDE(/other)!" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct alias_targets targets = { 0 };
		const char *path = shelf_file(shelf, "list", cases[i].content);

		cr_assert(alias_target_include(path, shelf->arena, &targets, &shelf->why), "%s: %s",
		    cases[i].content, shelf->why.what);
		cr_expect_str_eq(described(shelf, &targets), cases[i].targets, "%s: %s",
		    cases[i].content, described(shelf, &targets));
		shelf_close(shelf);
	}
}

Test(alias_target, breaks_what_must_not_stand_in_an_included_file)
{
	static const struct {
		const char *content;
		const char *targets;
		const char *what;
	} cases[] = {
		{ "a\n|cmd\nb", "a! BROKEN! b!",
		    "line 2 of the included file '%s' names a file or a command" },
		{ "/etc/passwd\n", "BROKEN!",
		    "line 1 of the included file '%s' names a file or a command" },
		{ "a\n\n\"b\nc\n", "a! BROKEN! c!",
		    "line 3 of the included file '%s': the value is no address list" },
		{ "a\n\xff\nb", "a! BROKEN! b!",
		    "line 2 of the included file '%s' is not valid UTF-8" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct alias_targets targets = { 0 };
		const char *path = shelf_file(shelf, "list", cases[i].content);
		const char *at = strstr(cases[i].what, "%s");
		const char *what = arena_print(shelf->arena, "%.*s%s%s", (int)(at - cases[i].what),
		    cases[i].what, path, at + 2);

		cr_assert(alias_target_include(path, shelf->arena, &targets, &shelf->why));
		cr_expect_str_eq(described(shelf, &targets), cases[i].targets, "%s: %s",
		    cases[i].content, described(shelf, &targets));
		expect_broken(&targets, what);
		shelf_close(shelf);
	}
}

static void
expect_refused(struct shelf *shelf, const char *path, const char *what)
{
	struct alias_targets targets = { 0 };

	cr_assert_not(alias_target_include(path, shelf->arena, &targets, &shelf->why), "%s", path);
	cr_expect_eq(shelf->why.code, EX_CONFIG, "%s", path);
	cr_expect_not_null(strstr(shelf->why.what, what), "%s: %s", path, shelf->why.what);
	cr_expect_eq(targets.count, 0);
}

Test(alias_target, refuses_to_include_what_is_no_file_of_an_owner)
{
	static const mode_t modes[] = { 0620, 0602, 0666, 0777 };
	struct shelf *shelf = shelf_open();
	const char *fifo = shelf_path(shelf, "fifo");
	const char *link = shelf_path(shelf, "link");
	const char *path = shelf_file(shelf, "list", "a@x\n");

	/* F197, F198 */
	expect_refused(shelf, "list", "not named by an absolute path");
	expect_refused(shelf, "", "not named by an absolute path");
	expect_refused(shelf, shelf->directory, "not a regular file");
	expect_refused(shelf, "/dev/zero", "not a regular file");
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	expect_refused(shelf, fifo, "not a regular file");
	cr_assert_eq(symlink("nowhere", link), 0);
	expect_refused(shelf, link, "No such file");
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		cr_assert_eq(chmod(path, modes[i]), 0);
		expect_refused(shelf, path, "others may write it");
	}
	if (geteuid() == 0) {
		cr_assert_eq(chmod(path, 0600), 0);
		cr_assert_eq(chown(path, 12345, (gid_t)-1), 0);
		expect_refused(shelf, path, "belongs to uid 12345");
	}
	shelf_close(shelf);
}
