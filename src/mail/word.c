/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/word.h"

#include <stdbool.h>
#include <string.h>

#include <unistr.h>

#include "base/buffer.h"

#define UTF8_START "=?utf-8?Q?"
#define UNKNOWN_START "=?unknown-8bit?Q?"
#define WORD_END "?="

/* The bytes that stand for themselves even in a phrase (RFC 2047 section 5 (3)). */
static bool
safe(char byte)
{
	return (byte >= '0' && byte <= '9') || (text_lower(byte) >= 'a' && text_lower(byte) <= 'z')
	    || (byte != '\0' && strchr("!*+-/", byte) != NULL);
}

/* The bytes of the character at the start of `rest`. */
static size_t
character_length(struct text rest, bool utf8)
{
	ucs4_t character;

	if (!utf8)
		return 1;
	return (size_t)u8_mbtoucr(&character, (const uint8_t *)rest.bytes, rest.length);
}

static void
encode_character(struct text character, struct buffer *encoded)
{
	encoded->length = 0;
	for (size_t i = 0; i < character.length; i++) {
		if (character.bytes[i] == ' ')
			(void)buffer_byte(encoded, '_');
		else if (safe(character.bytes[i]))
			(void)buffer_byte(encoded, character.bytes[i]);
		else
			(void)buffer_print(encoded, "=%02X", (unsigned char)character.bytes[i]);
	}
}

size_t
word_column(const struct buffer *to)
{
	size_t column = 0;

	while (column <= WORD_LINE_MAX && column < to->length
	    && to->bytes[to->length - 1 - column] != '\n')
		column++;
	return column;
}

void
word_encode(struct text text, struct buffer *to)
{
	bool utf8 = u8_check((const uint8_t *)text.bytes, text.length) == NULL;
	const char *start = utf8 ? UTF8_START : UNKNOWN_START;
	const size_t frame = strlen(start) + strlen(WORD_END);
	struct buffer encoded = buffer_open(0);
	size_t column = word_column(to) + frame;
	bool empty = true;

	(void)buffer_add(to, start);
	while (text.length > 0) {
		size_t length = character_length(text, utf8);

		encode_character(text_slice(text, 0, length), &encoded);
		if (!empty && column + encoded.length > WORD_LINE_MAX) {
			(void)buffer_print(to, WORD_END "\r\n %s", start);
			column = 1 + frame;
		}
		(void)buffer_append(to, buffer_text(&encoded));
		column += encoded.length;
		empty = false;
		text = text_slice(text, length, text.length);
	}
	(void)buffer_add(to, WORD_END);
	buffer_close(&encoded);
}
