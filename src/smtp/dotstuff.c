/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/dotstuff.h"

struct dotstuff
dotstuff_start(void)
{
	return (struct dotstuff){ .state = DOTSTUFF_LINE_START };
}

/* The first dot at or behind `from` that begins a line; the length when there is none. */
static size_t
next_dot(struct text input, size_t from)
{
	while (from < input.length) {
		struct text rest = text_slice(input, from, input.length);

		from += text_find(rest, '\n') + 1;
		if (from < input.length && input.bytes[from] == '.')
			return from;
	}
	return input.length;
}

void
dotstuff_feed(struct dotstuff *dotstuff, struct text input, struct buffer *to)
{
	size_t start = 0;

	if (input.length == 0)
		return;
	if (dotstuff->state == DOTSTUFF_LINE_START && input.bytes[0] == '.')
		(void)buffer_byte(to, '.');
	/* Runs between stuffed dots are copied whole: lines are many, such dots few. */
	while (start < input.length) {
		size_t dot = next_dot(input, start);

		(void)buffer_append(to, text_slice(input, start, dot));
		if (dot < input.length)
			(void)buffer_add(to, "..");
		start = dot + 1;
	}
	switch (input.bytes[input.length - 1]) {
	case '\n':
		dotstuff->state = DOTSTUFF_LINE_START;
		break;
	case '\r':
		dotstuff->state = DOTSTUFF_AFTER_CR;
		break;
	default:
		dotstuff->state = DOTSTUFF_IN_LINE;
		break;
	}
}

void
dotstuff_finish(struct dotstuff *dotstuff, struct buffer *to)
{
	if (dotstuff->state == DOTSTUFF_IN_LINE)
		(void)buffer_add(to, "\r\n");
	if (dotstuff->state == DOTSTUFF_AFTER_CR)
		(void)buffer_byte(to, '\n');
	(void)buffer_add(to, ".\r\n");
	*dotstuff = dotstuff_start();
}
