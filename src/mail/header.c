/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/header.h"

#include <string.h>

#include "base/arena.h"

/* Bytes of the name at the start of `line`; 0 when no field begins there. */
static size_t
name_length(struct text line, size_t *colon)
{
	size_t length = 0;
	size_t at;

	while (length < line.length && line.bytes[length] > 32 && line.bytes[length] < 127
	    && line.bytes[length] != ':')
		length++;
	at = length;
	while (at < line.length && (line.bytes[at] == ' ' || line.bytes[at] == '\t'))
		at++;
	if (at == line.length || line.bytes[at] != ':')
		return 0;
	*colon = at;
	return length;
}

bool
header_line(struct text line)
{
	size_t colon;

	return name_length(line, &colon) > 0;
}

static struct text
without_end(struct text text)
{
	if (text.length > 0 && text.bytes[text.length - 1] == '\n')
		text.length--;
	if (text.length > 0 && text.bytes[text.length - 1] == '\r')
		text.length--;
	return text;
}

/* Where the line after the one at `at` begins. */
static size_t
next_line(struct text block, size_t at)
{
	size_t end = at + text_find(text_slice(block, at, block.length), '\n');

	return end < block.length ? end + 1 : end;
}

static size_t
field_end(struct text block, size_t at)
{
	size_t end = next_line(block, at);

	while (end < block.length && (block.bytes[end] == ' ' || block.bytes[end] == '\t'))
		end = next_line(block, end);
	return end;
}

static struct header_field
field_of(struct text raw)
{
	struct header_field field = { .raw = raw, .name = text_slice(raw, 0, 0) };
	size_t colon;
	size_t length = name_length(raw, &colon);

	field.value = without_end(raw);
	if (length == 0)
		return field;
	field.name = text_slice(raw, 0, length);
	field.value = without_end(text_slice(raw, colon + 1, raw.length));
	return field;
}

struct header
header_read(struct text block, struct arena *arena)
{
	struct header header = { 0 };
	size_t capacity = 0;

	for (size_t at = 0; at < block.length;) {
		size_t end = field_end(block, at);

		header.fields = arena_grow(
		    arena, header.fields, header.count, &capacity, sizeof *header.fields);
		header.fields[header.count++] = field_of(text_slice(block, at, end));
		at = end;
	}
	return header;
}

bool
header_is(const struct header_field *field, const char *name)
{
	return text_is_fold(field->name, name);
}

const struct header_field *
header_find(const struct header *header, const char *name, size_t *at)
{
	for (size_t i = *at; i < header->count; i++) {
		if (!header_is(&header->fields[i], name))
			continue;
		*at = i + 1;
		return &header->fields[i];
	}
	*at = header->count;
	return NULL;
}

bool
header_has(const struct header *header, const char *name)
{
	size_t at = 0;

	return header_find(header, name, &at) != NULL;
}

struct text
header_unfold(struct text value, struct arena *arena)
{
	char *line = arena_zero(arena, value.length + 1);
	size_t used = 0;

	for (size_t i = 0; i < value.length; i++)
		if (value.bytes[i] != '\r' && value.bytes[i] != '\n')
			line[used++] = value.bytes[i];
	return text_trim(text_make(line, used));
}
