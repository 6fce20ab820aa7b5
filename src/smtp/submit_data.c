/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/submit_data.h"

#include "base/buffer.h"
#include "base/interrupt.h"
#include "smtp/command.h"
#include "smtp/dotstuff.h"
#include "smtp/submit_verdict.h"

/* Bytes on their way to the server. */
struct stream {
	struct submit_envelope *envelope;
	struct buffer out;
	struct dotstuff dotstuff;
	size_t shown;  /* bytes at the start of `out` that are a command, for the trace */
	bool stuffed;  /* DATA, not BDAT */
	uint64_t left; /* message bytes yet to come */
};

/* The server may answer in the middle of the message: then its words tell more than a
 * connection that broke or a window that stays full (F133). */
static bool
heed(struct submit_envelope *envelope, const struct reply *reply, struct failure *why)
{
	if (reply_is(reply, 4) || reply_is(reply, 5))
		return submit_verdict_refuse(reply, why);
	/* It answers something else than the message, which has not ended (F135). */
	(void)submit_envelope_out_of_step(envelope, why);
	return failure_reply(why, reply->code, reply->enhanced, reply->words);
}

static bool
early_reply(struct submit_envelope *envelope, struct failure *why)
{
	struct session *session = envelope->session;
	struct reply reply;

	session->broken = true;
	return session_reply(session, session->rule->limits.command_ms, &reply, why)
	    && heed(envelope, &reply, why);
}

/* The write failed; *why stays when the server said nothing before. */
static bool
last_reply(struct submit_envelope *envelope, struct failure *why)
{
	struct session *session = envelope->session;
	struct failure ignored;
	struct reply reply;

	return reply_pending(&session->reader)
	    && session_reply(session, SESSION_STRAY_MS, &reply, &ignored)
	    && heed(envelope, &reply, why);
}

static void
tell_progress(const struct stream *stream, bool over)
{
	const struct session_rule *rule = stream->envelope->session->rule;
	uint64_t total = message_size(stream->envelope->message);

	if (rule->progress == NULL)
		return;
	if (over)
		rule->progress(rule->progress_data, 0, 0);
	else
		rule->progress(rule->progress_data, total - stream->left, total);
}

static bool
write_out(struct stream *stream, struct text bytes, struct failure *why)
{
	struct session *session = stream->envelope->session;
	struct deadline deadline = deadline_after(session->rule->limits.block_ms);

	if (reply_pending(&session->reader))
		return early_reply(stream->envelope, why);
	if (!session_write_as(session, bytes, text_slice(bytes, 0, stream->shown), deadline, why))
		return last_reply(stream->envelope, why);
	stream->shown = 0;
	tell_progress(stream, false);
	return true;
}

static bool
flush(struct stream *stream, struct failure *why)
{
	if (!write_out(stream, buffer_text(&stream->out), why))
		return false;
	/* Not buffer_clear(): wiping each block would cost as much as encrypting it. */
	stream->out.length = 0;
	return true;
}

static void
gather(struct stream *stream, struct text part)
{
	if (stream->stuffed)
		dotstuff_feed(&stream->dotstuff, part, &stream->out);
	else
		(void)buffer_append(&stream->out, part);
}

/* What needs no company and no change on its way. */
static bool
goes_alone(const struct stream *stream, struct text part)
{
	return !stream->stuffed && stream->out.length == 0 && part.length == SUBMIT_DATA_BLOCK;
}

/* Blocks are gathered, so that a short header and the body behind it are one write. */
static bool
send_piece(struct stream *stream, struct text piece, struct failure *why)
{
	while (piece.length > 0) {
		struct text part = text_slice(piece, 0, SUBMIT_DATA_BLOCK);

		piece = text_slice(piece, part.length, piece.length);
		if (goes_alone(stream, part)) {
			if (!write_out(stream, part, why))
				return false;
			continue;
		}
		gather(stream, part);
		if (stream->out.length >= SUBMIT_DATA_BLOCK && !flush(stream, why))
			return false;
	}
	return true;
}

static bool
send_pieces(struct stream *stream, struct message_reader *reader, struct failure *why)
{
	struct text piece;

	for (;;) {
		if (!message_reader_next(reader, &piece, why))
			return false;
		if (piece.length > stream->left || (piece.length == 0 && stream->left > 0))
			return fail(why, EX_SOFTWARE, "the message is not as long as it was");
		if (piece.length == 0)
			return true;
		stream->left -= piece.length;
		if (!send_piece(stream, piece, why))
			return false;
	}
}

/* A line that takes no more than this, in bytes a millisecond, is as good as none: 1 KiB/s. */
static int64_t
phase_ms(const struct submit_envelope *envelope)
{
	return envelope->session->rule->limits.block_ms + (int64_t)message_size(envelope->message);
}

