/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "mail/message.h"

static int
input_of(struct text text)
{
	struct failure why;
	int fd;

	cr_assert(file_temporary("/tmp", &fd, &why), "%s", why.what);
	cr_assert(file_write(fd, text, &why), "%s", why.what);
	cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static bool
read_from(struct message_source source, struct text input, struct arena *arena,
    struct message *message, struct failure *why)
{
	bool read;

	source.fd = input_of(input);
	source.temporary = "/tmp";
	read = message_read(&source, arena, message, why);
	close(source.fd);
	return read;
}

static struct message
read_text(const char *input, struct arena *arena)
{
	const struct message_source source = { 0 };
	struct message message;
	struct failure why;

	cr_assert(read_from(source, text_of(input), arena, &message, &why), "%s", why.what);
	return message;
}

/* All that is sent, in memory. */
static struct text
sent(const struct message *message, struct arena *arena)
{
	struct message_reader reader = message_reader_open(message);
	struct buffer all = buffer_open(0);
	struct text piece;
	struct failure why;

	do {
		cr_assert(message_reader_next(&reader, &piece, &why), "%s", why.what);
		cr_assert_leq(piece.length, 256 * 1024);
		cr_assert(buffer_append(&all, piece));
	} while (piece.length > 0);
	message_reader_close(&reader);
	piece = text_copy(buffer_text(&all), arena);
	buffer_close(&all);
	return piece;
}

struct row {
	const char *label;
	const char *input;
	const char *header;
	const char *body;
};

static const struct row rows[] = {
	{ "a message", "A: b\nC: d\n\nbody\n", "A: b\r\nC: d\r\n", "body\r\n" },
	{ "crlf", "A: b\r\n\r\nbody\r\n", "A: b\r\n", "body\r\n" },
	{ "crlf header, lf body", "A: b\r\n\r\nbody\n", "A: b\r\n", "body\r\n" },
	{ "folded", "A: b\n c\n\td\n\nbody", "A: b\r\n c\r\n\td\r\n", "body\r\n" },
	{ "no body", "A: b\n\n", "A: b\r\n", "" },
	{ "ends in the header", "A: b\n", "A: b\r\n", "" },                    /* F165 */
	{ "ends inside a header line", "A: b\nC: d", "A: b\r\nC: d\r\n", "" }, /* F165 */
	{ "no header", "hello\nworld\n", "", "hello\r\nworld\r\n" },           /* F162 */
	{ "no header, a colon later", "hello\nA: b\n", "", "hello\r\nA: b\r\n" },
	{ "no header, one word", "hello", "", "hello\r\n" },
	{ "blank line first", "\nA: b\n", "", "A: b\r\n" },
	{ "header without blank line", "A: b\nhello\n\nx\n", "A: b\r\n", "hello\r\n\r\nx\r\n" },
	{ "mbox", "From a@b Mon\nA: b\n\nbody\n", "A: b\r\n", "body\r\n" }, /* F163 */
	{ "quoted mbox", ">From a@b Mon\nA: b\n\nbody\n", "A: b\r\n", "body\r\n" },
	{ "two mbox lines", "From a\n>From b\nA: b\n\nx\n", "A: b\r\n", "x\r\n" },
	{ "mbox alone", "From a@b Mon", "", "" },
	{ "a field with a blank before its colon", "From : a\n\nx\n", "From : a\r\n", "x\r\n" },
	{ "mbox line later", "A: b\nFrom c\n\nx\n", "A: b\r\n", "From c\r\n\r\nx\r\n" },
	{ "From in the body", "A: b\n\nFrom c\n", "A: b\r\n", "From c\r\n" },
	{ "first line is indented", " A: b\nC: d\n", "", " A: b\r\nC: d\r\n" }, /* F164 */
	{ "nothing", "", "", "" },                                              /* F167 */
	{ "one line end", "\n", "", "" },
	{ "line ends only", "\n\n\n", "", "\r\n\r\n" },
	{ "dots", "A: b\n\n.\n..\n.", "A: b\r\n", ".\r\n..\r\n.\r\n" },        /* F154 */
	{ "bare cr in the body", "A: b\n\nx\ry\n", "A: b\r\n", "x\r\ny\r\n" }, /* F158 */
	{ "bare cr, no header", "x y\rz\n", "", "x y\r\nz\r\n" },
	{ "crlf, no header", "x y\r\nz\r\n", "", "x y\r\nz\r\n" },
	{ "a name of blanks", "a b: c\n\nx\n", "", "a b: c\r\n\r\nx\r\n" },
};

#define ROWS (sizeof rows / sizeof rows[0])

Test(message, finds_where_the_header_ends)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct arena *arena = arena_open();
		struct message message = read_text(rows[i].input, arena);
		const char *header = text_string(message.header_block, arena);
		const char *body = text_string(buffer_text(&message.body), arena);

		cr_assert_str_eq(header, rows[i].header, "%s", rows[i].label);
		cr_assert_str_eq(body, rows[i].body, "%s", rows[i].label);
		cr_assert(text_equal(message.edited, message.header_block), "%s", rows[i].label);
		cr_assert_eq(message.body_size, strlen(body), "%s", rows[i].label);
		cr_assert_eq(
		    message.header_content.size_bytes, strlen(header), "%s", rows[i].label);
		cr_assert_eq(message.body_content.size_bytes, strlen(body), "%s", rows[i].label);
		message_close(&message);
		arena_close(arena);
	}
}

