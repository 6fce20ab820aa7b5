/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/folding.h"

#include "base/buffer.h"
#include "mail/content.h"

/* Where RFC 5322 2.1.1 wants lines to end. */
#define WANTED_LENGTH 78

/* The next line without its CRLF. */
static struct text
take_line(struct text *rest)
{
	size_t end = text_find(*rest, '\n');
	struct text line = text_slice(*rest, 0, end);

	if (line.length > 0 && line.bytes[line.length - 1] == '\r')
		line.length--;
	*rest = text_slice(*rest, end + 1, rest->length);
	return line;
}

bool
folding_needed(struct text block)
{
	while (block.length > 0)
		if (take_line(&block).length > CONTENT_LINE_MAX)
			return true;
	return false;
}

/*
 * The last blank up to WANTED_LENGTH before which a new line may begin, else the first
 * one behind it; the length when there is none.  Something that is no blank stands
 * at or after `from` before it, and right behind it: a line of blanks alone would end
 * the header for some readers.
 */
static size_t
fold_point(struct text line, size_t from)
{
	size_t point = line.length;
	bool seen = false;

	for (size_t i = from; i + 1 < line.length; i++) {
		bool blank = text_blank(line.bytes[i]);

		if (i > WANTED_LENGTH && point < line.length)
			break;
		if (blank && seen && !text_blank(line.bytes[i + 1]))
			point = i;
		seen = seen || !blank;
	}
	return point;
}

/* A fold right behind the field's name looks odd: only when there is no other way. */
static size_t
first_fold(struct text line)
{
	size_t point = fold_point(line, text_find(line, ':') + 1);

	return point > CONTENT_LINE_MAX ? fold_point(line, 0) : point;
}

static bool
fold(struct text line, size_t number, struct buffer *to, struct failure *why)
{
	const struct text whole = line;
	bool begins_field = line.length > 0 && !text_blank(line.bytes[0]);

	while (line.length > 0) {
		size_t point = line.length;

		if (line.length > WANTED_LENGTH)
			point = begins_field ? first_fold(line) : fold_point(line, 0);
		if (point > CONTENT_LINE_MAX)
			return fail(why, EX_DATAERR,
			    "line %zu of the header ('%.*s') has %zu "
			    "bytes, more than %d, and no blank to fold it at",
			    number, (int)text_find(text_slice(whole, 0, WANTED_LENGTH), ':'),
			    whole.bytes, whole.length, CONTENT_LINE_MAX);
		(void)buffer_append(to, text_slice(line, 0, point));
		(void)buffer_add(to, "\r\n");
		line = text_slice(line, point, line.length);
		begins_field = false;
	}
	return true;
}

bool
folding_apply(struct text block, struct buffer *to, struct failure *why)
{
	for (size_t number = 1; block.length > 0; number++) {
		struct text line = take_line(&block);

		if (line.length > CONTENT_LINE_MAX) {
			if (!fold(line, number, to, why))
				return false;
			continue;
		}
		(void)buffer_append(to, line);
		(void)buffer_add(to, "\r\n");
	}
	return true;
}
