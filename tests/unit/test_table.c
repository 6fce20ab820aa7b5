/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table.h"

#include "tests/support/shelf.h"

/* All rows of a file as "line:key=value" separated by '|', and what was warned of. */
static const char *
rows_of(struct shelf *shelf, const char *path, struct table_warnings *warnings)
{
	struct table_reader *reader;
	const char *all = "";

	cr_assert(table_open(path, false, &reader, &shelf->why), "%s", shelf->why.what);
	for (;;) {
		struct table_row row;
		bool found;

		cr_assert(table_next_row(reader, warnings, &row, &found, &shelf->why), "%s",
		    shelf->why.what);
		if (!found)
			break;
		all = arena_print(shelf->arena, "%s%s%zu:%.*s=%.*s", all, all[0] == '\0' ? "" : "|",
		    row.line, (int)row.key.length, row.key.bytes, (int)row.value.length,
		    row.value.bytes);
	}
	table_close(reader);
	return all;
}

Test(table, reads_rows_as_postmap_does)
{
	static const struct {
		const char *label;
		const char *content;
		const char *rows;
	} cases[] = {
		{ "plain", "a b\nc d\n", "1:a=b|2:c=d" },
		{ "no last line end", "a b\nc d", "1:a=b|2:c=d" },
		{ "tabs", "a\t\t b\t\n", "1:a=b" },
		{ "CRLF", "a b\r\nc d\r\n", "1:a=b|2:c=d" },
		{ "nothing", "", "" },
		{ "only comments", "# a b\n\n   # c d\n \t \n", "" },
		{ "value with blanks and #", "a b c # d\n", "1:a=b c # d" },
		{ "continued", "a\n b\n\tc\n", "1:a=b\tc" },
		{ "continuation keeps one blank", "a b\n  c\n", "1:a=b  c" },
		{ "key alone, value below", "key\n\tvalue\n", "1:key=value" },
		{ "comment inside", "a b\n# no\n c\n", "1:a=b c" },
		{ "blank line inside", "a b\n\n   \n c\nd e\n", "1:a=b c|5:d=e" },
		{ "indented comment inside", "a b\n  # no\n c\n", "1:a=b c" },
		{ "comment, then a new row", "a b\n# no\nc d\n", "1:a=b|3:c=d" },
		{ "quoted key", "\"a b\"@dom c d\n", "1:\"a b\"@dom=c d" },
		{ "shielded quote in a key", "\"a\\\" b\"@dom c\n", "1:\"a\\\" b\"@dom=c" },
		{ "shielded blank in a key", "a\\ b c\n", "1:a\\ b=c" },
		{ "dollar stays", "a $name\n", "1:a=$name" },
		{ "quote in the value", "a \"b\n", "1:a=\"b" },
		{ "case stays", "Key VaLue\n", "1:Key=VaLue" },
		{ "UTF-8", "schlüssel größe\n", "1:schlüssel=größe" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		const char *path = shelf_file(shelf, "table", cases[i].content);
		struct table_warnings warnings = { .arena = shelf->arena };

		cr_expect_str_eq(rows_of(shelf, path, &warnings), cases[i].rows, "%s: %s",
		    cases[i].label, rows_of(shelf, path, NULL));
		cr_expect_eq(warnings.count, 0, "%s: %zu warnings", cases[i].label, warnings.count);
		shelf_close(shelf);
	}
}

Test(table, passes_over_bad_lines_with_a_warning)
{
	static const struct {
		const char *label;
		const char *content;
		const char *rows;
		size_t line;
		const char *what;
	} cases[] = {
		{ "only a key", "a b\nalone\nc d\n", "1:a=b|3:c=d", 2, "without a value" },
		{ "open quote", "\"a b\nc d\n", "2:c=d", 1, "quote is not closed" },
		{ "shield at the end", "\"a\\\nc d\n", "2:c=d", 1, "quote is not closed" },
		{ "key of an alias file", "root: me\nc d\n", "2:c=d", 1, "colon" },
		{ "nothing to continue", "  a b\n c\nd e\n", "3:d=e", 1, "begins with a blank" },
		{ "nothing to continue behind a comment", "#\n a b\nd e\n", "3:d=e", 2,
		    "begins with a blank" },
		/* F205 */
		{ "not UTF-8", "a \xff\nc d\n", "2:c=d", 1, "UTF-8" },
		{ "overlong UTF-8", "a \xc0\xaf\nc d\n", "2:c=d", 1, "UTF-8" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		const char *path = shelf_file(shelf, "table", cases[i].content);
		struct table_warnings warnings = { .arena = shelf->arena };

		cr_expect_str_eq(
		    rows_of(shelf, path, &warnings), cases[i].rows, "%s", cases[i].label);
		cr_assert_eq(warnings.count, 1, "%s: %zu warnings", cases[i].label, warnings.count);
		cr_expect_eq(warnings.items[0].line, cases[i].line, "%s: line %zu", cases[i].label,
		    warnings.items[0].line);
		cr_expect_not_null(strstr(warnings.items[0].what, cases[i].what), "%s: %s",
		    cases[i].label, warnings.items[0].what);
		shelf_close(shelf);
	}
}

Test(table, passes_over_a_line_with_a_nul_wherever_it_stands)
{
	for (size_t at = 1; at < 24; at++) {
		struct shelf *shelf = shelf_open();
		char content[] = "abcdefghijkl mnopqrstuvw\nnext row\n";
		struct table_warnings warnings = { .arena = shelf->arena };
		const char *path;

		content[at] = '\0';
		path = shelf_bytes(shelf, "table", content, sizeof content - 1);
		cr_expect_str_eq(rows_of(shelf, path, &warnings), "2:next=row", "NUL at %zu", at);
		cr_expect_eq(warnings.count, 1, "NUL at %zu", at);
		shelf_close(shelf);
	}
}

Test(table, keeps_a_bounded_number_of_warnings)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };

	for (size_t i = 0; i < TABLE_WARNINGS_MAX + 10; i++)
		table_warn(&warnings, i, "wrong");
	cr_expect_eq(warnings.count, TABLE_WARNINGS_MAX);
	cr_expect_str_eq(
	    warnings.items[TABLE_WARNINGS_MAX - 1].what, "and more that is wrong, not listed");
	shelf_close(shelf);
}

