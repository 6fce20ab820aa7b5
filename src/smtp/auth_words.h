/* SPDX-License-Identifier: ISC */
/*
 * What was sent in an AUTH exchange, kept to know it again in a server's words: there are servers
 * that repeat the command they do not like, password and all (F102).
 */
#ifndef RELAY_SMTP_AUTH_WORDS_H
#define RELAY_SMTP_AUTH_WORDS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/text.h"

struct auth_words {
	struct buffer sent; /* the responses, a NUL behind each */
};

struct auth_words auth_words_open(void);

/* Remembers a response as it was written, in base64. */
void auth_words_keep(struct auth_words *words, struct text response);

/* Do `said` hold 4 bytes in a row of a response, the secret (which may be NULL), or 8 bytes in a
 * row of a longer one?  Who quotes may cut. */
bool auth_words_repeat(const struct auth_words *words, const char *secret, struct text said);

/* Wipes and frees. */
void auth_words_close(struct auth_words *words);

#endif
