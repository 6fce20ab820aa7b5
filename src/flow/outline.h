/* SPDX-License-Identifier: ISC */
/*
 * Writes labelled lines in blocks and branches, for a person: values aligned, long ones
 * wrapped at blanks, a place ("file:line") at the right margin.  Deep branches are not
 * indented for ever: text keeps its room, and the level is told in words.
 *
 * Whatever is given to it may come from files and arguments: it shows printable bytes only.
 */
#ifndef RELAY_FLOW_OUTLINE_H
#define RELAY_FLOW_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Columns at least and at most, whatever the terminal has. */
#define OUTLINE_WIDTH_MIN 40
#define OUTLINE_WIDTH_MAX 160

enum outline_style {
	OUTLINE_PLAIN,
	OUTLINE_STRONG,
	OUTLINE_DIM,
	OUTLINE_WARN,
	OUTLINE_BAD,
	OUTLINE_STYLE_COUNT
};

struct outline {
	struct buffer *to;
	size_t width;
	bool color;
	size_t level;  /* branches that are open */
	size_t column; /* where the line has come to */
	struct buffer scratch;
};

struct outline outline_open(struct buffer *to, size_t width, bool color);
void outline_close(struct outline *outline);

/* An empty line unless it is the first, then a label and a value that stand out.  `place` may be
 * NULL in all of these. */
void outline_block(
    struct outline *outline, const char *label, const char *value, const char *place);

/* "-> value", under which the lines up to outline_leave() are indented. */
void outline_enter(
    struct outline *outline, const char *value, enum outline_style style, const char *place);
void outline_leave(struct outline *outline);

/* A label, and a value behind it, which may be empty. */
void outline_line(struct outline *outline, const char *label, const char *value,
    enum outline_style style, const char *place);

#endif