Test(table, refuses_what_it_cannot_read_as_temporary)
{
	struct shelf *shelf = shelf_open();
	struct table_reader *reader;
	const char *path = shelf_path(shelf, "missing");

	/* F199 */
	cr_assert_not(table_open(path, false, &reader, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	cr_expect(shelf->why.temporary);
	cr_expect_eq(shelf->why.stage, FAILURE_TABLE);
	cr_expect_str_eq(shelf->why.where, path);
	cr_expect_str_eq(shelf->why.what, "cannot open the file: No such file or directory");
	shelf_close(shelf);
}

Test(table, refuses_what_is_no_regular_file)
{
	struct shelf *shelf = shelf_open();
	struct table_reader *reader;
	const char *fifo = shelf_path(shelf, "fifo");

	/* F203: without a writer, opening it must not wait. */
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	cr_assert_not(table_open(fifo, false, &reader, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_str_eq(shelf->why.what, "not a regular file");
	cr_assert_not(table_open(shelf->directory, false, &reader, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	shelf_close(shelf);
}

/* F201: who writes a table decides where mail goes. */
Test(table, refuses_what_everybody_may_write)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_file(shelf, "table", "a b\n");
	struct table_reader *reader;

	cr_assert_eq(chmod(path, 0646), 0);
	cr_assert_not(table_open(path, false, &reader, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_eq(shelf->why.stage, FAILURE_TABLE);
	cr_expect_str_eq(shelf->why.hint, arena_print(shelf->arena, "chmod o-w %s", path));
	cr_assert_eq(chmod(path, 0664), 0);
	cr_assert(table_open(path, false, &reader, &shelf->why), "%s", shelf->why.what);
	table_close(reader);
	cr_assert_eq(chmod(shelf->directory, 0777), 0);
	cr_assert_not(table_open(path, false, &reader, &shelf->why));
	cr_assert_eq(chmod(shelf->directory, 01777), 0);
	cr_assert(table_open(path, false, &reader, &shelf->why), "%s", shelf->why.what);
	table_close(reader);
	shelf_close(shelf);
}

Test(table, refuses_a_secret_that_others_may_read)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_file(shelf, "table", "host user:word\n");
	struct table_reader *reader;

	/* F99 */
	cr_assert_eq(chmod(path, 0644), 0);
	cr_assert_not(table_open(path, true, &reader, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_not_null(strstr(shelf->why.what, "mode 0644"), "%s", shelf->why.what);
	cr_assert(table_open(path, false, &reader, &shelf->why), "the same file without secrets");
	table_close(reader);
	shelf_close(shelf);
}

static void
expect_too_long(const char *content, size_t length, size_t line)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_bytes(shelf, "table", content, length);
	struct table_reader *reader;
	bool found = true;
	bool read = true;

	cr_assert(table_open(path, false, &reader, &shelf->why));
	while (read && found) {
		struct table_row row;

		read = table_next_row(reader, NULL, &row, &found, &shelf->why);
	}
	table_close(reader);
	cr_assert_not(read);
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_not_null(
	    strstr(shelf->why.what, "longer than 1048576 bytes"), "%s", shelf->why.what);
	cr_expect_str_eq(shelf->why.where, arena_print(shelf->arena, "%s:%zu", path, line));
	shelf_close(shelf);
}

Test(table, refuses_lines_without_end)
{
	size_t length = 2 * TABLE_LINE_MAX;
	char *content = malloc(length);

	/* F204 */
	cr_assert_not_null(content);
	memset(content, 'x', length);
	memcpy(content, "a b\n", 4);
	expect_too_long(content, length, 2);
	/* Many short lines that continue one. */
	for (size_t i = 8; i + 1 < length; i += 8)
		memcpy(content + i, "\n ", 2);
	expect_too_long(content, length, 2);
	free(content);
}

Test(table, reads_lines_of_any_length_up_to_the_limit)
{
	struct shelf *shelf = shelf_open();
	size_t length = 200000;
	char *content = malloc(length);
	struct table_reader *reader;
	struct table_row row;
	const char *path;
	bool found;

	cr_assert_not_null(content);
	memset(content, 'v', length);
	memcpy(content, "key ", 4);
	path = shelf_bytes(shelf, "table", content, length);
	cr_assert(table_open(path, false, &reader, &shelf->why));
	cr_assert(table_next_row(reader, NULL, &row, &found, &shelf->why));
	cr_assert(found);
	cr_expect_eq(row.value.length, length - 4);
	table_close(reader);
	free(content);
	shelf_close(shelf);
}

Test(table, says_what_makes_a_line_unusable)
{
	cr_expect_null(table_line_problem(text_of("a b")));
	cr_expect_null(
	    table_line_problem(text_of("\x01 b")), "a control byte is no problem of the line");
	cr_expect_null(table_line_problem(text_of("\xc3\xa9")));
	cr_expect_not_null(table_line_problem(text_of(" a")));
	cr_expect_not_null(table_line_problem(text_make("a\0b", 3)));
	cr_expect_not_null(table_line_problem(text_of("aaaaaaaaa\xc3")));
}

Test(table, closes_nothing_without_complaint)
{
	table_close(NULL);
}
