/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/buffer.h"
#include "base/interrupt.h"
#include "tests/support/play.h"

#define A "a@there.example"
#define AB "a@there.example b@there.example"
#define ABC AB " c@there.example"

struct good_row {
	const char *file;
	const char *recipients;
	const char *verdicts;
	size_t writes; /* of the submission, QUIT not counted */
	const char *reply;
};

static const struct good_row good_rows[] = {
	{ "submit-lockstep.smtp", AB, "delivered, delivered", 5,
	    "2.0.0 queued as 4711" }, /* F125 */
	{ "submit-pipelining.smtp", AB, "delivered, delivered", 2, "2.0.0 queued as 4711" },
	{ "submit-chunking.smtp", AB, "delivered, delivered", 1, "2.0.0 queued as 4711" },
	{ "submit-chunking-lockstep.smtp", AB, "delivered, delivered", 4, "2.0.0 queued as 4711" },
	{ "submit-rcpt-550.smtp", ABC, "delivered, refused 67, delivered", 2,
	    "2.0.0 queued as 4711" }, /* F123 */
	{ "submit-rcpt-450-lockstep.smtp", ABC, "deferred 75, delivered, refused 69", 6,
	    "2.0.0 queued as 4711" }, /* F122 */
	{ "submit-rcpt-too-many.smtp", ABC " d@there.example e@there.example",
	    "delivered, delivered, delivered, delivered, delivered", 6,
	    "2.0.0 queued as 3" }, /* F126 */
	{ "submit-rcpt-too-many-552.smtp", AB, "delivered, delivered", 9,
	    "2.0.0 queued as 2" }, /* F127 */
	{ "submit-rcpt-too-many-then-refused.smtp", ABC, "delivered, refused 67, delivered", 6,
	    "2.0.0 queued as 2" },
	{ "submit-chunking-goodbye.smtp", A, "delivered", 1, "2.0.0 queued as 4711" },
	{ "submit-chunking-stray-piece.smtp", A, "delivered", 1,
	    "2.0.0 queued as 4711" },                         /* F135 */
	{ "submit-size-fits.smtp", A, "delivered", 4, "ok" }, /* F138 */
	{ "submit-size-none.smtp", A, "delivered", 4, "ok" },
	{ "submit-size-zero.smtp", A, "delivered", 4, "ok" },
	{ "submit-size-huge.smtp", A, "delivered", 4, "ok" },
	{ "submit-dsn-not-offered.smtp", A, "delivered", 2, "ok" },
	{ "submit-idn-domain.smtp", "a@b\303\274cher.example", "delivered", 2, "ok" }, /* F141 */
	{ "submit-idn-domain-smtputf8.smtp", "a@b\303\274cher.example", "delivered", 2, "ok" },
	{ "submit-utf8-local.smtp", "\303\251@there.example b@there.example",
	    "delivered, delivered", 2, "ok" },
	{ "submit-utf8-local-not-offered.smtp", "\303\251@there.example b@there.example",
	    "refused 65, delivered", 2, "ok" },                                   /* F142 */
	{ "submit-enhanced-wrong-class.smtp", A, "delivered", 2, "5.7.1 taken" }, /* F151 */
};

static void
check_good(const struct good_row *row, bool dribble)
{
	struct play play;

	play_open(&play, row->file);
	play_add(&play, row->recipients);
	play.script->dribble = dribble;
	play.submission.dsn_notify = strstr(row->file, "dsn") == NULL ? NULL : "NEVER";
	cr_assert(play_submit(&play), "%s: %s", row->file, play.why.what);
	cr_assert_str_eq(
	    play_verdicts(&play), row->verdicts, "%s: %s", row->file, play_verdicts(&play));
	cr_assert_eq(
	    play.script->writes, row->writes, "%s: %zu writes", row->file, play.script->writes);
	cr_assert_str_eq(play.report.reply, row->reply, "%s", row->file);
	cr_assert_str_eq(play_end(&play), "", "%s", row->file);
	play_close(&play);
}

