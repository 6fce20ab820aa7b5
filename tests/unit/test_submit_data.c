/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "smtp/submit_data.h"
#include "tests/support/play.h"

#define A "a@there.example"
#define HEADER "Subject: x\r\n"
#define LINES 12000
#define LARGE 60000

/* Lines of several lengths, every third with a dot in front. */
static struct buffer
body_of(size_t lines)
{
	struct buffer body = buffer_open(0);

	for (size_t i = 0; i < lines; i++)
		(void)buffer_print(&body, "%sline %zu %.*s\r\n", i % 3 == 0 ? "." : "", i,
		    (int)(i % 20), "....................");
	return body;
}

/* What the server ends up with: header, blank line, body. */
static struct buffer
message_of(const struct buffer *body)
{
	struct buffer message = buffer_open(0);

	(void)buffer_add(&message, HEADER "\r\n");
	(void)buffer_append(&message, buffer_text(body));
	return message;
}

/* What a receiver makes of DATA (RFC 5321 4.5.2). */
static struct buffer
unstuffed(struct text data)
{
	struct buffer plain = buffer_open(0);

	while (data.length > 0 && !text_is(data, ".\r\n")) {
		size_t end = text_find(data, '\n') + 1;

		(void)buffer_append(&plain, text_slice(data, data.bytes[0] == '.' ? 1 : 0, end));
		data = text_slice(data, end, data.length);
	}
	return plain;
}

static struct buffer
transcript_of(const char *capability, const char *flight, const char *rest)
{
	struct buffer transcript = buffer_open(0);

	(void)buffer_print(&transcript,
	    "TLS\nS: 220 x\nC: EHLO client.example\nS: 250-x\n"
	    "S: 250-PIPELINING\nS: 250 %s\nC: MAIL FROM:<me@here.example>\n"
	    "C: RCPT TO:<a@there.example>\n%s%s",
	    capability, flight, rest);
	return transcript;
}

/* The body comes from a descriptor, so that a large one is in a file. */
static void
read_message_from(struct play *play, const struct buffer *message)
{
	struct message_source source = { .temporary = "/tmp" };

	cr_assert(file_temporary("/tmp", &source.fd, &play->why), "%s", play->why.what);
	cr_assert(file_write(source.fd, buffer_text(message), &play->why), "%s", play->why.what);
	cr_assert_eq(lseek(source.fd, 0, SEEK_SET), 0);
	cr_assert(
	    message_read(&source, play->arena, &play->message, &play->why), "%s", play->why.what);
	(void)close(source.fd);
}

static void
check_writes(const struct play *play, const char *label)
{
	size_t expected = play->script->data_sent.length / SUBMIT_DATA_BLOCK + 4;

	cr_assert_leq(
	    play->script->writes, expected, "%s: %zu writes", label, play->script->writes);
}

static void
check_data(size_t lines, const char *label)
{
	struct buffer body = body_of(lines);
	struct buffer message = message_of(&body);
	struct buffer transcript = transcript_of(
	    "DSN", "C: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\n", "C: <data>\nS: 250 ok\nC: QUIT\n");
	struct buffer received;
	struct play play;

	play_open_text(&play, buffer_text(&transcript));
	play_add(&play, A);
	read_message_from(&play, &message);
	cr_assert(play_submit(&play), "%s: %s", label, play.why.what);
	received = unstuffed(buffer_text(&play.script->data_sent));
	cr_assert(text_equal(buffer_text(&received), buffer_text(&message)), "%s", label);
	check_writes(&play, label);
	cr_assert_str_eq(play_end(&play), "", "%s", label);
	buffer_close(&body);
	buffer_close(&message);
	buffer_close(&transcript);
	buffer_close(&received);
	play_close(&play);
}

Test(submit_data, brings_a_message_whole_by_data)
{
	check_data(0, "empty");
	check_data(1, "one line");
	check_data(LINES, "in memory");
	check_data(LARGE, "in a file");
}

static void
check_chunk(size_t lines, const char *label)
{
	struct buffer body = body_of(lines);
	struct buffer message = message_of(&body);
	struct buffer rest = buffer_open(0);
	struct buffer transcript;
	struct play play;

	(void)buffer_print(
	    &rest, "C: BDAT %zu LAST\nC: <chunk>\nS: 250 ok\nC: QUIT\n", message.length);
	(void)buffer_byte(&rest, '\0');
	transcript = transcript_of("CHUNKING", "S: 250 ok\nS: 250 ok\n", rest.bytes);
	play_open_text(&play, buffer_text(&transcript));
	play_add(&play, A);
	read_message_from(&play, &message);
	cr_assert(play_submit(&play), "%s: %s", label, play.why.what);
	cr_assert(
	    text_equal(buffer_text(&play.script->data_sent), buffer_text(&message)), "%s", label);
	check_writes(&play, label);
	cr_assert_str_eq(play_end(&play), "", "%s", label);
	buffer_close(&body);
	buffer_close(&message);
	buffer_close(&rest);
	buffer_close(&transcript);
	play_close(&play);
}

