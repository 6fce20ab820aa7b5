/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/submit_envelope.h"

#include <string.h>

#include "base/interrupt.h"
#include "smtp/submit_flight.h"

bool
submit_envelope_reply(
    struct submit_envelope *envelope, int64_t ms, struct reply *reply, struct failure *why)
{
	struct session *session = envelope->session;

	if (session_reply(session, ms, reply, why)) {
		envelope->answered++;
		return true;
	}
	why->uncertain = envelope->closing == SUBMIT_CLOSING_BDAT;
	if (why->uncertain)
		why->temporary = true;
	/* Whoever answers the first command of several and no more may have thrown away what came
	 * in one piece with it (F137). */
	session->pipelining_failed = session->capability.pipelining && envelope->answered > 0;
	return false;
}

bool
submit_envelope_last_words(struct submit_envelope *envelope, bool others, struct failure *why)
{
	struct session *session = envelope->session;
	struct failure ignored;
	struct reply reply;

	while (reply_pending(&session->reader)
	    && session_reply(session, SESSION_STRAY_MS, &reply, &ignored)) {
		if (reply.code == 421 || (!others && (reply_is(&reply, 4) || reply_is(&reply, 5))))
			return reply_fail(
			    &reply, EX_UNAVAILABLE, why, "the server broke the session off");
		/* Who took MAIL refuses recipients next, and each for itself. */
		others = true;
	}
	return false;
}

bool
submit_envelope_out_of_step(struct submit_envelope *envelope, struct failure *why)
{
	struct session *session = envelope->session;

	session->broken = true;
	session->pipelining_failed = session->capability.pipelining;
	(void)fail(why, EX_TEMPFAIL, "the server's replies are out of step with the commands");
	why->uncertain = envelope->closing == SUBMIT_CLOSING_BDAT;
	return false;
}

bool
submit_envelope_in_step(struct submit_envelope *envelope, struct failure *why)
{
	return !reply_pending(&envelope->session->reader)
	    || submit_envelope_out_of_step(envelope, why);
}

void
submit_envelope_settle(struct submit_envelope *envelope, size_t index, struct failure *why)
{
	(void)failure_at(why, "%s", envelope->session->peer);
	(void)failure_in(why, FAILURE_RECIPIENT);
	report_fail(envelope->report, envelope->first + index, why);
}

/* 452 and 552 to RCPT say "too many" unless their status says something else (F126, F127). */
static bool
says_too_many(const struct reply *reply)
{
	if (reply->code != 452 && reply->code != 552)
		return false;
	return reply->enhanced[0] == '\0' || strcmp(reply->enhanced + 1, ".5.3") == 0;
}

static bool
fail_recipient(const struct reply *reply, struct failure *why)
{
	bool unknown = (reply->code == 550 || reply->code == 553)
	    && (reply->enhanced[0] == '\0' || strncmp(reply->enhanced, "5.1.", 4) == 0);
	int code = unknown ? EX_NOUSER : EX_UNAVAILABLE;

	(void)reply_fail(reply, code, why, "the server refused the recipient");
	if (says_too_many(reply)) {
		why->code = EX_TEMPFAIL;
		why->temporary = true;
	}
	return failure_in(why, FAILURE_RECIPIENT);
}

static bool
read_rcpt(struct submit_envelope *envelope, size_t index, struct failure *why)
{
	struct verdict *verdict = &envelope->report->verdicts[envelope->first + index];
	struct failure refused;
	struct reply reply;

	if (!submit_envelope_reply(envelope, envelope->session->rule->limits.rcpt_ms, &reply, why))
		return failure_in(why, FAILURE_RECIPIENT);
	if (reply_is(&reply, 3)) {
		/* It is another command's (F136): what would follow is, too. */
		(void)submit_envelope_out_of_step(envelope, why);
		return failure_in(why, FAILURE_RECIPIENT);
	}
	if (reply_is(&reply, 2)) {
		verdict->state = VERDICT_ACCEPTED;
		envelope->accepted++;
	} else if (reply.code == 421) {
		return fail_recipient(&reply, why);
	} else if (says_too_many(&reply) && envelope->accepted > 0) {
		envelope->too_many = true;
		envelope->postponed = true;
	} else {
		(void)fail_recipient(&reply, &refused);
		submit_envelope_settle(envelope, index, &refused);
	}
	return true;
}