Test(submit, delivers_as_written)
{
	for (size_t i = 0; i < sizeof good_rows / sizeof good_rows[0]; i++)
		check_good(&good_rows[i], false);
}

/* F134 */
Test(submit, is_the_same_with_replies_byte_by_byte)
{
	for (size_t i = 0; i < sizeof good_rows / sizeof good_rows[0]; i++)
		check_good(&good_rows[i], true);
}

struct bad_row {
	const char *file;
	const char *recipients;
	const char *verdicts;
	enum failure_stage stage;
	const char *what;
};

#define LOST "the server closed the connection"
#define SILENT "no answer within the time limit"
#define BROKE "the connection broke while writing"
#define WENT "the server broke the session off"
#define TAKEN "the server refused all recipients or the sender, and took the message"
#define MORE "the server answered the end of the message with 354"
#define OUT_OF_STEP "the server's replies are out of step with the commands"

static const struct bad_row bad_rows[] = {
	{ "submit-mail-451.smtp", AB, "deferred 75, deferred 75", FAILURE_SENDER,
	    "the server refused the sender 'me@here.example'" }, /* F120 */
	{ "submit-mail-550.smtp", AB, "refused 69, refused 69", FAILURE_SENDER,
	    "the server refused the sender 'me@here.example'" }, /* F121 */
	{ "submit-mail-552.smtp", A, "refused 69", FAILURE_SENDER,
	    "the server refused the sender 'me@here.example'" }, /* F139 */
	{ "submit-mail-421.smtp", AB, "deferred 75, deferred 75", FAILURE_SENDER,
	    "the server refused the sender 'me@here.example'" }, /* F119 */
	{ "submit-mail-550-pipelined.smtp", AB, "refused 69, refused 69", FAILURE_SENDER,
	    "the server refused the sender 'me@here.example'" }, /* F121 */
	{ "submit-mail-550-354.smtp", AB, "refused 69, refused 69", FAILURE_SENDER,
	    "the server refused the sender 'me@here.example'" }, /* F124 */
	{ "submit-mail-550-chunked.smtp", AB, "refused 69, refused 69", FAILURE_SENDER,
	    "the server refused the sender 'me@here.example'" }, /* F121 */
	{ "submit-rcpt-all-refused.smtp", AB, "refused 67, refused 67", FAILURE_RECIPIENT,
	    "the server refused the recipient" }, /* F124 */
	{ "submit-rcpt-all-refused-data-too.smtp", AB, "refused 67, deferred 75", FAILURE_RECIPIENT,
	    "the server refused the recipient" }, /* F124 */
	{ "submit-rcpt-all-refused-chunked.smtp", AB, "refused 67, refused 67", FAILURE_RECIPIENT,
	    "the server refused the recipient" }, /* F124 */
	{ "submit-rcpt-all-refused-lockstep.smtp", AB, "refused 67, refused 69", FAILURE_RECIPIENT,
	    "the server refused the recipient" }, /* F124 */
	{ "submit-rcpt-421.smtp", AB, "deferred 75, deferred 75", FAILURE_RECIPIENT,
	    "the server refused the recipient" }, /* F119 */
	{ "submit-rcpt-452-first.smtp", AB, "deferred 75, refused 69", FAILURE_RECIPIENT,
	    "the server refused the recipient" },
	{ "submit-data-451.smtp", A, "deferred 75", FAILURE_DATA,
	    "the server refused the message" }, /* F128 */
	{ "submit-data-554.smtp", A, "refused 69", FAILURE_DATA,
	    "the server refused the message" }, /* F128 */
	{ "submit-data-250.smtp", A, "refused 76", FAILURE_DATA,
	    "the server answered DATA with 250, not 354" }, /* F129 */
	{ "submit-dot-452.smtp", A, "deferred 75", FAILURE_DATA,
	    "the server refused the message" }, /* F130 */
	{ "submit-dot-550.smtp", A, "refused 69", FAILURE_DATA,
	    "the server refused the message" }, /* F130 */
	{ "submit-dot-421.smtp", A, "deferred 75", FAILURE_DATA,
	    "the server refused the message" },                                         /* F119 */
	{ "submit-dot-closed.smtp", A, "deferred 75 in doubt", FAILURE_DATA, LOST },    /* F131 */
	{ "submit-dot-silence.smtp", A, "deferred 75 in doubt", FAILURE_DATA, SILENT }, /* F131 */
	{ "submit-dot-nonsense.smtp", A, "deferred 75 in doubt", FAILURE_DATA,
	    "the server sent 'whatever', which is no SMTP reply" },                    /* F131 */
	{ "submit-chunk-closed.smtp", A, "deferred 75 in doubt", FAILURE_DATA, LOST }, /* F131 */
	{ "submit-chunk-closed-early.smtp", A, "deferred 75 in doubt", FAILURE_SENDER, LOST },
	{ "submit-closed-at-data.smtp", A, "deferred 75", FAILURE_DATA, LOST }, /* F117 */
	{ "submit-closed-at-mail.smtp", A, "deferred 75", FAILURE_SENDER,
	    "the connection broke while writing" }, /* F117 */
	{ "submit-closed-in-body.smtp", A, "deferred 75", FAILURE_DATA,
	    "the connection broke while writing" }, /* F117 */
	{ "submit-pipelining-missing-reply.smtp", AB, "deferred 75, deferred 75", FAILURE_RECIPIENT,
	    OUT_OF_STEP }, /* F136 */
	{ "submit-pipelining-silence.smtp", AB, "deferred 75, deferred 75", FAILURE_DATA,
	    SILENT }, /* F136 */
	{ "submit-pipelining-extra-reply.smtp", A, "deferred 75", FAILURE_DATA,
	    OUT_OF_STEP }, /* F135 */
	{ "submit-pipelining-extra-refusal.smtp", A, "deferred 75", FAILURE_DATA, OUT_OF_STEP },
	{ "submit-chunking-extra-reply.smtp", A, "deferred 75 in doubt", FAILURE_DATA,
	    OUT_OF_STEP },
	{ "submit-bdat-500.smtp", A, "deferred 75", FAILURE_DATA,
	    "the server offers CHUNKING and refuses BDAT" }, /* F144 */
	{ "submit-bdat-503.smtp", A, "deferred 75", FAILURE_DATA,
	    "the server offers CHUNKING and refuses BDAT" }, /* F144 */
	{ "submit-bdat-554.smtp", A, "refused 69", FAILURE_DATA, "the server refused the message" },
	{ "submit-stray-before-mail.smtp", A, "deferred 76", FAILURE_SENDER,
	    "the server answered a command that was not sent" }, /* F135 */
	{ "submit-chunk-extra-reply.smtp", A, "deferred 75 in doubt", FAILURE_DATA,
	    OUT_OF_STEP }, /* F135 */
	{ "submit-mail-550-chunk-taken.smtp", AB, "deferred 75 in doubt, deferred 75 in doubt",
	    FAILURE_DATA, TAKEN }, /* F121 */
	{ "submit-rcpt-all-refused-chunk-taken.smtp", AB,
	    "deferred 75 in doubt, deferred 75 in doubt", FAILURE_DATA, TAKEN },     /* F124 */
	{ "submit-blocked-at-mail.smtp", A, "refused 69", FAILURE_SENDER, WENT },    /* F117 */
	{ "submit-goodbye-in-flight.smtp", A, "deferred 75", FAILURE_SENDER, WENT }, /* F119 */
	{ "submit-rcpt-550-in-broken-flight.smtp", A, "deferred 75", FAILURE_SENDER, BROKE },
	{ "submit-goodbye-at-data.smtp", A, "deferred 75", FAILURE_DATA, WENT }, /* F119 */
	{ "submit-blocked-in-body.smtp", A, "refused 69", FAILURE_DATA,
	    "the server refused the message" },                                     /* F133 */
	{ "submit-piece-in-body.smtp", A, "deferred 75", FAILURE_DATA, BROKE },     /* F117 */
	{ "submit-dot-354.smtp", A, "deferred 75 in doubt", FAILURE_DATA, MORE },   /* F131 */
	{ "submit-chunk-354.smtp", A, "deferred 75 in doubt", FAILURE_DATA, MORE }, /* F131 */
	{ "submit-size.smtp", AB, "refused 65, refused 65", FAILURE_DATA,
	    "the message has 21 bytes, the server takes 20" }, /* F138 */
};

