/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>

#include "base/buffer.h"
#include "base/failure.h"

Test(failure, begins_clean)
{
	struct failure why;

	memset(&why, 0xff, sizeof why);
	cr_assert_not(fail(&why, EX_DATAERR, "line %d of '%s'", 5, "x"));
	cr_assert_eq(why.code, EX_DATAERR);
	cr_assert_str_eq(why.what, "line 5 of 'x'");
	cr_assert_str_empty(why.where);
	cr_assert_str_empty(why.hint);
	cr_assert_str_empty(why.reply);
	cr_assert_eq(why.smtp_code, 0);
	cr_assert_eq(why.stage, FAILURE_SOMEWHERE);
	cr_assert_not(why.temporary);
	cr_assert_not(why.uncertain);
}

struct code_row {
	int code;
	bool temporary;
};

Test(failure, knows_which_statuses_may_pass)
{
	static const struct code_row rows[] = {
		{ EX_TEMPFAIL, true },
		{ EX_NOHOST, true },
		{ EX_OSERR, true },
		{ EX_USAGE, false },
		{ EX_DATAERR, false },
		{ EX_UNAVAILABLE, false },
		{ EX_NOPERM, false },
		{ EX_CONFIG, false },
		{ EX_IOERR, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why;

		fail(&why, rows[i].code, "x");
		cr_assert_eq(why.temporary, rows[i].temporary, "%d", rows[i].code);
	}
}

Test(failure, shows_no_control_bytes)
{
	struct failure why;

	fail(&why, EX_DATAERR, "name '%s'", "a\033[2J\r\nb");
	failure_at(&why, "%s", "x\ny");
	failure_hint(&why, "%s", "z\007");
	failure_reply(&why, 550, "5.1\n", text_of("no\r\n250 yes"));
	cr_assert_str_eq(why.what, "name 'a?[2J??b'");
	cr_assert_str_eq(why.where, "x?y");
	cr_assert_str_eq(why.hint, "z?");
	cr_assert_str_eq(why.reply, "no??250 yes");
	cr_assert_str_eq(why.enhanced, "5.1?");
}

Test(failure, cuts_what_is_too_long)
{
	struct failure why;
	char words[5000];

	memset(words, 'x', sizeof words - 1);
	words[sizeof words - 1] = '\0';
	fail(&why, EX_DATAERR, "%s", words);
	failure_at(&why, "%s", words);
	failure_hint(&why, "%s", words);
	failure_reply(&why, 550, words, text_of(words));
	cr_assert_eq(strlen(why.what), sizeof why.what - 1);
	cr_assert_eq(strlen(why.where), sizeof why.where - 1);
	cr_assert_eq(strlen(why.hint), sizeof why.hint - 1);
	cr_assert_eq(strlen(why.reply), sizeof why.reply - 1);
	cr_assert_eq(strlen(why.enhanced), sizeof why.enhanced - 1);
}

Test(failure, can_be_replaced_with_its_own_words)
{
	struct failure why;

	fail(&why, EX_DATAERR, "inner");
	fail(&why, EX_CONFIG, "outer: %s", why.what);
	cr_assert_str_eq(why.what, "outer: inner");
	failure_errno(&why, EX_IOERR, ENOENT, "more: %s", why.what);
	cr_assert_str_eq(why.what, "more: outer: inner: No such file or directory");
}

Test(failure, adds_the_words_of_errno)
{
	struct failure why;

	cr_assert_not(failure_errno(&why, EX_OSERR, EACCES, "cannot open '%s'", "x"));
	cr_assert_str_eq(why.what, "cannot open 'x': Permission denied");
	cr_assert(why.temporary);
	failure_errno(&why, EX_IOERR, 987654, "cannot");
	cr_assert_str_eq(why.what, "cannot: unknown error");
}

Test(failure, keeps_the_first_place_hint_and_stage)
{
	struct failure why;

	fail(&why, EX_CONFIG, "x");
	cr_assert_not(failure_at(&why, "file:%d", 3));
	cr_assert_not(failure_at(&why, "elsewhere"));
	cr_assert_not(failure_hint(&why, "mend it"));
	cr_assert_not(failure_hint(&why, "or not"));
	cr_assert_not(failure_in(&why, FAILURE_TABLE));
	cr_assert_not(failure_in(&why, FAILURE_PLAN));
	cr_assert_str_eq(why.where, "file:3");
	cr_assert_str_eq(why.hint, "mend it");
	cr_assert_eq(why.stage, FAILURE_TABLE);
}

Test(failure, is_temporary_by_a_4xx_reply)
{
	struct failure why;

	fail(&why, EX_UNAVAILABLE, "x");
	cr_assert_not(failure_reply(&why, 550, "5.1.1", text_of("no")));
	cr_assert_not(why.temporary);
	cr_assert_not(failure_reply(&why, 451, NULL, text_of("later")));
	cr_assert(why.temporary);
	cr_assert_eq(why.smtp_code, 451);
	cr_assert_str_eq(why.reply, "later");
	cr_assert_str_empty(why.enhanced);
}

struct class_row {
	const char *label;
	enum failure_stage stage;
	int code;
	enum failure_class class;
};

Test(failure, belongs_to_message_account_or_network)
{
	static const struct class_row rows[] = {
		{ "no name", FAILURE_CONNECT, EX_NOHOST, FAILURE_NETWORK },
		{ "refused connection", FAILURE_CONNECT, EX_TEMPFAIL, FAILURE_NETWORK },
		{ "bad certificate", FAILURE_TLS, EX_UNAVAILABLE, FAILURE_ACCOUNT },
		{ "wrong password", FAILURE_AUTH, EX_NOPERM, FAILURE_ACCOUNT },
		{ "auth put off", FAILURE_AUTH, EX_TEMPFAIL, FAILURE_ACCOUNT },
		{ "no password", FAILURE_PLAN, EX_CONFIG, FAILURE_ACCOUNT },
		{ "bad table", FAILURE_TABLE, EX_CONFIG, FAILURE_ACCOUNT },
		{ "unknown recipient", FAILURE_RECIPIENT, EX_NOUSER, FAILURE_MESSAGE },
		{ "full mailbox", FAILURE_RECIPIENT, EX_TEMPFAIL, FAILURE_NETWORK },
		{ "spam", FAILURE_DATA, EX_UNAVAILABLE, FAILURE_MESSAGE },
		{ "refused sender", FAILURE_SENDER, EX_UNAVAILABLE, FAILURE_MESSAGE },
		{ "a NUL", FAILURE_INPUT, EX_DATAERR, FAILURE_MESSAGE },
		{ "greeting 554", FAILURE_GREETING, EX_UNAVAILABLE, FAILURE_NETWORK },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why;

		fail(&why, rows[i].code, "x");
		failure_in(&why, rows[i].stage);
		cr_assert_eq(failure_class(&why), rows[i].class, "%s", rows[i].label);
	}
}

Test(failure, has_a_word_for_every_stage)
{
	for (int stage = 0; stage < FAILURE_STAGE_COUNT; stage++)
		cr_assert_not_null(failure_stage_name((enum failure_stage)stage), "%d", stage);
	cr_assert_str_eq(failure_stage_name(FAILURE_TLS), "tls");
	cr_assert_str_eq(failure_stage_name(FAILURE_STAGE_COUNT), "run");
}

Test(failure, shows_place_words_and_hint)
{
	struct buffer to = buffer_open(0);
	struct failure why;

	fail(&why, EX_NOPERM, "the password was refused");
	failure_at(&why, "mail.example:587");
	failure_reply(&why, 535, "5.7.8", text_of("5.7.8 no"));
	failure_hint(&why, "look at sasl_passwd");
	failure_format(&why, "relay", &to);
	cr_assert(text_is(buffer_text(&to),
	    "relay: mail.example:587: the password was refused\n"
	    "  server: 535 5.7.8 no\n  hint: look at sasl_passwd\n"));
	buffer_close(&to);
}

Test(failure, shows_only_what_is_known)
{
	struct buffer to = buffer_open(0);
	struct failure why;

	fail(&why, EX_USAGE, "no recipients");
	failure_format(&why, "sendmail", &to);
	cr_assert(text_is(buffer_text(&to), "sendmail: no recipients\n"));
	buffer_close(&to);
}
