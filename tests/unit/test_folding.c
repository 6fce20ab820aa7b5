/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "mail/content.h"
#include "mail/folding.h"

/* `count` times `word` behind `start`, then CRLF. */
static struct buffer
field(const char *start, const char *word, size_t count)
{
	struct buffer made = buffer_open(0);

	(void)buffer_add(&made, start);
	for (size_t i = 0; i < count; i++)
		(void)buffer_add(&made, word);
	(void)buffer_add(&made, "\r\n");
	return made;
}

static void
assert_folded(const struct buffer *block, size_t longest, const char *label)
{
	struct buffer to = buffer_open(0);
	struct buffer unfolded = buffer_open(0);
	struct buffer wanted = buffer_open(0);
	struct failure why;
	size_t column = 0;

	cr_assert(folding_apply(buffer_text(block), &to, &why), "%s: %s", label, why.what);
	cr_assert_not(folding_needed(buffer_text(&to)), "%s", label);
	for (size_t i = 0; i < to.length; i++) {
		column = to.bytes[i] == '\n' ? 0 : column + 1;
		cr_assert_leq(column, longest + 1, "%s: a line of %zu bytes", label, column);
		if (to.bytes[i] != '\r' && to.bytes[i] != '\n')
			(void)buffer_byte(&unfolded, to.bytes[i]);
	}
	for (size_t i = 0; i < block->length; i++)
		if (block->bytes[i] != '\r' && block->bytes[i] != '\n')
			(void)buffer_byte(&wanted, block->bytes[i]);
	cr_assert(text_equal(buffer_text(&unfolded), buffer_text(&wanted)), "%s", label);
	buffer_close(&to);
	buffer_close(&unfolded);
	buffer_close(&wanted);
}

Test(folding, leaves_lines_that_travel_as_they_are)
{
	struct buffer block = field("Subject:", " x", 495);
	struct buffer to = buffer_open(0);
	struct failure why;

	cr_assert_eq(block.length, CONTENT_LINE_MAX + 2);
	cr_assert_not(folding_needed(buffer_text(&block)));
	cr_assert(folding_apply(buffer_text(&block), &to, &why));
	cr_assert(text_equal(buffer_text(&to), buffer_text(&block)));
	buffer_close(&block);
	buffer_close(&to);
}

Test(folding, folds_a_long_line_at_its_blanks)
{
	struct buffer block = field("To:", " somebody@example.com,", 500);

	cr_assert(folding_needed(buffer_text(&block)));
	assert_folded(&block, 78, "addresses");
	buffer_close(&block);
}

Test(folding, folds_a_long_continuation_line)
{
	struct buffer block = field("To: a,\r\n\t", " b@example.com,", 500);

	assert_folded(&block, 78, "continuation");
	buffer_close(&block);
}

Test(folding, takes_a_blank_far_behind_when_there_is_no_nearer_one)
{
	struct buffer block = buffer_open(0);

	(void)buffer_add(&block, "X: ");
	for (size_t i = 0; i < 900; i++)
		(void)buffer_byte(&block, 'x');
	(void)buffer_byte(&block, ' ');
	for (size_t i = 0; i < 900; i++)
		(void)buffer_byte(&block, 'y');
	(void)buffer_add(&block, "\r\n");
	assert_folded(&block, 903, "two long words");
	buffer_close(&block);
}

Test(folding, folds_behind_the_name_only_when_there_is_no_other_way)
{
	struct buffer block = buffer_open(0);

	(void)buffer_add(&block, "Subject: ");
	for (size_t i = 0; i < 995; i++)
		(void)buffer_byte(&block, 'x');
	(void)buffer_add(&block, " y\r\n");
	assert_folded(&block, 996, "a word of 995");
	buffer_close(&block);
}

Test(folding, makes_no_line_of_blanks)
{
	struct buffer block = field("X: a", "                         ", 60);
	struct buffer to = buffer_open(0);
	struct failure why = { 0 };

	cr_assert_not(folding_apply(buffer_text(&block), &to, &why), "nothing is to put on it");
	buffer_close(&block);
	buffer_close(&to);
	block = field("X: a", "                         b", 60);
	assert_folded(&block, 78, "many blanks");
	buffer_close(&block);
}

Test(folding, refuses_a_line_without_a_blank_and_names_it)
{
	struct buffer block = field("A: b\r\nX-Long:", "x", 1200);
	struct buffer to = buffer_open(0);
	struct failure why = { 0 };

	cr_assert_not(folding_apply(buffer_text(&block), &to, &why));
	cr_assert_eq(why.code, EX_DATAERR);
	cr_assert_str_eq(why.what,
	    "line 2 of the header ('X-Long') has 1207 bytes, more than 998, "
	    "and no blank to fold it at");
	buffer_close(&block);
	buffer_close(&to);
}

static void
random_block(struct buffer *block, size_t length)
{
	(void)buffer_add(block, "X:");
	for (size_t i = 0; i < length; i++)
		(void)buffer_byte(block, "xyz \t=\303"[rand() % 7]);
	(void)buffer_add(block, "x\r\n");
}

Test(folding, unfolds_to_the_same_bytes)
{
	for (unsigned seed = 1; seed <= 100; seed++) {
		struct buffer block = buffer_open(0);

		srand(seed);
		random_block(&block, 999 + (size_t)rand() % 3000);
		assert_folded(&block, 120, "random");
		buffer_close(&block);
	}
}
