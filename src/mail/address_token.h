/* SPDX-License-Identifier: ISC */
/*
 * The words and signs of an address list (RFC 5322 3.2), comments and folding
 * skipped.  Stands under mail/address_list; knows nothing of addresses.
 */
#ifndef RELAY_MAIL_ADDRESS_TOKEN_H
#define RELAY_MAIL_ADDRESS_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum address_token_kind {
	ADDRESS_TOKEN_END,
	ADDRESS_TOKEN_ATOM,
	ADDRESS_TOKEN_QUOTED,  /* "...", quotes included */
	ADDRESS_TOKEN_LITERAL, /* [...], only behind an @ */
	ADDRESS_TOKEN_SIGN,    /* one of , ; : < > @ . */
	ADDRESS_TOKEN_FAULT    /* cannot be read on; `fault` says why */
};

struct address_token {
	enum address_token_kind kind;
	char sign;
	size_t start;
	size_t end;        /* excluded */
	size_t before;     /* where the token or comment before it ended */
	bool apart;        /* a blank or a comment parts it from the one before */
	const char *fault; /* a static sentence */
};

struct address_tokens {
	struct text text;
	size_t at;
	bool after_at; /* the last token was an @ */
};

/* At the start of `text`, which is borrowed. */
struct address_tokens address_token_open(struct text text);

/*
 * The next token.  Each byte is looked at a bounded number of times, whatever
 * the bytes; nested comments are counted.  After END and FAULT it stays there.
 */
struct address_token address_token_next(struct address_tokens *tokens);

/*
 * Writes what the token means to `to`, which has room for its length: quotes,
 * backslashes, folding, and blanks in a literal resolved.  Returns the length.
 */
size_t address_token_value(struct text text, const struct address_token *token, char *to);

#endif