Test(submit, settles_every_recipient_when_it_fails)
{
	for (size_t i = 0; i < sizeof bad_rows / sizeof bad_rows[0]; i++) {
		const struct bad_row *row = &bad_rows[i];
		struct play play;

		play_open(&play, row->file);
		play_add(&play, row->recipients);
		cr_assert(!play_submit(&play), "%s", row->file);
		cr_assert_str_eq(
		    play_verdicts(&play), row->verdicts, "%s: %s", row->file, play_verdicts(&play));
		cr_assert_str_eq(play.why.what, row->what, "%s", row->file);
		cr_assert_eq(play.why.stage, row->stage, "%s: %d", row->file, play.why.stage);
		cr_assert_str_eq(play.why.where, "mail.example:587", "%s", row->file);
		cr_assert_eq(play.why.code, play.report.verdicts[0].why->code, "%s", row->file);
		cr_assert_str_eq(play_end(&play), "", "%s", row->file);
		play_close(&play);
	}
}

/* F124 */
Test(submit, says_nobody_when_nobody_was_accepted)
{
	struct play play;

	play_open(&play, "submit-rcpt-all-refused.smtp");
	play_add(&play, AB);
	cr_assert(!play_submit(&play));
	cr_assert_eq(play.why.code, EX_NOUSER);
	cr_assert_eq(play.why.smtp_code, 550);
	cr_assert_str_eq(play.why.reply, "5.1.1 nobody");
	play_close(&play);
}

