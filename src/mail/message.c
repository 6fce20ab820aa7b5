/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/message.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "mail/assembly.h"

#define READ_BLOCK ((size_t)128 * 1024)
#define PIECE_MAX ((size_t)256 * 1024)
#define HEADER_LIMIT ((size_t)1024 * 1024)

/* Watches for a line with a lone dot; the dot is held back until its line goes on. */
struct dot {
	enum { DOT_LINE_START, DOT_HELD, DOT_IN_LINE, DOT_ENDED } state;
};

static void *
block_open(size_t size)
{
	void *block = malloc(size);

	if (block == NULL)
		arena_exhausted();
	return block;
}

static void
dot_step(struct dot *dot, char byte)
{
	bool line_end = byte == '\n' || byte == '\r';

	if (dot->state == DOT_LINE_START && byte == '.')
		dot->state = DOT_HELD;
	else if (dot->state == DOT_HELD && line_end)
		dot->state = DOT_ENDED;
	else
		dot->state = line_end ? DOT_LINE_START : DOT_IN_LINE;
}

/* People type into a terminal: byte by byte is fast enough here, and only here. */
static bool
feed_until_dot(struct assembly *assembly, struct dot *dot, struct text input, struct failure *why)
{
	bool held = dot->state == DOT_HELD;
	size_t passed = 0;
	size_t kept_back = 0;

	for (size_t i = 0; i < input.length && dot->state != DOT_ENDED; i++) {
		dot_step(dot, input.bytes[i]);
		passed = i + 1;
	}
	if (held && passed > 0 && (dot->state != DOT_ENDED || passed > 1)
	    && !assembly_feed(assembly, text_of("."), why))
		return false;
	/* Without the dot that is held, or the dot that ended and its line end. */
	if (dot->state == DOT_HELD)
		kept_back = 1;
	else if (dot->state == DOT_ENDED)
		kept_back = passed > 1 ? 2 : passed;
	return assembly_feed(assembly, text_slice(input, 0, passed - kept_back), why);
}

static bool
refuse_read(int number, struct failure *why)
{
	if (number == EBADF || number == EISDIR) {
		fail(
		    why, EX_NOINPUT, "the input is %s", number == EBADF ? "closed" : "a directory");
		failure_hint(why, "give the message on standard input");
	} else {
		failure_errno(why, EX_IOERR, number, "cannot read the message");
	}
	return failure_in(why, FAILURE_INPUT);
}

/* One read that waits, also on a descriptor that somebody made non-blocking (F185). */
static bool
read_block(int fd, char *block, size_t *length, struct failure *why)
{
	for (;;) {
		ssize_t got = read(fd, block, READ_BLOCK);
		struct pollfd wait = { .fd = fd, .events = POLLIN };

		if (got >= 0) {
			*length = (size_t)got;
			return true;
		}
		if (errno == EAGAIN)
			(void)poll(&wait, 1, -1);
		else if (errno != EINTR)
			return refuse_read(errno, why);
	}
}

/* Where a file that can be read again stands; -1: there is none. */
static off_t
place_of(const struct message_source *source)
{
	struct stat status;

	if (!source->stays || source->dot_ends || fstat(source->fd, &status) != 0
	    || !S_ISREG(status.st_mode))
		return -1;
	return lseek(source->fd, 0, SEEK_CUR);
}

static bool
read_source(const struct message_source *source, struct assembly *assembly, char *block,
    struct failure *why)
{
	struct dot dot = { DOT_LINE_START };
	off_t place = place_of(source);
	size_t length = 1;

	assembly->leaves = place >= 0;
	while (length > 0 && dot.state != DOT_ENDED) {
		struct text input;
		bool taken;

		if (!read_block(source->fd, block, &length, why))
			return false;
		input = text_make(block, length);
		taken = source->dot_ends ? feed_until_dot(assembly, &dot, input, why)
					 : assembly_feed(assembly, input, why);
		if (!taken)
			return false;
		place += (off_t)length;
		if (assembly->leaves)
			assembly_leave(assembly, source->fd, (uint64_t)place);
	}
	return dot.state != DOT_HELD || assembly_feed(assembly, text_of("."), why);
}

