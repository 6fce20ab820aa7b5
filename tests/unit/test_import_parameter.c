/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_parameter.h"

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

TestSuite(import_parameter, .init = open_imported, .fini = close_imported);

static struct import_entries entries;

static void
parsed(const char *content)
{
	struct import_file file = { .path = "/nonexistent/main.cf", .bytes = text_of(content) };

	entries = (struct import_entries){ 0 };
	cr_assert(import_parameter_read(&file, &imported->writer, &entries, &imported->shelf->why));
}

static const char *
value(const char *name)
{
	return text_string(
	    import_parameter_value(&entries, name, "fallback"), imported->shelf->arena);
}

Test(import_parameter, reads_lines_that_go_on)
{
	parsed("# x\na = one,\n\ttwo,\n  # comment\n\n   three\nb=four \n");
	cr_assert_str_eq(value("a"), "one, two, three");
	cr_assert_str_eq(value("b"), "four");
	cr_assert_str_eq(value("c"), "fallback");
	cr_assert_eq(entries.items[0].place.line, 2);
	cr_assert_eq(entries.items[1].place.line, 7);
}

Test(import_parameter, takes_the_last_line_for_a_name)
{
	parsed("a = 1\na = 2\n");
	cr_assert_str_eq(value("a"), "2");
}

/* As postconf -x prints them. */
Test(import_parameter, replaces_names)
{
	static const struct {
		const char *value;
		const char *replaced;
	} rows[] = {
		{ "$a", "one" },
		{ "${a}two$a$(a)", "onetwooneone" },
		{ "[$mydomain]:submission", "[example.org]:submission" },
		{ "$later", "one!" },
		{ "${a?yes}${a:no}", "yes" },
		{ "${empty?yes}${empty:no}", "no" },
		{ "${a?{full}:{empty}} ${empty?{full}:{empty}}", "full empty" },
		{ "${a?{x.$a}:{y}}", "x.one" },
		{ "${empty:{+}}", "+" },
		{ "${nope?x}", "" },
		{ "a$$b", "a$b" },
		{ "no dollar", "no dollar" },
		{ "$myhostname, localhost.$mydomain", "box.example.org, localhost.example.org" },
		{ "$myorigin", "box.example.org" },
		{ "$default_database_type:$config_directory/x", "hash:/nonexistent/x" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		parsed(arena_print(imported->shelf->arena,
		    "myhostname = box.example.org\na = one\nempty =\nx = %s\nlater = $a!\n",
		    rows[i].value));
		cr_assert_str_eq(value("x"), rows[i].replaced, "%s", rows[i].value);
	}
}

Test(import_parameter, knows_the_host_where_the_file_does_not)
{
	parsed("x = $myhostname $mydomain\n");
	cr_assert_str_eq(value("x"), "box.example example");
	imported->environment.host = "box";
	parsed("x = $myhostname $mydomain\n");
	cr_assert_str_eq(value("x"), "box.localdomain localdomain");
	parsed("mydomain = a.example\nx = $myhostname\n");
	cr_assert_str_eq(value("x"), "box.a.example");
}

Test(import_parameter, tells_what_it_cannot_replace)
{
	static const char *const values[] = { "$unknown", "${{a} == {b} ? {c}}", "$x", "${a", "$-",
		"$loop", "${a!b}", "${a?{b}c}", "${a?{b}" };

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		parsed(arena_print(imported->shelf->arena,
		    "a = 1\nloop = $pool\npool = $loop\nx = %s\n", values[i]));
		cr_assert(import_row_last(&entries, "x")->broken, "%s", values[i]);
		cr_assert_str_eq(value("x"), "fallback", "%s", values[i]);
	}
}

/* Each names the next one twice: 2 to the power of 30 words. */
Test(import_parameter, ends)
{
	struct buffer content = buffer_open(0);

	for (int i = 0; i < 30; i++)
		(void)buffer_print(&content, "p%d = $p%d$p%d\n", i, i + 1, i + 1);
	(void)buffer_print(&content, "p30 = x\nq = y\n");
	parsed(text_string(buffer_text(&content), imported->shelf->arena));
	buffer_close(&content);
	cr_assert(import_row_last(&entries, "p0")->broken);
}

Test(import_parameter, has_a_longest_value)
{
	char *content = arena_zero(imported->shelf->arena, IMPORT_PARAMETER_VALUE_MAX + 10);

	memset(content, 'x', IMPORT_PARAMETER_VALUE_MAX + 5);
	memcpy(content, "a = ", 4);
	parsed(content);
	cr_assert(import_row_last(&entries, "a")->broken);
}

Test(import_parameter, knows_what_is_local_when_the_host_is_named)
{
	parsed("myhostname = box.example.org\n");
	cr_assert_str_eq(
	    value("mydestination"), "box.example.org, localhost.example.org, localhost");
	parsed("myhostname = box.example.org\nmydestination =\n");
	cr_assert_str_eq(value("mydestination"), "");
	parsed("a = b\n");
	cr_assert_str_eq(value("mydestination"), "fallback");
}

Test(import_parameter, knows_yes)
{
	parsed("a = yes\nb = YES\nc = no\nd =\n");
	cr_assert(import_parameter_is_yes(&entries, "a"));
	cr_assert(import_parameter_is_yes(&entries, "b"));
	cr_assert(!import_parameter_is_yes(&entries, "c"));
	cr_assert(!import_parameter_is_yes(&entries, "d"));
	cr_assert(!import_parameter_is_yes(&entries, "e"));
}
