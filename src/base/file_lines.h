/* SPDX-License-Identifier: ISC */
/*
 * An open file block by block: its physical lines one at a time, or many at once for
 * who looks for a few in a file of a million.
 */
#ifndef RELAY_BASE_FILE_LINES_H
#define RELAY_BASE_FILE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"

/* Bytes behind those at hand that may be read, though they mean nothing: eight at a time
 * is how they are looked through. */
#define FILE_LINES_SLACK ((size_t)8)

struct file_lines {
	int fd;
	char *block;
	size_t last;     /* start of the line handed out last */
	size_t start;    /* of what was not handed out */
	size_t complete; /* behind the last line end in the block */
	size_t end;
	size_t capacity;
	size_t line_max;
	size_t number; /* of the line handed out last, from 1 */
	bool at_end;
	bool moved; /* the block does not begin where the file does */
};

/* Takes `fd`.  A line longer than `line_max` bytes is a failure. */
struct file_lines file_lines_open(int fd, size_t line_max);

/* Frees the block (wiped) and closes the descriptor.  May be called again. */
void file_lines_close(struct file_lines *lines);

/* Goes back to the first line of the file that was opened, whatever has that name now (F200).
 * One that was read to its end and fits into the block is not read again.  Fails with EX_IOERR. */
bool file_lines_rewind(struct file_lines *lines, struct failure *why);

/*
 * The next line without its line end (LF or CRLF), borrowed until the next call.
 * `*found` is false at the end of the file.  Fails with EX_IOERR, or EX_CONFIG
 * when the line is too long; where is left to the caller.
 */
bool file_lines_next(struct file_lines *lines, struct text *line, bool *found, struct failure *why);

/* Gives the line of the last file_lines_next(), which found one, back: the next call finds it
 * again. */
void file_lines_back(struct file_lines *lines);

/* The lines in memory that were not handed out, up to a line end; may be none though the file
 * goes on.  FILE_LINES_SLACK bytes behind them may be read.  Borrowed until the next call. */
struct text file_lines_at_hand(const struct file_lines *lines);

/* Passes over the first `bytes` of those, which are `count` whole lines. */
void file_lines_skip(struct file_lines *lines, size_t bytes, size_t count);

#endif
