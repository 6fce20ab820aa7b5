/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "flow/settle.h"
#include "tests/support/house.h"

static struct house *
planned(const char *transport, const char *recipients)
{
	struct house *house = house_open();

	(void)house_file(house, "transport", transport);
	(void)house_file(house, "aliases", "bad: /var/mail/x\n");
	(void)house_relayrc(house, "transport %s/transport\naliases %s/aliases\n");
	house_arguments(house, recipients);
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	return house;
}

Test(settle, tells_the_status_of_sending)
{
	static const struct {
		const char *recipients;
		int status;
	} rows[] = {
		{ "a@sent.example", EX_OK },
		{ "a@gone.example", EX_OK },
		{ "a@sent.example b@no.example", EX_UNAVAILABLE },
		{ "a@later.example", EX_TEMPFAIL },
		{ "a@later.example b@no.example", EX_UNAVAILABLE },
		{ "a@unlisted.example", EX_UNAVAILABLE },
		{ "a@sent.example bad", EX_CONFIG },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = planned("sent.example smtp:h\nno.example error:5.7.1 no\n"
					      "later.example retry:4.3.0 later\n"
					      "gone.example discard:\n",
		    rows[i].recipients);

		cr_expect_eq(settle_status(&house->plan, house->arena), rows[i].status, "%s: %d",
		    rows[i].recipients, settle_status(&house->plan, house->arena));
		house_close(house);
	}
}

Test(settle, names_the_row_that_refuses)
{
	struct house *house = planned("a.example error:5.7.1 nobody reads this\n", "x@a.example");
	struct report report = { 0 };

	(void)report_add(&report, text_of("x@a.example"), house->arena);
	settle_route(&house->plan, &house->plan.routes.items[0], &report, 0);
	cr_assert_eq(report.verdicts[0].state, VERDICT_REFUSED);
	cr_assert_str_eq(
	    report.verdicts[0].why->what, "'x@a.example' is refused: 5.7.1 nobody reads this");
	cr_assert_not_null(strstr(report.verdicts[0].why->where, "/transport:1"));
	house_close(house);
}

Test(settle, settles_what_the_plan_refuses)
{
	struct house *house = planned("a.example smtp:h\n", "x@b.example");
	struct report report = { 0 };

	settle_refusals(&house->plan, house->arena, &report);
	cr_assert_eq(report.count, 1);
	cr_assert_eq(report.verdicts[0].state, VERDICT_REFUSED);
	cr_assert(text_is(report.verdicts[0].recipient, "x@b.example"));
	house_close(house);
}