struct drip {
	int fd;
	const char *input;
};

static void *
drip_bytes(void *data)
{
	const struct drip *drip = data;

	for (const char *at = drip->input; *at != '\0'; at++)
		if (write(drip->fd, at, 1) != 1)
			break;
	close(drip->fd);
	return NULL;
}

static struct message
read_dripped(const char *input, int flags, bool dot_ends, struct arena *arena)
{
	struct message_source source = { .dot_ends = dot_ends };
	struct message message;
	struct failure why;
	struct drip drip = { .input = input };
	pthread_t thread;
	int ends[2];

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	cr_assert_eq(fcntl(ends[0], F_SETFL, flags), 0);
	source.fd = ends[0];
	drip.fd = ends[1];
	cr_assert_eq(pthread_create(&thread, NULL, drip_bytes, &drip), 0);
	cr_assert(message_read(&source, arena, &message, &why), "%s", why.what);
	cr_assert_eq(pthread_join(thread, NULL), 0);
	close(ends[0]);
	return message;
}

/* F157, F185 */
Test(message, reads_a_non_blocking_pipe_byte_by_byte)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct arena *arena = arena_open();
		struct message message = read_dripped(rows[i].input, O_NONBLOCK, false, arena);

		cr_assert_str_eq(
		    text_string(message.header_block, arena), rows[i].header, "%s", rows[i].label);
		cr_assert_str_eq(text_string(buffer_text(&message.body), arena), rows[i].body, "%s",
		    rows[i].label);
		message_close(&message);
		arena_close(arena);
	}
}

static const struct row dot_rows[] = {
	{ "ends", "A: b\n\nx\n.\ny\n", "A: b\r\n", "x\r\n" },
	{ "ends by crlf", "A: b\n\nx\n.\r\ny\n", "A: b\r\n", "x\r\n" },
	{ "at once", ".\nx\n", "", "" },
	{ "inside the header", "A: b\n.\nx\n", "A: b\r\n", "" },
	{ "not alone", "A: b\n\n.x\n..\nx.\n.", "A: b\r\n", ".x\r\n..\r\nx.\r\n.\r\n" },
	{ "none", "A: b\n\nx\n", "A: b\r\n", "x\r\n" },
};

Test(message, ends_at_a_lone_dot_when_asked)
{
	for (size_t i = 0; i < sizeof dot_rows / sizeof dot_rows[0]; i++) {
		struct arena *arena = arena_open();
		struct message_source source = { .dot_ends = true };
		struct message message;
		struct failure why;

		cr_assert(read_from(source, text_of(dot_rows[i].input), arena, &message, &why));
		cr_assert_str_eq(text_string(message.header_block, arena), dot_rows[i].header, "%s",
		    dot_rows[i].label);
		cr_assert_str_eq(text_string(buffer_text(&message.body), arena), dot_rows[i].body,
		    "%s", dot_rows[i].label);
		message_close(&message);
		arena_close(arena);
	}
}

Test(message, holds_a_dot_back_that_comes_alone)
{
	static const struct row row = { "cut", "A: b\n\n.x\n..\nx.\n.", "A: b\r\n",
		".x\r\n..\r\nx.\r\n.\r\n" };
	struct arena *arena = arena_open();
	struct message message = read_dripped(row.input, 0, true, arena);

	cr_assert_str_eq(text_string(buffer_text(&message.body), arena), row.body);
	message_close(&message);
	arena_close(arena);
}

