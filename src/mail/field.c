/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/field.h"

#include "base/buffer.h"
#include "mail/address_token.h"
#include "mail/rewrite.h"
#include "mail/word.h"

#define NAME_SHOWN 60

/* Fields of a grammar in which encoded words mean nothing; those of MIME, all but one. */
static const char *const structured_fields[] = { "MIME-Version", "Message-ID", "In-Reply-To",
	"References", "Date", "Received", "Return-Path", "Resent-Message-ID", "Resent-Date",
	"DKIM-Signature", NULL };

/* A list of addresses on its way. */
struct listing {
	const struct header_field *field;
	struct address_tokens tokens;
	size_t done; /* bytes of the value that are dealt with */
	struct buffer *to;
};

/* What stands before the next sign that ends a name. */
struct phrase {
	struct buffer text; /* without quotes */
	size_t end;
	bool named;     /* the sign is a `<` */
	bool commented; /* a comment is inside */
};

static bool
refuse(const struct header_field *field, struct failure *why)
{
	struct text name = text_slice(field->name, 0, NAME_SHOWN);

	fail(why, EX_DATAERR,
	    "the %.*s field holds 8-bit that cannot be encoded, and the server does not take it",
	    (int)name.length, name.bytes);
	return failure_hint(why,
	    "have the sending program encode the field, or name a server that "
	    "offers 8BITMIME");
}

static bool
is_structured(const struct header_field *field)
{
	for (size_t i = 0; structured_fields[i] != NULL; i++)
		if (header_is(field, structured_fields[i]))
			return true;
	return text_starts_fold(field->name, "Content-")
	    && !header_is(field, "Content-Description");
}

static size_t
skip_blanks(struct text text, size_t at)
{
	while (at < text.length && text_blank(text.bytes[at]))
		at++;
	return at;
}

static size_t
skip_word(struct text text, size_t at)
{
	while (at < text.length && !text_blank(text.bytes[at]))
		at++;
	return at;
}

static bool
is_encoded(struct text word)
{
	return word.length > 4 && word.bytes[0] == '=' && word.bytes[1] == '?'
	    && word.bytes[word.length - 2] == '?' && word.bytes[word.length - 1] == '=';
}

/* Where the run of 8-bit words ends, the first of which ends at `end`.  Blanks between
 * two encoded words are not shown, so those before one that is there already belong to
 * the run. */
static size_t
run_end(struct text text, size_t end)
{
	for (;;) {
		size_t start = skip_blanks(text, end);
		size_t next = skip_word(text, start);
		struct text word = text_slice(text, start, next);

		if (is_encoded(word))
			return start;
		if (!text_has_8bit(word))
			return end;
		end = next;
	}
}

/* The text without its folding as encoded words. */
static void
put_encoded(struct text text, struct buffer *to)
{
	struct buffer flat = buffer_open(0);

	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] != '\r' && text.bytes[i] != '\n')
			(void)buffer_byte(&flat, text.bytes[i]);
	word_encode(buffer_text(&flat), to);
	buffer_close(&flat);
}

/* Blanks before an encoded word, folded when it would not fit into the line. */
static void
put_blanks(struct text blanks, struct buffer *to)
{
	if (blanks.length > 0 && text_find(blanks, '\n') == blanks.length
	    && word_column(to) + blanks.length + WORD_SIZE_MIN > WORD_LINE_MAX)
		(void)buffer_add(to, "\r\n");
	(void)buffer_append(to, blanks);
}

static void
put_text(struct text text, struct buffer *to)
{
	bool after_encoded = false;

	for (size_t at = 0; at < text.length;) {
		size_t start = skip_blanks(text, at);
		size_t end = skip_word(text, start);
		struct text word = text_slice(text, start, end);

		if (!text_has_8bit(word)) {
			(void)buffer_append(to, text_slice(text, at, end));
			after_encoded = is_encoded(word);
			at = end;
			continue;
		}
		put_blanks(text_slice(text, at, start), to);
		end = run_end(text, end);
		put_encoded(text_slice(text, after_encoded ? at : start, end), to);
		/* Blanks that went into the words part them from the next one, too. */
		while (text_blank(text.bytes[end - 1]))
			end--;
		after_encoded = false;
		at = end;
	}
}

