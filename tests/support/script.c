/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "tests/support/script.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/interrupt.h"

static struct script *
of(struct channel *channel)
{
	return (struct script *)(void *)channel;
}

/* Notes the first problem only: what follows it is its consequence. */
static bool __attribute__((format(printf, 3, 4)))
object(struct script *script, struct failure *why, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	if (script->problem[0] == '\0')
		(void)vsnprintf(script->problem, sizeof script->problem, format, list);
	va_end(list);
	return fail(why, EX_SOFTWARE, "the script was left: %s", script->problem);
}

static const struct transcript_entry *
current(const struct script *script)
{
	return script->at < script->transcript.count ? &script->transcript.entries[script->at]
						     : NULL;
}

static size_t
number_of(const struct script *script)
{
	return current(script) == NULL ? 0 : current(script)->number;
}

static char *
shown(const struct script *script, struct text text)
{
	char *to = arena_zero(script->arena, 200);

	return text_printable(text_trim(text), to, 200);
}

static void
advance(struct script *script)
{
	script->at++;
	script->offset = 0;
}

/* Client lines */

static bool
matches(struct text expected, struct text line)
{
	static const char any[] = "<any>";
	const char *found = memmem(expected.bytes, expected.length, any, sizeof any - 1);
	size_t before;
	size_t after;

	if (found == NULL)
		return text_equal(expected, line);
	before = (size_t)(found - expected.bytes);
	after = expected.length - before - (sizeof any - 1);
	return line.length >= before + after
	    && text_equal(text_slice(expected, 0, before), text_slice(line, 0, before))
	    && text_equal(text_slice(expected, expected.length - after, expected.length),
		text_slice(line, line.length - after, line.length));
}

static void
note_chunk(struct script *script, struct text line)
{
	struct text rest = text_slice(line, 5, line.length);
	int64_t size;

	if (text_starts_fold(line, "BDAT ")
	    && text_number(text_word(&rest, '\0'), 0, INT64_MAX, &size))
		script->chunk_left = (size_t)size;
}

static bool
take_line(struct script *script, struct text *bytes, struct failure *why)
{
	size_t end = text_find(*bytes, '\n');
	bool whole = end < bytes->length;
	struct text line;

	end += whole ? 1 : 0;
	(void)buffer_append(&script->line, text_slice(*bytes, 0, end));
	*bytes = text_slice(*bytes, end, bytes->length);
	if (!whole)
		return true;
	line = buffer_text(&script->line);
	if (!matches(current(script)->bytes, line))
		return object(script, why, "line %zu: expected '%s', the client wrote '%s'",
		    number_of(script), shown(script, current(script)->bytes), shown(script, line));
	note_chunk(script, line);
	buffer_clear(&script->line);
	advance(script);
	return true;
}

static bool
data_has_ended(const struct script *script)
{
	struct text data = buffer_text(&script->data_sent);

	return text_is(text_slice(data, data.length < 5 ? 0 : data.length - 5, data.length),
		   "\r\n.\r\n")
	    || text_is(data, ".\r\n");
}

/* A byte at a time: what stands behind the end of data is the next entry's. */
static void
take_data(struct script *script, struct text *bytes)
{
	(void)buffer_byte(&script->data_sent, bytes->bytes[0]);
	*bytes = text_slice(*bytes, 1, bytes->length);
	if (data_has_ended(script))
		advance(script);
}

static void
take_chunk(struct script *script, struct text *bytes)
{
	struct text part = text_slice(*bytes, 0, script->chunk_left);

	(void)buffer_append(&script->data_sent, part);
	script->chunk_left -= part.length;
	*bytes = text_slice(*bytes, part.length, bytes->length);
	if (script->chunk_left == 0)
		advance(script);
}

static bool
is_kind(const struct script *script, enum transcript_kind kind)
{
	return current(script) != NULL && current(script)->kind == kind;
}

/* As a real channel does before it waits. */
static bool
interrupted(struct script *script, struct deadline deadline, struct failure *why)
{
	if (is_kind(script, TRANSCRIPT_SIGNAL)) {
		(void)raise(SIGTERM);
		advance(script);
	}
	return !interrupt_check(&deadline, why);
}

static bool
take(struct script *script, struct text *bytes, struct failure *why)
{
	const struct transcript_entry *entry = current(script);

	if (entry == NULL)
		return object(
		    script, why, "behind the end: the client wrote '%s'", shown(script, *bytes));
	switch (entry->kind) {
	case TRANSCRIPT_CLIENT:
		return take_line(script, bytes, why);
	case TRANSCRIPT_DATA:
		take_data(script, bytes);
		return true;
	case TRANSCRIPT_CHUNK:
		take_chunk(script, bytes);
		return true;
	case TRANSCRIPT_PART:
		*bytes = text_slice(*bytes, bytes->length, bytes->length);
		advance(script);
		return true;
	case TRANSCRIPT_BREAK:
	case TRANSCRIPT_CLOSE:
		script->at += entry->kind == TRANSCRIPT_BREAK ? 1 : 0;
		return fail(why, EX_TEMPFAIL, "the connection broke while writing");
	case TRANSCRIPT_STALL:
		return fail(why, EX_TEMPFAIL, "no answer within the time limit");
	default:
		return object(script, why, "line %zu: the client wrote '%s' out of turn",
		    number_of(script), shown(script, *bytes));
	}
}