struct refusal_row {
	const char *label;
	struct text input;
	struct message_source source;
	const char *what;
	const char *where;
};

#define INPUT(s) \
	{ \
		s, sizeof(s) - 1 \
	}

Test(message, refuses_what_cannot_be_sent)
{
	static const struct refusal_row refusals[] = {
		{ "nul in the body", INPUT("A: b\n\nx\ny\0z\n"), { 0 }, "line 2 holds a NUL byte",
		    "the body" }, /* F160 */
		{ "nul in the header", INPUT("A: b\nC: \0\n\nx\n"), { 0 },
		    "line 2 holds a NUL byte", "the header" },                  /* F160 */
		{ "bare cr in the header", INPUT("A: b\rBcc: c\n\nx\n"), { 0 }, /* F159 */
		    "line 1 ends in a carriage return without a line feed", "the header" },
		{ "cr at the end of the header", INPUT("A: b\r"), { 0 },
		    "line 1 ends in a carriage return without a line feed", "the header" },
		{ "a header too long", INPUT("A: b\nC: 0123456789\n\nx\n"), { .header_limit = 16 },
		    "larger than 16 bytes", "the header" }, /* F168 */
		{ "a message too long", INPUT("A: b\n\n0123456789\n"), { .size_limit = 16 },
		    "the message is larger than 16 bytes", "" },
		{ "a header line too long for the message", INPUT("A: 0123456789012\n\nx\n"),
		    { .size_limit = 16 }, "the message is larger than 16 bytes", "" },
	};

	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		struct arena *arena = arena_open();
		struct message message;
		struct failure why = { 0 };

		cr_assert_not(
		    read_from(refusals[i].source, refusals[i].input, arena, &message, &why), "%s",
		    refusals[i].label);
		cr_assert_eq(why.code, EX_DATAERR, "%s: %d", refusals[i].label, why.code);
		cr_assert_str_eq(why.what, refusals[i].what, "%s", refusals[i].label);
		cr_assert_str_eq(why.where, refusals[i].where, "%s", refusals[i].label);
		cr_assert_eq(why.stage, FAILURE_INPUT, "%s", refusals[i].label);
		arena_close(arena);
	}
}

Test(message, takes_a_message_of_just_the_limit)
{
	struct arena *arena = arena_open();
	const struct message_source source = { .header_limit = 8, .size_limit = 11 };
	struct message message;
	struct failure why;

	cr_assert(read_from(source, text_of("A: b\n\nx\n"), arena, &message, &why), "%s", why.what);
	message_close(&message);
	arena_close(arena);
}

struct fd_row {
	const char *label;
	int fd;
	int code;
	const char *what;
};

static void
assert_refused(const struct fd_row *row)
{
	struct arena *arena = arena_open();
	const struct message_source source = { .fd = row->fd };
	struct message message;
	struct failure why = { 0 };

	cr_assert_not(message_read(&source, arena, &message, &why), "%s", row->label);
	cr_assert_eq(why.code, row->code, "%s: %d", row->label, why.code);
	cr_assert_str_eq(why.what, row->what, "%s", row->label);
	cr_assert_eq(why.stage, FAILURE_INPUT, "%s", row->label);
	arena_close(arena);
}

/* F184 */
Test(message, refuses_a_closed_descriptor)
{
	const struct fd_row row = { "closed", 987, EX_NOINPUT, "the input is closed" };

	assert_refused(&row);
}

/* F185 */
Test(message, refuses_a_directory)
{
	struct fd_row row = { "directory", -1, EX_NOINPUT, "the input is a directory" };

	row.fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(row.fd, 0);
	assert_refused(&row);
	close(row.fd);
}

/* F183: memory of this process at address 0 cannot be read, which gives EIO. */
Test(message, gives_a_read_error_its_own_status)
{
	struct fd_row row = { "unreadable", -1, EX_IOERR,
		"cannot read the message: Input/output error" };

	row.fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	cr_assert_geq(row.fd, 0);
	assert_refused(&row);
	close(row.fd);
}