/* Blanks and comments up to `end`. */
static bool
put_gap(struct listing *listing, size_t end, struct failure *why)
{
	struct text gap = text_slice(listing->field->value, listing->done, end);
	size_t start = 0;

	listing->done = end;
	for (size_t at = 0; at <= gap.length; at++) {
		struct text piece = text_slice(gap, start, at);

		if (at < gap.length && gap.bytes[at] != '(' && gap.bytes[at] != ')')
			continue;
		if (!text_has_8bit(piece))
			(void)buffer_append(listing->to, piece);
		else if (text_find(piece, '\\') < piece.length)
			return refuse(listing->field, why);
		else
			put_text(piece, listing->to);
		if (at < gap.length)
			(void)buffer_byte(listing->to, gap.bytes[at]);
		start = at + 1;
	}
	return true;
}

static bool
ends_phrase(const struct address_token *token)
{
	return token->kind == ADDRESS_TOKEN_END || token->kind == ADDRESS_TOKEN_FAULT
	    || (token->kind == ADDRESS_TOKEN_SIGN && token->sign != '.');
}

/* Looks ahead at the name that begins with the token. */
static struct phrase
read_phrase(const struct listing *listing, struct address_token token)
{
	struct text value = listing->field->value;
	struct address_tokens ahead = listing->tokens;
	struct phrase phrase = { .text = buffer_open(0), .end = token.start };
	bool inside = false;

	for (; !ends_phrase(&token); token = address_token_next(&ahead)) {
		size_t length = token.end - token.start;

		if (inside && token.apart)
			(void)buffer_byte(&phrase.text, ' ');
		if (inside && token.before > phrase.end)
			phrase.commented = true;
		(void)buffer_room(&phrase.text, length);
		phrase.text.length += address_token_value(
		    value, &token, phrase.text.bytes + phrase.text.length);
		phrase.end = token.end;
		inside = true;
	}
	phrase.named = token.kind == ADDRESS_TOKEN_SIGN && token.sign == '<';
	return phrase;
}

/* A blank, or a new line when the next encoded word does not fit into this one. */
static void
part_phrase(struct buffer *to)
{
	bool full = word_column(to) + 1 + WORD_SIZE_MIN > WORD_LINE_MAX;

	if (!full && to->length > 0 && text_blank(to->bytes[to->length - 1]))
		return;
	/* No line may hold blanks alone. */
	while (full && (to->bytes[to->length - 1] == ' ' || to->bytes[to->length - 1] == '\t'))
		to->length--;
	(void)buffer_add(to, full && to->bytes[to->length - 1] != '\n' ? "\r\n " : " ");
}

static void
put_phrase(struct listing *listing, const struct phrase *phrase)
{
	part_phrase(listing->to);
	word_encode(buffer_text(&phrase->text), listing->to);
	listing->done = phrase->end;
	listing->tokens.at = phrase->end;
	if (!text_blank(listing->field->value.bytes[phrase->end]))
		(void)buffer_byte(listing->to, ' ');
}

/* The element that begins with the token: a name before a `<`, an address, or a sign. */
static bool
put_element(struct listing *listing, struct address_token token, struct failure *why)
{
	struct phrase phrase = read_phrase(listing, token);
	struct text whole = text_slice(listing->field->value, token.start, phrase.end);
	bool raw = text_has_8bit(whole);
	bool put = put_gap(listing, token.start, why);

	if (put && raw && (!phrase.named || phrase.commented)) {
		put = refuse(listing->field, why);
	} else if (put && raw) {
		put_phrase(listing, &phrase);
	} else if (put) {
		size_t end = phrase.end > token.end ? phrase.end : token.end;

		(void)buffer_append(
		    listing->to, text_slice(listing->field->value, token.start, end));
		listing->done = end;
		listing->tokens.at = end;
	}
	buffer_close(&phrase.text);
	return put;
}

static bool
put_list(struct listing *listing, struct failure *why)
{
	for (;;) {
		struct address_token token = address_token_next(&listing->tokens);

		if (token.kind == ADDRESS_TOKEN_FAULT)
			return refuse(listing->field, why);
		if (token.kind == ADDRESS_TOKEN_END)
			return put_gap(listing, listing->field->value.length, why);
		if (!put_element(listing, token, why))
			return false;
	}
}

bool
field_to_ascii(const struct header_field *field, struct buffer *to, struct failure *why)
{
	size_t start = (size_t)(field->value.bytes - field->raw.bytes);
	struct listing listing = {
		.field = field, .tokens = address_token_open(field->value), .to = to
	};

	if (!text_has_8bit(field->raw))
		return buffer_append(to, field->raw);
	if (is_structured(field))
		return refuse(field, why);
	(void)buffer_append(to, text_slice(field->raw, 0, start));
	if (!rewrite_applies(field))
		put_text(field->value, to);
	else if (!put_list(&listing, why))
		return false;
	return buffer_append(
	    to, text_slice(field->raw, start + field->value.length, field->raw.length));
}
