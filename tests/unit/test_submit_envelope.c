/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "smtp/submit_envelope.h"
#include "tests/support/play.h"

static struct submit_envelope
envelope_of(struct play *play)
{
	play_message(play, "Subject: x\n", ".text\n");
	return (struct submit_envelope){ .session = play->session,
		.submission = &play->submission,
		.message = &play->message,
		.report = &play->report,
		.chunking = play->session->capability.chunking };
}

struct row {
	const char *file;
	const char *recipients;
	bool sent;
	size_t accepted;
	bool postponed;
	enum submit_closing closing;
	const char *verdicts;
};

#define A "a@there.example"
#define AB A " b@there.example"
#define ABC AB " c@there.example"

static const struct row rows[] = {
	{ "submit-pipelining.smtp", AB, true, 2, false, SUBMIT_CLOSING_DATA, "accepted, accepted" },
	{ "submit-chunking.smtp", AB, true, 2, false, SUBMIT_CLOSING_BDAT, "accepted, accepted" },
	{ "submit-lockstep.smtp", AB, true, 2, false, SUBMIT_CLOSING_NONE, "accepted, accepted" },
	{ "submit-chunking-lockstep.smtp", AB, true, 2, false, SUBMIT_CLOSING_NONE,
	    "accepted, accepted" },
	{ "submit-rcpt-550.smtp", ABC, true, 2, false, SUBMIT_CLOSING_DATA,
	    "accepted, refused 67, accepted" }, /* F123 */
	{ "submit-rcpt-too-many-552.smtp", AB, true, 1, true, SUBMIT_CLOSING_NONE,
	    "accepted, open" }, /* F127 */
	{ "submit-rcpt-452-first.smtp", AB, true, 0, false, SUBMIT_CLOSING_DATA,
	    "deferred 75, refused 69" },
	{ "submit-mail-550-pipelined.smtp", AB, false, 0, false, SUBMIT_CLOSING_DATA,
	    "open, open" },
	{ "submit-mail-550.smtp", AB, false, 0, false, SUBMIT_CLOSING_NONE, "open, open" },
};

Test(submit_envelope, tells_what_became_of_each_recipient_and_what_is_to_be_answered)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct submit_envelope envelope;
		struct play play;

		play_open(&play, row->file);
		play_add(&play, row->recipients);
		envelope = envelope_of(&play);
		cr_assert_eq(
		    submit_envelope_send(&envelope, &play.why), row->sent, "%s", row->file);
		cr_assert_eq(envelope.accepted, row->accepted, "%s", row->file);
		cr_assert_eq(envelope.postponed, row->postponed, "%s", row->file);
		cr_assert_eq(envelope.closing, row->closing, "%s", row->file);
		cr_assert_str_eq(
		    play_verdicts(&play), row->verdicts, "%s: %s", row->file, play_verdicts(&play));
		cr_assert(play.session->unfinished, "%s", row->file);
		play.session->broken = true;
		play_close(&play);
	}
}

Test(submit_envelope, leaves_settled_recipients_out)
{
	struct submit_envelope envelope;
	struct failure before;
	struct play play;

	play_open(&play, "submit-idn-domain.smtp");
	play_add(&play, "x@there.example a@b\303\274cher.example");
	(void)fail(&before, EX_DATAERR, "no");
	report_fail(&play.report, 0, &before);
	envelope = envelope_of(&play);
	cr_assert(submit_envelope_send(&envelope, &play.why), "%s", play.why.what);
	cr_assert_str_eq(play_verdicts(&play), "refused 65, accepted");
	play.session->broken = true;
	play_close(&play);
}

Test(submit_envelope, keeps_to_the_limit_it_is_given)
{
	struct submit_envelope envelope;
	struct play play;

	play_open(&play, "submit-pipelining.smtp");
	play_add(&play, ABC);
	envelope = envelope_of(&play);
	envelope.limit = 2;
	cr_assert(submit_envelope_send(&envelope, &play.why), "%s", play.why.what);
	cr_assert(envelope.postponed);
	cr_assert_str_eq(play_verdicts(&play), "accepted, accepted, open");
	play.session->broken = true;
	play_close(&play);
}

/* F135 */
Test(submit_envelope, breaks_a_session_that_is_out_of_step)
{
	struct submit_envelope envelope;
	struct play play;

	play_open(&play, "submit-pipelining.smtp");
	envelope = envelope_of(&play);
	envelope.closing = SUBMIT_CLOSING_BDAT;
	cr_assert(!submit_envelope_out_of_step(&envelope, &play.why));
	cr_assert_eq(play.why.code, EX_TEMPFAIL);
	cr_assert(play.why.temporary);
	cr_assert(play.why.uncertain);
	cr_assert(play.session->broken);
	cr_assert(play.session->pipelining_failed);
	play_close(&play);
}