/* F192 */
Test(message, refuses_what_went_round_in_a_circle)
{
	struct arena *arena = arena_open();
	struct buffer input = buffer_open(0);
	const struct message_source source = { 0 };
	struct message message;
	struct failure why = { 0 };

	for (size_t i = 0; i < MESSAGE_HOPS_MAX - 1; i++)
		cr_assert(buffer_add(&input, "received: from x\n by y\n"));
	cr_assert(read_from(source, buffer_text(&input), arena, &message, &why), "99 are fine");
	message_close(&message);
	cr_assert(buffer_add(&input, "Received: from x\n\nbody\n"));
	cr_assert_not(read_from(source, buffer_text(&input), arena, &message, &why));
	cr_assert_eq(why.code, EX_DATAERR);
	cr_assert_str_eq(why.what, "it went through 100 mail servers already: a mail loop");
	cr_assert_str_eq(why.enhanced, "5.4.6");
	buffer_close(&input);
	arena_close(arena);
}

/* `size` bytes of lines whose length varies, so that blocks cut them everywhere. */
static struct text
many_lines(size_t size, struct arena *arena)
{
	char *bytes = arena_zero(arena, size);

	memset(bytes, 'x', size);
	for (size_t i = 2, step = 0; i < size; step = (step + 1) % 97, i += step + 3) {
		bytes[i - 1] = '\r';
		bytes[i] = '\n';
	}
	memcpy(bytes + size - 2, "\r\n", 2);
	return text_make(bytes, size);
}

static void
assert_large(size_t size)
{
	struct arena *arena = arena_open();
	const struct message_source source = { 0 };
	struct text body = many_lines(size, arena);
	struct text input = text_of("A: b\r\n\r\n");
	struct text all;
	struct message message;
	struct failure why;
	char *bytes = arena_zero(arena, input.length + size);

	memcpy(bytes, input.bytes, input.length);
	memcpy(bytes + input.length, body.bytes, size);
	cr_assert(read_from(source, text_make(bytes, input.length + size), arena, &message, &why),
	    "%s", why.what);
	cr_assert_eq(message.body_fd >= 0, size > MESSAGE_MEMORY_MAX, "%zu bytes", size);
	cr_assert_eq(message.body_size, size);
	cr_assert_eq(message_size(&message), input.length + size);
	cr_assert(message.body_fd < 0 || message.body.capacity == 0, "the memory was given back");
	all = sent(&message, arena);
	cr_assert(text_equal(all, text_make(bytes, input.length + size)), "%zu bytes", size);
	message_close(&message);
	arena_close(arena);
}

/* F182 */
Test(message, keeps_a_body_in_memory_or_in_a_file)
{
	assert_large(MESSAGE_MEMORY_MAX - 1);
	assert_large(MESSAGE_MEMORY_MAX);
	assert_large(MESSAGE_MEMORY_MAX + 1);
	assert_large(3 * MESSAGE_MEMORY_MAX + 12345);
}

Test(message, takes_a_large_body_without_any_line_end_for_no_header)
{
	struct arena *arena = arena_open();
	const struct message_source source = { .header_limit = 4096 };
	const size_t size = 2 * MESSAGE_MEMORY_MAX;
	char *bytes = arena_zero(arena, size);
	struct message message;
	struct failure why;

	memset(bytes, 'x', size);
	cr_assert(read_from(source, text_make(bytes, size), arena, &message, &why), "%s", why.what);
	cr_assert_eq(message.header_block.length, 0);
	cr_assert_eq(message.body_content.longest, size);
	cr_assert_eq(message.body_size, size + 2);
	message_close(&message);
	arena_close(arena);
}

/* F161, F169 */
Test(message, keeps_a_header_line_of_any_length_and_folding)
{
	struct arena *arena = arena_open();
	struct buffer input = buffer_open(0);
	const struct message_source source = { 0 };
	struct message message;
	struct failure why;

	cr_assert(buffer_add(&input, "A: "));
	for (size_t i = 0; i < 5000; i++)
		cr_assert(buffer_add(&input, "xy "));
	for (size_t i = 0; i < 100000; i++)
		cr_assert(buffer_add(&input, "\r\n z"));
	cr_assert(buffer_add(&input, "\r\n"));
	cr_assert(read_from(source, buffer_text(&input), arena, &message, &why), "%s", why.what);
	cr_assert_eq(message.header.count, 1);
	cr_assert(text_equal(message.header_block, buffer_text(&input)));
	cr_assert_eq(message.header_content.longest, 15003);
	message_close(&message);
	buffer_close(&input);
	arena_close(arena);
}

