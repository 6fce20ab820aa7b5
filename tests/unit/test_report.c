/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "mail/report.h"

/* A report of `count` recipients that are accepted, named a@b, b@b ... */
static struct report
accepted(size_t count, struct arena *arena)
{
	struct report report = { 0 };

	for (size_t i = 0; i < count; i++) {
		const char *name = arena_print(arena, "%c@b.example", (char)('a' + (int)i));
		size_t number = report_add(&report, text_of(name), arena);

		cr_assert_eq(number, i);
		report.verdicts[i].state = VERDICT_ACCEPTED;
	}
	return report;
}

static struct failure
refusal(int code, int smtp_code, const char *words)
{
	struct failure why;

	fail(&why, code, "the server refused the recipient");
	failure_at(&why, "mail.example:587");
	failure_in(&why, FAILURE_RECIPIENT);
	if (smtp_code != 0)
		failure_reply(&why, smtp_code, "", text_of(words));
	return why;
}

static const char *
shown(const struct report *report, struct arena *arena)
{
	struct buffer to = buffer_open(0);
	const char *words;

	report_format(report, "relay", &to);
	words = text_string(buffer_text(&to), arena);
	buffer_close(&to);
	return words;
}

Test(report, begins_with_open_verdicts)
{
	struct arena *arena = arena_open();
	struct report report = { 0 };

	for (size_t i = 0; i < 100; i++)
		cr_assert_eq(report_add(&report, text_of("a@b.example"), arena), i);
	cr_assert_eq(report_count(&report, VERDICT_OPEN), 100);
	cr_assert_eq(report_status(&report), EX_TEMPFAIL, "nobody settled them");
	arena_close(arena);
}

Test(report, refuses_what_will_not_go_and_defers_what_may)
{
	struct arena *arena = arena_open();
	struct report report = accepted(2, arena);
	struct failure refused = refusal(EX_UNAVAILABLE, 550, "no");
	struct failure deferred = refusal(EX_TEMPFAIL, 451, "later");

	report_fail(&report, 0, &refused);
	report_fail(&report, 1, &deferred);
	cr_assert_eq(report.verdicts[0].state, VERDICT_REFUSED);
	cr_assert_eq(report.verdicts[1].state, VERDICT_DEFERRED);
	cr_assert_str_eq(report.verdicts[0].why->reply, "no");
	arena_close(arena);
}

Test(report, fails_only_what_is_not_settled)
{
	struct arena *arena = arena_open();
	struct report report = accepted(5, arena);
	struct failure why = refusal(EX_TEMPFAIL, 421, "bye");

	report.verdicts[1].state = VERDICT_DELIVERED;
	report.verdicts[2].state = VERDICT_OPEN;
	report.verdicts[3].state = VERDICT_REFUSED;
	report_fail_open(&report, 1, 3, &why);
	cr_assert_eq(report.verdicts[0].state, VERDICT_ACCEPTED, "before the range");
	cr_assert_eq(report.verdicts[1].state, VERDICT_DELIVERED);
	cr_assert_eq(report.verdicts[2].state, VERDICT_DEFERRED);
	cr_assert_eq(report.verdicts[3].state, VERDICT_REFUSED);
	cr_assert_eq(report.verdicts[4].state, VERDICT_ACCEPTED, "behind the range");
	arena_close(arena);
}

Test(report, delivers_only_what_was_accepted)
{
	struct arena *arena = arena_open();
	struct report report = accepted(4, arena);

	report.verdicts[1].state = VERDICT_REFUSED;
	report.verdicts[2].state = VERDICT_OPEN;
	report_deliver(&report, 0, 3);
	cr_assert_eq(report.verdicts[0].state, VERDICT_DELIVERED);
	cr_assert_eq(report.verdicts[1].state, VERDICT_REFUSED);
	cr_assert_eq(report.verdicts[2].state, VERDICT_OPEN);
	cr_assert_eq(report.verdicts[3].state, VERDICT_ACCEPTED, "behind the range");
	arena_close(arena);
}

struct status_row {
	const char *label;
	int code;
	int smtp_code;
	int status;
};

