/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <limits.h>

#include "base/deadline.h"

Test(deadline, has_a_clock_that_does_not_go_back)
{
	int64_t last = deadline_now_ms();

	cr_assert_gt(last, 0);
	for (size_t i = 0; i < 1000; i++) {
		int64_t now = deadline_now_ms();

		cr_assert_geq(now, last);
		last = now;
	}
}

Test(deadline, counts_down)
{
	struct deadline deadline = deadline_after(100000);
	int left = deadline_left_ms(deadline);

	cr_assert_leq(left, 100000);
	cr_assert_gt(left, 50000);
	cr_assert_not(deadline_passed(deadline));
}

Test(deadline, has_passed_when_nothing_is_left)
{
	cr_assert_eq(deadline_left_ms(deadline_after(0)), 0);
	cr_assert(deadline_passed(deadline_after(0)));
	cr_assert(deadline_passed(deadline_after(-5)));
	cr_assert(deadline_passed(deadline_after(INT64_MIN)));
	cr_assert(deadline_passed(deadline_after(-deadline_now_ms())), "not taken for never");
}

Test(deadline, may_never_come)
{
	cr_assert_eq(deadline_left_ms(deadline_never()), -1);
	cr_assert_not(deadline_passed(deadline_never()));
}

Test(deadline, does_not_overflow)
{
	cr_assert_eq(deadline_left_ms(deadline_after(INT64_MAX)), INT_MAX);
	cr_assert_eq(deadline_left_ms(deadline_after((int64_t)INT_MAX + 100000)), INT_MAX);
}

Test(deadline, takes_the_earlier_of_two)
{
	struct deadline soon = deadline_after(1000);
	struct deadline late = deadline_after(5000);
	struct deadline never = deadline_never();

	cr_assert_eq(deadline_earlier(soon, late).at_ms, soon.at_ms);
	cr_assert_eq(deadline_earlier(late, soon).at_ms, soon.at_ms);
	cr_assert_eq(deadline_earlier(never, late).at_ms, late.at_ms);
	cr_assert_eq(deadline_earlier(late, never).at_ms, late.at_ms);
	cr_assert_eq(deadline_earlier(never, never).at_ms, never.at_ms);
}
