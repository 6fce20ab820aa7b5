/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/assembly.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

/* What is no field by then is none: a body in one line must not be taken for a long header. */
#define JUDGED_LENGTH 1024

/* Input is taken in steps of this size, so that a large one needs no large buffer. */
#define STEP ((size_t)128 * 1024)

struct assembly
assembly_start(size_t header_limit, uint64_t size_limit, const char *temporary)
{
	return (struct assembly){
		.message = { .body_fd = -1 },
		.header = buffer_open(header_limit),
		.size_limit = size_limit,
		.temporary = temporary,
	};
}

void
assembly_close(struct assembly *assembly)
{
	buffer_close(&assembly->header);
	message_close(&assembly->message);
}

static bool
write_out(struct assembly *assembly, struct failure *why)
{
	struct message *message = &assembly->message;

	if (!file_write(message->body_fd, buffer_text(&message->body), why)) {
		/* The disk is full today: the same message may go later. */
		why->code = EX_TEMPFAIL;
		why->temporary = true;
		failure_at(why, "%s", assembly->temporary == NULL ? "/tmp" : assembly->temporary);
		return failure_hint(why, "set TMPDIR to a directory with room");
	}
	/* Not buffer_clear(): wiping each block would cost as much as writing it. */
	message->body.length = 0;
	return true;
}

static bool
store(struct assembly *assembly, struct failure *why)
{
	struct message *message = &assembly->message;

	if (message->remainder.left)
		message->body.length = assembly->kept;
	if (assembly->leaves)
		return true;
	if (message->body_fd < 0 && message->body.length <= MESSAGE_MEMORY_MAX)
		return true;
	if (message->body_fd < 0 && !file_temporary(assembly->temporary, &message->body_fd, why))
		return false;
	return write_out(assembly, why);
}

static bool
check_size(const struct assembly *assembly, struct failure *why)
{
	const struct message *message = &assembly->message;
	uint64_t size = message->header_content.size_bytes + message->body_content.size_bytes;

	/* The blank line counts, as in message_size(). */
	size += assembly->state == ASSEMBLY_BODY ? 2 : 0;
	if (assembly->size_limit == 0 || size <= assembly->size_limit)
		return true;
	fail(why, EX_DATAERR, "the message is larger than %" PRIu64 " bytes", assembly->size_limit);
	return failure_hint(why, "message_size_limit sets the limit");
}

static bool
feed_body(struct assembly *assembly, struct text input, struct failure *why)
{
	struct message *message = &assembly->message;

	for (size_t at = 0; at < input.length; at += STEP) {
		struct text step = text_slice(input, at, at + STEP);

		if (!content_feed(&message->body_content, step, &message->body, why)) {
			failure_at(why, "the body");
			return failure_hint(why, "send binary data as a base64 attachment");
		}
		if (!check_size(assembly, why) || !store(assembly, why))
			return false;
	}
	return true;
}

/* Takes the line that is being judged out of the header. */
static void
drop_line(struct assembly *assembly)
{
	bool after_cr = assembly->message.header_content.after_cr;

	assembly->header.length = assembly->line_start;
	assembly->message.header_content = assembly->before;
	assembly->message.header_content.after_cr = after_cr;
}

static void
keep_line(struct assembly *assembly)
{
	assembly->state = ASSEMBLY_HEADER;
	assembly->judged = assembly->message.header_content.current > 0;
	if (assembly->judged)
		return;
	assembly->line_start = assembly->header.length;
	assembly->before = assembly->message.header_content;
}

/* The header ends before `line`, which still stands in the header's buffer. */
static bool
begin_body(struct assembly *assembly, struct text line, struct failure *why)
{
	assembly->state = ASSEMBLY_BODY;
	drop_line(assembly);
	if (!feed_body(assembly, line, why))
		return false;
	assembly->message.body_content.after_cr = assembly->message.header_content.after_cr;
	assembly->message.header_content.after_cr = false;
	return true;
}

static bool
is_mailbox_line(struct text line)
{
	return text_is(text_slice(line, 0, 5), "From ")
	    || text_is(text_slice(line, 0, 6), ">From ");
}

static bool
continues(const struct assembly *assembly, struct text line)
{
	return assembly->state == ASSEMBLY_HEADER && line.length > 0
	    && (line.bytes[0] == ' ' || line.bytes[0] == '\t');
}

/* Says what the newest line is: a field's, an mbox separator, or the end of the header. */
static bool
judge(struct assembly *assembly, struct failure *why)
{
	bool whole = assembly->message.header_content.current == 0;
	struct text all = text_slice(
	    buffer_text(&assembly->header), assembly->line_start, assembly->header.length);
	struct text line = whole ? text_slice(all, 0, all.length - 2) : all;

	if (assembly->judged || header_line(line) || continues(assembly, line)) {
		keep_line(assembly);
		return true;
	}
	if (assembly->state == ASSEMBLY_FIRST_LINE && is_mailbox_line(line)) {
		if (whole)
			drop_line(assembly);
		return true;
	}
	return begin_body(assembly, line.length == 0 ? line : all, why);
}

