/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include <unistr.h>

#include "base/arena.h"

#define NUMBER_DIGITS_MAX 30

struct text
text_of(const char *string)
{
	return string == NULL ? text_make("", 0) : text_make(string, strlen(string));
}

struct text
text_make(const char *bytes, size_t length)
{
	return (struct text){ .bytes = bytes, .length = length };
}

struct text
text_slice(struct text text, size_t start, size_t end)
{
	/* An empty text may have no bytes at all, and to move even by 0 from NULL is undefined. */
	if (text.bytes == NULL)
		return text;
	if (end > text.length)
		end = text.length;
	if (start > end)
		start = end;
	return text_make(text.bytes + start, end - start);
}

bool
text_equal(struct text a, struct text b)
{
	if (a.length != b.length)
		return false;
	return a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0;
}

bool
text_equal_fold(struct text a, struct text b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++)
		if (text_lower(a.bytes[i]) != text_lower(b.bytes[i]))
			return false;
	return true;
}

bool
text_is(struct text text, const char *string)
{
	return text_equal(text, text_of(string));
}

bool
text_is_fold(struct text text, const char *string)
{
	return text_equal_fold(text, text_of(string));
}

bool
text_starts_fold(struct text text, const char *prefix)
{
	return text_is_fold(text_slice(text, 0, strlen(prefix)), prefix);
}

/* Where the two first differ, letter case not counted. */
static size_t
common_start(struct text a, struct text b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	size_t i = 0;

	while (i < shorter && text_lower(a.bytes[i]) == text_lower(b.bytes[i]))
		i++;
	return i;
}

bool
text_is_near(struct text a, struct text b)
{
	size_t at = common_start(a, b);
	struct text a_rest = text_slice(a, at, a.length);
	struct text b_rest = text_slice(b, at, b.length);

	if (a.length == b.length + 1)
		return text_equal_fold(text_slice(a_rest, 1, a.length), b_rest);
	if (b.length == a.length + 1)
		return text_equal_fold(a_rest, text_slice(b_rest, 1, b.length));
	if (a.length != b.length)
		return false;
	if (text_equal_fold(text_slice(a_rest, 1, a.length), text_slice(b_rest, 1, b.length)))
		return true;
	return a_rest.length >= 2 && text_lower(a_rest.bytes[0]) == text_lower(b_rest.bytes[1])
	    && text_lower(a_rest.bytes[1]) == text_lower(b_rest.bytes[0])
	    && text_equal_fold(text_slice(a_rest, 2, a.length), text_slice(b_rest, 2, b.length));
}

size_t
text_find(struct text text, char byte)
{
	const char *found = text.length == 0 ? NULL : memchr(text.bytes, byte, text.length);

	return found == NULL ? text.length : (size_t)(found - text.bytes);
}

bool
text_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct text
text_trim(struct text text)
{
	while (text.length > 0 && text_blank(text.bytes[0]))
		text = text_slice(text, 1, text.length);
	while (text.length > 0 && text_blank(text.bytes[text.length - 1]))
		text.length--;
	return text;
}

static bool
separates(char byte, char also)
{
	return text_blank(byte) || (also != '\0' && byte == also);
}

struct text
text_word(struct text *rest, char also)
{
	size_t start = 0;
	size_t end;
	struct text word;

	while (start < rest->length && separates(rest->bytes[start], also))
		start++;
	end = start;
	while (end < rest->length && !separates(rest->bytes[end], also))
		end++;
	word = text_slice(*rest, start, end);
	*rest = text_slice(*rest, end, rest->length);
	return word;
}

bool
text_has_8bit(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if ((unsigned char)text.bytes[i] >= 0x80)
			return true;
	return false;
}

static bool
control(unsigned char byte)
{
	return byte < 0x20 || byte == 0x7f;
}

bool
text_has_control(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (control((unsigned char)text.bytes[i]))
			return true;
	return false;
}

char
text_lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool
begins_number(char byte)
{
	return (byte >= '0' && byte <= '9') || byte == '-' || byte == '+';
}

bool
text_number(struct text text, int64_t min, int64_t max, int64_t *number)
{
	char digits[NUMBER_DIGITS_MAX + 1];
	char *end;
	long long value;

	if (text.length == 0 || text.length > NUMBER_DIGITS_MAX || !begins_number(text.bytes[0]))
		return false;
	memcpy(digits, text.bytes, text.length);
	digits[text.length] = '\0';
	errno = 0;
	value = strtoll(digits, &end, 0);
	if (errno != 0 || end != digits + text.length || value < min || value > max)
		return false;
	*number = value;
	return true;
}

/* Bytes of the printable character at `at`; 0 when there is none to show. */
static size_t
shown(const unsigned char *at, size_t left)
{
	ucs4_t character;
	int bytes = u8_mbtoucr(&character, at, left);

	if (bytes <= 0 || character < 0x20 || (character >= 0x7f && character < 0xa0))
		return 0;
	/* Line and paragraph separators and the bidirectional overrides can make a
	 * terminal or a log viewer show what is not there. */
	if (character == 0x2028 || character == 0x2029
	    || (character >= 0x202a && character <= 0x202e)
	    || (character >= 0x2066 && character <= 0x2069))
		return 0;
	return (size_t)bytes;
}

char *
text_printable(struct text text, char *to, size_t size)
{
	const unsigned char *from = (const unsigned char *)text.bytes;
	size_t used = 0;

	for (size_t i = 0; i < text.length;) {
		size_t bytes = shown(from + i, text.length - i);
		size_t need = bytes == 0 ? 1 : bytes;

		if (used + need >= size)
			break;
		if (bytes == 0)
			to[used] = '?';
		else
			memcpy(to + used, from + i, bytes);
		used += need;
		i += need;
	}
	to[used] = '\0';
	return to;
}

uint64_t
text_hash_seed(void)
{
	static uint64_t seed;
	const void *random;

	/* Looked for once: the list where it stands is walked by every getauxval(). */
	if (seed != 0)
		return seed;
	random = (const void *)getauxval(AT_RANDOM);
	if (random != NULL)
		memcpy(&seed, random, sizeof seed);
	seed ^= 0xcbf29ce484222325U;
	return seed;
}

uint64_t
text_hash(struct text text)
{
	uint64_t hash = text_hash_seed();

	for (size_t i = 0; i < text.length; i++)
		hash = (hash ^ (unsigned char)text.bytes[i]) * 0x100000001b3U;
	return hash;
}

char *
text_string(struct text text, struct arena *arena)
{
	return arena_copy(arena, text.bytes, text.length);
}

struct text
text_copy(struct text text, struct arena *arena)
{
	return text_make(text_string(text, arena), text.length);
}

struct text
text_join(struct text first, struct text second, struct arena *arena)
{
	char *joined;

	if (first.length >= SIZE_MAX - second.length)
		arena_exhausted();
	joined = arena_zero(arena, first.length + second.length + 1);
	if (first.length > 0)
		memcpy(joined, first.bytes, first.length);
	if (second.length > 0)
		memcpy(joined + first.length, second.bytes, second.length);
	return text_make(joined, first.length + second.length);
}
