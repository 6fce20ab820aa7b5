/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "mail/encoding.h"

static struct message
message_of(const char *header, struct text body, struct arena *arena)
{
	struct message message;
	struct failure why;

	cr_assert(message_make(text_of(header), body, arena, &message, &why), "%s", why.what);
	return message;
}

static struct text
sent_body(const struct message *message, struct arena *arena)
{
	struct message_reader reader = message_reader_open(message);
	struct buffer all = buffer_open(0);
	struct text piece;
	struct failure why;

	reader.at = message->edited.length + 2;
	do {
		cr_assert(message_reader_next(&reader, &piece, &why), "%s", why.what);
		(void)buffer_append(&all, piece);
	} while (piece.length > 0);
	message_reader_close(&reader);
	piece = text_copy(buffer_text(&all), arena);
	buffer_close(&all);
	return piece;
}

/* A line of `length` bytes and its end. */
static struct text
line_of(size_t length, struct arena *arena)
{
	char *bytes = arena_zero(arena, length + 2);

	memset(bytes, 'x', length);
	memcpy(bytes + length, "\r\n", 2);
	return text_make(bytes, length + 2);
}

struct fit_row {
	const char *label;
	const char *header;
	const char *body;
	bool fits;          /* whatever the server offers */
	bool fits_8bitmime; /* when it offers 8BITMIME */
};

/* F161, F194 */
Test(encoding, knows_what_travels_as_it_is)
{
	static const struct fit_row rows[] = {
		{ "plain", "A: b\n", "hello\n", true, true },
		{ "8-bit body", "A: b\n", "caf\303\251\n", false, true },
		{ "8-bit header", "A: caf\303\251\n", "x\n", false, true },
		{ "binary", "Content-Transfer-Encoding: BINARY\n", "x\n", false, false },
		{ "folded binary", "Content-Transfer-Encoding:\n binary\n", "x\n", false, false },
		{ "8bit by name only", "Content-Transfer-Encoding: 8bit\n", "x\n", true, true },
		{ "no body", "A: b\n", "", true, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena *arena = arena_open();
		struct message message = message_of(rows[i].header, text_of(rows[i].body), arena);

		cr_assert_eq(encoding_fits(&message, false), rows[i].fits, "%s", rows[i].label);
		cr_assert_eq(
		    encoding_fits(&message, true), rows[i].fits_8bitmime, "%s", rows[i].label);
		message_close(&message);
		arena_close(arena);
	}
}

/* F161 */
Test(encoding, lets_998_bytes_travel_and_not_999)
{
	for (size_t length = 997; length <= 1000; length++) {
		struct arena *arena = arena_open();
		struct message message = message_of("A: b\n", line_of(length, arena), arena);

		cr_assert_eq(encoding_fits(&message, true), length <= 998, "body, %zu", length);
		message.edited = line_of(length, arena);
		message.body_content.longest = 1;
		cr_assert_eq(encoding_fits(&message, true), length <= 998, "header, %zu", length);
		message_close(&message);
		arena_close(arena);
	}
}

struct row {
	const char *label;
	const char *header;
	const char *body;
	const char *new_header;
	const char *new_body;
};

static const struct row rows[] = {
	{ "no MIME at all", "A: b\n", "caf\303\251\n",
	    "A: b\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n",
	    "caf=C3=A9\r\n" },
	{ "8bit text",
	    "MIME-Version: 1.0\nContent-Type: text/html; charset=iso-8859-1\n"
	    "Content-Transfer-Encoding: 8bit\nA: b\n",
	    "caf\351 = x \n",
	    "MIME-Version: 1.0\r\nContent-Type: text/html; charset=iso-8859-1\r\nA: b\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n",
	    "caf=E9 =3D x=20\r\n" },
	{ "7bit that is not", "mime-version: 1.0\nContent-transfer-ENCODING: 7BIT\n", "\303\251\n",
	    "mime-version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n",
	    "=C3=A9\r\n" },
	{ "binary text", "Content-Transfer-Encoding: binary\n", "x\n",
	    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n",
	    "x\r\n" },
	{ "another type", "MIME-Version: 1.0\nContent-Type: application/json\n", "\"\303\251\"\n",
	    "MIME-Version: 1.0\r\nContent-Type: application/json\r\n"
	    "Content-Transfer-Encoding: base64\r\n",
	    "IsOpIg0K\r\n" },
	{ "no header", "", "\303\251\n",
	    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n",
	    "=C3=A9\r\n" },
};

Test(encoding, encodes_a_single_part_anew)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena *arena = arena_open();
		struct message message = message_of(rows[i].header, text_of(rows[i].body), arena);
		struct message fit;
		struct failure why;

		cr_assert(encoding_apply(&message, false, "/tmp", arena, &fit, &why), "%s: %s",
		    rows[i].label, why.what);
		cr_assert_str_eq(
		    text_string(fit.edited, arena), rows[i].new_header, "%s", rows[i].label);
		cr_assert_str_eq(
		    sent_body(&fit, arena).bytes, rows[i].new_body, "%s", rows[i].label);
		cr_assert(encoding_fits(&fit, false), "%s", rows[i].label);
		message_close(&message);
		message_close(&fit);
		arena_close(arena);
	}
}

