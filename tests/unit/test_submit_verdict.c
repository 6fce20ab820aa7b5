/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "smtp/submit_verdict.h"
#include "tests/support/play.h"

#define A "a@there.example"
#define AB A " b@there.example"
#define ABC AB " c@there.example"

Test(submit_verdict, of_lmtp_is_one_for_each_recipient)
{
	static const struct {
		const char *file;
		const char *recipients;
		bool sent;
		const char *verdicts;
	} rows[] = {
		{ "lmtp-each.smtp", ABC, true, "delivered, deferred 75, delivered" },
		{ "lmtp-refused-before.smtp", ABC, true, "delivered, refused 67, refused 69" },
		{ "lmtp-all-refused-after.smtp", AB, false, "refused 69, refused 69" },
		{ "lmtp-all-refused-before.smtp", AB, false, "refused 67, refused 67" },
		{ "lmtp-503-to-data.smtp", A, false, "refused 67" },
		{ "lmtp-closed-between.smtp", ABC, true,
		    "delivered, deferred 75 in doubt, deferred 75 in doubt" }, /* F131 */
		{ "lmtp-354-to-the-end.smtp", AB, true, "delivered, deferred 75 in doubt" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct play play;

		play_open(&play, rows[i].file);
		play_add(&play, rows[i].recipients);
		cr_expect_eq(
		    play_submit(&play), rows[i].sent, "%s: %s", rows[i].file, play.why.what);
		cr_expect_str_eq(play_verdicts(&play), rows[i].verdicts, "%s: %s", rows[i].file,
		    play_verdicts(&play));
		cr_expect_str_eq(play_end(&play), "", "%s", rows[i].file);
		play_close(&play);
	}
}

Test(submit_verdict, of_lmtp_tells_each_recipient_the_servers_words)
{
	struct play play;

	play_open(&play, "lmtp-each.smtp");
	play_add(&play, ABC);
	cr_assert(play_submit(&play), "%s", play.why.what);
	cr_expect_str_eq(play.report.reply, "2.1.5 c has it");
	cr_expect_not_null(strstr(play.report.verdicts[1].why->reply, "b is full"));
	cr_expect_str_eq(play.report.verdicts[1].why->enhanced, "4.2.2");
	cr_expect_eq(play.report.verdicts[1].why->stage, FAILURE_DATA,
	    "who was refused the message is not visited again");
	cr_expect_str_eq(play_end(&play), "");
	play_close(&play);
}

Test(submit_verdict, of_doubt_is_temporary_and_says_so)
{
	struct failure why = { .code = EX_PROTOCOL };

	cr_expect_not(submit_verdict_doubt(&why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect(why.temporary && why.uncertain);
	cr_expect_not_null(strstr(why.hint, "may have been delivered"));
}
