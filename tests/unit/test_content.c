/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "mail/content.h"

struct row {
	const char *label;
	const char *input;
	const char *output;
};

static const struct row rows[] = {
	{ "lf", "a\nb\n", "a\r\nb\r\n" },
	{ "crlf", "a\r\nb\r\n", "a\r\nb\r\n" },
	{ "mixed", "a\r\nb\nc\r\n", "a\r\nb\r\nc\r\n" },
	{ "bare cr", "a\rb\n", "a\r\nb\r\n" },         /* F158 */
	{ "no final line end", "a\nb", "a\r\nb\r\n" }, /* F166 */
	{ "final cr", "a\r", "a\r\n" },
	{ "empty lines", "\n\n\r\n", "\r\n\r\n\r\n" },
	{ "cr cr lf", "a\r\r\nb\n", "a\r\n\r\nb\r\n" },
	{ "lf cr", "a\n\rb", "a\r\n\r\nb\r\n" },
	{ "nothing", "", "" },
	{ "lf dot crlf", "a\n.\r\nb", "a\r\n.\r\nb\r\n" },     /* F156 */
	{ "cr dot crlf", "a\r.\r\nb", "a\r\n.\r\nb\r\n" },     /* F156 */
	{ "crlf dot lf", "a\r\n.\nb", "a\r\n.\r\nb\r\n" },     /* F156 */
	{ "cr dot cr", "a\r.\rb", "a\r\n.\r\nb\r\n" },         /* F156 */
	{ "lf dot cr", "a\n.\rb", "a\r\n.\r\nb\r\n" },         /* F156 */
	{ "crlf dot crlf", "a\r\n.\r\nb", "a\r\n.\r\nb\r\n" }, /* F155 */
	{ "8-bit", "caf\303\251\n", "caf\303\251\r\n" },
};

#define ROWS (sizeof rows / sizeof rows[0])

/* Feeds `length` bytes in steps of `step` and ends the content. */
static struct content
normalise(const char *bytes, size_t length, size_t step, struct buffer *output)
{
	struct content content = content_start();
	struct failure why;

	for (size_t at = 0; at < length; at += step)
		cr_assert(content_feed(
		    &content, text_slice(text_make(bytes, length), at, at + step), output, &why));
	cr_assert(content_finish(&content, output, &why));
	return content;
}

static void
assert_bytes(const struct buffer *output, const char *expected, size_t length, const char *label)
{
	cr_assert_eq(
	    output->length, length, "%s: %zu bytes, not %zu", label, output->length, length);
	cr_assert(length == 0 || memcmp(output->bytes, expected, length) == 0, "%s: '%.*s'", label,
	    (int)output->length, output->bytes);
}

Test(content, makes_every_line_end_crlf)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct buffer output = buffer_open(0);

		(void)normalise(rows[i].input, strlen(rows[i].input), SIZE_MAX / 2, &output);
		assert_bytes(&output, rows[i].output, strlen(rows[i].output), rows[i].label);
		buffer_close(&output);
	}
}

/* F157 */
Test(content, does_not_care_where_the_input_is_cut)
{
	for (size_t i = 0; i < ROWS; i++) {
		for (size_t step = 1; step <= strlen(rows[i].input); step++) {
			struct buffer output = buffer_open(0);

			(void)normalise(rows[i].input, strlen(rows[i].input), step, &output);
			assert_bytes(
			    &output, rows[i].output, strlen(rows[i].output), rows[i].label);
			buffer_close(&output);
		}
	}
}

/* The same rule said byte by byte, for comparison. */
static void
slow_way(const char *bytes, size_t length, struct buffer *output)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '\n' && i > 0 && bytes[i - 1] == '\r')
			continue;
		if (bytes[i] == '\r' || bytes[i] == '\n')
			(void)buffer_add(output, "\r\n");
		else
			(void)buffer_byte(output, bytes[i]);
	}
	if (output->length > 0 && output->bytes[output->length - 1] != '\n')
		(void)buffer_add(output, "\r\n");
}

