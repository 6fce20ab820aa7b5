/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/file_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

/* Larger ones measure no faster, and a part of the processor's cache is for the keys. */
#define BLOCK_FIRST ((size_t)64 * 1024)

static char *
block_new(size_t capacity)
{
	char *block = malloc(capacity + FILE_LINES_SLACK);

	if (block == NULL)
		arena_exhausted();
	return block;
}

struct file_lines
file_lines_open(int fd, size_t line_max)
{
	struct file_lines lines = { .fd = fd, .line_max = line_max, .capacity = BLOCK_FIRST };

	lines.block = block_new(lines.capacity);
	return lines;
}

void
file_lines_close(struct file_lines *lines)
{
	if (lines->block != NULL) {
		explicit_bzero(lines->block, lines->capacity);
		free(lines->block);
		close(lines->fd);
	}
	lines->block = NULL;
}

bool
file_lines_rewind(struct file_lines *lines, struct failure *why)
{
	lines->start = 0;
	lines->number = 0;
	if (lines->at_end && !lines->moved)
		return true;
	if (lseek(lines->fd, 0, SEEK_SET) != 0)
		return failure_errno(why, EX_IOERR, errno, "cannot read the file again");
	lines->complete = 0;
	lines->end = 0;
	lines->at_end = false;
	lines->moved = false;
	return true;
}

static void
enlarge(struct file_lines *lines)
{
	char *larger = block_new(lines->capacity * 2);

	memcpy(larger, lines->block, lines->end);
	explicit_bzero(lines->block, lines->capacity);
	free(lines->block);
	lines->block = larger;
	lines->capacity *= 2;
}

/* Room behind what was read: moves what is left to the front, or takes a larger block for a
 * longer line.  While there is room nothing moves, so a small file stays whole. */
static void
make_room(struct file_lines *lines)
{
	if (lines->end < lines->capacity)
		return;
	if (lines->start == 0) {
		enlarge(lines);
		return;
	}
	lines->end -= lines->start;
	memmove(lines->block, lines->block + lines->start, lines->end);
	lines->start = 0;
	lines->complete = 0;
	lines->moved = true;
}

static void
note_line_end(struct file_lines *lines, size_t got)
{
	size_t at = lines->end + got;

	while (at > lines->end && lines->block[at - 1] != '\n')
		at--;
	if (at > lines->end)
		lines->complete = at;
}

static bool
fill(struct file_lines *lines, struct failure *why)
{
	ssize_t got;

	make_room(lines);
	do
		got = read(lines->fd, lines->block + lines->end, lines->capacity - lines->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return failure_errno(why, EX_IOERR, errno, "cannot read the file");
	if (got == 0)
		lines->at_end = true;
	note_line_end(lines, (size_t)got);
	lines->end += (size_t)got;
	memset(lines->block + lines->end, 0, FILE_LINES_SLACK);
	return true;
}

static struct text
take(struct file_lines *lines, size_t length, size_t consumed)
{
	struct text line = text_make(lines->block + lines->start, length);

	if (line.length > 0 && line.bytes[line.length - 1] == '\r')
		line.length--;
	lines->last = lines->start;
	lines->start += consumed;
	lines->number++;
	return line;
}

bool
file_lines_next(struct file_lines *lines, struct text *line, bool *found, struct failure *why)
{
	size_t searched = 0;

	for (;;) {
		struct text rest = text_make(
		    lines->block + lines->start, lines->end - lines->start);
		size_t at = searched + text_find(text_slice(rest, searched, rest.length), '\n');

		if (at > lines->line_max)
			return fail(why, EX_CONFIG, "line %zu is longer than %zu bytes",
			    lines->number + 1, lines->line_max);
		if (at < rest.length) {
			*line = take(lines, at, at + 1);
			*found = true;
			return true;
		}
		if (lines->at_end) {
			*found = rest.length > 0;
			if (*found)
				*line = take(lines, rest.length, rest.length);
			return true;
		}
		searched = rest.length;
		if (!fill(lines, why))
			return false;
	}
}

void
file_lines_back(struct file_lines *lines)
{
	lines->start = lines->last;
	lines->number--;
}

struct text
file_lines_at_hand(const struct file_lines *lines)
{
	size_t length = lines->complete < lines->start ? 0 : lines->complete - lines->start;

	return text_make(lines->block + lines->start, length);
}

void
file_lines_skip(struct file_lines *lines, size_t bytes, size_t count)
{
	lines->start += bytes;
	lines->number += count;
}
