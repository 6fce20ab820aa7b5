/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "smtp/mechanism_oauth.h"

static const struct mechanism *
google(void)
{
	return mechanism_find(text_of("xoauth2"));
}

static const struct mechanism *
bearer(void)
{
	return mechanism_find(text_of("oauthbearer"));
}

static void
check_response(
    const struct mechanism *mechanism, const struct mechanism_oauth *login, const char *wanted)
{
	struct buffer said = buffer_open(0);
	struct failure why;

	cr_assert(mechanism_oauth_response(mechanism, login, &said, &why), "%s", why.what);
	cr_assert(text_is(buffer_text(&said), wanted), "%.*s", (int)said.length, said.bytes);
	buffer_close(&said);
}

/* The example of https://developers.google.com/gmail/imap/xoauth2-protocol, in form. */
Test(mechanism_oauth, says_xoauth2)
{
	const struct mechanism_oauth login = { "someuser@example.com", "mail.example", 587,
		text_of("ya29.vF9dft4qmTc2Nvb3R") };

	check_response(google(), &login,
	    "user=someuser@example.com\001auth=Bearer ya29.vF9dft4qmTc2Nvb3R\001\001");
}

/* RFC 7628 4.1 */
Test(mechanism_oauth, says_oauthbearer_with_host_and_port)
{
	const struct mechanism_oauth login = { "user@example.com", "server.example.com", 143,
		text_of("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==") };

	check_response(bearer(), &login,
	    "n,a=user@example.com,\001host=server.example.com\001port=143\001"
	    "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\001\001");
}

Test(mechanism_oauth, leaves_out_what_it_does_not_know)
{
	const struct mechanism_oauth login = { "user", NULL, 0, text_of("t") };

	check_response(bearer(), &login, "n,a=user,\001auth=Bearer t\001\001");
}

/* RFC 5801 4 */
Test(mechanism_oauth, writes_a_name_so_that_it_ends_where_it_ends)
{
	const struct mechanism_oauth login = { "a,b=c", NULL, 0, text_of("t") };

	check_response(bearer(), &login, "n,a=a=2Cb=3Dc,\001auth=Bearer t\001\001");
	check_response(google(), &login, "user=a,b=c\001auth=Bearer t\001\001");
}

/* F95: nothing that could end a field early, and no error message of a command. */
Test(mechanism_oauth, refuses_what_is_no_token)
{
	static const char *const tokens[] = { "", "two words", "a\001auth=Bearer b", "{\"x\":1}",
		"<html>", "t\303\244", "tab\there", "\177" };

	for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
		const struct mechanism_oauth login = { "user", NULL, 0, text_of(tokens[i]) };
		struct buffer said = buffer_open(0);
		struct failure why;

		cr_assert(
		    !mechanism_oauth_response(google(), &login, &said, &why), "%s", tokens[i]);
		cr_assert_eq(why.code, EX_CONFIG, "%s", tokens[i]);
		cr_assert_str_eq(why.what, "what should be the token for 'user' is none");
		cr_assert_not_null(strstr(why.hint, "by hand"));
		cr_assert_eq(said.length, 0, "%s", tokens[i]);
	}
}

Test(mechanism_oauth, refuses_a_user_with_control_bytes)
{
	const struct mechanism_oauth login = { "user\001auth=Bearer x", NULL, 0, text_of("t") };
	struct buffer said = buffer_open(0);
	struct failure why;

	cr_assert(!mechanism_oauth_response(bearer(), &login, &said, &why));
	cr_assert_str_eq(why.what, "the user's name holds a control byte");
	cr_assert_eq(why.code, EX_CONFIG);
}

struct error_row {
	const char *challenge;
	const char *status;
	const char *scope;
	const char *schemes;
	const char *words;
};

