/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "base/arena.h"
#include "base/buffer.h"

/* Makes the byte at which the text stops being UTF-8 a '?', until none is left. */
static void
mend(char *bytes, size_t length)
{
	uint8_t *at = (uint8_t *)bytes;
	size_t left = length;

	for (;;) {
		const uint8_t *bad = u8_check(at, left);
		size_t skipped;

		if (bad == NULL)
			return;
		skipped = (size_t)(bad - at);
		at[skipped] = '?';
		at += skipped + 1;
		left -= skipped + 1;
	}
}

json_t *
json_from_text(struct text text)
{
	char *copy;
	json_t *value;

	if (text.bytes == NULL)
		return json_null();
	copy = malloc(text.length + 1);
	if (copy == NULL)
		arena_exhausted();
	memcpy(copy, text.bytes, text.length);
	mend(copy, text.length);
	value = json_stringn(copy, text.length);
	free(copy);
	if (value == NULL)
		arena_exhausted();
	return value;
}

json_t *
json_from_string(const char *string)
{
	return json_from_text(text_make(string, string == NULL ? 0 : strlen(string)));
}

void
json_print(json_t *value, struct buffer *to)
{
	char *words = json_dumps(value, JSON_INDENT(2));

	if (words == NULL)
		arena_exhausted();
	(void)buffer_print(to, "%s\n", words);
	free(words);
	json_decref(value);
}