/* F122, F123: what the server said of each */
Test(submit, keeps_the_servers_words_for_each_recipient)
{
	struct play play;

	play_open(&play, "submit-rcpt-450-lockstep.smtp");
	play_add(&play, ABC);
	cr_assert(play_submit(&play));
	cr_assert_eq(play.report.verdicts[0].why->smtp_code, 450);
	cr_assert_str_eq(play.report.verdicts[0].why->enhanced, "4.2.1");
	cr_assert_eq(play.report.verdicts[2].why->smtp_code, 554);
	cr_assert_str_eq(play.report.verdicts[2].why->reply, "5.7.1 not here");
	cr_assert_eq(play.report.verdicts[2].why->stage, FAILURE_RECIPIENT);
	play_close(&play);
}

/* F137, F144: what deliver should avoid the next time */
Test(submit, notes_what_is_not_to_be_relied_on)
{
	struct play play;

	play_open(&play, "submit-bdat-503.smtp");
	play_add(&play, A);
	cr_assert(!play_submit(&play));
	cr_assert(play.session->chunking_failed);
	cr_assert(play.session->broken);
	play_close(&play);
	play_open(&play, "submit-pipelining-missing-reply.smtp");
	play_add(&play, AB);
	cr_assert(!play_submit(&play));
	cr_assert(play.session->pipelining_failed);
	cr_assert(play.session->broken);
	play_close(&play);
}

Test(submit, asks_for_dsn_where_it_is_offered)
{
	struct play play;

	play_open(&play, "submit-dsn.smtp");
	play_add(&play, A);
	play.submission.dsn_notify = "FAILURE,DELAY";
	play.submission.dsn_return = "HDRS";
	play.submission.envelope_id = "id+1";
	play.recipients[0].original = play_address("was+a@there.example");
	cr_assert(play_submit(&play), "%s", play.why.what);
	cr_assert_str_eq(play_end(&play), "");
	play_close(&play);
}