/* F161 */
Test(encoding, encodes_a_long_line_of_ascii)
{
	struct arena *arena = arena_open();
	struct message message = message_of("A: b\n", line_of(5000, arena), arena);
	struct message fit;
	struct failure why;

	cr_assert(encoding_apply(&message, false, "/tmp", arena, &fit, &why), "%s", why.what);
	cr_assert_str_eq(text_string(fit.edited, arena),
	    "A: b\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n");
	cr_assert_leq(fit.body_content.longest, 76);
	cr_assert(encoding_fits(&fit, false));
	message_close(&message);
	message_close(&fit);
	arena_close(arena);
}

Test(encoding, works_on_the_edited_header)
{
	struct arena *arena = arena_open();
	struct message message = message_of("A: b\nBcc: c\n", text_of("\303\251\n"), arena);
	struct message fit;
	struct failure why;

	message.edited = text_of("A: b\r\nDate: now\r\n");
	cr_assert(encoding_apply(&message, false, "/tmp", arena, &fit, &why), "%s", why.what);
	cr_assert(text_starts_fold(fit.edited, "A: b\r\nDate: now\r\nMIME-Version: 1.0\r\n"));
	message_close(&message);
	message_close(&fit);
	arena_close(arena);
}

static const char *
long_field(struct arena *arena)
{
	char *field = arena_zero(arena, 2100);

	memcpy(field, "To:", 3);
	for (size_t i = 3; i + 6 < 2003; i += 5)
		memcpy(field + i, " a@b,", 5);
	return field;
}

Test(encoding, folds_the_header_and_leaves_a_fitting_body_alone)
{
	struct arena *arena = arena_open();
	struct message message = message_of(long_field(arena), text_of("a = b \n"), arena);
	struct message fit;
	struct failure why;

	cr_assert_not(encoding_fits(&message, true));
	cr_assert(encoding_apply(&message, false, "/tmp", arena, &fit, &why), "%s", why.what);
	cr_assert(encoding_fits(&fit, false));
	cr_assert_str_eq(sent_body(&fit, arena).bytes, "a = b \r\n");
	cr_assert_eq(fit.header.count, 1);
	message_close(&message);
	message_close(&fit);
	arena_close(arena);
}

Test(encoding, folds_the_header_of_an_8_bit_multipart)
{
	struct arena *arena = arena_open();
	const char *header = arena_print(
	    arena, "Content-Type: multipart/mixed\n%s\n", long_field(arena));
	struct message message = message_of(header, text_of("--x\n\303\251\n"), arena);
	struct message fit;
	struct failure why;

	cr_assert(encoding_apply(&message, true, "/tmp", arena, &fit, &why), "%s", why.what);
	cr_assert(encoding_fits(&fit, true));
	cr_assert_str_eq(sent_body(&fit, arena).bytes, "--x\r\n\303\251\r\n");
	message_close(&message);
	message_close(&fit);
	arena_close(arena);
}

struct refusal_row {
	const char *label;
	const char *header;
	const char *body;
	const char *what;
};

#define ANEW "may not be encoded anew"
#define EIGHT_BIT "the body is 8-bit, which the server does not take, and "

