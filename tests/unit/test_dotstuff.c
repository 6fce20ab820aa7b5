/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "smtp/dotstuff.h"

struct row {
	const char *label;
	const char *input;
	const char *output;
};

static const struct row rows[] = {
	{ "no dot", "a\r\nb\r\n", "a\r\nb\r\n.\r\n" },
	{ "nothing", "", ".\r\n" },
	{ "open line", "a", "a\r\n.\r\n" },
	{ "open line after cr", "a\r", "a\r\n.\r\n" },
	{ "dot first", ".a\r\n", "..a\r\n.\r\n" },                         /* F154 */
	{ "lone dot first", ".\r\n", "..\r\n.\r\n" },                      /* F154 */
	{ "lone dot inside", "a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n" }, /* F155 */
	{ "lone dot last, open", "a\r\n.", "a\r\n..\r\n.\r\n" },           /* F154 */
	{ "dot inside a line", "a.b\r\n", "a.b\r\n.\r\n" },
	{ "two dots", "..\r\n", "...\r\n.\r\n" },
	{ "dots in a row", ".\r\n.\r\n.\r\n", "..\r\n..\r\n..\r\n.\r\n" },
	{ "empty lines", "\r\n\r\n", "\r\n\r\n.\r\n" },
	{ "dot after empty line", "\r\n.x", "\r\n..x\r\n.\r\n" },
};

#define ROWS (sizeof rows / sizeof rows[0])

static struct buffer
stuff(struct text input, size_t cut)
{
	struct dotstuff dotstuff = dotstuff_start();
	struct buffer output = buffer_open(0);

	dotstuff_feed(&dotstuff, text_slice(input, 0, cut), &output);
	dotstuff_feed(&dotstuff, text_slice(input, cut, input.length), &output);
	dotstuff_finish(&dotstuff, &output);
	return output;
}

/* F157: wherever the input is cut */
Test(dotstuff, doubles_the_dot_that_begins_a_line)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct text input = text_of(rows[i].input);

		for (size_t cut = 0; cut <= input.length; cut++) {
			struct buffer output = stuff(input, cut);

			cr_assert(text_is(buffer_text(&output), rows[i].output),
			    "%s, cut at %zu: %.*s", rows[i].label, cut, (int)output.length,
			    output.bytes);
			buffer_close(&output);
		}
	}
}

/* What a receiver does (RFC 5321 4.5.2). */
static struct buffer
unstuff(struct text data)
{
	struct buffer plain = buffer_open(0);

	while (data.length > 0 && !text_is(data, ".\r\n")) {
		size_t end = text_find(data, '\n') + 1;
		size_t start = data.bytes[0] == '.' ? 1 : 0;

		(void)buffer_append(&plain, text_slice(data, start, end));
		data = text_slice(data, end, data.length);
	}
	return plain;
}

Test(dotstuff, comes_back_whole_at_the_receiver)
{
	struct buffer message = buffer_open(0);
	struct buffer sent;
	struct buffer received;

	for (int i = 0; i < 20000; i++)
		(void)buffer_print(&message, "%s%d.\r\n", i % 3 == 0 ? "." : "", i);
	sent = stuff(buffer_text(&message), 65536);
	received = unstuff(buffer_text(&sent));
	cr_assert(text_equal(buffer_text(&received), buffer_text(&message)));
	buffer_close(&message);
	buffer_close(&sent);
	buffer_close(&received);
}

Test(dotstuff, begins_anew_after_its_end)
{
	struct dotstuff dotstuff = dotstuff_start();
	struct buffer output = buffer_open(0);

	dotstuff_feed(&dotstuff, text_of("a"), &output);
	dotstuff_finish(&dotstuff, &output);
	buffer_clear(&output);
	dotstuff_feed(&dotstuff, text_of(".b"), &output);
	cr_assert(text_is(buffer_text(&output), "..b"));
	buffer_close(&output);
}