Test(report, chooses_the_status_by_what_failed)
{
	static const struct status_row rows[] = {
		{ "unknown recipient", EX_UNAVAILABLE, 550, EX_NOUSER },
		{ "bad mailbox name", EX_UNAVAILABLE, 553, EX_NOUSER },
		{ "other refusal", EX_UNAVAILABLE, 554, EX_UNAVAILABLE },
		{ "a status chosen elsewhere", EX_DATAERR, 0, EX_DATAERR },
		{ "a refusal without a status", EX_OK, 554, EX_UNAVAILABLE },
		{ "later", EX_TEMPFAIL, 451, EX_TEMPFAIL },
		{ "no such host", EX_NOHOST, 0, EX_NOHOST },
		{ "4xx without a status", EX_OK, 450, EX_TEMPFAIL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena *arena = arena_open();
		struct report report = accepted(2, arena);
		struct failure why = refusal(rows[i].code, rows[i].smtp_code, "words");

		report_deliver(&report, 0, 1);
		report_fail(&report, 1, &why);
		cr_assert_eq(report_status(&report), rows[i].status, "%s: %d", rows[i].label,
		    report_status(&report));
		arena_close(arena);
	}
}

Test(report, takes_550_to_the_sender_for_what_it_is)
{
	struct arena *arena = arena_open();
	struct report report = accepted(1, arena);
	struct failure why = refusal(EX_UNAVAILABLE, 550, "sender not allowed");

	why.stage = FAILURE_SENDER;
	report_fail(&report, 0, &why);
	cr_assert_eq(report_status(&report), EX_UNAVAILABLE);
	arena_close(arena);
}

/* F123 */
Test(report, puts_a_refusal_before_a_deferral)
{
	struct arena *arena = arena_open();
	struct report report = accepted(3, arena);
	struct failure deferred = refusal(EX_TEMPFAIL, 451, "later");
	struct failure refused = refusal(EX_UNAVAILABLE, 550, "no");

	report_fail(&report, 0, &deferred);
	report_fail(&report, 1, &refused);
	report_deliver(&report, 0, 3);
	cr_assert_eq(report_status(&report), EX_NOUSER);
	arena_close(arena);
}

Test(report, is_zero_when_all_are_delivered_and_says_nothing)
{
	struct arena *arena = arena_open();
	struct report report = accepted(3, arena);

	report_deliver(&report, 0, 3);
	cr_assert_eq(report_status(&report), EX_OK);
	cr_assert_str_empty(shown(&report, arena));
	arena_close(arena);
}

Test(report, is_not_zero_while_one_is_only_accepted)
{
	struct arena *arena = arena_open();
	struct report report = accepted(2, arena);

	report_deliver(&report, 0, 1);
	cr_assert_eq(report_status(&report), EX_TEMPFAIL);
	arena_close(arena);
}

Test(report, names_together_who_shares_a_failure)
{
	struct arena *arena = arena_open();
	struct report report = accepted(4, arena);
	struct failure unknown = refusal(EX_UNAVAILABLE, 550, "5.1.1 unknown");
	struct failure full = refusal(EX_TEMPFAIL, 452, "4.2.2 full");

	report_fail(&report, 0, &unknown);
	report_fail(&report, 1, &full);
	report_fail(&report, 2, &unknown);
	report_deliver(&report, 0, 4);
	cr_assert_str_eq(shown(&report, arena),
	    "relay: mail.example:587: the server refused the recipient\n"
	    "  server: 550 5.1.1 unknown\n"
	    "  for: a@b.example, c@b.example\n"
	    "relay: mail.example:587: the server refused the recipient\n"
	    "  server: 452 4.2.2 full\n"
	    "  for: b@b.example\n"
	    "relay: delivered to 1 of 4 recipients\n");
	arena_close(arena);
}

Test(report, does_not_name_twice_whom_the_sentence_names)
{
	struct arena *arena = arena_open();
	struct report report = accepted(1, arena);
	struct failure why;

	fail(&why, EX_UNAVAILABLE, "no transport for 'a@b.example'");
	report_fail(&report, 0, &why);
	cr_assert_str_eq(shown(&report, arena), "relay: no transport for 'a@b.example'\n");
	arena_close(arena);
}

Test(report, shows_no_control_bytes_of_a_recipient)
{
	struct arena *arena = arena_open();
	struct report report = { 0 };
	struct failure why = refusal(EX_UNAVAILABLE, 0, NULL);

	(void)report_add(&report, text_of("a\033[2J@b"), arena);
	report_fail(&report, 0, &why);
	cr_assert_str_eq(shown(&report, arena),
	    "relay: mail.example:587: the server refused the recipient\n  for: a?[2J@b\n");
	arena_close(arena);
}

Test(report, keeps_a_paragraph_for_each_of_many_failures)
{
	struct arena *arena = arena_open();
	struct report report = { 0 };
	const char *words;
	size_t lines = 0;

	for (size_t i = 0; i < 3000; i++) {
		struct failure why;

		(void)report_add(&report, text_of("x@b.example"), arena);
		fail(&why, EX_UNAVAILABLE, "refusal %zu", i % 1500);
		report_fail(&report, i, &why);
	}
	words = shown(&report, arena);
	for (size_t i = 0; words[i] != '\0'; i++)
		lines += words[i] == '\n';
	cr_assert_eq(lines, 3000, "1500 sentences and 1500 lines of names, not %zu", lines);
	arena_close(arena);
}
