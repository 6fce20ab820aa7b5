/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/remainder.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

/* Every byte may become two. */
#define BLOCK ((size_t)64 * 1024)

struct remainder_reader
remainder_reader_open(const struct remainder *remainder)
{
	return (struct remainder_reader){
		.remainder = remainder,
		.at = remainder->start,
		.content = remainder->before,
		.lines = buffer_open(0),
	};
}

static size_t
next_size(const struct remainder_reader *reader)
{
	uint64_t left = reader->remainder->end - reader->at;

	return left < BLOCK ? (size_t)left : BLOCK;
}

static bool
read_block(struct remainder_reader *reader, struct text *raw, struct failure *why)
{
	size_t size = next_size(reader);
	ssize_t got;

	do
		got = pread(reader->remainder->fd, reader->block, size, (off_t)reader->at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return failure_errno(why, EX_IOERR, errno, "cannot read the message again");
	if (got == 0)
		return fail(why, EX_IOERR, "the file with the message lost its end");
	*raw = text_make(reader->block, (size_t)got);
	reader->at += (uint64_t)got;
	return true;
}

static bool
finish(struct remainder_reader *reader, struct failure *why)
{
	reader->over = true;
	return content_finish(&reader->content, &reader->lines, why);
}

bool
remainder_reader_next(struct remainder_reader *reader, struct text *piece, struct failure *why)
{
	struct text raw;

	if (reader->block == NULL)
		reader->block = malloc(BLOCK);
	if (reader->block == NULL)
		arena_exhausted();
	/* Not buffer_clear(): wiping each block would cost as much as reading it. */
	reader->lines.length = 0;
	/* A block can hold nothing but the LF of a CR that was counted before it. */
	while (reader->lines.length == 0 && reader->at < reader->remainder->end)
		if (!read_block(reader, &raw, why)
		    || !content_feed(&reader->content, raw, &reader->lines, why))
			return false;
	if (reader->at == reader->remainder->end && !reader->over && !finish(reader, why))
		return false;
	*piece = buffer_text(&reader->lines);
	return true;
}

void
remainder_reader_close(struct remainder_reader *reader)
{
	free(reader->block);
	reader->block = NULL;
	buffer_close(&reader->lines);
}
