/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/buffer.h"

static void
assert_holds(const struct buffer *buffer, const char *expected)
{
	cr_assert(text_is(buffer_text(buffer), expected), "'%.*s', not '%s'", (int)buffer->length,
	    buffer->bytes, expected);
}

Test(buffer, is_empty_at_first)
{
	struct buffer buffer = buffer_open(0);

	cr_assert_eq(buffer_text(&buffer).length, 0);
	cr_assert_not_null(buffer_text(&buffer).bytes);
	buffer_close(&buffer);
}

Test(buffer, adds_at_the_end)
{
	struct buffer buffer = buffer_open(0);

	cr_assert(buffer_append(&buffer, text_of("a")));
	cr_assert(buffer_add(&buffer, "bc"));
	cr_assert(buffer_byte(&buffer, 'd'));
	cr_assert(buffer_print(&buffer, "%d-%s", 5, "x"));
	cr_assert(buffer_add(&buffer, ""));
	cr_assert(buffer_append(&buffer, (struct text){ NULL, 0 }));
	assert_holds(&buffer, "abcd5-x");
	buffer_close(&buffer);
}

Test(buffer, grows_as_far_as_needed)
{
	struct buffer buffer = buffer_open(0);

	for (size_t i = 0; i < 100000; i++)
		cr_assert(buffer_byte(&buffer, (char)('a' + i % 26)));
	for (size_t i = 0; i < 100000; i++)
		cr_assert_eq(buffer.bytes[i], (char)('a' + i % 26));
	cr_assert(buffer_print(&buffer, "%0*d", 70000, 1));
	cr_assert_eq(buffer.length, 170000);
	buffer_close(&buffer);
}

Test(buffer, holds_just_its_maximum)
{
	struct buffer buffer = buffer_open(5);

	cr_assert(buffer_add(&buffer, "abc"));
	cr_assert_not(buffer_add(&buffer, "def"));
	assert_holds(&buffer, "abc");
	cr_assert(buffer_add(&buffer, "de"));
	cr_assert_not(buffer_byte(&buffer, 'f'));
	cr_assert_not(buffer_print(&buffer, "%d", 1));
	cr_assert_not(buffer_room(&buffer, 1));
	assert_holds(&buffer, "abcde");
	buffer_close(&buffer);
}

Test(buffer, prints_up_to_its_maximum)
{
	struct buffer buffer = buffer_open(5);

	cr_assert_not(buffer_print(&buffer, "%s", "abcdef"));
	assert_holds(&buffer, "");
	cr_assert(buffer_print(&buffer, "%s", "abcde"));
	assert_holds(&buffer, "abcde");
	buffer_close(&buffer);
}

Test(buffer, prints_into_a_capacity_that_is_just_full)
{
	struct buffer buffer = buffer_open(0);

	cr_assert(buffer_print(&buffer, "%0*d", 512, 1));
	cr_assert_eq(buffer.length, 512);
	cr_assert_gt(buffer.capacity, 512, "the NUL needs room too");
	buffer_close(&buffer);
}

Test(buffer, makes_room_for_the_caller_to_write)
{
	struct buffer buffer = buffer_open(0);

	cr_assert(buffer_add(&buffer, "ab"));
	cr_assert(buffer_room(&buffer, 5000));
	cr_assert_geq(buffer.capacity, 5002);
	memset(buffer.bytes + buffer.length, 'x', 5000);
	buffer.length += 5000;
	cr_assert_eq(buffer_text(&buffer).length, 5002);
	buffer_close(&buffer);
}

Test(buffer, drops_from_the_front_and_wipes)
{
	struct buffer buffer = buffer_open(0);

	cr_assert(buffer_add(&buffer, "secretrest"));
	buffer_drop(&buffer, 6);
	assert_holds(&buffer, "rest");
	for (size_t i = 4; i < 10; i++)
		cr_assert_eq(buffer.bytes[i], '\0', "byte %zu", i);
	buffer_drop(&buffer, 0);
	assert_holds(&buffer, "rest");
	buffer_drop(&buffer, 100);
	assert_holds(&buffer, "");
	buffer_close(&buffer);
}

Test(buffer, wipes_when_it_is_cleared)
{
	struct buffer buffer = buffer_open(0);

	cr_assert(buffer_add(&buffer, "secret"));
	buffer_clear(&buffer);
	assert_holds(&buffer, "");
	for (size_t i = 0; i < 6; i++)
		cr_assert_eq(buffer.bytes[i], '\0', "byte %zu", i);
	buffer_close(&buffer);
}

Test(buffer, can_be_used_again_after_closing)
{
	struct buffer buffer = buffer_open(4);

	cr_assert(buffer_add(&buffer, "abcd"));
	buffer_close(&buffer);
	buffer_close(&buffer);
	cr_assert_null(buffer.bytes);
	cr_assert(buffer_add(&buffer, "ef"));
	assert_holds(&buffer, "ef");
	cr_assert_not(buffer_add(&buffer, "ghi"), "the maximum stays");
	buffer_close(&buffer);
}
