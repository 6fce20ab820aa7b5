/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/encoding.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/assembly.h"
#include "mail/encoder.h"
#include "mail/field.h"
#include "mail/folding.h"

/* The body is encoded in steps of this size, so that the output stays small. */
#define STEP ((size_t)32 * 1024)

#define TYPE_FIELD "Content-Type"
#define TRANSFER_FIELD "Content-Transfer-Encoding"
#define VERSION_FIELD "MIME-Version"

/* What is done to a message. */
struct change {
	const struct message *message;
	enum encoder_kind kind; /* to the body */
	bool ascii_header;      /* 8-bit in the header becomes encoded words */
};

/* The first word of a field's value; empty when there is no such field. */
static struct text
first_word(const struct header *header, const char *name)
{
	size_t at = 0;
	const struct header_field *field = header_find(header, name, &at);
	struct text value = field == NULL ? text_of("") : field->value;

	return text_word(&value, ';');
}

static bool
calls_itself_binary(const struct message *message)
{
	return text_is_fold(first_word(&message->header, TRANSFER_FIELD), "binary");
}

bool
encoding_fits(const struct message *message, bool offers_8bitmime)
{
	const struct content *body = &message->body_content;

	return body->longest <= CONTENT_LINE_MAX
	    && (offers_8bitmime || (!body->eight_bit && !text_has_8bit(message->edited)))
	    && !calls_itself_binary(message) && !folding_needed(message->edited);
}

static bool
twice(const struct header *header, const char *name)
{
	size_t at = 0;

	return header_find(header, name, &at) != NULL && header_find(header, name, &at) != NULL;
}

static bool
is_secured(struct text type)
{
	return text_is_fold(type, "application/pkcs7-mime")
	    || text_is_fold(type, "application/x-pkcs7-mime")
	    || text_is_fold(type, "application/pgp-encrypted");
}

/* A body as its bytes stand, of one part, that nobody has signed. */
static bool
may_touch(const struct message *message, struct text type)
{
	struct text transfer = first_word(&message->header, TRANSFER_FIELD);
	struct text family = text_slice(type, 0, text_find(type, '/'));

	if (twice(&message->header, TYPE_FIELD) || twice(&message->header, TRANSFER_FIELD))
		return false;
	if (text_is_fold(family, "multipart") || text_is_fold(family, "message")
	    || is_secured(type))
		return false;
	/* Line ends of a binary body that is no text are changed already. */
	if (text_is_fold(transfer, "binary"))
		return type.length == 0 || text_is_fold(family, "text");
	return transfer.length == 0 || text_is_fold(transfer, "7bit")
	    || text_is_fold(transfer, "8bit");
}

static bool
refuse_body(const struct message *message, struct text type, struct failure *why)
{
	const struct content *body = &message->body_content;
	struct text transfer = first_word(&message->header, TRANSFER_FIELD);
	const char *what = "calls itself binary";

	if (type.length == 0)
		type = text_of("text/plain");
	if (transfer.length == 0)
		transfer = text_of("7bit");
	if (body->eight_bit)
		what = "is 8-bit, which the server does not take";
	if (body->longest > CONTENT_LINE_MAX)
		fail(why, EX_DATAERR,
		    "line %" PRIu64 " of the body has %" PRIu64 " bytes, more "
		    "than %d, and '%.*s' in '%.*s' may not be encoded anew",
		    body->longest_number, body->longest, CONTENT_LINE_MAX, (int)type.length,
		    type.bytes, (int)transfer.length, transfer.bytes);
	else
		fail(why, EX_DATAERR, "the body %s, and '%.*s' in '%.*s' may not be encoded anew",
		    what, (int)type.length, type.bytes, (int)transfer.length, transfer.bytes);
	return failure_hint(why,
	    "have the sending program encode each part as quoted-printable or "
	    "base64");
}

static bool
choose_encoder(const struct message *message, bool offers_8bitmime, enum encoder_kind *kind,
    struct failure *why)
{
	const struct content *body = &message->body_content;
	bool long_lines = body->longest > CONTENT_LINE_MAX;
	struct text type = first_word(&message->header, TYPE_FIELD);

