/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/outline.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <uniwidth.h>

/* The first column of lines in a block, of values behind a label there, and of what an arrow
 * leads to. */
#define LABEL_COLUMN 2
#define VALUE_COLUMN 13
#define ARROW_WIDTH 3

/* Columns for text behind a label in the deepest branch that is indented, and how many are
 * indented at least and at most. */
#define ROOM_MIN 40
#define LEVELS_MIN 2
#define LEVELS_MAX 8

/* Blanks between a value and the place behind it. */
#define PLACE_GAP 2

static const char *const codes[OUTLINE_STYLE_COUNT] = {
	[OUTLINE_PLAIN] = "",
	[OUTLINE_STRONG] = "\033[1m",
	[OUTLINE_DIM] = "\033[2m",
	[OUTLINE_WARN] = "\033[33m",
	[OUTLINE_BAD] = "\033[31m",
};

struct outline
outline_open(struct buffer *to, size_t width, bool color)
{
	if (width < OUTLINE_WIDTH_MIN)
		width = OUTLINE_WIDTH_MIN;
	if (width > OUTLINE_WIDTH_MAX)
		width = OUTLINE_WIDTH_MAX;
	return (
	    struct outline){ .to = to, .width = width, .color = color, .scratch = buffer_open(0) };
}

void
outline_close(struct outline *outline)
{
	buffer_close(&outline->scratch);
}

static size_t
columns(struct text text)
{
	size_t plain = 0;
	int width;

	/* It is printable: a byte of ASCII is a column. */
	while (plain < text.length && (unsigned char)text.bytes[plain] < 0x80)
		plain++;
	if (plain == text.length)
		return plain;
	width = u8_width((const uint8_t *)text.bytes, text.length, "UTF-8");
	return width < 0 ? 0 : (size_t)width;
}

/* What may be shown of it, borrowed until the next call. */
static struct text
printable(struct outline *outline, const char *value)
{
	size_t length = strlen(value);

	outline->scratch.length = 0;
	(void)buffer_room(&outline->scratch, length + 1);
	(void)text_printable(text_make(value, length), outline->scratch.bytes, length + 1);
	return text_of(outline->scratch.bytes);
}

static void
begin_style(const struct outline *outline, enum outline_style style)
{
	if (outline->color)
		(void)buffer_add(outline->to, codes[style]);
}

static void
end_style(const struct outline *outline, enum outline_style style)
{
	if (outline->color && style != OUTLINE_PLAIN)
		(void)buffer_add(outline->to, "\033[0m");
}

static void
put(struct outline *outline, struct text text, enum outline_style style)
{
	begin_style(outline, style);
	(void)buffer_append(outline->to, text);
	end_style(outline, style);
	outline->column += columns(text);
}

static void
pad(struct outline *outline, size_t column)
{
	for (; outline->column < column; outline->column++)
		(void)buffer_byte(outline->to, ' ');
}

static void
end_line(struct outline *outline)
{
	(void)buffer_byte(outline->to, '\n');
	outline->column = 0;
}

static size_t
levels_indented(const struct outline *outline)
{
	size_t levels = LEVELS_MIN;

	while (levels < LEVELS_MAX
	    && outline->width >= VALUE_COLUMN + (levels + 1) * ARROW_WIDTH + ROOM_MIN)
		levels++;
	return levels;
}

static size_t
indent(const struct outline *outline)
{
	size_t levels = levels_indented(outline);

	return ARROW_WIDTH * (outline->level < levels ? outline->level : levels);
}

/* Words that say nothing without the next one. */
static bool
binds(struct text words)
{
	static const char *const binding[] = { "->", "tried:", "note:", "hint:", "no", "no row",
		"no row for" };

	for (size_t i = 0; i < sizeof binding / sizeof binding[0]; i++)
		if (text_is(words, binding[i]))
			return true;
	return false;
}

/* Blanks, and the words behind them that stay together. */
static size_t
next_words(struct text tail)
{
	size_t blanks = strspn(tail.bytes, " ");
	size_t end = blanks + text_find(text_slice(tail, blanks, tail.length), ' ');

	while (end < tail.length && binds(text_slice(tail, blanks, end)))
		end += 1 + text_find(text_slice(tail, end + 1, tail.length), ' ');
	return end;
}

/* The words that fit from `column` on, at least one. */
static struct text
take_line(struct text *rest, size_t room)
{
	struct text all = *rest;
	size_t length = 0;
	size_t used = 0;

	while (length < all.length) {
		struct text tail = text_slice(all, length, all.length);
		size_t end = next_words(tail);
		size_t width = columns(text_slice(tail, 0, end));

		if (length > 0 && used + width > room)
			break;
		length += end;
		used += width;
	}
	*rest = text_trim(text_slice(all, length, all.length));
	return text_slice(all, 0, length);
}

/* From `column` on, and there again on every further line. */
static void
put_wrapped(struct outline *outline, size_t column, const char *value, enum outline_style style)
{
	struct text rest = printable(outline, value);
	size_t room = outline->width > column ? outline->width - column : 0;

	pad(outline, column);
	for (;;) {
		put(outline, take_line(&rest, room), style);
		if (rest.length == 0)
			return;
		end_line(outline);
		pad(outline, column);
	}
}

/* At the right margin, of a line of its own when the value leaves no room. */
static void
put_place(struct outline *outline, size_t column, const char *place)
{
	struct text shown;
	size_t width;

	if (place == NULL)
		return;
	shown = printable(outline, place);
	width = columns(shown);
	if (outline->column + PLACE_GAP + width > outline->width) {
		end_line(outline);
		pad(outline, column);
	}
	if (width < outline->width)
		pad(outline, outline->width - width);
	put(outline, shown, OUTLINE_DIM);
}

void
outline_block(struct outline *outline, const char *label, const char *value, const char *place)
{
	if (outline->to->length > 0)
		end_line(outline);
	outline->level = 0;
	put(outline, text_of(label), OUTLINE_STRONG);
	put_wrapped(outline, VALUE_COLUMN, value, OUTLINE_STRONG);
	put_place(outline, VALUE_COLUMN, place);
	end_line(outline);
}

static void
put_level(struct outline *outline)
{
	char words[40];

	if (outline->level <= levels_indented(outline))
		return;
	(void)snprintf(words, sizeof words, " (level %zu)", outline->level);
	put(outline, text_of(words), OUTLINE_DIM);
}

void
outline_enter(
    struct outline *outline, const char *value, enum outline_style style, const char *place)
{
	size_t column;

	/* What it leads to stands under it, also where the margin moves no more. */
	outline->level++;
	column = LABEL_COLUMN + indent(outline) - ARROW_WIDTH;
	pad(outline, column);
	put(outline, text_of("-> "), OUTLINE_PLAIN);
	put_wrapped(outline, column + ARROW_WIDTH, value, style);
	put_level(outline);
	put_place(outline, column + ARROW_WIDTH, place);
	end_line(outline);
}

void
outline_leave(struct outline *outline)
{
	outline->level--;
}

void
outline_line(struct outline *outline, const char *label, const char *value,
    enum outline_style style, const char *place)
{
	size_t column = VALUE_COLUMN + indent(outline);

	pad(outline, LABEL_COLUMN + indent(outline));
	put(outline, text_of(label), value[0] == '\0' ? style : OUTLINE_PLAIN);
	if (value[0] != '\0')
		put_wrapped(outline, column, value, style);
	put_place(outline, column, place);
	end_line(outline);
}
