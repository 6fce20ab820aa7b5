/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/session.h"

#include <stdio.h>

#include "base/arena.h"
#include "smtp/command.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define QUIT_MS ((int64_t)5 * 1000)
#define TLS_ALERT 0x15
#define TLS_HANDSHAKE 0x16

struct session_limits
session_limits_default(void)
{
	return (struct session_limits){
		.greeting_ms = 5 * MINUTE_MS,
		.command_ms = 5 * MINUTE_MS,
		.tls_ms = 2 * MINUTE_MS,
		.mail_ms = 5 * MINUTE_MS,
		.rcpt_ms = 5 * MINUTE_MS,
		.data_ms = 2 * MINUTE_MS,
		.block_ms = 3 * MINUTE_MS,
		.dot_ms = 10 * MINUTE_MS,
	};
}

static void
trace_reply(void *data, struct text line)
{
	const struct session *session = data;
	char hidden[REPLY_HIDDEN_MAX];

	if (session->rule->trace == NULL)
		return;
	if (session->hushed)
		line = text_of(reply_hide(line, hidden));
	session->rule->trace(session->rule->trace_data, false, line);
}

static void
trace_lines(const struct session *session, struct text lines)
{
	while (session->rule->trace != NULL && lines.length > 0) {
		size_t end = text_find(lines, '\n');

		session->rule->trace(
		    session->rule->trace_data, true, text_trim(text_slice(lines, 0, end)));
		lines = text_slice(lines, end + 1, lines.length);
	}
}

static bool
placed(const struct session *session, struct failure *why)
{
	if (session->peer[0] != '\0')
		failure_at(why, "%s", session->peer);
	return false;
}

static bool
break_off(struct session *session, struct failure *why)
{
	session->broken = true;
	return placed(session, why);
}

void
session_phase(struct session *session, int64_t ms)
{
	session->phase = ms == 0 ? deadline_never() : deadline_after(ms);
}

bool
session_write_as(struct session *session, struct text bytes, struct text shown,
    struct deadline deadline, struct failure *why)
{
	trace_lines(session, shown);
	deadline = deadline_earlier(deadline, session->phase);
	if (!channel_write(session->channel, bytes, deadline, why))
		return break_off(session, why);
	return true;
}

bool
session_write(
    struct session *session, struct text lines, struct deadline deadline, struct failure *why)
{
	return session_write_as(session, lines, lines, deadline, why);
}

bool
session_reply(struct session *session, int64_t ms, struct reply *reply, struct failure *why)
{
	/* One reply at a time: a thousand refused recipients cost no more than one. */
	arena_close(session->replies);
	session->replies = arena_open();
	if (!reply_read(&session->reader, deadline_earlier(deadline_after(ms), session->phase),
		session->replies, reply, why))
		return break_off(session, why);
	if (reply->code == 421)
		session->broken = true;
	return true;
}

bool
session_ask(
    struct session *session, const char *line, int64_t ms, struct reply *reply, struct failure *why)
{
	struct buffer command = buffer_open(0);
	bool done = command_plain(&command, line, why)
	    && session_write(session, buffer_text(&command), deadline_after(ms), why)
	    && session_reply(session, ms, reply, why);

	buffer_close(&command);
	return done;
}

bool
session_quiet(struct session *session, struct failure *why)
{
	struct reply reply;

	if (!reply_pending(&session->reader))
		return true;
	session->broken = true;
	if (!session_reply(session, SESSION_STRAY_MS, &reply, why))
		return false;
	if (reply_is(&reply, 4)) {
		(void)reply_fail(&reply, EX_TEMPFAIL, why, "the server broke the session off");
	} else {
		(void)fail(why, EX_PROTOCOL, "the server answered a command that was not sent");
		(void)failure_reply(why, reply.code, reply.enhanced, reply.words);
	}
	return placed(session, why);
}