static bool
script_write(
    struct channel *channel, struct text bytes, struct deadline deadline, struct failure *why)
{
	struct script *script = of(channel);

	if (interrupted(script, deadline, why))
		return false;
	script->writes++;
	while (bytes.length > 0)
		if (!take(script, &bytes, why))
			return false;
	return true;
}

/* Server lines */

static size_t
hand_out(struct script *script, char *bytes, size_t room)
{
	const struct transcript_entry *entry = current(script);
	struct text rest = text_slice(entry->bytes, script->offset, script->offset + room);

	memcpy(bytes, rest.bytes, rest.length);
	script->offset += rest.length;
	if (script->offset == entry->bytes.length)
		advance(script);
	return rest.length;
}

static bool
script_read(struct channel *channel, char *bytes, size_t room, size_t *got,
    struct deadline deadline, struct failure *why)
{
	struct script *script = of(channel);
	size_t count = 0;

	if (interrupted(script, deadline, why))
		return false;
	if (current(script) == NULL || is_kind(script, TRANSCRIPT_CLOSE)) {
		*got = 0;
		return true;
	}
	if (is_kind(script, TRANSCRIPT_STALL))
		return fail(why, EX_TEMPFAIL, "no answer within the time limit");
	if (!is_kind(script, TRANSCRIPT_SERVER))
		return object(
		    script, why, "line %zu: the client reads out of turn", number_of(script));
	while (
	    is_kind(script, TRANSCRIPT_SERVER) && count < room && (count == 0 || !script->dribble))
		count += hand_out(script, bytes + count, script->dribble ? 1 : room - count);
	*got = count;
	return true;
}

static bool
script_pending(struct channel *channel)
{
	return is_kind(of(channel), TRANSCRIPT_SERVER) || is_kind(of(channel), TRANSCRIPT_CLOSE);
}

static void
script_channel_close(struct channel *channel)
{
	of(channel)->closed = true;
}

static const struct channel_operations operations = {
	.read = script_read,
	.write = script_write,
	.pending = script_pending,
	.close = script_channel_close,
};

bool
script_secure(struct channel **channel, const struct tls_rule *rule, struct deadline deadline,
    struct failure *why)
{
	struct script *script = of(*channel);

	(void)rule;
	(void)deadline;
	if (is_kind(script, TRANSCRIPT_TLS) || is_kind(script, TRANSCRIPT_TLS_UNVERIFIED)) {
		script->channel.tls = true;
		if (is_kind(script, TRANSCRIPT_TLS))
			script->channel.privacy = CHANNEL_VERIFIED;
		advance(script);
		return true;
	}
	if (is_kind(script, TRANSCRIPT_TLS_REFUSED)) {
		advance(script);
		(void)fail(why, EX_UNAVAILABLE, "the server's certificate is not trusted");
	} else {
		(void)object(script, why, "line %zu: the client begins TLS", number_of(script));
	}
	channel_close(*channel);
	*channel = NULL;
	return false;
}

struct script *
script_open(struct text text, struct arena *arena)
{
	struct script *script = arena_zero(arena, sizeof *script);

	script->arena = arena;
	script->channel.operations = &operations;
	(void)snprintf(script->channel.peer, sizeof script->channel.peer, "mail.example:587");
	script->line = buffer_open(0);
	script->data_sent = buffer_open(0);
	script->transcript = transcript_read(text, arena);
	if (script->transcript.local)
		script->channel.privacy = CHANNEL_LOCAL;
	if (script->transcript.bad_line != 0)
		(void)snprintf(script->problem, sizeof script->problem,
		    "line %zu is no entry of a transcript", script->transcript.bad_line);
	return script;
}

struct script *
script_load(const char *name, struct arena *arena)
{
	struct script *script = script_open(transcript_load(name, arena), arena);

	if (script->transcript.count == 0)
		(void)snprintf(script->problem, sizeof script->problem,
		    "there is no transcript '%s' in tests/dialogs", name);
	return script;
}

const char *
script_problem(struct script *script)
{
	const struct transcript_entry *entry = current(script);

	if (script->problem[0] != '\0')
		return script->problem;
	if (entry != NULL && entry->kind != TRANSCRIPT_CLOSE && entry->kind != TRANSCRIPT_STALL)
		(void)snprintf(script->problem, sizeof script->problem,
		    "line %zu was not reached: %s", entry->number, shown(script, entry->bytes));
	else if (script->line.length > 0)
		(void)snprintf(script->problem, sizeof script->problem,
		    "the client's last line has no end: %s",
		    shown(script, buffer_text(&script->line)));
	else if (!script->closed)
		(void)snprintf(
		    script->problem, sizeof script->problem, "the channel is still open");
	return script->problem;
}

void
script_close(struct script *script)
{
	buffer_close(&script->line);
	buffer_close(&script->data_sent);
}
