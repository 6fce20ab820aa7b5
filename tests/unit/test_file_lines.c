/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/file_lines.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

static char directory[64];
static char path[96];

static void
open_directory(void)
{
	(void)snprintf(directory, sizeof directory, "/tmp/relay-lines.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	(void)snprintf(path, sizeof path, "%s/file", directory);
}

static void
close_directory(void)
{
	(void)unlink(path);
	cr_assert_eq(rmdir(directory), 0);
}

TestSuite(file_lines, .init = open_directory, .fini = close_directory);

static void
write_file(struct text text)
{
	struct failure why;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	cr_assert_geq(fd, 0);
	cr_assert(file_write(fd, text, &why), "%s", why.what);
	close(fd);
}

static struct file_lines
lines_of(struct text text, size_t line_max)
{
	struct failure why;
	int fd;

	write_file(text);
	cr_assert(file_open(path, &fd, NULL, &why), "%s", why.what);
	return file_lines_open(fd, line_max);
}

Test(file_lines, hands_out_lines_without_their_ends)
{
	static const char *const wanted[] = { "one", "two", "", "th\rree", "four" };
	struct file_lines lines = lines_of(text_of("one\ntwo\r\n\nth\rree\nfour"), 100);
	struct failure why;
	struct text line;
	bool found;

	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		cr_assert(file_lines_next(&lines, &line, &found, &why), "%s", why.what);
		cr_assert(found, "line %zu", i + 1);
		cr_assert(text_is(line, wanted[i]), "line %zu: '%.*s'", i + 1, (int)line.length,
		    line.bytes);
		cr_assert_eq(lines.number, i + 1);
	}
	for (size_t i = 0; i < 2; i++) {
		cr_assert(file_lines_next(&lines, &line, &found, &why));
		cr_assert_not(found, "the end stays the end");
	}
	file_lines_close(&lines);
}

Test(file_lines, hands_out_no_line_of_an_empty_file)
{
	struct file_lines lines = lines_of(text_of(""), 100);
	struct failure why;
	struct text line;
	bool found = true;

	cr_assert(file_lines_next(&lines, &line, &found, &why));
	cr_assert_not(found);
	file_lines_close(&lines);
}

/* 200 KiB of lines, longer and longer: every place of a block boundary occurs. */
static struct text
many_lines(struct arena *arena)
{
	const size_t size = 200000;
	char *bytes = arena_zero(arena, size);

	memset(bytes, 'x', size);
	for (size_t at = 0, step = 1; at < size; at += step++)
		bytes[at] = '\n';
	return text_make(bytes, size);
}

Test(file_lines, hands_out_lines_across_blocks)
{
	struct arena *arena = arena_open();
	struct text all = many_lines(arena);
	struct file_lines lines = lines_of(all, 100000);
	struct failure why;
	struct text line;
	size_t length = 0;
	bool found;

	do {
		cr_assert(file_lines_next(&lines, &line, &found, &why), "%s", why.what);
		cr_assert(!found || text_find(line, '\n') == line.length);
		length += found ? line.length + 1 : 0;
	} while (found);
	cr_assert_eq(length, all.length + 1, "the last line has no end");
	file_lines_close(&lines);
	arena_close(arena);
}

Test(file_lines, takes_a_line_longer_than_a_block)
{
	struct arena *arena = arena_open();
	const size_t size = 500000;
	char *bytes = arena_zero(arena, size);
	struct failure why;
	struct file_lines lines;
	struct text line;
	bool found;

	memset(bytes, 'x', size);
	bytes[size - 1] = '\n';
	lines = lines_of(text_make(bytes, size), size);
	cr_assert(file_lines_next(&lines, &line, &found, &why), "%s", why.what);
	cr_assert_eq(line.length, size - 1);
	file_lines_close(&lines);
	arena_close(arena);
}

Test(file_lines, refuses_a_line_past_its_maximum)
{
	static const char *const texts[] = { "abc\nabcdef\n", "abc\nabcdef" };

	for (size_t i = 0; i < 2; i++) {
		struct file_lines lines = lines_of(text_of(texts[i]), 5);
		struct failure why = { 0 };
		struct text line;
		bool found;

		cr_assert(file_lines_next(&lines, &line, &found, &why));
		cr_assert_not(file_lines_next(&lines, &line, &found, &why));
		cr_assert_eq(why.code, EX_CONFIG);
		cr_assert_str_eq(why.what, "line 2 is longer than 5 bytes");
		file_lines_close(&lines);
	}
}

Test(file_lines, closes_lines_twice)
{
	struct file_lines lines = lines_of(text_of("x"), 5);
	int fd = lines.fd;

	file_lines_close(&lines);
	cr_assert_eq(fcntl(fd, F_GETFD), -1);
	file_lines_close(&lines);
}

/* All lines, each with a '|' behind it. */
static const char *
rest_of(struct file_lines *lines, struct arena *arena)
{
	const char *all = "";
	struct failure why;
	struct text line;
	bool found;

	for (;;) {
		cr_assert(file_lines_next(lines, &line, &found, &why), "%s", why.what);
		if (!found)
			return all;
		all = arena_print(arena, "%s%.*s|", all, (int)line.length, line.bytes);
	}
}

