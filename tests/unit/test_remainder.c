/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "mail/message.h"

#define SIZE (MESSAGE_MEMORY_MAX + 700000)
#define HEAD "A: b\n\n"

static char bytes[SIZE + 16];

/* Lines of 70 letters with that end; a length that does not divide a block. */
static struct text
lines_of(const char *end, size_t size)
{
	size_t width = 70 + strlen(end);

	memcpy(bytes, HEAD, strlen(HEAD));
	for (size_t i = strlen(HEAD); i < size; i++) {
		size_t column = (i - strlen(HEAD)) % width;

		bytes[i] = column < 70 ? (char)('a' + i % 23) : end[column - 70];
	}
	return text_make(bytes, size);
}

static int
file_of(struct text text)
{
	struct failure why;
	int fd;

	cr_assert(file_temporary("/tmp", &fd, &why), "%s", why.what);
	cr_assert(file_write(fd, text, &why), "%s", why.what);
	cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static struct message
read_file(int fd, bool stays, struct arena *arena)
{
	const struct message_source source = { .fd = fd, .stays = stays, .temporary = "/tmp" };
	struct message message;
	struct failure why;

	cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
	cr_assert(message_read(&source, arena, &message, &why), "%s", why.what);
	return message;
}

static bool
send_all(const struct message *message, struct buffer *all, struct failure *why)
{
	struct message_reader reader = message_reader_open(message);
	struct text piece = text_of("");
	bool sent;

	do {
		sent = message_reader_next(&reader, &piece, why);
		cr_assert(!sent || piece.length <= (size_t)256 * 1024);
		cr_assert(!sent || buffer_append(all, piece));
	} while (sent && piece.length > 0);
	message_reader_close(&reader);
	return sent;
}

static void
assert_same(const char *label, struct text input)
{
	struct arena *arena = arena_open();
	int fd = file_of(input);
	struct message copied = read_file(fd, false, arena);
	struct message left = read_file(fd, true, arena);
	struct buffer wanted = buffer_open(0);
	struct failure why = { 0 };

	cr_assert_geq(copied.body_fd, 0, "%s", label);
	cr_assert(left.remainder.left && left.body_fd < 0, "%s", label);
	cr_assert_eq(message_size(&left), message_size(&copied), "%s", label);
	cr_assert(send_all(&copied, &wanted, &why), "%s: %s", label, why.what);
	/* A second transaction reads it once more. */
	for (int i = 0; i < 2; i++) {
		struct buffer got = buffer_open(0);

		cr_assert(send_all(&left, &got, &why), "%s: %s", label, why.what);
		cr_assert_eq(got.length, message_size(&left), "%s", label);
		cr_assert(text_equal(buffer_text(&got), buffer_text(&wanted)), "%s", label);
		buffer_close(&got);
	}
	buffer_close(&wanted);
	message_close(&copied);
	message_close(&left);
	(void)close(fd);
	arena_close(arena);
}

Test(remainder, is_sent_as_a_copy_would_be)
{
	static const struct {
		const char *label, *end;
	} rows[] = { { "LF", "\n" }, { "CRLF", "\r\n" }, { "CR", "\r" }, { "blank lines", "\n\n" },
		{ "dots", "\n.\n" }, { "no line end at all", "x" } };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_same(rows[i].label, lines_of(rows[i].end, SIZE));
}

/* A line end may be cut by the end of what is kept, and be owed at the end of the file. */
Test(remainder, begins_and_ends_at_any_byte)
{
	static const size_t block = (size_t)128 * 1024;

	for (size_t more = 1; more < 76; more++) {
		char label[32];

		(void)snprintf(label, sizeof label, "%zu bytes more", more);
		assert_same(label, lines_of("\r\n", MESSAGE_MEMORY_MAX + block + more));
	}
}

Test(remainder, is_missed_when_the_file_was_cut)
{
	struct arena *arena = arena_open();
	int fd = file_of(lines_of("\n", SIZE));
	struct message message = read_file(fd, true, arena);
	struct buffer all = buffer_open(0);
	struct failure why = { 0 };

	cr_assert_eq(ftruncate(fd, SIZE - 1000), 0);
	cr_expect_not(send_all(&message, &all, &why));
	cr_expect_eq(why.code, EX_IOERR);
	cr_expect_str_eq(why.what, "the file with the message lost its end");
	buffer_close(&all);
	message_close(&message);
	(void)close(fd);
	arena_close(arena);
}

Test(remainder, of_a_pipe_is_kept)
{
	struct arena *arena = arena_open();
	char line[200] = "";
	struct message message;
	struct failure why;
	FILE *pipe;

	(void)snprintf(line, sizeof line,
	    "awk 'BEGIN { print \"A: b\\n\"; for (i = 0; i < %zu; i++) print \"0123456789\" }'",
	    SIZE / 10);
	pipe = popen(line, "r");
	cr_assert_not_null(pipe);
	message = (struct message){ .body_fd = -1 };
	cr_assert(message_read(
	    &(struct message_source){ .fd = fileno(pipe), .stays = true, .temporary = "/tmp" },
	    arena, &message, &why));
	cr_expect_geq(message.body_fd, 0);
	cr_expect_not(message.remainder.left);
	message_close(&message);
	(void)pclose(pipe);
	arena_close(arena);
}
