/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>

#include "base/buffer.h"
#include "mail/encoder.h"

static struct buffer
encode(enum encoder_kind kind, struct text input, size_t step)
{
	struct encoder encoder = encoder_start(kind);
	struct buffer output = buffer_open(0);

	for (size_t at = 0; at < input.length; at += step)
		encoder_feed(&encoder, text_slice(input, at, at + step), &output);
	encoder_finish(&encoder, &output);
	return output;
}

static int
digit(char byte)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = byte == '\0' ? NULL : strchr(digits, byte);

	cr_assert_not_null(at, "'%c' is no upper-case hexadecimal digit", byte);
	return (int)(at - digits);
}

/* RFC 2045 6.7, strictly: what a decoder may not accept is a failed test. */
static struct buffer
unquote(struct text input)
{
	struct buffer output = buffer_open(0);

	for (size_t i = 0; i < input.length; i++) {
		char byte = input.bytes[i];

		if (byte != '=') {
			cr_assert((byte >= ' ' && byte < 0x7f) || strchr("\t\r\n", byte) != NULL);
			(void)buffer_byte(&output, byte);
			continue;
		}
		cr_assert_lt(i + 2, input.length);
		if (input.bytes[i + 1] != '\r')
			(void)buffer_byte(&output,
			    (char)(digit(input.bytes[i + 1]) * 16 + digit(input.bytes[i + 2])));
		i += 2;
	}
	return output;
}

static void
assert_lines(struct text encoded, const char *label)
{
	while (encoded.length > 0) {
		size_t end = text_find(encoded, '\n');
		struct text line = text_slice(encoded, 0, end);

		if (line.length > 0 && line.bytes[line.length - 1] == '\r')
			line.length--;
		cr_assert_leq(line.length, 76, "%s: '%.*s'", label, (int)line.length, line.bytes);
		cr_assert(line.length == 0 || !text_blank(line.bytes[line.length - 1]),
		    "%s: a blank at the end of '%.*s'", label, (int)line.length, line.bytes);
		encoded = text_slice(encoded, end + 1, encoded.length);
	}
}

struct row {
	const char *label;
	const char *input;
	const char *output;
};

static const struct row rows[] = {
	{ "plain", "hello world\r\n", "hello world\r\n" },
	{ "equals sign", "a=b\r\n", "a=3Db\r\n" },
	{ "8-bit", "caf\303\251\r\n", "caf=C3=A9\r\n" },
	{ "blank at the end", "a \r\nb\t\r\n", "a=20\r\nb=09\r\n" },
	{ "blanks at the end", "a  \r\n", "a =20\r\n" },
	{ "a line of blanks", " \r\n", "=20\r\n" },
	{ "tab inside", "a\tb\r\n", "a\tb\r\n" },
	{ "control", "a\033\177b\r\n", "a=1B=7Fb\r\n" },
	{ "empty lines", "\r\n\r\n", "\r\n\r\n" },
	{ "a lone dot", ".\r\n", ".\r\n" },
	{ "no last line end", "a ", "a=20" },
	{ "nothing", "", "" },
};

Test(encoder, quotes_what_must_be_quoted_wherever_the_input_is_cut)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (size_t step = 1; step <= 20; step++) {
			struct buffer output = encode(
			    ENCODER_QUOTED_PRINTABLE, text_of(rows[i].input), step);

			cr_assert(text_is(buffer_text(&output), rows[i].output),
			    "%s, step %zu: '%.*s'", rows[i].label, step, (int)output.length,
			    output.bytes);
			buffer_close(&output);
		}
	}
}

Test(encoder, breaks_long_lines_softly)
{
	for (size_t length = 70; length < 160; length++) {
		char line[200];
		struct buffer output;
		struct buffer back;

		memset(line, 'x', length);
		memcpy(line + length, "\r\n", 2);
		output = encode(ENCODER_QUOTED_PRINTABLE, text_make(line, length + 2), 64);
		assert_lines(buffer_text(&output), "x");
		cr_assert_eq(
		    output.length, length + 2 + (length - 1) / 75 * 3, "%zu bytes", length);
		back = unquote(buffer_text(&output));
		cr_assert(text_equal(buffer_text(&back), text_make(line, length + 2)));
		buffer_close(&output);
		buffer_close(&back);
	}
}

