/* SPDX-License-Identifier: ISC */
/*
 * Writes an object that is too large to be built: member by member, indented as json_print()
 * does it.
 */
#ifndef RELAY_BASE_JSON_STREAM_H
#define RELAY_BASE_JSON_STREAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer;

struct json_stream {
	struct buffer *to;
	size_t level; /* objects and arrays that are open */
	bool filled;  /* the innermost one holds something */
};

/* A value; `key` is NULL in an array, else printable ASCII without quotes.  Takes the reference. */
void json_stream_put(struct json_stream *stream, const char *key, json_t *value);

/* Opens an object ('{') or an array ('['), with `key` as above (NULL: outermost, too). */
void json_stream_open(struct json_stream *stream, const char *key, char bracket);

/* Closes the innermost one by its other bracket; a line end follows the outermost. */
void json_stream_close(struct json_stream *stream, char bracket);

#endif
