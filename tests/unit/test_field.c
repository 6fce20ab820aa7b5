/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/field.h"

struct row {
	const char *label;
	const char *field;
	const char *ascii; /* NULL: refused */
};

/* "" when it is refused. */
static const char *
made_ascii(const char *raw, struct arena *arena, struct failure *why)
{
	struct header header = header_read(text_of(raw), arena);
	struct buffer to = buffer_open(0);
	const char *made = "";

	cr_assert_eq(header.count, 1, "%s", raw);
	if (field_to_ascii(&header.fields[0], &to, why))
		made = text_string(buffer_text(&to), arena);
	buffer_close(&to);
	return made;
}

static void
expect_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_open();
		struct failure why = { 0 };
		const char *made = made_ascii(rows[i].field, arena, &why);

		cr_expect_str_eq(made, rows[i].ascii, "%s: '%s' %s", rows[i].label, made, why.what);
		arena_close(arena);
	}
}

/* F140 */
Test(field, encodes_words_of_unstructured_text)
{
	static const struct row rows[] = {
		{ "ASCII stays", "Content-Type:  x; \ty\r\n", "Content-Type:  x; \ty\r\n" },
		{ "one word", "Subject: a \303\251 b\r\n", "Subject: a =?utf-8?Q?=C3=A9?= b\r\n" },
		{ "first and last", "Subject:\303\251 a  \303\251\r\n",
		    "Subject:=?utf-8?Q?=C3=A9?= a  =?utf-8?Q?=C3=A9?=\r\n" },
		{ "two, and what is between", "Subject: a\303\251  \303\251b c\r\n",
		    "Subject: =?utf-8?Q?a=C3=A9__=C3=A9b?= c\r\n" },
		{ "folded", "Subject: \303\251\r\n \303\251\r\n\tx\r\n y \303\251\r\n",
		    "Subject: =?utf-8?Q?=C3=A9_=C3=A9?=\r\n\tx\r\n y =?utf-8?Q?=C3=A9?=\r\n" },
		{ "behind an encoded word", "Comments: =?utf-8?Q?a?= \303\251 b\r\n",
		    "Comments: =?utf-8?Q?a?= =?utf-8?Q?_=C3=A9?= b\r\n" },
		{ "before an encoded word", "X-Any: \303\251  =?utf-8?Q?a?=\r\n",
		    "X-Any: =?utf-8?Q?=C3=A9__?=  =?utf-8?Q?a?=\r\n" },
		{ "not utf-8", "Subject: caf\351\r\n", "Subject: =?unknown-8bit?Q?caf=E9?=\r\n" },
		{ "blanks at the end", "Subject: \303\251 \t \r\n",
		    "Subject: =?utf-8?Q?=C3=A9?= \t \r\n" },
		{ "MIME's one of text", "Content-Description: \303\251\r\n",
		    "Content-Description: =?utf-8?Q?=C3=A9?=\r\n" },
		{ "an identifier with a name", "List-Id: \303\251 <a.example>\r\n",
		    "List-Id: =?utf-8?Q?=C3=A9?= <a.example>\r\n" },
		{ "far right",
		    "Subject: 12345678901234567890123456789012345678901234567890 \303\251\r\n",
		    "Subject: 12345678901234567890123456789012345678901234567890\r\n"
		    " =?utf-8?Q?=C3=A9?=\r\n" },
	};

	expect_rows(rows, sizeof rows / sizeof *rows);
}

/* F140 */
Test(field, encodes_names_and_comments_of_addresses)
{
	static const struct row rows[] = {
		{ "one word", "To: J\303\266rg <j@x>\r\n", "To: =?utf-8?Q?J=C3=B6rg?= <j@x>\r\n" },
		{ "words", "To: a@b, J\303\266rg M. K <j@x>, Bob <b@x>\r\n",
		    "To: a@b, =?utf-8?Q?J=C3=B6rg_M=2E_K?= <j@x>, Bob <b@x>\r\n" },
		{ "quoted", "From:\"K, \\\"J\303\266\\\"\"<j@x>\r\n",
		    "From: =?utf-8?Q?K=2C_=22J=C3=B6=22?= <j@x>\r\n" },
		{ "folded", "To: J\303\266\r\n K\r\n <j@x>,\r\n\tb@x\r\n",
		    "To: =?utf-8?Q?J=C3=B6_K?=\r\n <j@x>,\r\n\tb@x\r\n" },
		{ "comment", "From: root@x (J\303\266rg \303\204 K)\r\n",
		    "From: root@x (=?utf-8?Q?J=C3=B6rg_=C3=84?= K)\r\n" },
		{ "comment in a comment", "Cc: (a (\303\204) b) \"a\" <j@x> (\303\204)\r\n",
		    "Cc: (a (=?utf-8?Q?=C3=84?=) b) \"a\" <j@x> (=?utf-8?Q?=C3=84?=)\r\n" },
		{ "in a group", "To: us: \303\204 <a@b>, c@[::1];\r\n",
		    "To: us: =?utf-8?Q?=C3=84?= <a@b>, c@[::1];\r\n" },
		{ "no name behind", "Reply-To: \303\204 <>\r\n",
		    "Reply-To: =?utf-8?Q?=C3=84?= <>\r\n" },
		{ "far right",
		    "To: 1234567890123456789012345678901234567890@example.org, \303\204 <a@b>\r\n",
		    "To: 1234567890123456789012345678901234567890@example.org,\r\n"
		    " =?utf-8?Q?=C3=84?= <a@b>\r\n" },
	};

	expect_rows(rows, sizeof rows / sizeof *rows);
}