/* Lines of any bytes but CR and LF, often longer than a line may be. */
static struct text
random_lines(char *bytes, size_t size)
{
	static const char common[] = " \t=.\303x";
	size_t length = 1 + (size_t)rand() % (size - 2);

	for (size_t i = 0; i < length; i++) {
		bytes[i] = (char)(1 + rand() % 255);
		if (rand() % 2 == 0)
			bytes[i] = common[rand() % 6];
		if (bytes[i] == '\r' || bytes[i] == '\n')
			bytes[i] = ' ';
		if (i > 0 && rand() % 60 == 0)
			memcpy(bytes + i - 1, "\r\n", 2);
	}
	memcpy(bytes + length - 1, "x\r\n", 3);
	/* A CR whose LF was overwritten must not stay alone. */
	for (size_t i = 0; i + 1 < length; i++)
		if (bytes[i] == '\r' && bytes[i + 1] != '\n')
			bytes[i] = ' ';
	return text_make(bytes, length + 2);
}

Test(encoder, gives_back_random_lines_when_decoded)
{
	for (unsigned seed = 1; seed <= 400; seed++) {
		char bytes[2000];
		struct text input;
		struct buffer output;
		struct buffer back;

		srand(seed);
		input = random_lines(bytes, sizeof bytes);
		output = encode(ENCODER_QUOTED_PRINTABLE, input, 1 + (size_t)rand() % 100);
		assert_lines(buffer_text(&output), "random");
		back = unquote(buffer_text(&output));
		cr_assert(text_equal(buffer_text(&back), input), "seed %u", seed);
		buffer_close(&output);
		buffer_close(&back);
	}
}

static struct buffer
join_lines(struct text encoded)
{
	struct buffer joined = buffer_open(0);

	for (size_t i = 0; i < encoded.length; i++)
		if (!text_blank(encoded.bytes[i]))
			(void)buffer_byte(&joined, encoded.bytes[i]);
	return joined;
}

static void
assert_base64(struct text input, size_t step)
{
	struct buffer output = encode(ENCODER_BASE64, input, step);
	struct buffer joined = join_lines(buffer_text(&output));
	const gnutls_datum_t encoded = { (unsigned char *)joined.bytes, (unsigned)joined.length };
	gnutls_datum_t decoded;

	assert_lines(buffer_text(&output), "base64");
	cr_assert_eq(gnutls_base64_decode2(&encoded, &decoded), GNUTLS_E_SUCCESS);
	cr_assert(text_equal(text_make((const char *)decoded.data, decoded.size), input),
	    "%zu bytes, step %zu", input.length, step);
	gnutls_free(decoded.data);
	buffer_close(&output);
	buffer_close(&joined);
}

Test(encoder, writes_base64_that_decodes_to_the_input)
{
	char bytes[400];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 7);
	for (size_t length = 1; length < sizeof bytes; length += 1 + length / 60)
		for (size_t step = 1; step < 130; step += 19)
			assert_base64(text_make(bytes, length), step);
}

Test(encoder, writes_no_base64_for_nothing)
{
	struct buffer output = encode(ENCODER_BASE64, text_of(""), 1);

	cr_assert_eq(output.length, 0);
	buffer_close(&output);
}

Test(encoder, passes_on_what_it_shall_not_change)
{
	struct buffer output = encode(ENCODER_IDENTITY, text_of("a= \r\n\303\r\n"), 2);

	cr_assert(text_is(buffer_text(&output), "a= \r\n\303\r\n"));
	buffer_close(&output);
}

Test(encoder, names_its_encodings)
{
	cr_assert_str_eq(encoder_name(ENCODER_IDENTITY), "8bit");
	cr_assert_str_eq(encoder_name(ENCODER_QUOTED_PRINTABLE), "quoted-printable");
	cr_assert_str_eq(encoder_name(ENCODER_BASE64), "base64");
}
