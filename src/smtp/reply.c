/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

#define READ_SIZE ((size_t)4096)
#define WORDS_MAX ((size_t)512)
#define SHOWN_MAX ((size_t)80)
#define SENTENCE_MAX 768

/* One line of a reply, taken apart. */
struct reply_line {
	int code;
	bool last;
	struct text text;
};

struct reply_reader
reply_reader_open(struct channel *channel)
{
	return (struct reply_reader){ .channel = channel, .input = buffer_open(0) };
}

void
reply_reader_close(struct reply_reader *reader)
{
	buffer_close(&reader->input);
}

static bool
fill(struct reply_reader *reader, struct deadline deadline, struct failure *why)
{
	struct buffer *input = &reader->input;
	size_t got = 0;
	char *to;

	(void)buffer_room(input, READ_SIZE);
	to = input->bytes + input->length;
	if (!channel_read(reader->channel, to, READ_SIZE, &got, deadline, why))
		return false;
	if (got == 0)
		return fail(why, EX_TEMPFAIL, "the server closed the connection");
	input->length += got;
	return true;
}

/* Makes sure that the buffer begins with a whole line; *end is where its LF stands. */
static bool
fill_line(struct reply_reader *reader, struct deadline deadline, size_t *end, struct failure *why)
{
	size_t searched = 0;

	for (;;) {
		struct text unread = buffer_text(&reader->input);
		struct text new = text_slice(unread, searched, unread.length);
		size_t at = text_find(new, '\n');

		if (at < new.length && searched + at <= REPLY_LINE_MAX) {
			*end = searched + at;
			return true;
		}
		if (unread.length > REPLY_LINE_MAX)
			return fail(why, EX_PROTOCOL,
			    "the server's reply has a line over %zu bytes", REPLY_LINE_MAX);
		searched = unread.length;
		if (!fill(reader, deadline, why))
			return false;
	}
}

static bool
digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
parse_line(struct text line, struct reply_line *parsed)
{
	if (line.length < 3 || (line.length > 3 && line.bytes[3] != ' ' && line.bytes[3] != '-'))
		return false;
	if (line.bytes[0] < '2' || line.bytes[0] > '5' || !digit(line.bytes[1])
	    || !digit(line.bytes[2]))
		return false;
	parsed->code = (line.bytes[0] - '0') * 100 + (line.bytes[1] - '0') * 10
	    + (line.bytes[2] - '0');
	parsed->last = line.length == 3 || line.bytes[3] == ' ';
	parsed->text = text_slice(line, 4, line.length);
	return true;
}

static bool
judge_line(struct text line, struct reply_line *parsed, struct failure *why)
{
	char shown[SHOWN_MAX];

	if (text_find(line, '\0') < line.length)
		return fail(why, EX_PROTOCOL, "the server's reply holds a NUL byte");
	if (!parse_line(line, parsed))
		return fail(why, EX_PROTOCOL, "the server sent '%s', which is no SMTP reply",
		    text_printable(line, shown, sizeof shown));
	return true;
}

static bool
read_line(struct reply_reader *reader, struct deadline deadline, struct arena *arena,
    struct reply_line *parsed, struct failure *why)
{
	struct text line;
	size_t end = 0;

	if (!fill_line(reader, deadline, &end, why))
		return false;
	line = text_slice(buffer_text(&reader->input), 0, end);
	if (end > 0 && line.bytes[end - 1] == '\r')
		line.length--;
	line = text_copy(line, arena);
	if (reader->trace != NULL)
		reader->trace(reader->trace_data, line);
	/* What is refused stays in the buffer, for who wants to know what it was instead. */
	if (!judge_line(line, parsed, why))
		return false;
	buffer_drop(&reader->input, end + 1);
	return true;
}

/* Digits from `at` on: 1 to `most` of them, else 0. */
static size_t
digits(struct text text, size_t at, size_t most)
{
	size_t count = 0;

	while (at + count < text.length && digit(text.bytes[at + count]))
		count++;
	return count > most ? 0 : count;
}

