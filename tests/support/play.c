/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "tests/support/play.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

struct address
play_address(const char *name)
{
	struct text text = text_of(name);
	size_t at = text_find(text, '@');

	return (struct address){ text_slice(text, 0, at), text_slice(text, at + 1, text.length) };
}

static void
begin(struct play *play, bool lmtp)
{
	play->message.body_fd = -1;
	play->rule = (struct session_rule){ .security = SESSION_IMPLICIT,
		.hello = "client.example",
		.lmtp = lmtp,
		.avoid_chunking = lmtp,
		.limits = session_limits_default(),
		.secure = script_secure };
	play->submission.sender = play_address("me@here.example");
	play->submission.message = &play->message;
	play->submission.temporary = "/tmp";
	cr_assert(session_open(
		      &play->script->channel, &play->rule, play->arena, &play->session, &play->why),
	    "%s", play->why.what);
	play->script->writes = 0;
}

void
play_open(struct play *play, const char *file)
{
	*play = (struct play){ .arena = arena_open() };
	play->script = script_load(file, play->arena);
	begin(play, strncmp(file, "lmtp-", 5) == 0);
}

void
play_open_text(struct play *play, struct text transcript)
{
	*play = (struct play){ .arena = arena_open() };
	play->script = script_open(transcript, play->arena);
	begin(play, false);
}

void
play_add(struct play *play, const char *names)
{
	struct text rest = text_of(names);

	for (;;) {
		struct text word = text_word(&rest, '\0');
		const char *name = text_string(word, play->arena);
		size_t number = play->submission.count;

		if (word.length == 0)
			return;
		play->recipients = arena_grow(play->arena, play->recipients, number,
		    &play->capacity, sizeof *play->recipients);
		play->recipients[number].address = play_address(name);
		play->submission.recipients = play->recipients;
		play->submission.count++;
		(void)report_add(&play->report, text_of(name), play->arena);
	}
}

void
play_message(struct play *play, const char *header, const char *body)
{
	message_close(&play->message);
	cr_assert(
	    message_make(text_of(header), text_of(body), play->arena, &play->message, &play->why),
	    "%s", play->why.what);
}

bool
play_submit(struct play *play)
{
	if (play->message.edited.length == 0)
		play_message(play, "Subject: x\n", ".text\n");
	return submit_message(play->session, &play->submission, &play->report, 0, &play->why);
}

const char *
play_verdicts(const struct play *play)
{
	static const char *const names[] = { "open", "accepted", "delivered", "deferred",
		"refused" };
	struct buffer all = buffer_open(0);
	const char *string;

	for (size_t i = 0; i < play->report.count; i++) {
		const struct verdict *verdict = &play->report.verdicts[i];

		(void)buffer_print(&all, "%s%s", i == 0 ? "" : ", ", names[verdict->state]);
		if (verdict->state == VERDICT_DEFERRED || verdict->state == VERDICT_REFUSED)
			(void)buffer_print(&all, " %d%s", verdict->why->code,
			    verdict->why->uncertain ? " in doubt" : "");
	}
	string = text_string(buffer_text(&all), play->arena);
	buffer_close(&all);
	return string;
}

const char *
play_end(struct play *play)
{
	session_close(play->session);
	return script_problem(play->script);
}

void
play_close(struct play *play)
{
	session_close(play->session);
	message_close(&play->message);
	script_close(play->script);
	arena_close(play->arena);
}