/* F142 */
Test(submit, refuses_a_sender_that_needs_smtputf8)
{
	struct play play;

	play_open(&play, "submit-utf8-sender-not-offered.smtp");
	play_add(&play, AB);
	play.submission.sender = play_address("\303\251@here.example");
	cr_assert(!play_submit(&play));
	cr_assert_str_eq(
	    play.why.what, "the address is not ASCII and the server does not offer SMTPUTF8");
	cr_assert_eq(play.why.code, EX_DATAERR);
	cr_assert_eq(play.why.stage, FAILURE_SENDER);
	cr_assert_str_eq(play_verdicts(&play), "refused 65, refused 65");
	cr_assert_str_eq(play_end(&play), "");
	play_close(&play);
}

struct content_row {
	const char *file;
	const char *header;
	const char *body;
	const char *data; /* a part of what is sent */
};

static const struct content_row content_rows[] = {
	{ "submit-utf8-body.smtp", "Subject: x\n", "caf\303\251\n", "caf\303\251" }, /* F143 */
	{ "submit-utf8-header.smtp", "Subject: caf\303\251\n", "x\n", "caf\303\251" },
	{ "submit-8bit-not-offered.smtp", "Subject: x\n", "caf\303\251\n", "caf=C3=A9" }, /* F140 */
};

Test(submit, sends_8bit_as_the_server_allows)
{
	for (size_t i = 0; i < sizeof content_rows / sizeof content_rows[0]; i++) {
		const struct content_row *row = &content_rows[i];
		struct play play;
		struct text sent;

		play_open(&play, row->file);
		play_add(&play, A);
		play_message(&play, row->header, row->body);
		cr_assert(play_submit(&play), "%s: %s", row->file, play.why.what);
		sent = buffer_text(&play.script->data_sent);
		cr_assert_not_null(memmem(sent.bytes, sent.length, row->data, strlen(row->data)),
		    "%s: %.*s", row->file, (int)sent.length, sent.bytes);
		cr_assert_str_eq(play_end(&play), "", "%s", row->file);
		play_close(&play);
	}
}

Test(submit, sends_the_null_sender)
{
	struct play play;

	play_open(&play, "submit-null-sender.smtp");
	play_add(&play, A);
	play.submission.sender = (struct address){ text_of(""), text_of("") };
	cr_assert(play_submit(&play), "%s", play.why.what);
	cr_assert_str_eq(play_end(&play), "");
	play_close(&play);
}

/* F149 */
Test(submit, takes_back_what_an_earlier_message_left_open)
{
	struct play play;

	play_open(&play, "submit-twice.smtp");
	play_add(&play, A);
	cr_assert(!play_submit(&play));
	play.report.verdicts[0].state = VERDICT_OPEN;
	cr_assert(play_submit(&play), "%s", play.why.what);
	cr_assert_str_eq(play_end(&play), "");
	play_close(&play);
}

/* F149 */
Test(submit, leaves_a_server_that_refuses_rset)
{
	struct play play;

	play_open(&play, "submit-rset-refused.smtp");
	play_add(&play, A);
	cr_assert(!play_submit(&play));
	play.report.verdicts[0].state = VERDICT_OPEN;
	cr_assert(!play_submit(&play));
	cr_assert_str_eq(play.why.what, "the server refused RSET");
	cr_assert_eq(play.why.code, EX_TEMPFAIL);
	cr_assert_str_eq(play_verdicts(&play), "deferred 75");
	cr_assert_str_eq(play_end(&play), "");
	play_close(&play);
}

/* F135 */
Test(submit, looks_for_strays_behind_rset_too)
{
	struct play play;

	play_open(&play, "submit-stray-after-rset.smtp");
	play_add(&play, A);
	cr_assert(!play_submit(&play));
	play.report.verdicts[0].state = VERDICT_OPEN;
	cr_assert(!play_submit(&play));
	cr_assert_str_eq(play.why.what, "the server answered a command that was not sent");
	cr_assert_str_eq(play.why.reply, "stray");
	cr_assert(play.session->broken);
	cr_assert_str_eq(play_end(&play), "");
	play_close(&play);
}

struct command_row {
	const char *file;
	const char *header;
	const char *body;
	const char *verdict;
};