/* Length of the enhanced status (RFC 3463) of class `hundred` at the start; 0: none. */
static size_t
enhanced_length(struct text text, int hundred)
{
	size_t subject;
	size_t detail;
	size_t length;

	if (text.length < 5 || text.bytes[0] != '0' + hundred || text.bytes[1] != '.')
		return 0;
	subject = digits(text, 2, 3);
	if (subject == 0 || 2 + subject >= text.length || text.bytes[2 + subject] != '.')
		return 0;
	detail = digits(text, 3 + subject, 3);
	length = 3 + subject + detail;
	if (detail == 0 || (length < text.length && !text_blank(text.bytes[length])))
		return 0;
	return length;
}

/* Servers repeat the enhanced status on every line: once is enough to read. */
static struct text
without_status(const struct reply *reply, size_t number)
{
	struct text line = reply->lines[number];

	if (number > 0 && reply->enhanced[0] != '\0'
	    && enhanced_length(line, reply->code / 100) == strlen(reply->enhanced)
	    && text_starts_fold(line, reply->enhanced))
		return text_trim(text_slice(line, strlen(reply->enhanced), line.length));
	return line;
}

static struct text
join(const struct reply *reply, struct arena *arena)
{
	struct buffer joined = buffer_open(0);
	struct text words;

	for (size_t i = 0; i < reply->line_count && joined.length < WORDS_MAX; i++) {
		struct text line = without_status(reply, i);

		if (joined.length > 0 && line.length > 0)
			(void)buffer_byte(&joined, ' ');
		(void)buffer_append(&joined, line);
	}
	words = text_copy(text_slice(buffer_text(&joined), 0, WORDS_MAX), arena);
	buffer_close(&joined);
	return words;
}

static void
finish(struct reply *reply, struct arena *arena)
{
	struct text first = reply->lines[0];
	size_t length = enhanced_length(first, reply->code / 100);

	memcpy(reply->enhanced, first.bytes, length);
	reply->words = join(reply, arena);
}

bool
reply_read(struct reply_reader *reader, struct deadline deadline, struct arena *arena,
    struct reply *reply, struct failure *why)
{
	struct reply read = { 0 };
	struct reply_line line = { 0 };
	size_t capacity = 0;
	size_t total = 0;

	while (!line.last) {
		if (!read_line(reader, deadline, arena, &line, why))
			return false;
		if (read.line_count > 0 && line.code != read.code)
			return fail(why, EX_PROTOCOL,
			    "the server's reply begins with %d and goes on with %d", read.code,
			    line.code);
		total += line.text.length;
		if (read.line_count == REPLY_LINES_MAX || total > REPLY_TEXT_MAX)
			return fail(why, EX_PROTOCOL, "the server's reply has no end");
		read.code = line.code;
		read.lines = arena_grow(
		    arena, read.lines, read.line_count, &capacity, sizeof *read.lines);
		read.lines[read.line_count++] = line.text;
	}
	finish(&read, arena);
	*reply = read;
	return true;
}

bool
reply_pending(struct reply_reader *reader)
{
	struct failure ignored;

	/* What a TLS channel has at hand may be a session ticket, and what a plain one has
	 * may be the end of input: only bytes count, so they are fetched. */
	if (reader->input.length == 0 && channel_pending(reader->channel))
		(void)fill(reader, deadline_after(0), &ignored);
	return reader->input.length > 0;
}

const char *
reply_hide(struct text line, char shown[REPLY_HIDDEN_MAX])
{
	struct reply_line parsed;
	size_t status;

	if (!parse_line(line, &parsed)) {
		(void)snprintf(shown, REPLY_HIDDEN_MAX, "***");
		return shown;
	}
	status = enhanced_length(parsed.text, parsed.code / 100);
	(void)snprintf(shown, REPLY_HIDDEN_MAX, "%d%c%.*s%s***", parsed.code,
	    parsed.last ? ' ' : '-', (int)status, parsed.text.bytes, status > 0 ? " " : "");
	return shown;
}

bool
reply_is(const struct reply *reply, int hundred)
{
	return reply->code / 100 == hundred;
}

static int
status_of(const struct reply *reply, int code)
{
	if (reply_is(reply, 4))
		return EX_TEMPFAIL;
	return reply_is(reply, 5) ? code : EX_PROTOCOL;
}

bool
reply_fail(const struct reply *reply, int code, struct failure *why, const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(sentence, sizeof sentence, format, list);
	va_end(list);
	(void)fail(why, status_of(reply, code), "%s", sentence);
	return failure_reply(why, reply->code, reply->enhanced, reply->words);
}
