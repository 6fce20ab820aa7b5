/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "base/arena.h"
#include "smtp/reply.h"
#include "tests/support/script.h"

/* One reader over a transcript of server lines. */
struct reading {
	struct arena *arena;
	struct script *script;
	struct reply_reader reader;
	struct reply reply;
	struct failure why;
};

static struct reading
reading_open(struct text transcript)
{
	struct reading reading = { .arena = arena_open() };

	reading.script = script_open(transcript, reading.arena);
	reading.reader = reply_reader_open(&reading.script->channel);
	return reading;
}

static bool
next(struct reading *reading)
{
	return reply_read(&reading->reader, deadline_after(60000), reading->arena, &reading->reply,
	    &reading->why);
}

static void
reading_close(struct reading *reading)
{
	reply_reader_close(&reading->reader);
	script_close(reading->script);
	arena_close(reading->arena);
}

struct accepted_row {
	const char *label;
	const char *transcript;
	int code;
	const char *enhanced;
	const char *words;
};

static const struct accepted_row accepted_rows[] = {
	{ "one line", "S: 250 fine\n", 250, "", "fine" },
	{ "several lines", "S: 250-one\nS: 250-two\nS: 250 three\n", 250, "", "one two three" },
	{ "no text", "S: 250\n", 250, "", "" },                 /* F112 */
	{ "lf alone", "S| 250 fine\\n\n", 250, "", "fine" },    /* F112 */
	{ "code alone, lf alone", "S| 250\\n\n", 250, "", "" }, /* F112 */
	{ "cr inside", "S: 250 a\\rb\n", 250, "", "a\rb" },     /* F113 */
	{ "cr cr lf", "S| 250 a\\r\\r\\n\n", 250, "", "a\r" },  /* F113 */
	{ "status", "S: 550 5.1.1 nobody\n", 550, "5.1.1", "5.1.1 nobody" },
	{ "status alone", "S: 250 2.0.0\n", 250, "2.0.0", "2.0.0" },
	{ "status of another class", "S: 250 5.1.1 ok\n", 250, "", "5.1.1 ok" }, /* F151 */
	{ "no status", "S: 250 2.0 ok\n", 250, "", "2.0 ok" },                   /* F151 */
	{ "status too long", "S: 250 2.0.1234 ok\n", 250, "", "2.0.1234 ok" },   /* F151 */
	{ "status goes on", "S: 250 2.0.0x ok\n", 250, "", "2.0.0x ok" },
	{ "status on each line", "S: 550-5.7.1 go\nS: 550 5.7.1 away\n", 550, "5.7.1",
	    "5.7.1 go away" },
	{ "8-bit", "S: 250 caf\\xc3\\xa9\n", 250, "", "caf\303\251" }, /* F152 */
	{ "lowest code", "S: 200 x\n", 200, "", "x" },
	{ "highest code", "S: 599 x\n", 599, "", "x" },
};

static void
check_accepted(const struct accepted_row *row, bool dribble)
{
	struct reading reading = reading_open(text_of(row->transcript));

	reading.script->dribble = dribble;
	cr_assert(next(&reading), "%s: %s", row->label, reading.why.what);
	cr_assert_eq(reading.reply.code, row->code, "%s: %d", row->label, reading.reply.code);
	cr_assert_str_eq(reading.reply.enhanced, row->enhanced, "%s", row->label);
	cr_assert(text_is(reading.reply.words, row->words), "%s: '%.*s'", row->label,
	    (int)reading.reply.words.length, reading.reply.words.bytes);
	reading_close(&reading);
}

Test(reply, reads_what_servers_send)
{
	for (size_t i = 0; i < sizeof accepted_rows / sizeof accepted_rows[0]; i++)
		check_accepted(&accepted_rows[i], false);
}

/* F8, F134 */
Test(reply, reads_the_same_byte_by_byte)
{
	for (size_t i = 0; i < sizeof accepted_rows / sizeof accepted_rows[0]; i++)
		check_accepted(&accepted_rows[i], true);
}

struct refused_row {
	const char *label;
	const char *transcript;
	int code;
	const char *what;
};

