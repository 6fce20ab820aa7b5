/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/capability.h"

#include <stddef.h>

#include "base/arena.h"

struct keyword {
	const char *name;
	size_t member; /* offset of its switch in struct capability */
};

static const struct keyword keywords[] = {
	{ "STARTTLS", offsetof(struct capability, starttls) },
	{ "PIPELINING", offsetof(struct capability, pipelining) },
	{ "8BITMIME", offsetof(struct capability, eight_bit_mime) },
	{ "DSN", offsetof(struct capability, dsn) },
	{ "SMTPUTF8", offsetof(struct capability, smtputf8) },
	{ "CHUNKING", offsetof(struct capability, chunking) },
	{ "ENHANCEDSTATUSCODES", offsetof(struct capability, enhanced_codes) },
};

static void
add_mechanisms(struct capability *capability, struct text words)
{
	capability->auth = true;
	for (;;) {
		struct text word = text_word(&words, '\0');
		size_t i = 0;

		if (word.length == 0 || capability->mechanism_count == CAPABILITY_MECHANISMS_MAX)
			return;
		while (i < capability->mechanism_count
		    && !text_equal_fold(capability->mechanisms[i], word))
			i++;
		if (i == capability->mechanism_count)
			capability->mechanisms[capability->mechanism_count++] = word;
	}
}

static bool
all_digits(struct text word)
{
	for (size_t i = 0; i < word.length; i++)
		if (word.bytes[i] < '0' || word.bytes[i] > '9')
			return false;
	return word.length > 0;
}

/* No limit told: nothing, 0, or a number that does not fit. */
static uint64_t
size_limit(struct text word)
{
	int64_t number = 0;

	/* Leading zeros would make it octal. */
	while (word.length > 1 && word.bytes[0] == '0')
		word = text_slice(word, 1, word.length);
	if (!all_digits(word) || !text_number(word, 0, INT64_MAX, &number))
		return 0;
	return (uint64_t)number;
}

static void
read_keyword(struct capability *capability, struct text word)
{
	for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
		if (text_is_fold(word, keywords[i].name))
			*(bool *)(void *)((char *)capability + keywords[i].member) = true;
}

static void
read_line(struct capability *capability, struct text line)
{
	size_t end = text_find(line, ' ');
	struct text word = text_slice(line, 0, end);
	struct text rest = text_slice(line, end, line.length);

	if (text_is_fold(word, "AUTH")) {
		add_mechanisms(capability, rest);
	} else if (text_starts_fold(line, "AUTH=")) {
		/* What servers of the last century wrote for clients of the last century. */
		add_mechanisms(capability, text_slice(line, 5, line.length));
	} else if (text_is_fold(word, "SIZE")) {
		capability->size = true;
		capability->size_limit = size_limit(text_trim(rest));
	} else {
		read_keyword(capability, word);
	}
}

void
capability_read(const struct reply *reply, struct capability *capability)
{
	*capability = (struct capability){ 0 };
	for (size_t i = 1; i < reply->line_count; i++)
		read_line(capability, reply->lines[i]);
}

bool
capability_has_mechanism(const struct capability *capability, const char *name)
{
	for (size_t i = 0; i < capability->mechanism_count; i++)
		if (text_is_fold(capability->mechanisms[i], name))
			return true;
	return false;
}

const char *
capability_mechanisms(const struct capability *capability, struct arena *arena)
{
	struct buffer names = buffer_open(0);
	const char *string;

	for (size_t i = 0; i < capability->mechanism_count; i++) {
		if (i > 0)
			(void)buffer_byte(&names, ' ');
		(void)buffer_append(&names, capability->mechanisms[i]);
	}
	string = text_string(buffer_text(&names), arena);
	buffer_close(&names);
	return string;
}