bool
message_read(const struct message_source *source, struct arena *arena, struct message *message,
    struct failure *why)
{
	size_t limit = source->header_limit == 0 ? HEADER_LIMIT : source->header_limit;
	struct assembly assembly = assembly_start(limit, source->size_limit, source->temporary);
	char *block = block_open(READ_BLOCK);
	bool read = read_source(source, &assembly, block, why)
	    && assembly_finish(&assembly, arena, message, why);

	free(block);
	assembly_close(&assembly);
	return read;
}

static bool
make(struct assembly *assembly, struct text header, struct text body, struct failure *why)
{
	bool ended = header.length == 0 || header.bytes[header.length - 1] == '\n';

	return assembly_feed(assembly, header, why)
	    && assembly_feed(assembly, text_of(ended ? "\n" : "\n\n"), why)
	    && assembly_feed(assembly, body, why);
}

bool
message_make(struct text header, struct text body, struct arena *arena, struct message *message,
    struct failure *why)
{
	struct assembly assembly = assembly_start(0, 0, NULL);
	bool made = make(&assembly, header, body, why)
	    && assembly_finish(&assembly, arena, message, why);

	assembly_close(&assembly);
	return made;
}

uint64_t
message_size(const struct message *message)
{
	return message->edited.length + 2 + message->body_size;
}

bool
message_header_is_8bit(const struct message *message)
{
	return text_has_8bit(message->edited);
}

bool
message_body_is_8bit(const struct message *message)
{
	return message->body_content.eight_bit;
}

bool
message_is_command_like(const struct message *message)
{
	return message->body_content.command_like || content_command_like(message->edited);
}

struct message_reader
message_reader_open(const struct message *message)
{
	struct message_reader reader = { .message = message,
		.remainder = remainder_reader_open(&message->remainder) };

	if (message->body_fd >= 0)
		reader.block = block_open(PIECE_MAX);
	return reader;
}

void
message_reader_close(struct message_reader *reader)
{
	free(reader->block);
	reader->block = NULL;
	remainder_reader_close(&reader->remainder);
}

static bool
read_body(struct message_reader *reader, uint64_t at, struct text *piece, struct failure *why)
{
	ssize_t got;

	do
		got = pread(reader->message->body_fd, reader->block, PIECE_MAX, (off_t)at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return failure_errno(why, EX_IOERR, errno, "cannot read the message back");
	if (got == 0)
		return fail(why, EX_IOERR, "the temporary file of the message lost its end");
	*piece = text_make(reader->block, (size_t)got);
	return true;
}

/* At byte `at` of a text: what is left, at most one piece. */
static struct text
rest_of(struct text text, uint64_t at)
{
	return text_slice(text, (size_t)at, (size_t)at + PIECE_MAX);
}

bool
message_reader_next(struct message_reader *reader, struct text *piece, struct failure *why)
{
	const struct message *message = reader->message;
	uint64_t body_start = message->edited.length + 2;

	if (reader->at < message->edited.length)
		*piece = rest_of(message->edited, reader->at);
	else if (reader->at < body_start)
		*piece = rest_of(text_of("\r\n"), reader->at - message->edited.length);
	else if (reader->at - body_start >= message->body_size)
		*piece = text_of("");
	else if (message->remainder.left && reader->at - body_start >= message->body.length) {
		if (!remainder_reader_next(&reader->remainder, piece, why))
			return false;
	} else if (message->body_fd < 0)
		*piece = rest_of(buffer_text(&message->body), reader->at - body_start);
	else if (!read_body(reader, reader->at - body_start, piece, why))
		return false;
	reader->at += piece->length;
	return true;
}

void
message_close(struct message *message)
{
	if (message->body_fd >= 0)
		close(message->body_fd);
	message->body_fd = -1;
	buffer_close(&message->body);
}