/* F144 */
static const struct command_row command_rows[] = {
	{ "submit-commands-in-body.smtp", "Subject: x\n", "a\nmail from:<x@y>\n", "delivered" },
	{ "submit-commands-in-body-lockstep.smtp", "Subject: x\n", "DATA\n", "delivered" },
	{ "submit-commands-in-body.smtp", "Data: x\n", "a\n", "delivered" },
};

Test(submit, sends_by_data_what_could_be_read_as_commands)
{
	for (size_t i = 0; i < sizeof command_rows / sizeof command_rows[0]; i++) {
		const struct command_row *row = &command_rows[i];
		struct play play;

		play_open(&play, row->file);
		play_add(&play, A);
		play_message(&play, row->header, row->body);
		cr_assert(play_submit(&play), "row %zu: %s", i, play.why.what);
		cr_assert_str_eq(play_verdicts(&play), row->verdict, "row %zu", i);
		cr_assert_str_eq(play_end(&play), "", "row %zu", i);
		play_close(&play);
	}
}

struct signal_row {
	const char *file;
	const char *verdict;
	const char *what; /* empty: it went well */
};

/* F189 */
static const struct signal_row signal_rows[] = {
	{ "submit-signal-at-dot.smtp", "delivered", "" },
	{ "submit-signal-at-chunk.smtp", "delivered", "" },
	{ "submit-signal-at-large-chunk.smtp", "delivered", "" },
	{ "submit-signal-and-silence.smtp", "deferred 75 in doubt", SILENT },
	{ "submit-signal-at-rcpt.smtp", "deferred 75", "ended by signal 15 (Terminated)" },
};

static void
check_signal(const struct signal_row *row)
{
	struct deadline deadline = deadline_after(60000);
	struct failure why;
	struct play play;

	play_open(&play, row->file);
	play_add(&play, A);
	cr_assert_eq(play_submit(&play), row->what[0] == '\0', "%s", row->file);
	cr_assert_str_eq(play_verdicts(&play), row->verdict, "%s", row->file);
	cr_assert_str_eq(play.why.what, row->what, "%s", row->file);
	cr_assert(!interrupt_check(&deadline, &why), "%s: it is still held", row->file);
	cr_assert_str_eq(play_end(&play), "", "%s", row->file);
	play_close(&play);
}

/* A signal that came is not forgotten: each row has a process of its own. */
Test(submit, waits_for_the_verdict_after_a_signal_by_data)
{
	interrupt_catch();
	interrupt_arm(true);
	check_signal(&signal_rows[0]);
}

Test(submit, waits_for_the_verdict_after_a_signal_by_bdat)
{
	interrupt_catch();
	interrupt_arm(true);
	check_signal(&signal_rows[1]);
}

Test(submit, waits_for_the_verdict_after_a_signal_by_bdat_alone)
{
	interrupt_catch();
	interrupt_arm(true);
	check_signal(&signal_rows[2]);
}

Test(submit, is_in_doubt_when_none_comes_after_a_signal)
{
	interrupt_catch();
	interrupt_arm(true);
	check_signal(&signal_rows[3]);
}

Test(submit, ends_at_a_signal_before_the_end_of_data)
{
	interrupt_catch();
	interrupt_arm(true);
	check_signal(&signal_rows[4]);
}

Test(submit, settles_only_its_own_part_of_the_report)
{
	struct play play;

	play_open(&play, "submit-mail-550.smtp");
	play_add(&play, AB);
	(void)report_add(&play.report, text_of("c@else.example"), play.arena);
	cr_assert(!play_submit(&play));
	cr_assert_str_eq(play_verdicts(&play), "refused 69, refused 69, open");
	play_close(&play);
}

Test(submit, needs_a_recipient)
{
	struct play play;

	play_open(&play, "submit-size.smtp");
	play_add(&play, "");
	play.submission.count = 0;
	play.session->capability.size = false;
	play.session->broken = true;
	cr_assert(!play_submit(&play));
	cr_assert_neq(play.why.code, EX_OK);
	play_close(&play);
}