Test(encoding, refuses_what_it_may_not_touch)
{
	static const struct refusal_row refusals[] = {
		{ "multipart", "Content-Type: multipart/mixed; boundary=x\n", "\303\251\n",
		    EIGHT_BIT "'multipart/mixed' in '7bit' " ANEW },
		{ "signed", "Content-Type: MULTIPART/signed\n", "\303\251\n",
		    EIGHT_BIT "'MULTIPART/signed' in '7bit' " ANEW },
		{ "a message", "Content-Type: message/rfc822\n", "\303\251\n",
		    EIGHT_BIT "'message/rfc822' in '7bit' " ANEW },
		{ "encrypted", "Content-Type: application/pkcs7-mime\n", "\303\251\n",
		    EIGHT_BIT "'application/pkcs7-mime' in '7bit' " ANEW },
		{ "binary, and no text",
		    "Content-Type: image/png\nContent-Transfer-Encoding: binary\n", "x\n",
		    "the body calls itself binary, and 'image/png' in 'binary' " ANEW },
		{ "encoded already", "Content-Transfer-Encoding: quoted-printable\n", "\303\251\n",
		    EIGHT_BIT "'text/plain' in 'quoted-printable' " ANEW },
		{ "two types", "Content-Type: text/plain\nContent-Type: text/html\n", "\303\251\n",
		    EIGHT_BIT "'text/plain' in '7bit' " ANEW },
	};

	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		struct arena *arena = arena_open();
		struct message message = message_of(
		    refusals[i].header, text_of(refusals[i].body), arena);
		struct message fit;
		struct failure why = { 0 };

		cr_assert_not(encoding_apply(&message, false, "/tmp", arena, &fit, &why), "%s",
		    refusals[i].label);
		cr_assert_eq(why.code, EX_DATAERR, "%s", refusals[i].label);
		cr_assert_eq(why.stage, FAILURE_INPUT, "%s", refusals[i].label);
		cr_assert_str_eq(why.what, refusals[i].what, "%s", refusals[i].label);
		message_close(&message);
		arena_close(arena);
	}
}

/* F161 */
Test(encoding, names_the_long_line_it_may_not_touch)
{
	struct arena *arena = arena_open();
	struct text line = line_of(1200, arena);
	const char *body = arena_print(arena, "ab\r\n%.*s", (int)line.length, line.bytes);
	struct message message = message_of(
	    "Content-Transfer-Encoding: base64\n", text_of(body), arena);
	struct message fit;
	struct failure why = { 0 };

	cr_assert_not(encoding_apply(&message, false, "/tmp", arena, &fit, &why));
	cr_assert_eq(why.code, EX_DATAERR);
	cr_assert_str_eq(why.what,
	    "line 2 of the body has 1200 bytes, more than 998, and "
	    "'text/plain' in 'base64' " ANEW);
	cr_assert_str_eq(
	    why.hint, "have the sending program encode each part as quoted-printable or base64");
	message_close(&message);
	arena_close(arena);
}

Test(encoding, refuses_a_header_it_cannot_fold)
{
	struct arena *arena = arena_open();
	struct message message = message_of("A: b\n", text_of("x\n"), arena);
	struct message fit;
	struct failure why = { 0 };

	message.edited = text_of(arena_print(arena, "X:%.*s", 1202, line_of(1200, arena).bytes));
	cr_assert_not(encoding_apply(&message, false, "/tmp", arena, &fit, &why));
	cr_assert_eq(why.code, EX_DATAERR);
	cr_assert_str_eq(why.what,
	    "line 1 of the header ('X') has 1202 bytes, more than 998, "
	    "and no blank to fold it at");
	message_close(&message);
	arena_close(arena);
}

/* F140: the body is not touched for the header's sake, nor the header for the body's */
Test(encoding, makes_an_8bit_header_ascii_for_a_server_without_8BITMIME)
{
	struct arena *arena = arena_open();
	struct message message = message_of(
	    "Subject: caf\303\251 a\nFrom: Zo\351 <z@x>\nContent-Type: multipart/mixed\n",
	    text_of("x\n"), arena);
	struct message fit;
	struct failure why = { 0 };

	cr_assert_not(encoding_fits(&message, false));
	cr_assert(encoding_fits(&message, true));
	cr_assert(encoding_apply(&message, false, "/tmp", arena, &fit, &why), "%s", why.what);
	cr_assert(encoding_fits(&fit, false));
	cr_assert(text_is(fit.edited,
		      "Subject: =?utf-8?Q?caf=C3=A9?= a\r\nFrom: =?unknown-8bit?Q?Zo=E9?= <z@x>\r\n"
		      "Content-Type: multipart/mixed\r\n"),
	    "%.*s", (int)fit.edited.length, fit.edited.bytes);
	cr_assert(text_is(sent_body(&fit, arena), "x\r\n"));
	message_close(&fit);
	message_close(&message);
	arena_close(arena);
}

/* F140 */
Test(encoding, leaves_an_8bit_header_alone_where_it_travels)
{
	struct arena *arena = arena_open();
	struct message message = message_of("To: \303\251@x\n", line_of(1200, arena), arena);
	struct message fit;
	struct failure why = { 0 };

	cr_assert(encoding_apply(&message, true, "/tmp", arena, &fit, &why), "%s", why.what);
	cr_assert(text_starts_fold(fit.edited, "To: \303\251@x\r\n"));
	message_close(&fit);
	cr_assert_not(encoding_apply(&message, false, "/tmp", arena, &fit, &why));
	cr_assert_eq(why.code, EX_DATAERR);
	cr_assert_eq(why.stage, FAILURE_INPUT);
	cr_assert_str_eq(why.what,
	    "the To field holds 8-bit that cannot be encoded, and the server does not take it");
	message_close(&message);
	arena_close(arena);
}