/* F140 */
Test(field, refuses_what_no_encoded_word_may_stand_for)
{
	static const struct {
		const char *name;
		const char *value;
	} rows[] = {
		{ "To", "j\303\266rg@x" },
		{ "To", "j@m\303\274.example" },
		{ "Cc", "J\303\266rg <j\303\266rg@x>" },
		{ "Cc", "\"J\303\266rg\"@x" },
		{ "Cc", "a@[\303\266]" },
		{ "From", "a@b, \303\266" },
		{ "From", "\303\266: a@b;" },
		{ "Sender", "\303\266 (c) K <a@b>" },
		{ "Sender", "a@b (\303\266\\))" },
		{ "Sender", "a (\303\266" },
		{ "Content-Type", "text/plain; name=\303\266" },
		{ "content-disposition", "attachment; filename=\303\266" },
		{ "Message-ID", "<\303\266@b>" },
		{ "Received", "from \303\266" },
		{ "Date", "\303\266" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_open();
		const char *raw = arena_print(arena, "%s: %s\r\n", rows[i].name, rows[i].value);
		struct failure why = { 0 };

		cr_expect_str_eq(made_ascii(raw, arena, &why), "", "%s", raw);
		cr_expect_eq(why.code, EX_DATAERR, "%s", raw);
		cr_expect_str_eq(why.what,
		    arena_print(arena,
			"the %s field holds 8-bit that cannot be encoded, and the server does not "
			"take it",
			rows[i].name),
		    "%s", raw);
		cr_expect_neq(why.hint[0], '\0', "%s", raw);
		arena_close(arena);
	}
}

/* Whatever the bytes: ASCII or a refusal, no line of blanks, and never a new field. */
Test(field, stands_any_bytes)
{
	static const char *const pieces[] = { "\303\266", "\351", "a", " ", "  ", "\t", "\r\n ",
		"\"", "\\", "(", ")", "<", ">", "@", ",", ";", ":", ".", "=?utf-8?Q?a?=", "[", "]",
		"1234567890123456789012345678901234567890" };

	srand(7);
	for (size_t i = 0; i < 20000; i++) {
		struct arena *arena = arena_open();
		const char *raw = i % 2 == 0 ? "To: x" : "Subject: x";
		struct failure why = { 0 };
		struct header header;
		const char *made;

		for (int j = rand() % 20; j >= 0; j--)
			raw = arena_print(arena, "%s%s", raw,
			    pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)]);
		made = made_ascii(arena_print(arena, "%s.\r\n", raw), arena, &why);
		header = header_read(text_of(made), arena);
		cr_assert_eq(header.count, made[0] == '\0' ? 0 : 1, "'%s' gave '%s'", raw, made);
		cr_assert(i % 2 == 0 || made[0] != '\0', "'%s'", raw);
		cr_assert_not(text_has_8bit(text_of(made)), "'%s' gave '%s'", raw, made);
		cr_assert(strstr(raw, "\r\n \r\n") != NULL || strstr(raw, " \r\n") != NULL
			|| strstr(raw, "\t\r\n") != NULL || strstr(made, "\r\n \r\n") == NULL,
		    "'%s' gave '%s'", raw, made);
		arena_close(arena);
	}
}

/* F169 */
Test(field, takes_linear_time)
{
	static const char *const fields[] = { "To: ", "Subject: " };
	static const char *const pieces[] = { "\303\266 <a@b>,", "\303\266 a ", "(\303\266)",
		"\303\266", "a@b,", "\303\266 =?a?= ", "<", "   ", "a:" };

	for (size_t i = 0; i < 2 * sizeof pieces / sizeof *pieces; i++) {
		struct arena *arena = arena_open();
		struct buffer raw = buffer_open(0);
		struct failure why = { 0 };
		clock_t start = clock();

		(void)buffer_add(&raw, fields[i % 2]);
		while (raw.length < 500000)
			(void)buffer_add(&raw, pieces[i / 2]);
		(void)buffer_add(&raw, "\303\266\r\n");
		(void)made_ascii(text_string(buffer_text(&raw), arena), arena, &why);
		cr_expect_lt(clock() - start, 5 * CLOCKS_PER_SEC, "'%s'", pieces[i / 2]);
		buffer_close(&raw);
		arena_close(arena);
	}
}