Test(submit_data, brings_a_large_message_whole_by_bdat)
{
	check_chunk(LINES, "in memory");
	check_chunk(LARGE, "in a file");
}

struct early_row {
	const char *file;
	const char *verdicts;
	int smtp_code;
	const char *what;
};

/* F133 */
static const struct early_row early_rows[] = {
	{ "submit-early-552.smtp", "refused 69", 552, "the server refused the message" },
	{ "submit-early-552-chunked.smtp", "refused 69", 552, "the server refused the message" },
	{ "submit-early-250.smtp", "deferred 75", 250,
	    "the server's replies are out of step with the commands" }, /* F135 */
};

Test(submit_data, stops_when_the_server_answers_early)
{
	struct buffer body = body_of(LINES);
	struct buffer message = message_of(&body);

	for (size_t i = 0; i < sizeof early_rows / sizeof early_rows[0]; i++) {
		const struct early_row *row = &early_rows[i];
		struct play play;

		play_open(&play, row->file);
		play_add(&play, A);
		read_message_from(&play, &message);
		cr_assert(!play_submit(&play), "%s", row->file);
		cr_assert_str_eq(play_verdicts(&play), row->verdicts, "%s", row->file);
		cr_assert_str_eq(play.why.what, row->what, "%s", row->file);
		cr_assert_eq(play.why.smtp_code, row->smtp_code, "%s", row->file);
		cr_assert(play.session->broken, "%s", row->file);
		cr_assert_str_eq(play_end(&play), "", "%s", row->file);
		play_close(&play);
	}
	buffer_close(&body);
	buffer_close(&message);
}

/* A message that shrinks under way must not be ended: the server would take it for whole. */
Test(submit_data, never_ends_a_message_that_is_cut)
{
	struct buffer body = body_of(LARGE);
	struct buffer message = message_of(&body);
	struct buffer transcript = transcript_of(
	    "DSN", "C: DATA\nS: 250 ok\nS: 250 ok\nS: 354 go\n", "C: <data>\n");
	struct play play;

	play_open_text(&play, buffer_text(&transcript));
	play_add(&play, A);
	read_message_from(&play, &message);
	cr_assert_geq(play.message.body_fd, 0, "the body should be in a file");
	cr_assert_eq(ftruncate(play.message.body_fd, 700000), 0);
	cr_assert(!play_submit(&play));
	cr_assert_eq(play.why.code, EX_IOERR, "%s", play.why.what);
	cr_assert(play.session->broken);
	cr_assert(
	    memmem(play.script->data_sent.bytes, play.script->data_sent.length, "\r\n.\r\n", 5)
	    == NULL);
	buffer_close(&body);
	buffer_close(&message);
	buffer_close(&transcript);
	play_close(&play);
}

static void
note(void *data, bool client, struct text line)
{
	if (client)
		(void)buffer_print(data, "%.*s\n", (int)line.length, line.bytes);
}

Test(submit_data, traces_commands_and_no_message)
{
	static const char *const files[] = { "submit-chunking.smtp",
		"submit-chunking-lockstep.smtp", "submit-pipelining.smtp" };

	for (size_t i = 0; i < 3; i++) {
		struct buffer trace = buffer_open(0);
		struct play play;

		play_open(&play, files[i]);
		play_add(&play, A " b@there.example");
		play.rule.trace = note;
		play.rule.trace_data = &trace;
		cr_assert(play_submit(&play), "%s: %s", files[i], play.why.what);
		cr_assert(text_is(buffer_text(&trace),
			      i == 2 ? "MAIL FROM:<me@here.example>\nRCPT TO:<a@there.example>\n"
				       "RCPT TO:<b@there.example>\nDATA\n"
				     : "MAIL FROM:<me@here.example>\nRCPT TO:<a@there.example>\n"
				       "RCPT TO:<b@there.example>\nBDAT 21 LAST\n"),
		    "%s: %.*s", files[i], (int)trace.length, trace.bytes);
		play_close(&play);
		buffer_close(&trace);
	}
}
