/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <unistr.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/file_guard.h"
#include "base/file_lines.h"
#include "table/table_source.h"
#include "table/table_warnings.h"

#define ONES 0x0101010101010101U
#define HIGH_BITS (ONES * 0x80U)

struct table_reader {
	struct file_lines lines;
	struct buffer whole; /* a logical line of several physical ones */
	char path[];
};

/* A table that cannot be read now is a reason to try again, never to go on
 * without it. */
static bool
refuse(struct failure *why)
{
	if (why->code == EX_NOINPUT || why->code == EX_NOPERM || why->code == EX_IOERR) {
		why->code = EX_TEMPFAIL;
		why->temporary = true;
	}
	return failure_in(why, FAILURE_TABLE);
}

static struct table_reader *
reader_new(const char *path, int fd)
{
	size_t size = strlen(path) + 1;
	struct table_reader *reader = calloc(1, sizeof *reader + size);

	if (reader == NULL)
		arena_exhausted();
	memcpy(reader->path, path, size);
	reader->lines = file_lines_open(fd, TABLE_LINE_MAX);
	reader->whole = buffer_open(TABLE_LINE_MAX);
	return reader;
}

bool
table_open(const char *path, bool secret, struct table_reader **reader, struct failure *why)
{
	struct stat status;
	int fd;

	if (!file_open(path, &fd, &status, why))
		return refuse(why);
	if ((secret && !file_keeps_secret(path, &status, why))
	    || !file_guard_check(path, &status, FILE_GUARD_GROUP, why)) {
		close(fd);
		return refuse(why);
	}
	*reader = reader_new(path, fd);
	return true;
}

void
table_close(struct table_reader *reader)
{
	if (reader == NULL)
		return;
	file_lines_close(&reader->lines);
	buffer_close(&reader->whole);
	free(reader);
}

bool
table_rewind(struct table_reader *reader, struct failure *why)
{
	if (file_lines_rewind(&reader->lines, why))
		return true;
	failure_at(why, "%s", reader->path);
	return refuse(why);
}

static bool
vanishes(struct text line)
{
	size_t at = 0;

	while (at < line.length && text_blank(line.bytes[at]))
		at++;
	return at == line.length || line.bytes[at] == '#';
}

/* The next physical line that counts. */
static bool
next_physical(struct table_reader *reader, struct text *line, bool *found, struct failure *why)
{
	do {
		if (!file_lines_next(&reader->lines, line, found, why)) {
			failure_at(why, "%s:%zu", reader->path, reader->lines.number + 1);
			return refuse(why);
		}
	} while (*found && vanishes(*line));
	return true;
}

/* Is it plain to see that the line goes on no further?  When the next one is not in memory
 * yet, or vanishes, that takes a closer look. */
static bool
stands_alone(const struct table_reader *reader)
{
	struct text rest = file_lines_at_hand(&reader->lines);

	return rest.length > 0 && rest.bytes[0] != '#' && !text_blank(rest.bytes[0]);
}

static bool
refuse_length(const struct table_reader *reader, size_t number, struct failure *why)
{
	fail(why, EX_CONFIG, "the line and its continuations are longer than %zu bytes",
	    TABLE_LINE_MAX);
	failure_at(why, "%s:%zu", reader->path, number);
	return refuse(why);
}

/* Adds what continues the line, up to the first physical line of the next one. */
static bool
join(struct table_reader *reader, size_t number, struct failure *why)
{
	for (;;) {
		struct text physical;
		bool found;

		if (!next_physical(reader, &physical, &found, why))
			return false;
		if (!found)
			return true;
		if (!text_blank(physical.bytes[0])) {
			file_lines_back(&reader->lines);
			return true;
		}
		if (!buffer_append(&reader->whole, physical))
			return refuse_length(reader, number, why);
	}
}

bool
table_next_line(struct table_reader *reader, struct text *line, size_t *number, bool *found,
    struct failure *why)
{
	struct text physical;

	if (!next_physical(reader, &physical, found, why))
		return false;
	if (!*found)
		return true;
	*number = reader->lines.number;
	if (stands_alone(reader)) {
		*line = physical;
		return true;
	}
	reader->whole.length = 0;
	/* Cannot fail: no physical line is longer than the buffer's maximum. */
	(void)buffer_append(&reader->whole, physical);
	if (!join(reader, *number, why))
		return false;
	*line = buffer_text(&reader->whole);
	return true;
}

void
table_pass(struct table_reader *reader, const struct table_sieve *sieve, enum table_sieve_key key)
{
	size_t count;
	size_t passed = table_sieve_pass(
	    sieve, key, file_lines_at_hand(&reader->lines), TABLE_LINE_MAX, &count);

	file_lines_skip(&reader->lines, passed, count);
}

bool
table_is_ascii(struct text text)
{
	uint64_t all = 0;
	size_t at = 0;

	for (; text.length - at >= sizeof all; at += sizeof all) {
		uint64_t word;

		memcpy(&word, text.bytes + at, sizeof word);
		all |= word;
	}
	for (; at < text.length; at++)
		all |= (unsigned char)text.bytes[at];
	return (all & HIGH_BITS) == 0;
}

/* Is there no byte that needs a closer look, neither NUL nor 0x80 or more?  Eight at a
 * time: borrowing from a byte sets its high bit only when it, or a lower one, is NUL. */
