/* SPDX-License-Identifier: ISC */
/*
 * A moment by which something must be done, on the monotonic clock, so that a
 * peer that drips bytes cannot stretch a limit and a clock set by hand cannot
 * shorten it.
 */
#ifndef RELAY_BASE_DEADLINE_H
#define RELAY_BASE_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

struct deadline {
	int64_t at_ms; /* monotonic; 0 means never */
};

/* `ms` milliseconds from now. */
struct deadline deadline_after(int64_t ms);

/* One that does not come. */
struct deadline deadline_never(void);

/* The earlier of two. */
struct deadline deadline_earlier(struct deadline a, struct deadline b);

/* Milliseconds left in poll()'s form: 0 when it has passed, -1 for never. */
int deadline_left_ms(struct deadline deadline);

/* Has it passed? */
bool deadline_passed(struct deadline deadline);

/* The monotonic clock in milliseconds, never 0. */
int64_t deadline_now_ms(void);

#endif
