/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/secret.h"
#include "flow/check_session.h"
#include "tests/support/house.h"
#include "tests/support/play.h"

static struct house *house;
static struct check_list list;
static struct check_secret secret;

/* A session over the transcript, looked at for the account of relayrc. */
static void
look(const char *relayrc, const char *transcript)
{
	struct check_talk talk = { .list = &list, .login = true, .sender = true };
	struct play play;

	house = house_open();
	list = check_list_open(house->arena);
	(void)house_relayrc(house, relayrc);
	cr_assert(house_plan(house), "%s", house->why.what);
	secret_keep(&secret.secret, text_of("wrong"));
	talk.plan = &house->plan;
	talk.route = &house->plan.routes.items[0];
	talk.hop = &talk.route->hops[0];
	talk.secret = &secret;
	play_open_text(&play, text_of(transcript));
	check_session_find(&talk, play.session);
	cr_expect_str_eq(play_end(&play), "");
	play_close(&play);
	secret_wipe(&secret.secret);
}

static const struct check_finding *
find(const char *area)
{
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.items[i].area, area) == 0)
			return &list.items[i];
	return NULL;
}

#define GREET "TLS\nS: 220 ready\nC: EHLO client.example\nS: 250-host\n"
#define MAIL "C: MAIL FROM:<root@client.example>\n"

Test(check_session, tells_what_the_server_offers)
{
	look("host a\ntls off\n",
	    GREET "S: 250-SIZE 1000\nS: 250-DSN\nS: 250-AUTH LOGIN PLAIN\nS: 250 8BITMIME\n" MAIL
		  "S: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT\n");
	cr_expect_str_eq(find("extensions")->what,
	    "SIZE 1000, 8BITMIME, DSN; not PIPELINING, CHUNKING, SMTPUTF8, ENHANCEDSTATUSCODES");
	cr_expect_str_eq(find("mechanisms")->what, "LOGIN PLAIN");
	cr_expect_eq(find("login")->result, CHECK_NOTE);
	cr_expect_str_eq(find("sender")->what, "<root@client.example> is accepted");
	cr_expect_eq(check_list_status(&list), EX_OK);
	house_close(house);
}

Test(check_session, tells_of_a_server_that_offers_nothing)
{
	look("host a\ntls off\n",
	    "TLS\nS: 220 ready\nC: EHLO client.example\nS: 250 host\n" MAIL
	    "S: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT\n");
	cr_expect_not_null(strstr(find("extensions")->what, "none; not SIZE"));
	cr_expect_str_eq(find("mechanisms")->what, "AUTH is not offered");
	house_close(house);
}

Test(check_session, logs_in_before_it_asks_for_the_sender)
{
	look("host a\ntls off\nuser me\npassword wrong\n",
	    GREET "S: 250 AUTH PLAIN\nC: AUTH PLAIN AG1lAHdyb25n\nS: 235 ok\n" MAIL
		  "S: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT\n");
	cr_expect_str_eq(find("login")->what, "as 'me' by PLAIN");
	cr_expect_eq(find("sender")->result, CHECK_OK);
	house_close(house);
}

Test(check_session, asks_for_nothing_more_when_the_login_is_refused)
{
	look("host a\ntls off\nuser me\npassword wrong\n",
	    GREET "S: 250 AUTH PLAIN\nC: AUTH PLAIN AG1lAHdyb25n\nS: 535 no\nC: QUIT\n");
	cr_expect_eq(find("login")->result, CHECK_FAILURE);
	cr_expect_eq(find("login")->code, EX_NOPERM);
	cr_expect_null(find("sender"));
	house_close(house);
}

Test(check_session, says_which_password_was_missing)
{
	look("host a\ntls off\n",
	    GREET "S: 250 AUTH PLAIN\n" MAIL "S: 530 login first\nC: RSET\nS: 530 no\nC: QUIT\n");
	cr_expect_eq(find("sender")->result, CHECK_FAILURE);
	cr_expect_not_null(strstr(find("sender")->hint, "no password was found"));
	house_close(house);
}
