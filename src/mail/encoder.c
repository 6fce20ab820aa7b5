/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/encoder.h"

#include <string.h>

#include <gnutls/gnutls.h>

#include "base/arena.h"
#include "base/buffer.h"

/* Of 76 bytes the last one belongs to the `=` of a soft line break. */
#define COLUMN_MAX 75

/* One byte becomes `=XX`, before it may stand a soft line break and a held blank. */
#define GROWTH 9

struct encoder
encoder_start(enum encoder_kind kind)
{
	return (struct encoder){ .kind = kind };
}

/* Puts bytes that stay on one line; the caller made room. */
static void
put_unit(struct encoder *encoder, const char *unit, size_t length, struct buffer *output)
{
	char *to = output->bytes + output->length;

	if (encoder->column + length > COLUMN_MAX) {
		memcpy(to, "=\r\n", 3);
		to += 3;
		output->length += 3;
		encoder->column = 0;
	}
	memcpy(to, unit, length);
	output->length += length;
	encoder->column += length;
}

static void
put_escaped(struct encoder *encoder, char byte, struct buffer *output)
{
	static const char digits[] = "0123456789ABCDEF";
	const unsigned char value = (unsigned char)byte;
	const char unit[] = { '=', digits[value >> 4], digits[value & 15] };

	put_unit(encoder, unit, sizeof unit, output);
}

static void
end_line(struct encoder *encoder, struct buffer *output)
{
	/* A blank at the end of a line would be stripped on the way. */
	if (encoder->held != '\0')
		put_escaped(encoder, encoder->held, output);
	encoder->held = '\0';
	encoder->column = 0;
	memcpy(output->bytes + output->length, "\r\n", 2);
	output->length += 2;
}

static void
quote(struct encoder *encoder, char byte, struct buffer *output)
{
	if (byte == '\r')
		return;
	if (byte == '\n') {
		end_line(encoder, output);
		return;
	}
	if (encoder->held != '\0')
		put_unit(encoder, &encoder->held, 1, output);
	encoder->held = '\0';
	if (byte == ' ' || byte == '\t')
		encoder->held = byte;
	else if (byte > ' ' && byte < 0x7f && byte != '=')
		put_unit(encoder, &byte, 1, output);
	else
		put_escaped(encoder, byte, output);
}

static void
put_group(struct encoder *encoder, struct buffer *output)
{
	const gnutls_datum_t bytes = {
		.data = (unsigned char *)encoder->group,
		.size = (unsigned)encoder->group_length,
	};
	gnutls_datum_t line;

	if (gnutls_base64_encode2(&bytes, &line) != GNUTLS_E_SUCCESS)
		arena_exhausted();
	(void)buffer_append(output, text_make((const char *)line.data, line.size));
	(void)buffer_add(output, "\r\n");
	gnutls_free(line.data);
	encoder->group_length = 0;
}

static void
group(struct encoder *encoder, struct text input, struct buffer *output)
{
	while (input.length > 0) {
		struct text taken = text_slice(input, 0, ENCODER_GROUP - encoder->group_length);

		memcpy(encoder->group + encoder->group_length, taken.bytes, taken.length);
		encoder->group_length += taken.length;
		if (encoder->group_length == ENCODER_GROUP)
			put_group(encoder, output);
		input = text_slice(input, taken.length, input.length);
	}
}

void
encoder_feed(struct encoder *encoder, struct text input, struct buffer *output)
{
	if (encoder->kind == ENCODER_IDENTITY) {
		(void)buffer_append(output, input);
	} else if (encoder->kind == ENCODER_BASE64) {
		group(encoder, input, output);
	} else {
		(void)buffer_room(output, input.length * GROWTH);
		for (size_t i = 0; i < input.length; i++)
			quote(encoder, input.bytes[i], output);
	}
}

void
encoder_finish(struct encoder *encoder, struct buffer *output)
{
	if (encoder->group_length > 0)
		put_group(encoder, output);
	if (encoder->held == '\0')
		return;
	(void)buffer_room(output, GROWTH);
	put_escaped(encoder, encoder->held, output);
	encoder->held = '\0';
}

const char *
encoder_name(enum encoder_kind kind)
{
	static const char *const names[] = {
		[ENCODER_IDENTITY] = "8bit",
		[ENCODER_QUOTED_PRINTABLE] = "quoted-printable",
		[ENCODER_BASE64] = "base64",
	};

	return names[kind];
}
