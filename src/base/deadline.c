/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/deadline.h"

#include <limits.h>
#include <time.h>

int64_t
deadline_now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return 1;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

struct deadline
deadline_after(int64_t ms)
{
	int64_t at_ms;

	if (__builtin_add_overflow(deadline_now_ms(), ms, &at_ms))
		at_ms = INT64_MAX;
	/* 0 means never, and what is past may be any moment of the past. */
	return (struct deadline){ .at_ms = at_ms < 1 ? 1 : at_ms };
}

struct deadline
deadline_never(void)
{
	return (struct deadline){ .at_ms = 0 };
}

struct deadline
deadline_earlier(struct deadline a, struct deadline b)
{
	if (a.at_ms == 0)
		return b;
	if (b.at_ms == 0)
		return a;
	return a.at_ms < b.at_ms ? a : b;
}

int
deadline_left_ms(struct deadline deadline)
{
	int64_t left;

	if (deadline.at_ms == 0)
		return -1;
	left = deadline.at_ms - deadline_now_ms();
	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

bool
deadline_passed(struct deadline deadline)
{
	return deadline_left_ms(deadline) == 0;
}