static bool
looks_like_tls(const struct session *session)
{
	struct text input = buffer_text(&session->reader.input);

	return input.length > 0 && (input.bytes[0] == TLS_ALERT || input.bytes[0] == TLS_HANDSHAKE);
}

/* A port that waits for TLS says nothing in clear: silence has the same remedy. */
static bool
explain_no_greeting(const struct session *session, struct failure *why)
{
	if (looks_like_tls(session)) {
		(void)fail(
		    why, EX_PROTOCOL, "the server speaks TLS where its greeting was expected");
		(void)placed(session, why);
		return failure_hint(
		    why, "TLS from the first byte is 'tls_starttls off' (port 465)");
	}
	if (session->rule->security == SESSION_IMPLICIT)
		return false;
	if (why->code == EX_PROTOCOL)
		return failure_hint(why,
		    "is this a submission server? port 587 is for STARTTLS; "
		    "port 465 wants 'tls_starttls off'");
	return failure_hint(why,
	    "a port that waits for TLS sends no greeting: for port 465 set "
	    "'tls_starttls off'");
}

static void
pass(const struct session *session, enum session_phase phase, const struct reply *reply)
{
	if (session->rule->passed != NULL)
		session->rule->passed(session->rule->passed_data, phase, session, reply);
}

static bool
greet(struct session *session, struct failure *why)
{
	struct reply reply;

	if (!session_reply(session, session->rule->limits.greeting_ms, &reply, why)) {
		(void)explain_no_greeting(session, why);
		return failure_in(why, FAILURE_GREETING);
	}
	if (reply.code == 220) {
		pass(session, SESSION_GREETED, &reply);
		return true;
	}
	if (reply_is(&reply, 4) || reply_is(&reply, 5)) {
		(void)reply_fail(&reply, EX_UNAVAILABLE, why, "the server refused the connection");
	} else {
		session->broken = true;
		(void)reply_fail(&reply, EX_PROTOCOL, why, "the server's greeting is no 220");
	}
	return failure_in(why, FAILURE_GREETING);
}

/* Says EHLO or HELO; the reply is in the session's arena, since capabilities borrow it. */
static bool
say_hello(struct session *session, const char *verb, struct reply *reply, struct failure *why)
{
	int64_t ms = session->rule->limits.command_ms;
	struct buffer command = buffer_open(0);
	bool done = command_hello(&command, verb, session->rule->hello, why)
	    && session_write(session, buffer_text(&command), deadline_after(ms), why);

	buffer_close(&command);
	if (!done)
		return false;
	if (!reply_read(&session->reader, deadline_after(ms), session->arena, reply, why))
		return break_off(session, why);
	session->broken = reply->code == 421;
	return true;
}

static void
note_capabilities(struct session *session, const struct reply *reply)
{
	capability_read(reply, &session->capability);
	if (session->rule->avoid_pipelining)
		session->capability.pipelining = false;
	if (session->rule->avoid_chunking)
		session->capability.chunking = false;
}

static bool
hello(struct session *session, struct failure *why)
{
	const struct session_rule *rule = session->rule;
	struct reply reply;

	session->capability = (struct capability){ 0 };
	if (!session_quiet(session, why)
	    || !say_hello(session, rule->lmtp ? "LHLO" : "EHLO", &reply, why))
		return failure_in(why, FAILURE_GREETING);
	if (reply.code == 250) {
		note_capabilities(session, &reply);
		pass(session, SESSION_KNOWN, &reply);
		return true;
	}
	/* Without EHLO there is neither STARTTLS nor AUTH: a server that only knows HELO is
	 * of use where neither is asked for. */
	if (reply_is(&reply, 5) && rule->security == SESSION_PLAIN && !rule->lmtp) {
		if (!say_hello(session, "HELO", &reply, why))
			return failure_in(why, FAILURE_GREETING);
		if (reply.code == 250) {
			pass(session, SESSION_KNOWN, &reply);
			return true;
		}
	}
	(void)reply_fail(
	    &reply, EX_UNAVAILABLE, why, "the server refused the greeting of '%s'", rule->hello);
	if (rule->lmtp && reply_is(&reply, 5))
		failure_hint(why, "does it speak LMTP?  'protocol smtp' is for SMTP");
	return failure_in(why, FAILURE_GREETING);
}