static const struct refused_row refused_rows[] = {
	{ "nul", "S: 250 a\\0b\n", EX_PROTOCOL, "the server's reply holds a NUL byte" }, /* F110 */
	/* F111 */
	{ "two digits", "S: 25\n", EX_PROTOCOL, "the server sent '25', which is no SMTP reply" },
	{ "four digits", "S: 2500 x\n", EX_PROTOCOL,
	    "the server sent '2500 x', which is no SMTP reply" },
	{ "999", "S: 999 x\n", EX_PROTOCOL, "the server sent '999 x', which is no SMTP reply" },
	{ "199", "S: 199 x\n", EX_PROTOCOL, "the server sent '199 x', which is no SMTP reply" },
	{ "600", "S: 600 x\n", EX_PROTOCOL, "the server sent '600 x', which is no SMTP reply" },
	{ "letters", "S: abc\n", EX_PROTOCOL, "the server sent 'abc', which is no SMTP reply" },
	{ "empty line", "S: \n", EX_PROTOCOL, "the server sent '', which is no SMTP reply" },
	{ "minus first", "S: -250 x\n", EX_PROTOCOL,
	    "the server sent '-250 x', which is no SMTP reply" },
	{ "changing code", "S: 250-a\nS: 354 b\n", EX_PROTOCOL,
	    "the server's reply begins with 250 and goes on with 354" }, /* F114 */
	{ "closed at once", "CLOSE\n", EX_TEMPFAIL, "the server closed the connection" },
	{ "closed in a line", "S| 250 a\nCLOSE\n", EX_TEMPFAIL,
	    "the server closed the connection" },
	{ "closed between lines", "S: 250-a\nCLOSE\n", EX_TEMPFAIL,
	    "the server closed the connection" },
	{ "silence", "STALL\n", EX_TEMPFAIL, "no answer within the time limit" },
	{ "silence in a reply", "S: 250-a\nSTALL\n", EX_TEMPFAIL,
	    "no answer within the time limit" },
	{ "control bytes", "S: \\x1b[2Jhi\n", EX_PROTOCOL,
	    "the server sent '?[2Jhi', which is no SMTP reply" }, /* F17, F152 */
};

Test(reply, refuses_what_is_no_reply)
{
	for (size_t i = 0; i < sizeof refused_rows / sizeof refused_rows[0]; i++) {
		const struct refused_row *row = &refused_rows[i];
		struct reading reading = reading_open(text_of(row->transcript));

		cr_assert(!next(&reading), "%s", row->label);
		cr_assert_eq(reading.why.code, row->code, "%s: %d", row->label, reading.why.code);
		cr_assert_str_eq(reading.why.what, row->what, "%s", row->label);
		reading_close(&reading);
	}
}

static struct buffer
repeated(const char *line, size_t count, const char *last)
{
	struct buffer transcript = buffer_open(0);

	for (size_t i = 0; i < count; i++)
		(void)buffer_add(&transcript, line);
	(void)buffer_add(&transcript, last);
	return transcript;
}

static struct buffer
one_long_line(size_t length, const char *end)
{
	struct buffer transcript = buffer_open(0);

	(void)buffer_add(&transcript, "S| 250 ");
	for (size_t i = 4; i < length; i++)
		(void)buffer_byte(&transcript, 'x');
	(void)buffer_add(&transcript, end);
	return transcript;
}

struct long_row {
	const char *label;
	struct buffer transcript;
	const char *what; /* NULL: accepted */
};

