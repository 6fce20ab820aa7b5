/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "flow/login.h"
#include "tests/support/play.h"

#define GREET "TLS\nS: 220 ready\nC: EHLO client.example\nS: 250-host\nS: 250 AUTH PLAIN\n"

static bool
fetch(void *data, struct secret *secret, struct failure *why)
{
	(void)why;
	secret_keep(secret, text_of(data));
	return true;
}

static bool
run(const char *transcript, const struct credential *credential, struct failure *why)
{
	struct arena *arena = arena_open();
	const struct route route = { .account = account_new("a", arena) };
	struct route_hop hop = { .server = { .text = "one:25", .host = "one" }, .port = 25 };
	struct play play;
	bool done;

	hop.credential = *credential;
	play_open_text(&play, text_of(transcript));
	done = login_run(
	    &(struct login){ &route, &hop, fetch, (char[]){ "wrong" } }, play.session, why);
	cr_expect_str_eq(play_end(&play), "");
	play_close(&play);
	arena_close(arena);
	return done;
}

Test(login, logs_in_with_the_hops_credential)
{
	const struct credential credential = { .source = CREDENTIAL_FILE, .user = "me" };
	struct failure why = { 0 };

	cr_expect(run(GREET "C: AUTH PLAIN AG1lAHdyb25n\nS: 235 ok\nC: QUIT\n", &credential, &why),
	    "%s", why.what);
}

Test(login, says_nothing_without_a_credential)
{
	const struct credential credential = { .source = CREDENTIAL_NONE };
	struct failure why = { 0 };

	cr_expect(run(GREET "C: QUIT\n", &credential, &why));
}

Test(login, names_the_place_of_a_password_that_is_refused)
{
	const struct credential credential = {
		.source = CREDENTIAL_FILE, .user = "me", .where = "/etc/secret"
	};
	struct failure why = { 0 };

	cr_expect_not(
	    run(GREET "C: AUTH PLAIN AG1lAHdyb25n\nS: 535 no\nC: QUIT\n", &credential, &why));
	cr_expect_eq(why.code, EX_NOPERM);
	cr_expect_not_null(strstr(why.hint, "/etc/secret"), "%s", why.hint);
	cr_expect_not_null(strstr(why.hint, "'me'"), "%s", why.hint);
}

Test(login, names_the_key_that_was_looked_for_in_vain)
{
	struct arena *arena = arena_open();
	const struct route route = { .account = account_new("a", arena) };
	const struct route_hop hop = { .server = { .text = "[one]:25" } };
	struct failure why;

	fail(&why, EX_UNAVAILABLE, "refused");
	failure_hint(&why, "as before");
	login_explain_missing(&route, &hop, &why);
	cr_expect_str_eq(why.hint, "as before");
	why.smtp_code = 530;
	login_explain_missing(&route, &hop, &why);
	cr_expect_not_null(strstr(why.hint, "'[one]:25'"), "%s", why.hint);
	arena_close(arena);
}