/* F94 */
static const struct error_row error_rows[] = {
	{ "{\"status\":\"401\",\"schemes\":\"bearer mac\",\"scope\":\"https://mail.google.com/\"}",
	    "401", "https://mail.google.com/", "bearer mac", "" },
	{ "{\"status\":400}", "400", "", "", "" },
	{ "{\"status\":\"a\\u001b[31mb\\u0000c\"}", "a?[31mb?c", "", "", "" },
	{ "{\"status\":[1],\"scope\":{},\"schemes\":null}", "", "", "", "" },
	{ "[\"status\"]", "", "", "", "[\"status\"]" },
	{ "no json\033[2J", "", "", "", "no json?[2J" },
	{ "{\"status\":\"1\"", "", "", "", "{\"status\":\"1\"" },
	{ "", "", "", "", "" },
};

Test(mechanism_oauth, reads_the_error_of_a_server)
{
	for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++) {
		const struct error_row *row = &error_rows[i];
		struct mechanism_oauth_error error;

		mechanism_oauth_error(text_of(row->challenge), &error);
		cr_assert_str_eq(error.status, row->status, "%s", row->challenge);
		cr_assert_str_eq(error.scope, row->scope, "%s", row->challenge);
		cr_assert_str_eq(error.schemes, row->schemes, "%s", row->challenge);
		cr_assert_str_eq(error.words, row->words, "%s: %s", row->challenge, error.words);
	}
}

/* Neither a stack that ends nor a sentence that does not. */
Test(mechanism_oauth, is_not_impressed_by_depth_and_length)
{
	static char deep[9000];
	struct mechanism_oauth_error error;

	memset(deep, '[', sizeof deep);
	mechanism_oauth_error(text_make(deep, sizeof deep), &error);
	cr_assert_eq(strlen(error.words), MECHANISM_OAUTH_WORD_MAX - 1);
	mechanism_oauth_error(text_make(deep, 8000), &error);
	cr_assert_eq(strlen(error.words), MECHANISM_OAUTH_WORD_MAX - 1);
}

struct refusal_row {
	const char *status;
	int code; /* of the reply */
	int exit_status;
	const char *hint; /* a part of it */
};

static const struct refusal_row refusal_rows[] = {
	{ "", 535, EX_NOPERM, "has expired or was withdrawn" },
	{ "invalid_token", 535, EX_NOPERM, "the token from the command 'oama' has expired" },
	{ "400", 535, EX_NOPERM, "run your token command by hand" },
	{ "insufficient_scope", 535, EX_NOPERM, "is not for sending mail" },
	{ "403", 535, EX_NOPERM, "scope" },
	{ "503", 535, EX_TEMPFAIL, "try again later" },
	{ "400", 454, EX_TEMPFAIL, "try again later" },
};

/* F94 */
Test(mechanism_oauth, tells_what_to_do_about_it)
{
	for (size_t i = 0; i < sizeof refusal_rows / sizeof refusal_rows[0]; i++) {
		const struct refusal_row *row = &refusal_rows[i];
		const struct reply reply = { .code = row->code, .words = text_of("no") };
		const struct mechanism_oauth_refusal refusal = { &reply, "user",
			"the command 'oama'" };
		struct mechanism_oauth_error error = { .status = "" };
		struct failure why;

		(void)snprintf(error.status, sizeof error.status, "%s", row->status);
		cr_assert(!mechanism_oauth_refuse(google(), &error, &refusal, &why));
		cr_assert_eq(why.code, row->exit_status, "%s %d", row->status, row->code);
		cr_assert_eq(why.temporary, row->exit_status == EX_TEMPFAIL, "%s", row->status);
		cr_assert_eq(why.smtp_code, row->code, "%s", row->status);
		cr_assert_not_null(strstr(why.hint, row->hint), "%s: %s", row->status, why.hint);
	}
}

/* RFC 7628 3.2.3 */
Test(mechanism_oauth, yields_as_each_mechanism_wants)
{
	cr_assert(text_is(mechanism_oauth_dummy(bearer()), "\001"));
	cr_assert_eq(mechanism_oauth_dummy(google()).length, 0);
}
