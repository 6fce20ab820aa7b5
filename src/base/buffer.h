/* SPDX-License-Identifier: ISC */
/*
 * A growing run of bytes with a limit: what is being collected before it is
 * written, and what was read before it is understood.
 */
#ifndef RELAY_BASE_BUFFER_H
#define RELAY_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct buffer {
	char *bytes;
	size_t length;
	size_t capacity;
	size_t maximum; /* bytes it may hold; 0 means no limit */
};

/* An empty buffer that refuses to hold more than `maximum` bytes (0: any). */
struct buffer buffer_open(size_t maximum);

/* Wipes and frees.  May be called again. */
void buffer_close(struct buffer *buffer);

/* Each adds at the end; false, with nothing added, when it would pass the maximum. */
bool buffer_append(struct buffer *buffer, struct text text);
bool buffer_add(struct buffer *buffer, const char *string);
bool buffer_byte(struct buffer *buffer, char byte);
bool buffer_print(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for `room` more bytes at bytes + length; false past the maximum.  The
 * caller adds to `length` what it wrote. */
bool buffer_room(struct buffer *buffer, size_t room);

/* Drops the first `count` bytes, or all of them (wiping what goes). */
void buffer_drop(struct buffer *buffer, size_t count);
void buffer_clear(struct buffer *buffer);

/* The bytes held; borrowed until the next change. */
struct text buffer_text(const struct buffer *buffer);

#endif
