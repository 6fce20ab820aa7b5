/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/json_stream.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

#define STEP 2

static void
begin_line(const struct json_stream *stream)
{
	(void)buffer_byte(stream->to, '\n');
	for (size_t i = 0; i < stream->level; i++)
		(void)buffer_append(stream->to, text_make("  ", STEP));
}

static void
begin_value(const struct json_stream *stream, const char *key)
{
	if (stream->filled)
		(void)buffer_byte(stream->to, ',');
	if (stream->level > 0)
		begin_line(stream);
	if (key != NULL)
		(void)buffer_print(stream->to, "\"%s\": ", key);
}

/* jansson writes line ends between values only: in strings they are escaped. */
static int
take(const char *bytes, size_t length, void *data)
{
	const struct json_stream *stream = data;
	struct text rest = text_make(bytes, length);

	for (;;) {
		size_t end = text_find(rest, '\n');

		(void)buffer_append(stream->to, text_slice(rest, 0, end));
		if (end == rest.length)
			return 0;
		begin_line(stream);
		rest = text_slice(rest, end + 1, rest.length);
	}
}

void
json_stream_put(struct json_stream *stream, const char *key, json_t *value)
{
	begin_value(stream, key);
	if (json_dump_callback(value, take, stream, JSON_INDENT(STEP) | JSON_ENCODE_ANY) != 0)
		arena_exhausted();
	json_decref(value);
	stream->filled = true;
}

void
json_stream_open(struct json_stream *stream, const char *key, char bracket)
{
	begin_value(stream, key);
	(void)buffer_byte(stream->to, bracket);
	stream->level++;
	stream->filled = false;
}

void
json_stream_close(struct json_stream *stream, char bracket)
{
	stream->level--;
	if (stream->filled)
		begin_line(stream);
	(void)buffer_byte(stream->to, bracket);
	if (stream->level == 0)
		(void)buffer_byte(stream->to, '\n');
	stream->filled = true;
}
