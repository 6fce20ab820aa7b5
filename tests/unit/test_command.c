/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "smtp/command.h"

struct mail_row {
	const char *label;
	const char *sender;
	struct command_mail mail;
	const char *line; /* NULL: refused */
};

static const struct mail_row mail_rows[] = {
	{ "null", "", { .has_size = false }, "MAIL FROM:<>\r\n" },
	{ "plain", "a@b.example", { .has_size = false }, "MAIL FROM:<a@b.example>\r\n" },
	{ "size", "a@b", { .has_size = true, .size_bytes = 12345678901 },
	    "MAIL FROM:<a@b> SIZE=12345678901\r\n" },
	{ "8-bit", "a@b", { .body_8bit = true }, "MAIL FROM:<a@b> BODY=8BITMIME\r\n" },
	{ "utf-8", "\303\251@b", { .smtputf8 = true }, "MAIL FROM:<\303\251@b> SMTPUTF8\r\n" },
	{ "all", "a@b",
	    { .has_size = true,
		.size_bytes = 1,
		.body_8bit = true,
		.smtputf8 = true,
		.dsn_return = "HDRS",
		.envelope_id = "a+b=c d" },
	    "MAIL FROM:<a@b> SIZE=1 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb+3Dc+20d\r\n" },
	{ "quoted blank and angle", "\"a <b>\"@c", { .has_size = false },
	    "MAIL FROM:<\"a <b>\"@c>\r\n" },
	{ "quoted quote", "\"a\\\"> <\"@c", { .has_size = false },
	    "MAIL FROM:<\"a\\\"> <\"@c>\r\n" },
	{ "xtext is all bytes", "a@b", { .envelope_id = "\303\251~\177" },
	    "MAIL FROM:<a@b> ENVID=+C3+A9~+7F\r\n" },
	{ "lf", "a@b\nRCPT TO:<c@d>", { .has_size = false }, NULL },
	{ "cr", "a@b\r", { .has_size = false }, NULL },
	{ "control", "a\001@b", { .has_size = false }, NULL },
	{ "angle closed", "a@b> SIZE=1", { .has_size = false }, NULL },
	{ "angle", "a@b>", { .has_size = false }, NULL },
	{ "blank", "a b@c", { .has_size = false }, NULL },
	{ "open quote", "\"a@b", { .has_size = false }, NULL },
	{ "label", "a@b..c", { .has_size = false }, NULL },
	{ "first label", "a@.c", { .has_size = false }, NULL },
	{ "last label", "a@b.", { .has_size = false }, NULL },
	{ "no domain", "a@", { .has_size = false }, NULL },
	{ "dots elsewhere", "\"a@..\"@b", { .has_size = false }, "MAIL FROM:<\"a@..\"@b>\r\n" },
	{ "no at", "a..b", { .has_size = false }, "MAIL FROM:<a..b>\r\n" },
	{ "literal", "a@[IPv6:::1]", { .has_size = false }, "MAIL FROM:<a@[IPv6:::1]>\r\n" },
	{ "return with blank", "a@b", { .dsn_return = "FULL X" }, NULL },
	{ "return empty", "a@b", { .dsn_return = "" }, NULL },
};

Test(command, writes_mail)
{
	for (size_t i = 0; i < sizeof mail_rows / sizeof mail_rows[0]; i++) {
		const struct mail_row *row = &mail_rows[i];
		struct command_mail mail = row->mail;
		struct buffer to = buffer_open(0);
		struct failure why;

		mail.sender = text_of(row->sender);
		(void)buffer_add(&to, "X");
		cr_assert_eq(command_mail(&to, &mail, &why), row->line != NULL, "%s", row->label);
		if (row->line == NULL)
			cr_assert_eq(why.code, EX_USAGE, "%s", row->label);
		cr_assert(text_is(text_slice(buffer_text(&to), 1, to.length),
			      row->line == NULL ? "" : row->line),
		    "%s: %.*s", row->label, (int)to.length, to.bytes);
		buffer_close(&to);
	}
}

struct rcpt_row {
	const char *label;
	struct command_rcpt rcpt;
	const char *recipient;
	const char *original;
	const char *line; /* NULL: refused */
};

