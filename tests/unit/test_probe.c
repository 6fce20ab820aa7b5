/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "smtp/probe.h"
#include "tests/support/play.h"

#define GREET "TLS\nS: 220 ready\nC: EHLO client.example\nS: 250-host\nS: 250 SIZE\n"

/* Asks for the sender over the transcript, which ends in QUIT or a broken connection. */
static bool
ask(const char *transcript, const char *sender, struct failure *why)
{
	struct play play;
	bool taken;

	play_open_text(&play, text_of(transcript));
	taken = probe_sender(
	    play.session, sender[0] == '\0' ? (struct address){ 0 } : play_address(sender), why);
	cr_expect_str_eq(play_end(&play), "");
	play_close(&play);
	return taken;
}

Test(probe, names_the_sender_and_takes_it_back)
{
	struct failure why;

	cr_expect(ask(GREET "C: MAIL FROM:<a@b.example>\nS: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT\n",
	    "a@b.example", &why));
	cr_expect(ask(GREET "C: MAIL FROM:<>\nS: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT\n", "", &why));
}

Test(probe, gives_the_words_of_a_refusal)
{
	struct failure why = { 0 };

	cr_expect_not(ask(GREET "C: MAIL FROM:<a@b.example>\nS: 553 5.7.1 not yours\nC: RSET\n"
				"S: 250 ok\nC: QUIT\n",
	    "a@b.example", &why));
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	cr_expect_eq(why.stage, FAILURE_SENDER);
	cr_expect_eq(why.smtp_code, 553);
	cr_expect_str_eq(why.reply, "5.7.1 not yours");
	cr_expect_str_eq(why.what, "the server refused the sender 'a@b.example'");
	cr_expect_neq(why.hint[0], '\0');
}

Test(probe, fails_for_now_when_the_server_puts_off_or_leaves)
{
	struct failure why = { 0 };

	cr_expect_not(ask(GREET "C: MAIL FROM:<a@b.example>\nS: 450 later\nC: RSET\nS: 250 ok\n"
				"C: QUIT\n",
	    "a@b.example", &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_not(ask(GREET "C: MAIL FROM:<a@b.example>\nCLOSE\n", "a@b.example", &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_eq(why.stage, FAILURE_SENDER);
	/* 421 ends the session: no RSET after it */
	cr_expect_not(ask(GREET "C: MAIL FROM:<a@b.example>\nS: 421 bye\n", "a@b.example", &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
}

/* F142 */
Test(probe, does_not_ask_for_what_cannot_be_sent)
{
	struct failure why = { 0 };

	cr_expect_not(ask(GREET "C: QUIT\n", "\xc3\xa4@b.example", &why));
	cr_expect_eq(why.code, EX_DATAERR);
}