/* From here on a channel that failed is gone, and the reader starts with no byte of before. */
static bool
secure(struct session *session, struct failure *why)
{
	const struct session_rule *rule = session->rule;
	struct deadline deadline = deadline_after(rule->limits.tls_ms);
	bool done;

	reply_reader_close(&session->reader);
	session->capability = (struct capability){ 0 };
	if (rule->secure != NULL)
		done = rule->secure(&session->channel, rule->tls, deadline, why);
	else
		done = tls_start(&session->channel, rule->tls, deadline, why);
	session->reader.channel = session->channel;
	if (done)
		pass(session, SESSION_SECURED, NULL);
	return done || failure_in(why, FAILURE_TLS);
}

static bool
refuse_without_starttls(struct failure *why)
{
	(void)fail(why, EX_UNAVAILABLE, "the server does not offer STARTTLS");
	/* It may be a proxy or a fault of today: the same server may offer it tomorrow. */
	why->temporary = true;
	(void)failure_hint(why,
	    "check host and port: 587 is the port for STARTTLS, 465 wants "
	    "'tls_starttls off'; nothing was sent in clear");
	return failure_in(why, FAILURE_TLS);
}

static bool
ask_starttls(struct session *session, struct failure *why)
{
	struct reply reply;

	if (!session_ask(session, "STARTTLS", session->rule->limits.command_ms, &reply, why))
		return false;
	if (reply.code != 220)
		return reply_fail(&reply, EX_UNAVAILABLE, why, "the server refused STARTTLS");
	/* Whoever sits between could put replies here that would count as said under TLS. */
	if (reply_pending(&session->reader)) {
		session->broken = true;
		(void)fail(why, EX_PROTOCOL, "the server sent data before TLS");
		return failure_hint(
		    why, "somebody on the way may be tampering with the connection");
	}
	pass(session, SESSION_PERMITTED, &reply);
	return true;
}

static bool
starttls(struct session *session, struct failure *why)
{
	if (!session->capability.starttls)
		return refuse_without_starttls(why);
	if (!ask_starttls(session, why))
		return failure_in(why, FAILURE_TLS);
	return secure(session, why) && hello(session, why);
}

static bool
begin(struct session *session, struct failure *why)
{
	if (session->rule->security == SESSION_IMPLICIT && !secure(session, why))
		return false;
	if (!greet(session, why) || !hello(session, why))
		return false;
	return session->rule->security != SESSION_STARTTLS || starttls(session, why);
}

bool
session_open(struct channel *channel, const struct session_rule *rule, struct arena *arena,
    struct session **session, struct failure *why)
{
	struct session *opened = arena_zero(arena, sizeof *opened);

	opened->channel = channel;
	opened->rule = rule;
	opened->arena = arena;
	opened->reader = reply_reader_open(channel);
	opened->reader.trace = trace_reply;
	opened->reader.trace_data = opened;
	(void)snprintf(opened->peer, sizeof opened->peer, "%s", channel->peer);
	if (!begin(opened, why)) {
		(void)placed(opened, why);
		session_close(opened);
		return false;
	}
	*session = opened;
	return true;
}

static void
quit(struct session *session)
{
	struct failure ignored;

	(void)session_write(session, text_of("QUIT\r\n"), deadline_after(QUIT_MS), &ignored);
}

void
session_close(struct session *session)
{
	if (session == NULL)
		return;
	if (session->channel != NULL && !session->broken)
		quit(session);
	channel_close(session->channel);
	session->channel = NULL;
	reply_reader_close(&session->reader);
	arena_close(session->replies);
	session->replies = NULL;
}