static void
make_bytes(char *bytes, size_t length)
{
	static const char alphabet[] = "\r\n\r\n.ab \t\303\251";

	for (size_t i = 0; i < length; i++)
		bytes[i] = alphabet[(size_t)rand() % (sizeof alphabet - 1)];
}

Test(content, agrees_with_the_plain_rule_on_random_bytes)
{
	for (unsigned seed = 1; seed <= 300; seed++) {
		struct buffer fast = buffer_open(0);
		struct buffer slow = buffer_open(0);
		char bytes[200];
		size_t length;

		srand(seed);
		length = (size_t)rand() % sizeof bytes;
		make_bytes(bytes, length);
		(void)normalise(bytes, length, 1 + (size_t)rand() % 17, &fast);
		slow_way(bytes, length, &slow);
		cr_assert(text_equal(buffer_text(&fast), buffer_text(&slow)), "seed %u", seed);
		buffer_close(&fast);
		buffer_close(&slow);
	}
}

Test(content, leaves_normalised_bytes_alone)
{
	for (unsigned seed = 1; seed <= 50; seed++) {
		struct buffer once = buffer_open(0);
		struct buffer twice = buffer_open(0);
		char bytes[300];

		srand(seed);
		make_bytes(bytes, sizeof bytes);
		(void)normalise(bytes, sizeof bytes, 64, &once);
		(void)normalise(once.bytes, once.length, 7, &twice);
		cr_assert(text_equal(buffer_text(&once), buffer_text(&twice)), "seed %u", seed);
		buffer_close(&once);
		buffer_close(&twice);
	}
}

static struct content
facts(const char *input, size_t step)
{
	struct buffer output = buffer_open(0);
	struct content content = normalise(input, strlen(input), step, &output);

	cr_assert_eq(content.size_bytes, output.length);
	buffer_close(&output);
	return content;
}

Test(content, counts_lines_and_finds_the_longest)
{
	for (size_t step = 1; step < 20; step++) {
		struct content content = facts("ab\nabcdef\r\nabc\nabcdef\nx", step);

		cr_assert_eq(content.lines, 5, "step %zu", step);
		cr_assert_eq(content.longest, 6, "step %zu", step);
		cr_assert_eq(content.longest_number, 2, "step %zu", step);
		cr_assert_eq(content.current, 0, "step %zu", step);
	}
}

Test(content, counts_nothing_in_nothing)
{
	struct content content = facts("", 1);

	cr_assert_eq(content.size_bytes, 0);
	cr_assert_eq(content.lines, 0);
	cr_assert_eq(content.longest, 0);
	cr_assert_not(content.eight_bit);
	cr_assert_not(content.bare_cr);
}

Test(content, sees_a_bare_cr_wherever_it_is_cut)
{
	for (size_t step = 1; step < 6; step++) {
		cr_assert(facts("a\rb\n", step).bare_cr, "in the middle, step %zu", step);
		cr_assert(facts("ab\r", step).bare_cr, "at the end, step %zu", step);
		cr_assert(facts("a\r\r\n", step).bare_cr, "before crlf, step %zu", step);
		cr_assert_not(facts("a\r\nb\r\n", step).bare_cr, "crlf, step %zu", step);
		cr_assert_not(facts("a\nb\n", step).bare_cr, "lf, step %zu", step);
	}
}

Test(content, sees_8_bit_at_every_place)
{
	char bytes[40];

	for (size_t at = 0; at < sizeof bytes - 1; at++) {
		memset(bytes, 'a', sizeof bytes);
		bytes[sizeof bytes - 1] = '\0';
		cr_assert_not(facts(bytes, 40).eight_bit);
		bytes[at] = '\200';
		cr_assert(facts(bytes, 40).eight_bit, "at %zu", at);
		cr_assert(facts(bytes, 3).eight_bit, "at %zu", at);
	}
}