bool
submit_envelope_refuse_sender(
    struct session *session, struct address address, const struct reply *reply, struct failure *why)
{
	struct text sender = address_format(address, session->arena);

	(void)reply_fail(reply, EX_UNAVAILABLE, why, "the server refused the sender '%s'",
	    sender.length == 0 ? "<>" : sender.bytes);
	if (reply_is(reply, 5))
		(void)failure_hint(why,
		    "many servers take only the address that belongs to the "
		    "login: see 'from' and the generic table");
	return failure_in(why, FAILURE_SENDER);
}

static bool
read_mail(struct submit_envelope *envelope, bool *refused, struct failure *why)
{
	struct reply reply;

	if (!submit_envelope_reply(envelope, envelope->session->rule->limits.mail_ms, &reply, why))
		return failure_in(why, FAILURE_SENDER);
	if (reply_is(&reply, 2))
		return true;
	if (reply_is(&reply, 3)) {
		(void)submit_envelope_out_of_step(envelope, why);
		return failure_in(why, FAILURE_SENDER);
	}
	*refused = true;
	return submit_envelope_refuse_sender(
	    envelope->session, envelope->submission->sender, &reply, why);
}

/* The rest of a flight whose MAIL was refused: its replies say nothing new. */
static void
drain(struct submit_envelope *envelope, const struct submit_flight *flight)
{
	struct session *session = envelope->session;
	struct failure ignored;
	struct reply reply;

	for (size_t i = 0; i < flight->count && !session->broken; i++)
		(void)session_reply(session, session->rule->limits.rcpt_ms, &reply, &ignored);
}

static bool
read_replies(
    struct submit_envelope *envelope, const struct submit_flight *flight, struct failure *why)
{
	bool refused = false;

	if (flight->mail && !read_mail(envelope, &refused, why)) {
		if (refused)
			drain(envelope, flight);
		return false;
	}
	for (size_t i = 0; i < flight->count; i++)
		if (!read_rcpt(envelope, flight->members[i], why))
			return false;
	/* What answers the closing command is the next reader's. */
	return envelope->closing != SUBMIT_CLOSING_NONE || submit_envelope_in_step(envelope, why);
}

static bool
fly(struct submit_envelope *envelope, const struct submit_flight *flight, struct failure *why)
{
	struct session *session = envelope->session;
	struct text bytes = buffer_text(&flight->commands);
	struct text shown = text_slice(bytes, 0, flight->trace_length);
	struct deadline deadline = deadline_after(session->rule->limits.mail_ms);

	session->unfinished = true;
	if (!session_write_as(session, bytes, shown, deadline, why)) {
		(void)submit_envelope_last_words(envelope, !flight->mail, why);
		return failure_in(why, FAILURE_SENDER);
	}
	if (envelope->closing == SUBMIT_CLOSING_BDAT)
		interrupt_hold(true);
	return read_replies(envelope, flight, why);
}

/* MAIL and the first RCPT may take their time, every further one a tenth of it. */
static int64_t
phase_ms(const struct submit_envelope *envelope)
{
	const struct session_limits *limits = &envelope->session->rule->limits;
	int64_t further = (int64_t)envelope->submission->count * (limits->rcpt_ms / 10);

	return limits->mail_ms + limits->rcpt_ms + limits->data_ms + further;
}

bool
submit_envelope_send(struct submit_envelope *envelope, struct failure *why)
{
	struct submit_flight flight = { .commands = buffer_open(0) };
	struct submit_progress progress = { .at = 0 };
	bool done;

	envelope->accepted = 0;
	envelope->answered = 0;
	envelope->postponed = false;
	envelope->too_many = false;
	envelope->closing = SUBMIT_CLOSING_NONE;
	session_phase(envelope->session, phase_ms(envelope));
	do {
		done = submit_flight_fill(envelope, &progress, &flight, why)
		    && fly(envelope, &flight, why);
	} while (done && !submit_flight_is_last(envelope, &progress));
	buffer_close(&flight.commands);
	return done;
}
