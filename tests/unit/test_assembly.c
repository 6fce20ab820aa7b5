/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mail/assembly.h"

/* Feeds in steps of `step` bytes; false when that is refused. */
static bool
assemble(struct text input, size_t step, struct arena *arena, struct message *message,
    struct failure *why)
{
	struct assembly assembly = assembly_start(4096, 0, "/tmp");
	bool fed = true;

	for (size_t at = 0; at < input.length && fed; at += step)
		fed = assembly_feed(&assembly, text_slice(input, at, at + step), why);
	fed = fed && assembly_finish(&assembly, arena, message, why);
	assembly_close(&assembly);
	assembly_close(&assembly);
	return fed;
}

static struct text
random_message(char *bytes, size_t size)
{
	static const char *const pieces[] = { "\n", "\r\n", "\n", "\r\n", "\r", "A: b", "C:", " d",
		"From x", ">From ", ".", "word", ":", "\303", "\t", "From : y" };
	size_t count = (size_t)rand() % 12;
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		const char *piece = pieces[(size_t)rand() % (sizeof pieces / sizeof pieces[0])];

		cr_assert_lt(length + strlen(piece), size);
		memcpy(bytes + length, piece, strlen(piece));
		length += strlen(piece);
	}
	return text_make(bytes, length);
}

static void
assert_same(struct text input, size_t step, unsigned seed)
{
	struct arena *arena = arena_open();
	struct message whole = { .body_fd = -1 };
	struct message cut = { .body_fd = -1 };
	struct failure why_whole = { 0 };
	struct failure why_cut = { 0 };
	bool made = assemble(input, SIZE_MAX / 2, arena, &whole, &why_whole);

	cr_assert_eq(
	    assemble(input, step, arena, &cut, &why_cut), made, "seed %u, step %zu", seed, step);
	cr_assert_str_eq(why_cut.what, why_whole.what, "seed %u, step %zu", seed, step);
	cr_assert(
	    text_equal(cut.header_block, whole.header_block), "seed %u, step %zu", seed, step);
	cr_assert(text_equal(buffer_text(&cut.body), buffer_text(&whole.body)), "seed %u, step %zu",
	    seed, step);
	cr_assert_eq(cut.body_content.bare_cr, whole.body_content.bare_cr, "seed %u", seed);
	cr_assert_eq(cut.body_content.lines, whole.body_content.lines, "seed %u", seed);
	cr_assert_eq(cut.header_content.lines, whole.header_content.lines, "seed %u", seed);
	message_close(&whole);
	message_close(&cut);
	arena_close(arena);
}

/* F157 */
Test(assembly, does_not_care_where_the_input_is_cut)
{
	for (unsigned seed = 1; seed <= 2000; seed++) {
		char bytes[200];
		struct text input;

		srand(seed);
		input = random_message(bytes, sizeof bytes);
		for (size_t step = 1; step <= 3; step++)
			assert_same(input, step, seed);
	}
}

static bool
crlf_lines(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '\n' && (i == 0 || text.bytes[i - 1] != '\r'))
			return false;
		if (text.bytes[i] == '\r' && (i + 1 == text.length || text.bytes[i + 1] != '\n'))
			return false;
	}
	return text.length == 0 || text.bytes[text.length - 1] == '\n';
}

/* F156 */
Test(assembly, leaves_only_crlf_and_only_fields_in_the_header)
{
	for (unsigned seed = 1; seed <= 2000; seed++) {
		struct arena *arena = arena_open();
		struct message message = { .body_fd = -1 };
		struct failure why;
		char bytes[200];

		srand(seed);
		if (assemble(random_message(bytes, sizeof bytes), 5, arena, &message, &why)) {
			cr_assert(crlf_lines(message.header_block), "seed %u", seed);
			cr_assert(crlf_lines(buffer_text(&message.body)), "seed %u", seed);
			for (size_t i = 0; i < message.header.count; i++)
				cr_assert_gt(
				    message.header.fields[i].name.length, 0, "seed %u", seed);
		}
		message_close(&message);
		arena_close(arena);
	}
}

struct judged_row {
	const char *label;
	const char *start;
	bool is_header;
};

Test(assembly, judges_a_long_first_line_before_it_ends)
{
	static const struct judged_row rows[] = {
		{ "a field", "Subject: ", true },
		{ "no field", "word ", false },
		{ "indented", " Subject: ", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena *arena = arena_open();
		struct assembly assembly = assembly_start(20000, 0, "/tmp");
		struct failure why;
		char line[3000];

		memset(line, 'x', sizeof line);
		memcpy(line, rows[i].start, strlen(rows[i].start));
		cr_assert(assembly_feed(&assembly, text_make(line, sizeof line), &why));
		cr_assert_eq(
		    assembly.state != ASSEMBLY_BODY, rows[i].is_header, "%s", rows[i].label);
		assembly_close(&assembly);
		arena_close(arena);
	}
}

Test(assembly, has_no_limit_when_none_is_given)
{
	struct arena *arena = arena_open();
	struct assembly assembly = assembly_start(0, 0, "/tmp");
	struct message message;
	struct failure why;

	for (size_t i = 0; i < 200000; i++)
		cr_assert(assembly_feed(&assembly, text_of("A: 0123456789\n"), &why));
	cr_assert(assembly_finish(&assembly, arena, &message, &why), "%s", why.what);
	cr_assert_eq(message.header.count, 200000);
	assembly_close(&assembly);
	message_close(&message);
	arena_close(arena);
}

Test(assembly, says_that_the_header_is_too_large)
{
	struct assembly assembly = assembly_start(10, 0, "/tmp");
	struct failure why = { 0 };

	cr_assert_not(assembly_feed(&assembly, text_of("A: 0123456789\n"), &why));
	cr_assert_eq(why.code, EX_DATAERR);
	cr_assert_str_eq(why.what, "larger than 10 bytes");
	cr_assert_str_eq(why.where, "the header");
	cr_assert_eq(why.stage, FAILURE_INPUT);
	assembly_close(&assembly);
}