static const struct rcpt_row rcpt_rows[] = {
	{ "plain", { .dsn_notify = NULL }, "a@b", NULL, "RCPT TO:<a@b>\r\n" },
	{ "dsn", { .dsn_notify = "FAILURE,DELAY" }, "a@b", "c+d@e",
	    "RCPT TO:<a@b> NOTIFY=FAILURE,DELAY ORCPT=rfc822;c+2Bd@e\r\n" },
	{ "original alone", { .dsn_notify = NULL }, "a@b", "c@e",
	    "RCPT TO:<a@b> ORCPT=rfc822;c@e\r\n" },
	{ "nobody", { .dsn_notify = NULL }, "", NULL, NULL },
	{ "lf", { .dsn_notify = NULL }, "a@b\nDATA", NULL, NULL },
	{ "second command", { .dsn_notify = NULL }, "a@b>\r\nDATA", NULL, NULL },
	{ "parameter", { .dsn_notify = NULL }, "a@b> NOTIFY=NEVER", NULL, NULL },
	{ "notify with blank", { .dsn_notify = "NEVER X" }, "a@b", NULL, NULL },
};

Test(command, writes_rcpt)
{
	for (size_t i = 0; i < sizeof rcpt_rows / sizeof rcpt_rows[0]; i++) {
		const struct rcpt_row *row = &rcpt_rows[i];
		struct command_rcpt rcpt = row->rcpt;
		struct buffer to = buffer_open(0);
		struct failure why;

		rcpt.recipient = text_of(row->recipient);
		rcpt.original = text_of(row->original);
		cr_assert_eq(command_rcpt(&to, &rcpt, &why), row->line != NULL, "%s", row->label);
		if (row->line == NULL)
			cr_assert_eq(why.code, EX_USAGE, "%s", row->label);
		cr_assert(text_is(buffer_text(&to), row->line == NULL ? "" : row->line), "%s: %.*s",
		    row->label, (int)to.length, to.bytes);
		buffer_close(&to);
	}
}

Test(command, writes_hello_and_bdat)
{
	struct buffer to = buffer_open(0);
	struct failure why;

	cr_assert(command_hello(&to, "EHLO", "[192.0.2.1]", &why));
	cr_assert(command_bdat(&to, 0, true, &why));
	cr_assert(command_bdat(&to, UINT64_MAX, false, &why));
	cr_assert(text_is(
	    buffer_text(&to), "EHLO [192.0.2.1]\r\nBDAT 0 LAST\r\nBDAT 18446744073709551615\r\n"));
	buffer_close(&to);
}

/* F148 */
Test(command, refuses_a_host_name_that_would_be_more_than_one_word)
{
	static const char *const names[] = { "", "a b", "a\r\nMAIL FROM:<>", "a\tb", NULL };

	for (size_t i = 0; names[i] != NULL; i++) {
		struct buffer to = buffer_open(0);
		struct failure why;

		cr_assert(!command_hello(&to, "EHLO", names[i], &why), "'%s'", names[i]);
		cr_assert_eq(why.code, EX_USAGE, "'%s'", names[i]);
		cr_assert_eq(to.length, 0, "'%s'", names[i]);
		buffer_close(&to);
	}
}

Test(command, refuses_a_line_that_is_too_long)
{
	static char words[COMMAND_LINE_MAX];
	struct buffer to = buffer_open(0);
	struct failure why;

	memset(words, 'x', COMMAND_LINE_MAX - 2);
	cr_assert(command_plain(&to, words, &why));
	cr_assert_eq(to.length, COMMAND_LINE_MAX);
	words[COMMAND_LINE_MAX - 2] = 'x';
	cr_assert(!command_plain(&to, words, &why));
	cr_assert_eq(to.length, COMMAND_LINE_MAX, "nothing is appended");
	cr_assert_eq(why.code, EX_USAGE);
	cr_assert_str_eq(why.what, "a command of 12287 bytes is too long to send");
	buffer_close(&to);
}

Test(command, says_what_cannot_be_sent)
{
	const struct command_mail mail = { .sender = text_of("a b@c") };
	struct buffer to = buffer_open(0);
	struct failure why;

	cr_assert(!command_mail(&to, &mail, &why));
	cr_assert_str_eq(why.what, "the sender 'a b@c' cannot be sent in a command");
	cr_assert(!command_plain(&to, "NOOP\n", &why));
	cr_assert_str_eq(why.what, "a control byte cannot be sent in a command");
	buffer_close(&to);
}
