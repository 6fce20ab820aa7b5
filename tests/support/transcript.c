/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "tests/support/transcript.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"

#define FILE_MAX_BYTES ((size_t)1024 * 1024)

struct directive {
	const char *words;
	enum transcript_kind kind;
};

static const struct directive directives[] = {
	{ "C: <data>", TRANSCRIPT_DATA },
	{ "C: <chunk>", TRANSCRIPT_CHUNK },
	{ "C: <part>", TRANSCRIPT_PART },
	{ "TLS", TRANSCRIPT_TLS },
	{ "TLS unverified", TRANSCRIPT_TLS_UNVERIFIED },
	{ "TLS refused", TRANSCRIPT_TLS_REFUSED },
	{ "CLOSE", TRANSCRIPT_CLOSE },
	{ "STALL", TRANSCRIPT_STALL },
	{ "BREAK", TRANSCRIPT_BREAK },
	{ "SIGNAL", TRANSCRIPT_SIGNAL },
};

static int
hex(char byte)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = byte == '\0' ? NULL : strchr(digits, text_lower(byte));

	return found == NULL ? -1 : (int)(found - digits);
}

/* The byte that the escape at `at` stands for; *length is how much of the text it takes. */
static char
escape(struct text text, size_t at, size_t *length)
{
	static const char names[] = "rnt0\\";
	static const char values[] = "\r\n\t\0\\";
	char name = at + 1 < text.length ? text.bytes[at + 1] : '\\';
	const char *found = strchr(names, name);

	*length = 2;
	if (found != NULL)
		return values[found - names];
	if (name == 'x' && at + 3 < text.length) {
		*length = 4;
		return (char)(hex(text.bytes[at + 2]) * 16 + hex(text.bytes[at + 3]));
	}
	return name;
}

static struct text
unescape(struct text text, const char *end, struct arena *arena)
{
	char *bytes = arena_zero(arena, text.length + strlen(end) + 1);
	size_t length = 0;
	size_t taken = 1;

	for (size_t i = 0; i < text.length; i += taken) {
		taken = 1;
		bytes[length++] = text.bytes[i] == '\\' ? escape(text, i, &taken) : text.bytes[i];
	}
	memcpy(bytes + length, end, strlen(end));
	return text_make(bytes, length + strlen(end));
}

static void
add(struct transcript *transcript, struct transcript_entry entry, struct arena *arena)
{
	transcript->entries = arena_grow(
	    arena, transcript->entries, transcript->count, &transcript->capacity, sizeof entry);
	transcript->entries[transcript->count++] = entry;
}

static bool
read_directive(struct transcript *transcript, struct text line, size_t number, struct arena *arena)
{
	for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
		if (text_is(line, directives[i].words)) {
			add(transcript,
			    (struct transcript_entry){
				.kind = directives[i].kind, .number = number },
			    arena);
			return true;
		}
	return false;
}

static bool
read_line(struct transcript *transcript, struct text line, size_t number, struct arena *arena)
{
	struct text rest = text_slice(line, 3, line.length);
	struct transcript_entry entry = { .kind = TRANSCRIPT_SERVER, .number = number };

	if (text_starts_fold(line, "S: ") || text_is(line, "S:"))
		entry.bytes = unescape(rest, "\r\n", arena);
	else if (text_starts_fold(line, "S| "))
		entry.bytes = unescape(rest, "", arena);
	else if (text_starts_fold(line, "C: ") || text_is(line, "C:"))
		entry = (struct transcript_entry){ TRANSCRIPT_CLIENT, unescape(rest, "\r\n", arena),
			number };
	else
		return false;
	add(transcript, entry, arena);
	return true;
}

static void
read_entry(struct transcript *transcript, struct text line, size_t number, struct arena *arena)
{
	if (text_is(line, "LOCAL"))
		transcript->local = true;
	else if (!read_directive(transcript, line, number, arena)
	    && !read_line(transcript, line, number, arena) && transcript->bad_line == 0)
		transcript->bad_line = number;
}

struct transcript
transcript_read(struct text text, struct arena *arena)
{
	struct transcript transcript = { .local = false };

	for (size_t number = 1; text.length > 0; number++) {
		size_t end = text_find(text, '\n');
		struct text line = text_slice(text, 0, end);

		if (line.length > 0 && line.bytes[0] != '#')
			read_entry(&transcript, line, number, arena);
		text = text_slice(text, end + 1, text.length);
	}
	return transcript;
}

struct text
transcript_load(const char *name, struct arena *arena)
{
	const char *top = getenv("srcdir");
	const char *path = arena_print(arena, "%s/tests/dialogs/%s", top == NULL ? "." : top, name);
	struct text bytes = text_of(NULL);
	struct failure why;

	if (!file_read(path, FILE_MAX_BYTES, arena, &bytes, NULL, &why))
		return text_of(NULL);
	return bytes;
}