	*kind = ENCODER_IDENTITY;
	/* The header alone may have been the reason: then the body stays as it is. */
	if (!long_lines && (offers_8bitmime || !body->eight_bit) && !calls_itself_binary(message))
		return true;
	if (may_touch(message, type)) {
		*kind = type.length == 0 || text_starts_fold(type, "text/")
		    ? ENCODER_QUOTED_PRINTABLE
		    : ENCODER_BASE64;
		return true;
	}
	return refuse_body(message, type, why);
}

static bool
put_fields(const struct header *header, const struct change *change, struct buffer *block,
    struct failure *why)
{
	const struct content *body = &change->message->body_content;

	for (size_t i = 0; i < header->count; i++) {
		const struct header_field *field = &header->fields[i];

		if (change->kind != ENCODER_IDENTITY && header_is(field, TRANSFER_FIELD))
			continue;
		if (!change->ascii_header)
			(void)buffer_append(block, field->raw);
		else if (!field_to_ascii(field, block, why))
			return false;
	}
	if (change->kind == ENCODER_IDENTITY)
		return true;
	if (!header_has(header, VERSION_FIELD))
		(void)buffer_add(block, VERSION_FIELD ": 1.0\r\n");
	if (!header_has(header, TYPE_FIELD))
		(void)buffer_print(block, TYPE_FIELD ": text/plain; charset=%s\r\n",
		    body->eight_bit ? "utf-8" : "us-ascii");
	return buffer_print(block, TRANSFER_FIELD ": %s\r\n", encoder_name(change->kind));
}

static bool
feed_header(const struct change *change, struct arena *arena, struct assembly *assembly,
    struct failure *why)
{
	const struct header header = header_read(change->message->edited, arena);
	struct buffer block = buffer_open(0);
	struct buffer folded = buffer_open(0);
	bool fed;

	fed = put_fields(&header, change, &block, why)
	    && folding_apply(buffer_text(&block), &folded, why) && buffer_add(&folded, "\r\n")
	    && assembly_feed(assembly, buffer_text(&folded), why);
	buffer_close(&block);
	buffer_close(&folded);
	return fed;
}

static bool
feed_piece(struct encoder *encoder, struct text piece, struct buffer *output,
    struct assembly *assembly, struct failure *why)
{
	for (size_t at = 0; at < piece.length; at += STEP) {
		encoder_feed(encoder, text_slice(piece, at, at + STEP), output);
		if (!assembly_feed(assembly, buffer_text(output), why))
			return false;
		output->length = 0;
	}
	return true;
}

static bool
feed_body(struct message_reader *reader, struct encoder *encoder, struct assembly *assembly,
    struct failure *why)
{
	struct buffer output = buffer_open(0);
	struct text piece;
	bool fed;

	do
		fed = message_reader_next(reader, &piece, why)
		    && feed_piece(encoder, piece, &output, assembly, why);
	while (fed && piece.length > 0);
	encoder_finish(encoder, &output);
	fed = fed && assembly_feed(assembly, buffer_text(&output), why);
	buffer_close(&output);
	return fed;
}

static bool
feed_all(const struct change *change, struct arena *arena, struct assembly *assembly,
    struct failure *why)
{
	struct message_reader reader;
	struct encoder encoder = encoder_start(change->kind);
	bool fed;

	if (!feed_header(change, arena, assembly, why))
		return false;
	reader = message_reader_open(change->message);
	reader.at = change->message->edited.length + 2;
	fed = feed_body(&reader, &encoder, assembly, why);
	message_reader_close(&reader);
	return fed;
}

bool
encoding_apply(const struct message *message, bool offers_8bitmime, const char *temporary,
    struct arena *arena, struct message *fit, struct failure *why)
{
	struct assembly assembly = assembly_start(0, 0, temporary);
	struct change change = { .message = message, .ascii_header = !offers_8bitmime };
	bool made = choose_encoder(message, offers_8bitmime, &change.kind, why)
	    && feed_all(&change, arena, &assembly, why)
	    && assembly_finish(&assembly, arena, fit, why);

	assembly_close(&assembly);
	return made || failure_in(why, FAILURE_INPUT);
}
