/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/word.h"

static const char *
encoded(const char *before, const char *text, struct arena *arena)
{
	struct buffer to = buffer_open(0);
	const char *made;

	(void)buffer_add(&to, before);
	word_encode(text_of(text), &to);
	made = text_string(buffer_text(&to), arena);
	buffer_close(&to);
	return made;
}

Test(word, encodes_all_that_may_mean_something_in_a_phrase)
{
	static const struct {
		const char *label;
		const char *text;
		const char *word;
	} rows[] = {
		{ "utf-8", "Jos\303\251", "=?utf-8?Q?Jos=C3=A9?=" },
		{ "blank", "a \303\251", "=?utf-8?Q?a_=C3=A9?=" },
		{ "signs", "\"(<@,;:.=?_>)\"",
		    "=?utf-8?Q?=22=28=3C=40=2C=3B=3A=2E=3D=3F=5F=3E=29=22?=" },
		{ "safe signs", "!*+-/aZ09", "=?utf-8?Q?!*+-/aZ09?=" },
		{ "tab", "\t", "=?utf-8?Q?=09?=" },
		{ "not utf-8", "Jos\351 \303\251", "=?unknown-8bit?Q?Jos=E9_=C3=A9?=" },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(encoded("", rows[i].text, arena), rows[i].word, "%s: %s",
		    rows[i].label, encoded("", rows[i].text, arena));
	arena_close(arena);
}

Test(word, encodes_a_nul)
{
	struct buffer to = buffer_open(0);

	word_encode(text_make("\0", 1), &to);
	cr_expect(text_is(buffer_text(&to), "=?utf-8?Q?=00?="));
	buffer_close(&to);
}

/* Lines of 76 bytes, and whole characters in each word (RFC 2047 sections 2 and 5). */
Test(word, breaks_lines_between_characters)
{
	const char *text =
	    "\342\202\254\360\237\230\200 abc \303\251\303\251\303\251\303\251\303\251"
	    "\342\202\254\342\202\254\342\202\254\342\202\254\360\237\230\200";

	for (size_t column = 0; column + WORD_SIZE_MIN <= WORD_LINE_MAX; column++) {
		struct buffer to = buffer_open(0);
		struct text rest;

		for (size_t i = 0; i < column; i++)
			(void)buffer_byte(&to, 'x');
		word_encode(text_of(text), &to);
		rest = buffer_text(&to);
		cr_expect_lt(text_find(rest, '\n'), rest.length, "column %zu", column);
		while (rest.length > 0) {
			size_t end = text_find(rest, '\r');
			struct text line = text_slice(rest, 0, end);

			cr_expect_leq(line.length, WORD_LINE_MAX, "column %zu", column);
			cr_expect(text_is(text_slice(line, end - 2, end), "?="), "'%.*s'", (int)end,
			    line.bytes);
			/* The first byte of a character: no =80 to =BF. */
			line = text_slice(line, text_find(line, 'Q') + 2, end);
			cr_expect(line.bytes[0] != '=' || line.bytes[1] >= 'C', "'%.*s'",
			    (int)line.length, line.bytes);
			rest = text_slice(rest, end + 2, rest.length);
		}
		buffer_close(&to);
	}
}

Test(word, tells_the_column)
{
	struct buffer to = buffer_open(0);

	cr_expect_eq(word_column(&to), 0);
	(void)buffer_add(&to, "abc");
	cr_expect_eq(word_column(&to), 3);
	(void)buffer_add(&to, "\r\n x");
	cr_expect_eq(word_column(&to), 2);
	for (size_t i = 0; i < 200; i++)
		(void)buffer_byte(&to, 'x');
	cr_expect_eq(word_column(&to), WORD_LINE_MAX + 1);
	buffer_close(&to);
}
