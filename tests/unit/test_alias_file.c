/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_file.h"

#include "tests/support/shelf.h"

/* All rows as "line:name=value" separated by '|'. */
static const char *
rows_of(struct shelf *shelf, const char *content, struct table_warnings *warnings)
{
	const char *path = shelf_file(shelf, "aliases", content);
	struct alias_file file;
	const char *all = "";

	cr_assert(alias_file_open(&file, path, &shelf->why), "%s", shelf->why.what);
	for (;;) {
		struct alias_file_row row;
		bool found;

		cr_assert(alias_file_next(&file, warnings, &row, &found, &shelf->why), "%s",
		    shelf->why.what);
		if (!found)
			break;
		all = arena_print(shelf->arena, "%s%s%zu:%.*s=%.*s", all, all[0] == '\0' ? "" : "|",
		    row.line, (int)row.name.length, row.name.bytes, (int)row.value.length,
		    row.value.bytes);
	}
	alias_file_close(&file);
	return all;
}

Test(alias_file, reads_rows)
{
	static const struct {
		const char *label;
		const char *content;
		const char *rows;
	} cases[] = {
		{ "plain", "root: me@isp\n", "1:root=me@isp" },
		{ "no blank", "root:me@isp\n", "1:root=me@isp" },
		{ "blanks before the colon", "root \t : me@isp \n", "1:root=me@isp" },
		{ "several", "a: b\n# no\n\nc: d, e\n", "1:a=b|4:c=d, e" },
		{ "continued", "a: b,\n  c\n# no\n\td\n", "1:a=b,  c\td" },
		{ "value on the next line", "a:\n b\n", "1:a=b" },
		{ "quoted name", "\"first last\": x\n", "1:first last=x" },
		{ "quoted name, blanks behind", "\"a\" : x\n", "1:a=x" },
		{ "colon in a quoted name", "\"a:b\": x\n", "1:a:b=x" },
		{ "shielded quote", "\"a\\\"b\": x\n", "1:a\"b=x" },
		{ "colon in the value", "list: :include:/x\n", "1:list=:include:/x" },
		{ "CRLF", "a: b\r\n", "1:a=b" },
		{ "UTF-8", "größe: x\n", "1:größe=x" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct table_warnings warnings = { .arena = shelf->arena };

		cr_expect_str_eq(rows_of(shelf, cases[i].content, &warnings), cases[i].rows,
		    "%s: %s", cases[i].label, rows_of(shelf, cases[i].content, NULL));
		cr_expect_eq(warnings.count, 0, "%s", cases[i].label);
		shelf_close(shelf);
	}
}

/* The name that the only line of a file seems to be meant for. */
static const char *
guessed(struct shelf *shelf, const char *line)
{
	const char *path = shelf_file(shelf, "guessed", line);
	struct alias_file file;
	struct alias_file_row row;
	const char *name;
	bool found;

	cr_assert(alias_file_open(&file, path, &shelf->why), "%s", shelf->why.what);
	cr_assert(alias_file_any(&file, &row, &found, &shelf->why), "%s", shelf->why.what);
	cr_assert(found);
	cr_expect_not_null(row.problem, "%s", line);
	name = text_string(row.name, shelf->arena);
	alias_file_close(&file);
	return name;
}

/* F210 */
Test(alias_file, tells_bad_lines_as_faults_when_their_name_can_be_guessed)
{
	static const struct {
		const char *line;
		const char *what;
		const char *name; /* "": it cannot be guessed */
	} cases[] = {
		{ "root me@isp", "no colon", "root" },
		{ "root", "no colon", "root" },
		{ "root:", "without a value", "root" },
		{ ": me@isp", "no name", "" },
		{ "\"\": me@isp", "no name", "" },
		{ "a b: me@isp", "more than one name", "a" },
		{ "a, b: me@isp", "more than one name", "a" },
		{ "a\"b\": me@isp", "more than one name", "a" },
		{ "a@dom: me@isp", "'@' or '%'", "" },
		{ "a%dom: me@isp", "'@' or '%'", "" },
		{ "\"a@dom\": me@isp", "'@' or '%'", "" },
		{ "\"a: me@isp", "quote is not closed", "a" },
		{ "\"a\\", "quote is not closed", "a\\" },
		{ "\"a\" b: me@isp", "no colon", "a" },
		{ "\"a\"", "no colon", "a" },
		{ "a: \xff", "UTF-8", "a" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		struct table_warnings warnings = { .arena = shelf->arena };
		const char *content = arena_print(shelf->arena, "x: y\n%s\nz: y\n", cases[i].line);

		cr_expect_str_eq(
		    rows_of(shelf, content, &warnings), "1:x=y|3:z=y", "%s", cases[i].line);
		cr_assert_eq(warnings.count, 1, "%s", cases[i].line);
		cr_expect_eq(warnings.items[0].line, 2, "%s", cases[i].line);
		cr_expect_eq(
		    warnings.items[0].fault, cases[i].name[0] != '\0', "%s", cases[i].line);
		cr_expect_not_null(warnings.items[0].hint);
		cr_expect_str_eq(guessed(shelf, cases[i].line), cases[i].name, "%s: %s",
		    cases[i].line, guessed(shelf, cases[i].line));
		cr_expect_not_null(strstr(warnings.items[0].what, cases[i].what), "%s: %s",
		    cases[i].line, warnings.items[0].what);
		shelf_close(shelf);
	}
}

Test(alias_file, fails_when_the_file_is_missing)
{
	struct shelf *shelf = shelf_open();
	struct alias_file file;

	/* F199 */
	cr_assert_not(alias_file_open(&file, shelf_path(shelf, "missing"), &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	shelf_close(shelf);
}
