/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/auth_words.h"

#include <string.h>

/* Of base64, of which four bytes in a row are no coincidence. */
#define RESPONSE_PART ((size_t)4)
#define SECRET_PART ((size_t)8)

struct auth_words
auth_words_open(void)
{
	return (struct auth_words){ .sent = buffer_open(0) };
}

void
auth_words_close(struct auth_words *words)
{
	buffer_close(&words->sent);
}

void
auth_words_keep(struct auth_words *words, struct text response)
{
	(void)buffer_append(&words->sent, response);
	(void)buffer_byte(&words->sent, '\0');
}

static bool
holds(struct text text, struct text part)
{
	return memmem(text.bytes, text.length, part.bytes, part.length) != NULL;
}

/* `said` is short and `sent` is not: parts are taken of the former.  A part has no NUL, since a
 * reply has none, so none goes across two responses. */
static bool
share(struct text sent, struct text said, size_t part)
{
	for (size_t i = 0; i + part <= said.length; i++)
		if (holds(sent, text_slice(said, i, i + part)))
			return true;
	return false;
}

bool
auth_words_repeat(const struct auth_words *words, const char *secret, struct text said)
{
	struct text hidden = text_of(secret);

	if (share(buffer_text(&words->sent), said, RESPONSE_PART))
		return true;
	return hidden.length > 0
	    && share(hidden, said, hidden.length < SECRET_PART ? hidden.length : SECRET_PART);
}
