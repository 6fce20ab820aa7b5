/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/buffer.h"
#include "flow/progress.h"

#define TOTAL ((uint64_t)50000000)

/* What is written at a moment, as a string. */
static const char *
step(struct progress *progress, uint64_t sent, uint64_t total, int64_t now_ms, struct buffer *out)
{
	buffer_clear(out);
	progress_step(progress, sent, total, now_ms, out);
	(void)buffer_byte(out, '\0');
	return out->bytes;
}

Test(progress, is_silent_about_what_is_done_within_a_second)
{
	struct progress progress = { .columns = 80 };
	struct buffer out = buffer_open(0);

	cr_assert_str_eq(step(&progress, 0, TOTAL, 1, &out), "");
	cr_assert_str_eq(step(&progress, TOTAL - 1, TOTAL, 1000, &out), "");
	cr_assert_str_eq(step(&progress, 0, 0, 1001, &out), "");
	buffer_close(&out);
}

Test(progress, tells_bytes_and_rate_and_the_time_left)
{
	struct progress progress = { .columns = 80 };
	struct buffer out = buffer_open(0);
	const char *line;

	(void)step(&progress, 0, TOTAL, 1, &out);
	line = step(&progress, TOTAL / 4, TOTAL, 10001, &out);
	cr_assert_eq(line[0], '\r');
	cr_assert_not_null(strstr(line, " 25% [========   "), "%s", line);
	cr_assert_not_null(strstr(line, "12.5 of 50.0 MB, 1.2 MB/s, 0:30 left"), "%s", line);
	buffer_close(&out);
}

Test(progress, fits_into_any_terminal)
{
	for (size_t columns = 0; columns < 200; columns++) {
		struct progress progress = { .columns = columns };
		struct buffer out = buffer_open(0);

		(void)step(&progress, 0, TOTAL, 1, &out);
		(void)step(&progress, TOTAL / 3, TOTAL, 5001, &out);
		cr_assert_leq(strlen(out.bytes), columns, "%zu", columns);
		(void)step(&progress, 0, 0, 5002, &out);
		cr_assert_leq(strlen(out.bytes), columns + 1, "%zu", columns);
		buffer_close(&out);
	}
}

Test(progress, draws_ten_times_a_second_at_most)
{
	struct progress progress = { .columns = 80 };
	struct buffer out = buffer_open(0);

	(void)step(&progress, 0, TOTAL, 1, &out);
	cr_assert_str_neq(step(&progress, 1000, TOTAL, 2000, &out), "");
	cr_assert_str_eq(step(&progress, 2000, TOTAL, 2099, &out), "");
	cr_assert_str_neq(step(&progress, 3000, TOTAL, 2100, &out), "");
	buffer_close(&out);
}

Test(progress, leaves_an_empty_line)
{
	struct progress progress = { .columns = 10 };
	struct buffer out = buffer_open(0);

	(void)step(&progress, 0, TOTAL, 1, &out);
	(void)step(&progress, 1000, TOTAL, 2000, &out);
	cr_assert_str_eq(step(&progress, 0, 0, 2001, &out), "\r         \r");
	cr_assert_str_eq(step(&progress, 0, 0, 2002, &out), "");
	buffer_close(&out);
}

Test(progress, begins_anew_with_the_next_server)
{
	struct progress progress = { .columns = 80 };
	struct buffer out = buffer_open(0);

	(void)step(&progress, 0, TOTAL, 1, &out);
	(void)step(&progress, 0, 0, 5000, &out);
	cr_assert_str_eq(step(&progress, 1000, TOTAL, 5001, &out), "");
	buffer_close(&out);
}
