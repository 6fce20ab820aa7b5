/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/address_token.h"

#include <string.h>

/* RFC 2047 section 2 says 75; some programs write longer ones. */
#define ENCODED_WORD_MAX 256

struct address_tokens
address_token_open(struct text text)
{
	return (struct address_tokens){ .text = text };
}

/* Bytes of the folding at `at`: the CRLF or LF before a blank; 0 for none. */
static size_t
folding(struct text text, size_t at)
{
	size_t end = at;

	if (end < text.length && text.bytes[end] == '\r')
		end++;
	if (end + 1 >= text.length || text.bytes[end] != '\n')
		return 0;
	if (text.bytes[end + 1] != ' ' && text.bytes[end + 1] != '\t')
		return 0;
	return end + 1 - at;
}

/* Moves behind blanks and folding; false at a line break that folds nothing. */
static bool
skip_blanks(struct text text, size_t *at)
{
	while (*at < text.length && text_blank(text.bytes[*at])) {
		char byte = text.bytes[*at];
		size_t length = byte == ' ' || byte == '\t' ? 1 : folding(text, *at);

		if (length == 0)
			return false;
		*at += length;
	}
	return true;
}

/* Moves behind the comment that begins at `*at`; false when it has no end.
 * Counted, since the depth is the writer's choice. */
static bool
skip_comment(struct text text, size_t *at)
{
	size_t depth = 0;

	for (size_t i = *at; i < text.length; i++) {
		char byte = text.bytes[i];

		if (byte == '\\')
			i++;
		else if (byte == '(')
			depth++;
		else if (byte == ')' && --depth == 0) {
			*at = i + 1;
			return true;
		}
	}
	return false;
}

/* Behind the `close` that ends what begins at `at`; 0 when there is none. */
static size_t
closed(struct text text, size_t at, char close)
{
	for (size_t i = at + 1; i < text.length; i++) {
		if (text.bytes[i] == close)
			return i + 1;
		if (text.bytes[i] == '\\')
			i++;
	}
	return 0;
}

/* Is it one of these signs?  None lies above '@', so that letters need no search. */
static bool
listed(char byte, const char *signs)
{
	return byte > '\0' && byte <= '@' && strchr(signs, byte) != NULL;
}

/*
 * Behind the encoded word at `at`; `at` when there is none.  Some programs leave
 * commas and dots in one bare, which would make addresses of its halves.
 */
static size_t
encoded_word(struct text text, size_t at)
{
	size_t limit = text.length - at > ENCODED_WORD_MAX ? at + ENCODED_WORD_MAX : text.length;
	size_t marks = 0;

	if (limit - at < 2 || text.bytes[at] != '=' || text.bytes[at + 1] != '?')
		return at;
	for (size_t i = at + 1; i + 1 < limit && !text_blank(text.bytes[i]); i++) {
		if (text.bytes[i] == '?')
			marks++;
		if (marks >= 4 && text.bytes[i] == '?' && text.bytes[i + 1] == '=')
			return i + 2;
	}
	return at;
}

static size_t
atom_end(struct text text, size_t at)
{
	size_t i = encoded_word(text, at);

	while (
	    i < text.length && !text_blank(text.bytes[i]) && !listed(text.bytes[i], ",;:<>@.\"(")) {
		if (text.bytes[i] == '\\' && i + 1 < text.length)
			i++;
		i++;
	}
	return i;
}

static struct address_token
fault(struct address_token token, const char *words)
{
	token.kind = ADDRESS_TOKEN_FAULT;
	token.fault = words;
	return token;
}

/* The token at `start`, where neither blank nor comment stands. */
static struct address_token
token_at(const struct address_tokens *tokens, struct address_token token)
{
	struct text text = tokens->text;
	char byte = text.bytes[token.start];

	if (byte == '"') {
		token.kind = ADDRESS_TOKEN_QUOTED;
		token.end = closed(text, token.start, '"');
		return token.end == 0 ? fault(token, "a quote that is not closed") : token;
	}
	if (byte == '[' && tokens->after_at) {
		token.kind = ADDRESS_TOKEN_LITERAL;
		token.end = closed(text, token.start, ']');
		return token.end == 0 ? fault(token, "a '[' that is not closed") : token;
	}
	if (listed(byte, ",;:<>@.")) {
		token.kind = ADDRESS_TOKEN_SIGN;
		token.sign = byte;
		token.end = token.start + 1;
		return token;
	}
	token.kind = ADDRESS_TOKEN_ATOM;
	token.end = atom_end(text, token.start);
	return token;
}

struct address_token
address_token_next(struct address_tokens *tokens)
{
	struct text text = tokens->text;
	struct address_token token = { .before = tokens->at };
	size_t at = tokens->at;

	for (;;) {
		if (!skip_blanks(text, &at))
			return fault(token, "a line break");
		if (at == text.length || text.bytes[at] != '(')
			break;
		if (!skip_comment(text, &at))
			return fault(token, "a comment that is not closed");
		token.before = at;
	}
	token.apart = at > tokens->at;
	token.start = at;
	token.end = at;
	if (at < text.length)
		token = token_at(tokens, token);
	if (token.kind != ADDRESS_TOKEN_FAULT && token.kind != ADDRESS_TOKEN_END)
		tokens->at = token.end;
	tokens->after_at = token.kind == ADDRESS_TOKEN_SIGN && token.sign == '@';
	return token;
}

size_t
address_token_value(struct text text, const struct address_token *token, char *to)
{
	bool quoted = token->kind == ADDRESS_TOKEN_QUOTED;
	bool literal = token->kind == ADDRESS_TOKEN_LITERAL;
	size_t end = quoted ? token->end - 1 : token->end;
	size_t used = 0;

	for (size_t i = quoted ? token->start + 1 : token->start; i < end; i++) {
		size_t skip = folding(text, i);

		if (skip > 0) {
			i += skip - 1;
			continue;
		}
		if (literal && (text.bytes[i] == ' ' || text.bytes[i] == '\t'))
			continue;
		if (text.bytes[i] == '\\' && i + 1 < end)
			i++;
		to[used++] = text.bytes[i];
	}
	return used;
}