static bool
refuse_bare_cr(const struct assembly *assembly, struct failure *why)
{
	/* It showed at the line behind it; a mailbox line at the top was not counted. */
	uint64_t number = assembly->before.lines == 0 ? 1 : assembly->before.lines;

	fail(why, EX_DATAERR, "line %" PRIu64 " ends in a carriage return without a line feed",
	    number);
	failure_at(why, "the header");
	return failure_hint(why, "end lines with LF or CRLF");
}

static bool
feed_header_line(struct assembly *assembly, struct text input, struct failure *why)
{
	struct content *content = &assembly->message.header_content;

	if (!content_feed(content, input, &assembly->header, why))
		return failure_at(why, "the header");
	if (content->bare_cr)
		return refuse_bare_cr(assembly, why);
	if (!check_size(assembly, why))
		return false;
	if (assembly->header.length == assembly->line_start)
		return true;
	if (content->current > 0 && assembly->header.length - assembly->line_start < JUDGED_LENGTH)
		return true;
	return judge(assembly, why);
}

/* Up to and with the first line end, or as much as is needed to judge the line. */
static struct text
first_line(struct text input)
{
	struct text most = text_slice(input, 0, JUDGED_LENGTH);
	struct text line = text_slice(most, 0, text_find(most, '\n') + 1);
	size_t cr = text_find(line, '\r');

	/* A CR that is the last byte may still get its LF. */
	if (cr + 1 >= line.length || line.bytes[cr + 1] == '\n')
		return line;
	return text_slice(line, 0, cr + 1);
}

bool
assembly_feed(struct assembly *assembly, struct text input, struct failure *why)
{
	while (assembly->state != ASSEMBLY_BODY && input.length > 0) {
		struct text line = first_line(input);

		if (!feed_header_line(assembly, line, why))
			return failure_in(why, FAILURE_INPUT);
		input = text_slice(input, line.length, input.length);
	}
	if (!feed_body(assembly, input, why))
		return failure_in(why, FAILURE_INPUT);
	return true;
}

void
assembly_leave(struct assembly *assembly, int fd, uint64_t place)
{
	struct message *message = &assembly->message;
	struct remainder *remainder = &message->remainder;

	if (!remainder->left && message->body.length > MESSAGE_KEPT_MAX) {
		*remainder = (struct remainder){
			.left = true, .fd = fd, .start = place, .before = message->body_content
		};
		assembly->kept = message->body.length;
	}
	remainder->end = place;
}

static bool
finish_header(struct assembly *assembly, struct failure *why)
{
	struct content *content = &assembly->message.header_content;

	if (!content_finish(content, &assembly->header, why))
		return failure_at(why, "the header");
	if (content->bare_cr)
		return refuse_bare_cr(assembly, why);
	return assembly->header.length == assembly->line_start || judge(assembly, why);
}

static bool
finish_body(struct assembly *assembly, struct failure *why)
{
	struct message *message = &assembly->message;

	if (!content_finish(&message->body_content, &message->body, why)
	    || !check_size(assembly, why) || !store(assembly, why))
		return false;
	if (message->body_fd >= 0)
		buffer_close(&message->body);
	message->body_size = message->body_content.size_bytes;
	return true;
}

static bool
check_hops(const struct header *header, struct failure *why)
{
	size_t hops = 0;
	size_t at = 0;

	while (header_find(header, "Received", &at) != NULL)
		hops++;
	if (hops < MESSAGE_HOPS_MAX)
		return true;
	fail(why, EX_DATAERR, "it went through %zu mail servers already: a mail loop", hops);
	(void)text_printable(text_of("5.4.6"), why->enhanced, sizeof why->enhanced);
	return false;
}

static bool
finish(struct assembly *assembly, struct arena *arena, struct failure *why)
{
	struct message *message = &assembly->message;

	if (assembly->state != ASSEMBLY_BODY && !finish_header(assembly, why))
		return false;
	if (!finish_body(assembly, why))
		return false;
	message->header_block = text_copy(buffer_text(&assembly->header), arena);
	message->header = header_read(message->header_block, arena);
	message->edited = message->header_block;
	return check_hops(&message->header, why);
}

bool
assembly_finish(
    struct assembly *assembly, struct arena *arena, struct message *message, struct failure *why)
{
	if (!finish(assembly, arena, why))
		return failure_in(why, FAILURE_INPUT);
	*message = assembly->message;
	assembly->message = (struct message){ .body_fd = -1 };
	return true;
}