/* F160 */
Test(content, refuses_a_nul_and_names_its_line)
{
	const struct text input = text_make("a\r\nb\nc\0d\n", 9);

	for (size_t step = 1; step <= input.length; step++) {
		struct content content = content_start();
		struct buffer output = buffer_open(0);
		struct failure why = { 0 };
		bool taken = true;

		for (size_t at = 0; at < input.length && taken; at += step)
			taken = content_feed(
			    &content, text_slice(input, at, at + step), &output, &why);
		cr_assert_not(taken, "step %zu", step);
		cr_assert_eq(why.code, EX_DATAERR, "step %zu", step);
		cr_assert_str_eq(why.what, "line 3 holds a NUL byte", "step %zu", step);
		buffer_close(&output);
	}
}

Test(content, refuses_what_the_buffer_cannot_hold)
{
	struct content content = content_start();
	struct buffer output = buffer_open(6);
	struct failure why = { 0 };

	cr_assert(content_feed(&content, text_of("ab\n"), &output, &why));
	cr_assert_not(content_feed(&content, text_of("cd\n"), &output, &why));
	cr_assert_eq(why.code, EX_DATAERR);
	cr_assert_str_eq(why.what, "larger than 6 bytes");
	buffer_close(&output);
}

Test(content, refuses_a_last_line_end_that_does_not_fit)
{
	struct content content = content_start();
	struct buffer output = buffer_open(3);
	struct failure why = { 0 };

	cr_assert(content_feed(&content, text_of("abc"), &output, &why));
	cr_assert_not(content_finish(&content, &output, &why));
	cr_assert_eq(why.code, EX_DATAERR);
	buffer_close(&output);
}

/* F161: a long line stays one line. */
Test(content, does_not_cut_a_long_line)
{
	const size_t length = 1000000;
	char *bytes = malloc(length);
	struct buffer output = buffer_open(0);
	struct content content;

	cr_assert_not_null(bytes);
	memset(bytes, 'x', length);
	content = normalise(bytes, length, 4096, &output);
	cr_assert_eq(content.longest, length);
	cr_assert_eq(content.lines, 1);
	cr_assert_eq(output.length, length + 2);
	free(bytes);
	buffer_close(&output);
}

struct command_row {
	const char *label;
	const char *input;
	bool like;
};

/* F144 */
static const struct command_row command_rows[] = {
	{ "mail", "x\nMAIL FROM:<a@b>\n", true },
	{ "first line", "rcpt to:<a@b>", true },
	{ "line end", "a\r\nData\r\nb", true },
	{ "end of input", "a\nquit", true },
	{ "bare cr", "a\rBDAT 1", true },
	{ "tab", "a\nrset\tx", true },
	{ "colon", "a\nnoop: x", true },
	{ "eight letters", "a\nSTARTTLS\n", true },
	{ "a blank before", "a\n \tmail from:<a@b>\n", true },
	{ "a form feed before", "a\n\fmail from:<a@b>\n", true },
	{ "longer word", "mailing lists\n", false },
	{ "longer than any", "startTLSx\n", false },
	{ "hyphen", "Auth-Results: x\n", false },
	{ "base64", "Etrn+K76NKzIlxTM\nmail/x\nquit=\n", false },
	{ "shorter word", "mai l from\n", false },
	{ "in the line", "a mail from:<a@b>\n", false },
	{ "behind a dot", ".mail from:<a@b>\n", false },
	{ "split by a line end", "ma\nil from:<a@b>\n", false },
	{ "fields", "Subject: mail\nFrom: a@b\n datum\303\251\n", false },
	{ "nothing", "", false },
};

Test(content, notices_what_could_be_read_as_commands)
{
	for (size_t i = 0; i < sizeof command_rows / sizeof command_rows[0]; i++) {
		const struct command_row *row = &command_rows[i];

		for (size_t step = 1; step < 24; step++)
			cr_assert_eq(facts(row->input, step).command_like, row->like,
			    "%s in steps of %zu", row->label, step);
	}
}

Test(content, judges_a_text_by_the_same_rule)
{
	for (size_t i = 0; i < sizeof command_rows / sizeof command_rows[0]; i++) {
		const struct command_row *row = &command_rows[i];
		struct buffer output = buffer_open(0);

		(void)normalise(row->input, strlen(row->input), 64, &output);
		cr_assert_eq(
		    content_command_like(buffer_text(&output)), row->like, "%s", row->label);
		buffer_close(&output);
	}
}
