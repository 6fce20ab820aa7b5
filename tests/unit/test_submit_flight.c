/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "smtp/submit_flight.h"
#include "tests/support/play.h"

/* A transcript in which `count` recipients, with names padded to `width`, come in flights of
 * `flight`, and DATA with the last. */
static struct buffer
transcript_of(size_t count, size_t flight, int width)
{
	struct buffer transcript = buffer_open(0);
	size_t sent = 0;

	(void)buffer_add(&transcript,
	    "TLS\nS: 220 x\nC: EHLO client.example\nS: 250-x\n"
	    "S: 250 PIPELINING\nC: MAIL FROM:<me@here.example>\n");
	while (sent < count) {
		size_t many = count - sent < flight ? count - sent : flight;

		for (size_t i = 0; i < many; i++)
			(void)buffer_print(
			    &transcript, "C: RCPT TO:<%0*zu@there.example>\n", width, sent + i);
		if (sent + many == count)
			(void)buffer_add(&transcript, "C: DATA\n");
		for (size_t i = 0; i < many + (sent == 0 ? 1 : 0); i++)
			(void)buffer_add(&transcript, "S: 250 2.1.5 ok\n");
		sent += many;
	}
	(void)buffer_add(&transcript, "S: 354 go\nC: <data>\nS: 250 ok\nC: QUIT\n");
	return transcript;
}

struct row {
	const char *label;
	size_t count;
	size_t flight;
	int width;
	size_t writes;
};

static const struct row rows[] = {
	{ "one flight", 500, 500, 5, 2 },
	{ "one more than fits", 501, 500, 5, 3 },
	{ "three flights", 1200, 500, 5, 4 },
	{ "three full flights", 1500, 500, 5, 4 },
	/* Lines of 830 bytes: the one that passes 48 KiB is the last of its flight. */
	{ "long names", 100, 60, 804, 3 },
};

Test(submit_flight, holds_what_fits_in_socket_buffers)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct buffer transcript = transcript_of(row->count, row->flight, row->width);
		struct play play;

		play_open_text(&play, buffer_text(&transcript));
		for (size_t number = 0; number < row->count; number++)
			play_add(&play,
			    arena_print(play.arena, "%0*zu@there.example", row->width, number));
		cr_assert(play_submit(&play), "%s: %s", row->label, play.why.what);
		cr_assert_eq(play.script->writes, row->writes, "%s: %zu writes", row->label,
		    play.script->writes);
		cr_assert_eq(
		    report_count(&play.report, VERDICT_DELIVERED), row->count, "%s", row->label);
		cr_assert_str_eq(play_end(&play), "", "%s", row->label);
		buffer_close(&transcript);
		play_close(&play);
	}
}

struct path_row {
	const char *label;
	const char *address;
	bool smtputf8;
	const char *path; /* NULL: refused */
};

static const struct path_row path_rows[] = {
	{ "plain", "a@b.example", false, "a@b.example" },
	{ "domain", "a@b\303\274cher.example", false, "a@xn--bcher-kva.example" }, /* F141 */
	{ "domain, smtputf8", "a@b\303\274cher.example", true, "a@xn--bcher-kva.example" },
	{ "local part", "\303\251@b.example", false, NULL }, /* F142 */
	{ "local part, smtputf8", "\303\251@b.example", true, "\303\251@b.example" },
	{ "no name", "a@\377.example", false, NULL },
};

Test(submit_flight, writes_addresses_as_the_server_can_read_them)
{
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof path_rows / sizeof path_rows[0]; i++) {
		const struct path_row *row = &path_rows[i];
		struct session session = { .arena = arena,
			.capability = { .smtputf8 = row->smtputf8 } };
		struct text path = text_of(NULL);
		struct failure why = { .code = 0 };
		bool done = submit_flight_path(&session, play_address(row->address), &path, &why);

		cr_assert_eq(done, row->path != NULL, "%s: %s", row->label, why.what);
		if (done)
			cr_assert(text_is(path, row->path), "%s: %.*s", row->label,
			    (int)path.length, path.bytes);
		else
			cr_assert_eq(why.code, EX_DATAERR, "%s", row->label);
	}
	arena_close(arena);
}

/* An address that cannot stand in a command is settled alone. */
Test(submit_flight, passes_over_a_recipient_that_cannot_be_sent)
{
	struct play play;

	play_open(&play, "submit-idn-domain.smtp");
	play_add(&play, "b@\377.example a@b\303\274cher.example");
	cr_assert(play_submit(&play), "%s", play.why.what);
	cr_assert_str_eq(play_verdicts(&play), "refused 65, delivered");
	cr_assert_str_eq(play_end(&play), "");
	play_close(&play);
}