static bool
is_ordinary(struct text line)
{
	uint64_t seen = 0;
	size_t at = 0;

	for (; line.length - at >= sizeof seen; at += sizeof seen) {
		uint64_t word;

		memcpy(&word, line.bytes + at, sizeof word);
		seen |= word | (word - ONES);
	}
	for (; at < line.length; at++)
		seen |= (unsigned char)line.bytes[at] | (uint64_t)(line.bytes[at] - 1);
	return (seen & HIGH_BITS) == 0;
}

/* What makes a row unusable. */
static const char no_line_before[] =
    "begins with a blank, but there is no line before it to continue";
static const char nul_byte[] = "holds a NUL byte";
static const char no_utf8[] = "is not valid UTF-8";
static const char open_quote[] = "a double quote is not closed";
static const char no_value[] = "a key without a value";
static const char key_colon[] = "the key ends in a colon: is this an alias file?";

static const struct {
	const char *problem;
	const char *hint;
} hints[] = {
	{ no_line_before, "remove the blanks at the beginning of the line" },
	{ nul_byte, "write the row anew: the file may be damaged, or is no text" },
	{ no_utf8, "convert the file to UTF-8, as iconv(1) does" },
	{ open_quote, "close the double quote, or write \\\" for one that is part of the key" },
	{ no_value, "write a blank and the value behind the key, or remove the row" },
	{ key_colon, "a row is a key, a blank and a value: remove the colon behind the key" },
};

const char *
table_line_problem(struct text line)
{
	if (line.length > 0 && text_blank(line.bytes[0]))
		return no_line_before;
	if (is_ordinary(line))
		return NULL;
	if (text_find(line, '\0') < line.length)
		return nul_byte;
	if (u8_check((const uint8_t *)line.bytes, line.length) != NULL)
		return no_utf8;
	return NULL;
}

/* Bytes that mean something in a key.  A table, since this is asked of every byte of a
 * file with a million rows. */
enum special { ORDINARY, BLANK, QUOTE, SHIELD };

static const unsigned char specials[256] = {
	[' '] = BLANK,
	['\t'] = BLANK,
	['\r'] = BLANK,
	['\n'] = BLANK,
	['"'] = QUOTE,
	['\\'] = SHIELD,
};

/* The bytes up to the first blank outside quotes; false when a quote stays open. */
static bool
find_key(struct text line, size_t *length)
{
	bool quoted = false;
	size_t at = 0;

	for (; at < line.length; at++) {
		enum special kind = specials[(unsigned char)line.bytes[at]];

		if (kind == ORDINARY)
			continue;
		if (kind == SHIELD)
			at++;
		else if (kind == QUOTE)
			quoted = !quoted;
		else if (!quoted)
			break;
	}
	*length = at < line.length ? at : line.length;
	return !quoted;
}

/* The key that a malformed line seems to be meant for. */
static struct text
likely_key(struct text line)
{
	struct text word = text_word(&line, '"');

	if (word.length > 0 && word.bytes[word.length - 1] == ':')
		word.length--;
	return word;
}

const char *
table_split_row(struct text line, struct table_row *row)
{
	const char *problem = table_line_problem(line);
	size_t length;

	if (problem == NULL && !find_key(line, &length))
		problem = open_quote;
	if (problem != NULL) {
		row->key = likely_key(line);
		return problem;
	}
	row->key = text_slice(line, 0, length);
	row->value = text_trim(text_slice(line, length, line.length));
	if (row->key.bytes[length - 1] == ':') {
		row->key.length--;
		problem = key_colon;
	}
	return row->value.length == 0 ? no_value : problem;
}

/* What to do about a malformed row. */
static const char *
hint_for(const char *problem)
{
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strcmp(hints[i].problem, problem) == 0)
			return hints[i].hint;
	return "a row is a key, a blank and a value";
}

bool
table_refuse_row(
    const char *name, struct text key, size_t line, const char *problem, struct failure *why)
{
	fail(why, EX_CONFIG, "the row for '%.*s': %s", (int)key.length, key.bytes, problem);
	table_source_at(why, name, line);
	failure_hint(why, "%s", hint_for(problem));
	return failure_in(why, FAILURE_TABLE);
}

bool
table_next_row(struct table_reader *reader, struct table_warnings *warnings, struct table_row *row,
    bool *found, struct failure *why)
{
	for (;;) {
		struct text line;
		size_t number;
		const char *problem;

		if (!table_next_line(reader, &line, &number, found, why))
			return false;
		if (!*found)
			return true;
		problem = table_split_row(line, row);
		row->line = number;
		if (problem == NULL)
			return true;
		/* Mail that asks for its key is refused, so it is more than a warning. */
		table_warnings_advise(warnings, number, true, problem, hint_for(problem));
	}
}

static void
add_warning(struct table_warnings *warnings, size_t line, const char *what, bool fault)
{
	if (warnings == NULL)
		return;
	if (fault)
		warnings->faults++;
	else
		warnings->remarks++;
	if (warnings->count == TABLE_WARNINGS_MAX)
		return;
	if (warnings->count + 1 == TABLE_WARNINGS_MAX)
		what = "and more that is wrong, not listed";
	warnings->items = arena_grow(warnings->arena, warnings->items, warnings->count,
	    &warnings->capacity, sizeof *warnings->items);
	warnings->items[warnings->count] = (struct table_warning){
		.line = line, .number = warnings->count, .what = what, .fault = fault
	};
	warnings->count++;
}

void
table_warn(struct table_warnings *warnings, size_t line, const char *what)
{
	add_warning(warnings, line, what, false);
}

void
table_fault(struct table_warnings *warnings, size_t line, const char *what)
{
	add_warning(warnings, line, what, true);
}