/* Whatever stops it half-way, the server must not take what it has for the whole. */
static bool
send_message(struct stream *stream, struct failure *why)
{
	struct message_reader reader = message_reader_open(stream->envelope->message);
	bool done;

	stream->left = message_size(stream->envelope->message);
	session_phase(stream->envelope->session, phase_ms(stream->envelope));
	tell_progress(stream, false);
	done = send_pieces(stream, &reader, why);
	message_reader_close(&reader);
	if (done && stream->stuffed)
		dotstuff_finish(&stream->dotstuff, &stream->out);
	done = done && flush(stream, why);
	tell_progress(stream, true);
	if (done)
		interrupt_hold(true);
	else
		stream->envelope->session->broken = true;
	buffer_close(&stream->out);
	return done;
}

static bool
send_stuffed(struct submit_envelope *envelope, struct failure *why)
{
	struct stream stream = { .envelope = envelope,
		.out = buffer_open(0),
		.dotstuff = dotstuff_start(),
		.stuffed = true };

	return send_message(&stream, why) && submit_verdict_read(envelope, false, why);
}

static bool
send_chunk(struct submit_envelope *envelope, struct failure *why)
{
	struct stream stream = { .envelope = envelope, .out = buffer_open(0) };

	if (!command_bdat(&stream.out, message_size(envelope->message), true, why)) {
		buffer_close(&stream.out);
		return false;
	}
	stream.shown = stream.out.length;
	return send_message(&stream, why) && submit_verdict_read(envelope, true, why);
}

/* The reply to DATA, and no byte more: a reply too many has shifted all that were read. */
static bool
read_go_ahead(struct submit_envelope *envelope, struct failure *why)
{
	struct session *session = envelope->session;
	struct reply reply;

	if (!submit_envelope_reply(envelope, session->rule->limits.data_ms, &reply, why))
		return false;
	if (reply.code == 421)
		return submit_verdict_refuse(&reply, why);
	if (!submit_envelope_in_step(envelope, why))
		return false;
	if (reply.code == 354)
		return true;
	if (reply_is(&reply, 2) || reply_is(&reply, 3))
		session->broken = true;
	if (reply_is(&reply, 4) || reply_is(&reply, 5))
		return submit_verdict_refuse(&reply, why);
	return reply_fail(
	    &reply, EX_PROTOCOL, why, "the server answered DATA with %d, not 354", reply.code);
}

static bool
send_data(struct submit_envelope *envelope, struct failure *why)
{
	struct session *session = envelope->session;

	if (envelope->closing == SUBMIT_CLOSING_NONE
	    && !session_write(
		session, text_of("DATA\r\n"), deadline_after(session->rule->limits.data_ms), why))
		return submit_envelope_last_words(envelope, false, why);
	return read_go_ahead(envelope, why) && send_stuffed(envelope, why);
}

bool
submit_data_send(struct submit_envelope *envelope, struct failure *why)
{
	bool done;

	if (envelope->closing == SUBMIT_CLOSING_BDAT)
		done = submit_verdict_read(envelope, true, why);
	else if (envelope->closing == SUBMIT_CLOSING_NONE && envelope->chunking)
		done = send_chunk(envelope, why);
	else
		done = send_data(envelope, why);
	return done || failure_in(why, FAILURE_DATA);
}

/* It refused the sender or everybody, and yet: to try another host would make two of one. */
static bool
taken(struct submit_envelope *envelope, const struct reply *reply, struct failure *why)
{
	envelope->session->broken = true;
	(void)reply_fail(reply, EX_PROTOCOL, why,
	    "the server refused all recipients or the sender, and took the message");
	(void)submit_verdict_doubt(why);
	return failure_in(why, FAILURE_DATA);
}

bool
submit_data_abandon(struct submit_envelope *envelope, struct failure *why)
{
	struct session *session = envelope->session;
	int64_t ms = session->rule->limits.data_ms;
	struct failure ignored;
	struct reply reply;

	if (envelope->closing == SUBMIT_CLOSING_NONE || session->broken
	    || !session_reply(session, ms, &reply, &ignored))
		return true;
	if (envelope->closing == SUBMIT_CLOSING_BDAT)
		return !reply_is(&reply, 2) || taken(envelope, &reply, why);
	if (reply.code != 354)
		return true;
	/* LMTP has a reply for each recipient, so none for nobody. */
	if (session->rule->lmtp) {
		session->broken = true;
		return true;
	}
	/* Whatever it says to a message for nobody, nothing was sent. */
	if (session_write(session, text_of(".\r\n"), deadline_after(ms), &ignored))
		(void)session_reply(session, ms, &reply, &ignored);
	return true;
}
