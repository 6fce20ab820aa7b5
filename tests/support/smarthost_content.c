/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_content.h"

#include <poll.h>
#include <stdint.h>
#include <string.h>

#include "smarthost_store.h"

#define LINE_LENGTH_MAX 998

static const struct text nobody = { "", 0 };

static const char *
find_line_fault(struct text body)
{
	size_t start = 0;

	for (size_t i = 0; i < body.length; i++) {
		bool after_cr = i > 0 && body.bytes[i - 1] == '\r';

		if (body.bytes[i] == '\0')
			return "550 5.6.0 NUL in the message";
		if (body.bytes[i] == '\n' && !after_cr)
			return "550 5.6.0 bare LF in the message";
		if (after_cr && body.bytes[i] != '\n')
			return "550 5.6.0 bare CR in the message";
		if (body.bytes[i] != '\n')
			continue;
		if (i - start > LINE_LENGTH_MAX + 1)
			return "550 5.6.0 line of more than 998 bytes";
		start = i + 1;
	}
	return start == body.length ? NULL : "550 5.6.0 last line has no end";
}

/* The refusal of a strict server; NULL when there is nothing to refuse. */
static const char *
find_fault(const struct smarthost_session *session)
{
	struct text body = buffer_text(&session->body);

	if (body.length > session->options->size)
		return "552 5.3.4 message too big";
	if (session->options->lenient)
		return NULL;
	if (text_has_8bit(body) && !session->body_8bit)
		return "550 5.6.1 8-bit bytes without BODY=8BITMIME";
	return find_line_fault(body);
}

static bool
script_refuses(const struct smarthost_session *session)
{
	const struct smarthost_rule *rule = smarthost_script_find(
	    &session->options->script, STEP_DOT, nobody);

	return rule != NULL && (rule->act != ACT_REPLY || rule->text[0] != '2');
}

static void
finish(struct smarthost_session *session)
{
	const char *reply = find_fault(session);

	/* Stored before the 250 leaves, so that a client's exit means it can be looked at. */
	if (reply == NULL && !script_refuses(session) && !smarthost_store_message(session))
		reply = "451 4.3.0 cannot store the message";
	(void)smarthost_session_answer(
	    session, STEP_DOT, nobody, reply == NULL ? "250 2.0.0 kept" : reply);
	smarthost_session_reset(session);
}

static bool
body_goes_on(struct smarthost_session *session)
{
	const struct smarthost_rule *rule = smarthost_script_find(
	    &session->options->script, STEP_BODY, nobody);
	struct pollfd gone = { .fd = session->wire.fd, .events = POLLRDHUP };

	if (rule == NULL)
		return true;
	session->over = true;
	if (rule->act == ACT_STALL)
		(void)poll(&gone, 1, -1);
	if (rule->act != ACT_REPLY)
		return false;
	(void)smarthost_wire_say(&session->wire, rule->text);
	smarthost_wire_stall(&session->wire);
	return false;
}

static bool
ends_in_crlf(struct text line)
{
	return line.length >= 2 && line.bytes[line.length - 2] == '\r';
}

static void
read_body(struct smarthost_session *session)
{
	struct text line;
	bool at_start = true;

	for (;;) {
		if (!smarthost_wire_line(&session->wire, &line)) {
			session->over = true;
			return;
		}
		/* Only the strict form ends a message: the loose ones are how mail is smuggled. */
		if (at_start && text_is(line, ".\r\n"))
			break;
		if (at_start && line.bytes[0] == '.')
			line = text_slice(line, 1, line.length);
		(void)buffer_append(&session->body, line);
		at_start = ends_in_crlf(line);
	}
	smarthost_wire_note(&session->wire, "", text_of("."));
	finish(session);
}

static bool
may_begin(struct smarthost_session *session)
{
	if (session->has_sender && session->recipient_count > 0)
		return true;
	(void)smarthost_session_answer(session, STEP_COUNT, nobody,
	    session->has_sender ? "554 5.5.1 no valid recipients" : "503 5.5.1 MAIL first");
	return false;
}

void
smarthost_content_data(struct smarthost_session *session, struct text argument)
{
	int code;

	(void)argument;
	if (session->chunked) {
		(void)smarthost_session_answer(
		    session, STEP_COUNT, nobody, "503 5.5.1 DATA after BDAT");
		return;
	}
	if (!may_begin(session))
		return;
	code = smarthost_session_answer(session, STEP_DATA, nobody, "354 go on");
	if (code == 354 && body_goes_on(session))
		read_body(session);
}

static bool
read_chunk(struct smarthost_session *session, size_t size)
{
	struct text piece;

	while (size > 0) {
		if (!smarthost_wire_bytes(&session->wire, size, &piece)) {
			session->over = true;
			return false;
		}
		(void)buffer_append(&session->body, piece);
		size -= piece.length;
	}
	return true;
}

static void
answer_chunk(struct smarthost_session *session, bool last)
{
	int code;

	if (!may_begin(session)) {
		smarthost_session_reset(session);
		return;
	}
	session->chunked = true;
	if (smarthost_script_find(&session->options->script, STEP_BDAT, nobody) != NULL) {
		code = smarthost_session_answer(session, STEP_BDAT, nobody, "");
		if (code / 100 != 2)
			smarthost_session_reset(session);
		return;
	}
	if (last)
		finish(session);
	else
		(void)smarthost_session_answer(session, STEP_COUNT, nobody, "250 2.0.0 chunk");
}

void
smarthost_content_bdat(struct smarthost_session *session, struct text argument)
{
	struct text size = text_word(&argument, '\0');
	struct text last = text_word(&argument, '\0');
	int64_t bytes;

	if (!smarthost_options_offers(session->options, "CHUNKING")
	    || !text_number(size, 0, INT32_MAX, &bytes)
	    || (last.length > 0 && !text_is_fold(last, "LAST"))) {
		/* The chunk that follows cannot be told from commands. */
		(void)smarthost_session_answer(session, STEP_COUNT, nobody, "502 5.5.1 no BDAT");
		session->over = true;
		return;
	}
	if (!body_goes_on(session) || !read_chunk(session, (size_t)bytes))
		return;
	answer_chunk(session, last.length > 0);
}