Test(file_lines, gives_a_line_back)
{
	static const char *const texts[] = { "one\ntwo\r\nthree\n", "one\ntwo\r\nthree" };

	for (size_t i = 0; i < 2; i++) {
		struct file_lines lines = lines_of(text_of(texts[i]), 100);
		struct failure why;
		struct text line;
		bool found;

		for (size_t number = 1; number <= 3; number++)
			for (size_t again = 0; again < 2; again++) {
				cr_assert(file_lines_next(&lines, &line, &found, &why));
				cr_assert(found);
				cr_expect_eq(lines.number, number);
				cr_expect_eq(line.bytes[0], "ott"[number - 1]);
				if (again == 0)
					file_lines_back(&lines);
			}
		cr_assert(file_lines_next(&lines, &line, &found, &why));
		cr_expect_not(found);
		file_lines_close(&lines);
	}
}

Test(file_lines, has_whole_lines_at_hand)
{
	struct file_lines lines = lines_of(text_of("one\ntwo\nthree\nfo"), 100);
	struct arena *arena = arena_open();
	struct failure why;
	struct text line;
	bool found;

	cr_expect_eq(file_lines_at_hand(&lines).length, 0, "nothing was read yet");
	cr_assert(file_lines_next(&lines, &line, &found, &why));
	cr_expect(text_is(file_lines_at_hand(&lines), "two\nthree\n"));
	file_lines_skip(&lines, 4, 1);
	cr_expect(text_is(file_lines_at_hand(&lines), "three\n"));
	cr_assert(file_lines_next(&lines, &line, &found, &why));
	cr_expect(text_is(line, "three"));
	cr_expect_eq(lines.number, 3);
	cr_expect_eq(file_lines_at_hand(&lines).length, 0, "the last line has no end");
	cr_expect_str_eq(rest_of(&lines, arena), "fo|");
	cr_expect_eq(file_lines_at_hand(&lines).length, 0);
	file_lines_close(&lines);
	arena_close(arena);
}

/* Whatever is passed over, every line is either that or handed out, in order. */
Test(file_lines, skips_what_is_at_hand_across_blocks)
{
	struct arena *arena = arena_open();
	struct text all = many_lines(arena);
	struct file_lines lines = lines_of(all, 100000);
	size_t total = 0;
	struct failure why;
	struct text line;
	bool found;

	do {
		struct text rest = file_lines_at_hand(&lines);
		size_t first = text_find(rest, '\n') + 1;

		if (rest.length > 0 && lines.number % 3 == 0) {
			cr_assert_eq(rest.bytes[rest.length - 1], '\n');
			cr_assert_eq(memcmp(rest.bytes, all.bytes + total, rest.length), 0);
			file_lines_skip(&lines, first, 1);
			total += first;
		}
		cr_assert(file_lines_next(&lines, &line, &found, &why), "%s", why.what);
		if (found)
			cr_assert_eq(memcmp(line.bytes, all.bytes + total, line.length), 0);
		total += found ? line.length + 1 : 0;
	} while (found);
	cr_expect_eq(total, all.length + 1, "the last line has no end");
	file_lines_close(&lines);
	arena_close(arena);
}

Test(file_lines, begins_again_wherever_it_was)
{
	for (size_t taken = 0; taken <= 4; taken++) {
		struct file_lines lines = lines_of(text_of("one\ntwo\nthree"), 100);
		struct arena *arena = arena_open();
		struct failure why;
		struct text line;
		bool found;

		for (size_t i = 0; i < taken; i++)
			cr_assert(file_lines_next(&lines, &line, &found, &why));
		cr_assert(file_lines_rewind(&lines, &why));
		cr_expect_eq(lines.number, 0);
		cr_expect_str_eq(rest_of(&lines, arena), "one|two|three|", "%zu taken", taken);
		cr_expect_eq(lines.number, 3);
		file_lines_close(&lines);
		arena_close(arena);
	}
}

Test(file_lines, begins_a_large_file_again)
{
	struct arena *arena = arena_open();
	struct text all = many_lines(arena);
	struct file_lines lines = lines_of(all, 100000);

	for (size_t pass = 0; pass < 3; pass++) {
		struct failure why;
		struct text line;
		bool found;

		do
			cr_assert(file_lines_next(&lines, &line, &found, &why), "%s", why.what);
		while (found);
		cr_assert(lines.moved, "else the file is too small for this test");
		cr_expect_eq(lines.number, 633, "pass %zu: %zu", pass, lines.number);
		cr_assert(file_lines_rewind(&lines, &why), "%s", why.what);
	}
	file_lines_close(&lines);
	arena_close(arena);
}

/* F200: what is written meanwhile is for the next mail. */
Test(file_lines, keeps_a_small_file_while_another_is_written)
{
	struct file_lines lines = lines_of(text_of("one\ntwo\n"), 100);
	struct arena *arena = arena_open();
	struct failure why;

	cr_expect_str_eq(rest_of(&lines, arena), "one|two|");
	write_file(text_of("other\n"));
	cr_assert(file_lines_rewind(&lines, &why));
	cr_expect_str_eq(rest_of(&lines, arena), "one|two|");
	file_lines_close(&lines);
	arena_close(arena);
}

Test(file_lines, says_when_it_cannot_begin_again)
{
	struct failure why = { 0 };
	struct file_lines lines;
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	close(ends[1]);
	lines = file_lines_open(ends[0], 100);
	cr_assert_not(file_lines_rewind(&lines, &why));
	cr_expect_eq(why.code, EX_IOERR);
	cr_expect_str_eq(why.what, "cannot read the file again: Illegal seek");
	file_lines_close(&lines);
}
