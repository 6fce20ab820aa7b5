/* SPDX-License-Identifier: ISC */
/*
 * How far a message has come, as one line of a terminal that is drawn over again.  Knows neither
 * the terminal nor the clock.
 */
#ifndef RELAY_FLOW_PROGRESS_H
#define RELAY_FLOW_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/* Who takes less is not worth a line. */
#define PROGRESS_PATIENCE_MS 1000
#define PROGRESS_INTERVAL_MS 100

struct progress {
	size_t columns;   /* of the terminal */
	int64_t began_ms; /* of the message on its way; 0: none is */
	int64_t drawn_ms; /* 0: nothing stands there */
};

/*
 * `sent` of `total` bytes are on their way at `now_ms` of any clock that is never 0.  Adds to
 * `out` what is to be written, if anything: nothing before a message has taken a second, and no
 * more than ten lines a second.  With `total` 0 the message is over, and the line goes.
 */
void progress_step(
    struct progress *progress, uint64_t sent, uint64_t total, int64_t now_ms, struct buffer *out);

#endif