Test(message, says_when_no_temporary_file_can_be_made)
{
	struct arena *arena = arena_open();
	struct message_source source = { .temporary = "/nonexistent/directory" };
	struct message message;
	struct failure why = { 0 };

	source.fd = input_of(many_lines(2 * MESSAGE_MEMORY_MAX, arena));
	cr_assert_not(message_read(&source, arena, &message, &why));
	cr_assert_eq(why.code, EX_TEMPFAIL);
	cr_assert_str_eq(why.what, "cannot make a temporary file: No such file or directory");
	cr_assert_str_eq(why.where, "/nonexistent/directory");
	cr_assert_str_eq(why.hint, "set TMPDIR to a directory with room");
	close(source.fd);
	arena_close(arena);
}

static int
lowest_free_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd;
}

Test(message, leaves_nothing_open_when_it_fails)
{
	struct arena *arena = arena_open();
	const size_t size = 2 * MESSAGE_MEMORY_MAX;
	char *bytes = arena_zero(arena, size);
	const struct message_source source = { 0 };
	int before = lowest_free_descriptor();
	struct message message;
	struct failure why;

	memset(bytes, '\n', size - 1); /* and the last byte is a NUL */
	cr_assert_not(read_from(source, text_make(bytes, size), arena, &message, &why));
	cr_assert_eq(lowest_free_descriptor(), before);
	arena_close(arena);
}

Test(message, makes_one_of_texts)
{
	struct arena *arena = arena_open();
	struct message message;
	struct failure why;

	cr_assert(message_make(text_of("A: b\nC: d"), text_of("x\ny"), arena, &message, &why));
	cr_assert_str_eq(
	    text_string(sent(&message, arena), arena), "A: b\r\nC: d\r\n\r\nx\r\ny\r\n");
	cr_assert_eq(message.header.count, 2);
	message_close(&message);
	arena_close(arena);
}

Test(message, makes_one_without_a_header)
{
	struct arena *arena = arena_open();
	struct message message;
	struct failure why;

	cr_assert(message_make(text_of(""), text_of("A: b\n"), arena, &message, &why));
	cr_assert_str_eq(text_string(sent(&message, arena), arena), "\r\nA: b\r\n");
	message_close(&message);
	arena_close(arena);
}

Test(message, sends_the_edited_header)
{
	struct arena *arena = arena_open();
	struct message message = read_text("A: b\n\nbody\n", arena);

	message.edited = text_of("X: y\r\nZ: caf\303\251\r\n");
	cr_assert_str_eq(
	    text_string(sent(&message, arena), arena), "X: y\r\nZ: caf\303\251\r\n\r\nbody\r\n");
	cr_assert_eq(message_size(&message), strlen("X: y\r\nZ: caf..\r\n\r\nbody\r\n") - 0);
	cr_assert(message_header_is_8bit(&message));
	cr_assert_not(message_body_is_8bit(&message));
	message_close(&message);
	arena_close(arena);
}

Test(message, knows_an_8_bit_body)
{
	struct arena *arena = arena_open();
	struct message message = read_text("A: b\n\ncaf\303\251\n", arena);

	cr_assert_not(message_header_is_8bit(&message));
	cr_assert(message_body_is_8bit(&message));
	message_close(&message);
	arena_close(arena);
}

Test(message, can_be_closed_twice)
{
	struct arena *arena = arena_open();
	struct message message = read_text("A: b\n\nx\n", arena);
	struct message nothing = { .body_fd = -1 };

	message_close(&message);
	message_close(&message);
	message_close(&nothing);
	cr_assert_eq(message.body_fd, -1);
	cr_assert_null(message.body.bytes);
	arena_close(arena);
}

struct command_row {
	const char *label;
	const char *input;
	const char *edited; /* NULL: as it came */
	bool like;
};

/* F144 */
static const struct command_row command_rows[] = {
	{ "none", "Subject: x\n\ntext\n", NULL, false },
	{ "in the body", "Subject: x\n\ntext\nMAIL FROM:<a@b>\n", NULL, true },
	{ "in the header", "Data: x\n\ntext\n", NULL, true },
	{ "edited away", "Data: x\n\ntext\n", "Subject: x\r\n", false },
	{ "edited into it", "Subject: x\n\ntext\n", "Subject: x\r\nData: x\r\n", true },
};

Test(message, knows_what_could_be_read_as_commands)
{
	for (size_t i = 0; i < sizeof command_rows / sizeof command_rows[0]; i++) {
		const struct command_row *row = &command_rows[i];
		struct arena *arena = arena_open();
		struct message message = read_text(row->input, arena);

		if (row->edited != NULL)
			message.edited = text_of(row->edited);
		cr_assert_eq(message_is_command_like(&message), row->like, "%s", row->label);
		message_close(&message);
		arena_close(arena);
	}
}