/* F143: the header may be the only thing that does not fit */
Test(encoding, leaves_an_8bit_body_alone_where_it_travels)
{
	struct arena *arena = arena_open();
	struct message message = message_of(
	    "Content-Type: multipart/mixed\n", text_of("\303\251\n"), arena);
	struct message fit;
	struct failure why = { 0 };

	message.edited = text_of(
	    arena_print(arena, "X: %.*s y\r\n", 990, line_of(990, arena).bytes));
	cr_assert(encoding_apply(&message, true, "/tmp", arena, &fit, &why), "%s", why.what);
	cr_assert(message_body_is_8bit(&fit));
	message_close(&fit);
	message_close(&message);
	arena_close(arena);
}

/* F140 */
Test(encoding, never_lets_8bit_pass_that_the_server_does_not_take)
{
	struct arena *arena = arena_open();
	struct message message = message_of(
	    "Content-Type: multipart/mixed\n", text_of("\303\251\n"), arena);
	struct message fit;
	struct failure why = { 0 };

	message.edited = text_of(
	    arena_print(arena, "X: %.*s y\r\n", 1000, line_of(1000, arena).bytes));
	cr_assert_not(encoding_apply(&message, false, "/tmp", arena, &fit, &why));
	cr_assert_eq(why.code, EX_DATAERR);
	message_close(&message);
	arena_close(arena);
}

static int
hex(char byte)
{
	return byte <= '9' ? byte - '0' : byte - 'A' + 10;
}

static struct text
unquote(struct text encoded, struct arena *arena)
{
	char *bytes = arena_zero(arena, encoded.length + 1);
	size_t length = 0;

	for (size_t i = 0; i < encoded.length; i++) {
		if (encoded.bytes[i] != '=') {
			bytes[length++] = encoded.bytes[i];
			continue;
		}
		if (encoded.bytes[i + 1] != '\r')
			bytes[length++] = (char)(hex(encoded.bytes[i + 1]) * 16
			    + hex(encoded.bytes[i + 2]));
		i += 2;
	}
	return text_make(bytes, length);
}

/* A body of `size` bytes, its lines of any length, half of it 8-bit. */
static struct text
random_body(size_t size, struct arena *arena)
{
	char *bytes = arena_zero(arena, size);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(rand() % 2 == 0 ? 'a' + rand() % 26 : 128 + rand() % 128);
	bytes[0] = '\351'; /* else it might travel as it is */
	for (size_t i = 2; i < size; i += 2 + (size_t)rand() % 200)
		memcpy(bytes + i - 1, rand() % 3 == 0 ? " \n" : "=\n", 2);
	bytes[size - 1] = '\n';
	return text_make(bytes, size);
}

static void
assert_round_trip(size_t size)
{
	struct arena *arena = arena_open();
	struct message message;
	struct message fit;
	struct failure why;

	message = message_of("A: b\n", random_body(size, arena), arena);
	cr_assert(encoding_apply(&message, false, "/tmp", arena, &fit, &why), "%s", why.what);
	cr_assert_eq(fit.body_fd >= 0, fit.body_size > MESSAGE_MEMORY_MAX);
	cr_assert(encoding_fits(&fit, false));
	cr_assert(text_equal(unquote(sent_body(&fit, arena), arena), sent_body(&message, arena)),
	    "%zu bytes", size);
	message_close(&message);
	message_close(&fit);
	arena_close(arena);
}

Test(encoding, decodes_to_the_same_body_whatever_its_size)
{
	srand(1);
	for (size_t size = 2; size < 3000; size += 1 + size / 7)
		assert_round_trip(size);
	assert_round_trip(700000);
	assert_round_trip(MESSAGE_MEMORY_MAX + 70000);
}

Test(encoding, says_when_no_temporary_file_can_be_made)
{
	struct arena *arena = arena_open();
	struct message message = message_of("A: b\n", random_body(900000, arena), arena);
	struct message fit;
	struct failure why = { 0 };

	cr_assert_not(encoding_apply(&message, false, "/nonexistent/directory", arena, &fit, &why));
	cr_assert_eq(why.code, EX_TEMPFAIL);
	cr_assert_str_eq(why.where, "/nonexistent/directory");
	message_close(&message);
	arena_close(arena);
}
