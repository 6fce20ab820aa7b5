/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define FIRST_CAPACITY 512

struct buffer
buffer_open(size_t maximum)
{
	return (struct buffer){ .maximum = maximum };
}

void
buffer_close(struct buffer *buffer)
{
	if (buffer->bytes != NULL)
		explicit_bzero(buffer->bytes, buffer->capacity);
	free(buffer->bytes);
	*buffer = (struct buffer){ .maximum = buffer->maximum };
}

/* Not realloc(): it would leave an unwiped copy of a secret behind. */
static void
enlarge(struct buffer *buffer, size_t capacity)
{
	char *larger = malloc(capacity);

	if (larger == NULL)
		arena_exhausted();
	if (buffer->length > 0)
		memcpy(larger, buffer->bytes, buffer->length);
	if (buffer->bytes != NULL)
		explicit_bzero(buffer->bytes, buffer->capacity);
	free(buffer->bytes);
	buffer->bytes = larger;
	buffer->capacity = capacity;
}

/* Bytes held once `more` are added; false past the maximum. */
static bool
allowed(const struct buffer *buffer, size_t more, size_t *need)
{
	if (__builtin_add_overflow(buffer->length, more, need) || *need > SIZE_MAX / 4)
		arena_exhausted();
	return buffer->maximum == 0 || *need <= buffer->maximum;
}

static void
reserve(struct buffer *buffer, size_t need)
{
	size_t capacity = buffer->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : buffer->capacity;

	while (capacity < need)
		capacity *= 2;
	if (capacity > buffer->capacity)
		enlarge(buffer, capacity);
}

bool
buffer_room(struct buffer *buffer, size_t room)
{
	size_t need;

	if (!allowed(buffer, room, &need))
		return false;
	reserve(buffer, need);
	return true;
}

bool
buffer_append(struct buffer *buffer, struct text text)
{
	if (!buffer_room(buffer, text.length))
		return false;
	if (text.length > 0)
		memcpy(buffer->bytes + buffer->length, text.bytes, text.length);
	buffer->length += text.length;
	return true;
}

bool
buffer_add(struct buffer *buffer, const char *string)
{
	return buffer_append(buffer, text_of(string));
}

bool
buffer_byte(struct buffer *buffer, char byte)
{
	return buffer_append(buffer, text_make(&byte, 1));
}

bool
buffer_print(struct buffer *buffer, const char *format, ...)
{
	va_list again;
	va_list list;
	size_t need;
	bool fits;
	int length;

	va_start(list, format);
	va_copy(again, list);
	length = vsnprintf(NULL, 0, format, list);
	va_end(list);
	if (length < 0)
		arena_exhausted();
	fits = allowed(buffer, (size_t)length, &need);
	if (fits) {
		/* vsnprintf() wants room for its NUL, which is not held. */
		reserve(buffer, need + 1);
		(void)vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
	return fits;
}

void
buffer_drop(struct buffer *buffer, size_t count)
{
	size_t left;

	if (count > buffer->length)
		count = buffer->length;
	left = buffer->length - count;
	if (left > 0)
		memmove(buffer->bytes, buffer->bytes + count, left);
	if (count > 0)
		explicit_bzero(buffer->bytes + left, count);
	buffer->length = left;
}

void
buffer_clear(struct buffer *buffer)
{
	buffer_drop(buffer, buffer->length);
}

struct text
buffer_text(const struct buffer *buffer)
{
	return text_make(buffer->length == 0 ? "" : buffer->bytes, buffer->length);
}
