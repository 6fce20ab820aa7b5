/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/header.h"

static struct arena *arena;

static void
open_arena(void)
{
	arena = arena_open();
}

static void
close_arena(void)
{
	arena_close(arena);
}

TestSuite(header, .init = open_arena, .fini = close_arena);

static struct header
read_all(const char *block)
{
	return header_read(text_of(block), arena);
}

Test(header, knows_a_line_that_begins_a_field)
{
	static const struct {
		const char *line;
		bool begins;
	} rows[] = {
		{ "From: x", true },
		{ "From:", true },
		{ "From : root", true },
		{ "Bcc \t: x", true },
		{ "X-!#$%&'*+~: x", true },
		{ ": x", false },
		{ "", false },
		{ "From", false },
		{ "From x: y", false },
		{ " From: x", false },
		{ "\tFrom: x", false },
		{ "Fr\xc3\xb6m: x", false },
		{ "Fr\x7fm: x", false },
		{ "From root Mon Jan  1 10:00:00 2024", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_eq(
		    header_line(text_of(rows[i].line)), rows[i].begins, "'%s'", rows[i].line);
}

Test(header, finds_name_and_value)
{
	struct header header = read_all("To: a,\r\n\tb\r\n c\r\nBcc \t: d\r\nEmpty:\r\nLast: x");

	cr_assert_eq(header.count, 4);
	cr_expect(text_is(header.fields[0].raw, "To: a,\r\n\tb\r\n c\r\n"));
	cr_expect(text_is(header.fields[0].name, "To"));
	cr_expect(text_is(header.fields[0].value, " a,\r\n\tb\r\n c"));
	cr_expect(text_is(header.fields[1].name, "Bcc"));
	cr_expect(text_is(header.fields[1].value, " d"));
	cr_expect(text_is(header.fields[2].value, ""));
	cr_expect(text_is(header.fields[3].raw, "Last: x"));
	cr_expect(text_is(header.fields[3].value, " x"));
}

Test(header, finds_none_in_nothing)
{
	cr_expect_eq(read_all("").count, 0);
}

/* Callers give field lines only; what else there is must still be kept somewhere. */
Test(header, loses_no_byte_of_any_block)
{
	static const char *const blocks[] = { " starts with a blank\r\nA: b\r\n",
		"no colon\r\nA: b", "\r\n\r\n", ":\n:", "\n a", "A: b\n c\nD:e\n" };

	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		struct header header = read_all(blocks[i]);
		struct buffer whole = buffer_open(0);

		for (size_t j = 0; j < header.count; j++)
			(void)buffer_append(&whole, header.fields[j].raw);
		cr_expect(text_is(buffer_text(&whole), blocks[i]), "block %zu", i);
		buffer_close(&whole);
	}
}

Test(header, finds_fields_by_name_one_after_the_other)
{
	struct header header = read_all("To: a\r\nCc: b\r\ntO: c\r\n");
	const struct header_field *field;
	size_t at = 0;

	field = header_find(&header, "to", &at);
	cr_assert_not_null(field);
	cr_expect(text_is(field->value, " a"));
	field = header_find(&header, "to", &at);
	cr_assert_not_null(field);
	cr_expect(text_is(field->value, " c"));
	cr_expect_null(header_find(&header, "to", &at));
	cr_expect_null(header_find(&header, "to", &at));
}

/* F173 */
Test(header, tells_fields_whatever_the_case)
{
	struct header header = read_all("bCc : a\r\n");

	cr_expect(header_is(&header.fields[0], "Bcc"));
	cr_expect_not(header_is(&header.fields[0], "Bc"));
	cr_expect_not(header_is(&header.fields[0], "Bccc"));
	cr_expect(header_has(&header, "BCC"));
	cr_expect_not(header_has(&header, "Cc"));
}

Test(header, unfolds_a_value)
{
	static const struct {
		const char *value;
		const char *expected;
	} rows[] = {
		{ " a", "a" },
		{ " a\r\n b\r\n\tc \r\n ", "a b\tc" },
		{ "", "" },
		{ " \r\n \t", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct text line = header_unfold(text_of(rows[i].value), arena);

		cr_expect(text_is(line, rows[i].expected), "row %zu gives '%.*s'", i,
		    (int)line.length, line.bytes);
	}
}

/* F169 */
Test(header, reads_a_field_folded_a_hundred_thousand_times)
{
	struct buffer block = buffer_open(0);
	struct header header;

	(void)buffer_add(&block, "To: a");
	for (int i = 0; i < 100000; i++)
		(void)buffer_add(&block, ",\r\n b");
	(void)buffer_add(&block, "\r\nCc: c\r\n");
	header = header_read(buffer_text(&block), arena);
	cr_assert_eq(header.count, 2);
	cr_expect(text_is(header.fields[1].raw, "Cc: c\r\n"));
	buffer_close(&block);
}

/* F168 */
Test(header, reads_a_hundred_thousand_fields)
{
	struct buffer block = buffer_open(0);
	struct header header;

	for (int i = 0; i < 100000; i++)
		(void)buffer_print(&block, "X-%d: y\r\n", i);
	header = header_read(buffer_text(&block), arena);
	cr_expect_eq(header.count, 100000);
	cr_expect(text_is(header.fields[99999].name, "X-99999"));
	buffer_close(&block);
}
