/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "flow/advice.h"

Test(advice, has_a_hint_for_every_stage_now_and_for_ever)
{
	for (int stage = FAILURE_USAGE; stage < FAILURE_STAGE_COUNT; stage++)
		for (int temporary = 0; temporary < 2; temporary++) {
			struct failure why = { 0 };

			if (stage == FAILURE_PLAN)
				continue;
			fail(&why, temporary ? EX_TEMPFAIL : EX_UNAVAILABLE, "x");
			failure_in(&why, (enum failure_stage)stage);
			advice_add(&why);
			cr_assert_neq(why.hint[0], '\0', "%s", failure_stage_name(why.stage));
		}
}

Test(advice, leaves_a_better_hint_alone)
{
	struct failure why;

	fail(&why, EX_TEMPFAIL, "x");
	failure_in(&why, FAILURE_DATA);
	failure_hint(&why, "mine");
	advice_add(&why);
	cr_assert_str_eq(why.hint, "mine");
}

Test(advice, blames_no_password_for_a_server_that_breaks_the_rules)
{
	struct failure why;

	fail(&why, EX_PROTOCOL, "x");
	failure_in(&why, FAILURE_AUTH);
	advice_add(&why);
	cr_assert_null(strstr(why.hint, "password"), "%s", why.hint);
	cr_assert_not_null(strstr(why.hint, "mechanism"), "%s", why.hint);
}

/* F131 */
Test(advice, warns_of_a_second_copy_when_the_outcome_is_not_known)
{
	struct failure why;

	fail(&why, EX_TEMPFAIL, "x");
	failure_in(&why, FAILURE_DATA);
	why.uncertain = true;
	advice_add(&why);
	cr_assert_not_null(strstr(why.hint, "may have it"), "%s", why.hint);
}
