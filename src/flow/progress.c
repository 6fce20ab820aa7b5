/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/progress.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

#define WORDS_MAX 80
#define BAR_LEAST 10
#define BAR_MOST 60

struct amount {
	double number;
	const char *unit;
};

static struct amount
amount_of(double bytes)
{
	if (bytes >= 1e9)
		return (struct amount){ bytes / 1e9, "GB" };
	if (bytes >= 1e6)
		return (struct amount){ bytes / 1e6, "MB" };
	return (struct amount){ bytes / 1e3, "kB" };
}

/* "12.3 of 50.0 MB, 1.2 MB/s, 0:31 left" */
static void
describe(uint64_t sent, uint64_t total, int64_t elapsed_ms, char words[WORDS_MAX])
{
	double rate = (double)sent * 1000 / (double)(elapsed_ms > 0 ? elapsed_ms : 1);
	double left_s = rate > 0 ? (double)(total - sent) / rate : 0;
	struct amount whole = amount_of((double)total);
	struct amount speed = amount_of(rate);
	double part = (double)sent * (whole.number / (double)total);
	int used = snprintf(words, WORDS_MAX, "%.1f of %.1f %s, %.1f %s/s", part, whole.number,
	    whole.unit, speed.number, speed.unit);

	/* Beyond a hundred hours nobody believes it. */
	if (used > 0 && used < WORDS_MAX && rate > 0 && left_s < 360000)
		(void)snprintf(words + used, (size_t)(WORDS_MAX - used), ", %d:%02d left",
		    (int)left_s / 60, (int)left_s % 60);
}

static void
add_bar(uint64_t sent, uint64_t total, size_t room, struct buffer *out)
{
	size_t width = room > BAR_MOST ? BAR_MOST : room;
	size_t full = (size_t)((double)sent / (double)total * (double)width);

	(void)buffer_byte(out, '[');
	for (size_t i = 0; i < width; i++)
		(void)buffer_byte(out, i < full ? '=' : ' ');
	(void)buffer_add(out, "] ");
}

/* The last column stays free: terminals differ in what follows when it is written to. */
static void
draw(const struct progress *progress, uint64_t sent, uint64_t total, int64_t now_ms,
    struct buffer *out)
{
	struct buffer line = buffer_open(0);
	char words[WORDS_MAX];
	size_t fixed;

	describe(sent, total, now_ms - progress->began_ms, words);
	(void)buffer_print(&line, "%3d%% ", (int)((double)sent / (double)total * 100));
	fixed = line.length + strlen(words) + 4;
	if (progress->columns > fixed + BAR_LEAST)
		add_bar(sent, total, progress->columns - fixed, &line);
	(void)buffer_add(&line, words);
	(void)buffer_byte(out, '\r');
	(void)buffer_append(out, text_slice(buffer_text(&line), 0, progress->columns - 1));
	/* What was there before may have been longer. */
	for (size_t at = line.length; at + 1 < progress->columns; at++)
		(void)buffer_byte(out, ' ');
	buffer_close(&line);
}

static void
wipe(const struct progress *progress, struct buffer *out)
{
	(void)buffer_byte(out, '\r');
	for (size_t i = 0; i + 1 < progress->columns; i++)
		(void)buffer_byte(out, ' ');
	(void)buffer_byte(out, '\r');
}

void
progress_step(
    struct progress *progress, uint64_t sent, uint64_t total, int64_t now_ms, struct buffer *out)
{
	if (total == 0) {
		if (progress->drawn_ms != 0)
			wipe(progress, out);
		progress->began_ms = 0;
		progress->drawn_ms = 0;
		return;
	}
	if (progress->columns < 2)
		return;
	if (progress->began_ms == 0)
		progress->began_ms = now_ms;
	if (now_ms - progress->began_ms < PROGRESS_PATIENCE_MS
	    || (progress->drawn_ms != 0 && now_ms - progress->drawn_ms < PROGRESS_INTERVAL_MS))
		return;
	draw(progress, sent < total ? sent : total, total, now_ms, out);
	progress->drawn_ms = now_ms;
}