Test(reply, has_limits)
{
	struct long_row rows[] = {
		/* F108 */
		{ "as many lines as may be",
		    repeated("S: 220-x\n", REPLY_LINES_MAX - 1, "S: 220 y\n"), NULL },
		{ "a line too many", repeated("S: 220-x\n", REPLY_LINES_MAX, "S: 220 y\n"),
		    "the server's reply has no end" },
		{ "too much text",
		    repeated("S: 220-012345678901234567890123456789012345678901234567890123456789"
			     "012345678901234567890123456789\n",
			750, "S: 220 y\n"),
		    "the server's reply has no end" },
		/* F109 */
		{ "a line of 513", one_long_line(513, "\\r\\n\n"), NULL },
		{ "a line of 1 KiB", one_long_line(1024, "\\r\\n\n"), NULL },
		{ "a line of 64 KiB", one_long_line(REPLY_LINE_MAX - 1, "\\r\\n\n"), NULL },
		{ "a longer line", one_long_line(REPLY_LINE_MAX + 10, "\\r\\n\n"),
		    "the server's reply has a line over 65536 bytes" },
		{ "a line without end", one_long_line(2 * REPLY_LINE_MAX, "\nSTALL\n"),
		    "the server's reply has a line over 65536 bytes" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct reading reading = reading_open(buffer_text(&rows[i].transcript));
		bool read = next(&reading);

		cr_assert_eq(read, rows[i].what == NULL, "%s: %s", rows[i].label, reading.why.what);
		if (read) {
			cr_assert_leq(reading.reply.words.length, 512, "%s", rows[i].label);
		} else {
			cr_assert_str_eq(reading.why.what, rows[i].what, "%s", rows[i].label);
			cr_assert_eq(reading.why.code, EX_PROTOCOL, "%s", rows[i].label);
		}
		reading_close(&reading);
		buffer_close(&rows[i].transcript);
	}
}

Test(reply, keeps_what_follows_for_the_next)
{
	struct reading reading = reading_open(text_of("S: 250-a\nS: 250 b\nS: 354 c\n"));

	cr_assert(next(&reading));
	cr_assert_eq(reading.reply.line_count, 2);
	cr_assert(next(&reading));
	cr_assert_eq(reading.reply.code, 354);
	cr_assert(text_is(reading.reply.words, "c"));
	reading_close(&reading);
}

Test(reply, tells_whether_bytes_are_pending)
{
	struct reading reading = reading_open(text_of("S: 220 a\nS: 250 injected\n"));

	cr_assert(reply_pending(&reading.reader), "on the channel");
	cr_assert(next(&reading));
	cr_assert(reply_pending(&reading.reader), "in the buffer");
	cr_assert(next(&reading));
	cr_assert(!reply_pending(&reading.reader), "nothing left");
	reading_close(&reading);
}

Test(reply, counts_no_end_of_input_as_pending)
{
	struct reading reading = reading_open(text_of("CLOSE\n"));

	cr_assert(channel_pending(&reading.script->channel));
	cr_assert(!reply_pending(&reading.reader));
	reading_close(&reading);
}

static void
count_line(void *data, struct text line)
{
	struct buffer *seen = data;

	(void)buffer_append(seen, line);
	(void)buffer_byte(seen, '|');
}

Test(reply, shows_each_line_to_the_trace)
{
	struct reading reading = reading_open(text_of("S: 250-a\nS: 250 b\n"));
	struct buffer seen = buffer_open(0);

	reading.reader.trace = count_line;
	reading.reader.trace_data = &seen;
	cr_assert(next(&reading));
	cr_assert(text_is(buffer_text(&seen), "250-a|250 b|"));
	buffer_close(&seen);
	reading_close(&reading);
}

struct failing_row {
	const char *label;
	const char *transcript;
	int code;
	bool temporary;
};

static const struct failing_row failing_rows[] = {
	{ "4xx", "S: 450 4.2.1 later\n", EX_TEMPFAIL, true },
	{ "421", "S: 421 bye\n", EX_TEMPFAIL, true }, /* F119 */
	{ "5xx", "S: 550 5.1.1 never\n", EX_NOUSER, false },
	{ "2xx", "S: 250 why not\n", EX_PROTOCOL, false },
	{ "3xx", "S: 354 go on\n", EX_PROTOCOL, false },
};

Test(reply, becomes_a_failure_with_the_servers_words)
{
	for (size_t i = 0; i < sizeof failing_rows / sizeof failing_rows[0]; i++) {
		const struct failing_row *row = &failing_rows[i];
		struct reading reading = reading_open(text_of(row->transcript));

		cr_assert(next(&reading), "%s", row->label);
		cr_assert(
		    !reply_fail(&reading.reply, EX_NOUSER, &reading.why, "refused '%s'", "me"));
		cr_assert_str_eq(reading.why.what, "refused 'me'", "%s", row->label);
		cr_assert_eq(reading.why.code, row->code, "%s: %d", row->label, reading.why.code);
		cr_assert_eq(reading.why.temporary, row->temporary, "%s", row->label);
		cr_assert_eq(reading.why.smtp_code, reading.reply.code, "%s", row->label);
		cr_assert_str_eq(reading.why.enhanced, reading.reply.enhanced, "%s", row->label);
		cr_assert(text_is(reading.reply.words, reading.why.reply), "%s", row->label);
		reading_close(&reading);
	}
}

/* F152 */
Test(reply, keeps_control_bytes_out_of_failures)
{
	struct reading reading = reading_open(
	    text_of("S: 550 \\x1b]0;pwned\\x07 caf\\xc3\\xa9 \\xff\n"));

	cr_assert(next(&reading));
	cr_assert(!reply_fail(&reading.reply, EX_UNAVAILABLE, &reading.why, "refused"));
	cr_assert_str_eq(reading.why.reply, "?]0;pwned? caf\303\251 ?");
	reading_close(&reading);
}

struct hidden_row {
	const char *line;
	const char *shown;
};

/* F102 */
static const struct hidden_row hidden_rows[] = {
	{ "500 unrecognized command: 'AUTH PLAIN AHVzZXI='", "500 ***" },
	{ "535 5.7.8 secret is wrong", "535 5.7.8 ***" },
	{ "535-5.7.8 secret", "535-5.7.8 ***" },
	{ "535 4.7.8 another class", "535 ***" },
	{ "334 c2VjcmV0", "334 ***" },
	{ "334 ", "334 ***" },
	{ "235", "235 ***" },
	{ "AHVzZXI=", "***" },
	{ "53", "***" },
	{ "", "***" },
};

Test(reply, hides_all_but_the_status)
{
	for (size_t i = 0; i < sizeof hidden_rows / sizeof hidden_rows[0]; i++) {
		const struct hidden_row *row = &hidden_rows[i];
		char shown[REPLY_HIDDEN_MAX];

		cr_assert_str_eq(
		    reply_hide(text_of(row->line), shown), row->shown, "%s: %s", row->line, shown);
	}
}
