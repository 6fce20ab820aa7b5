/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/submit.h"

#include <inttypes.h>

#include <unistr.h>

#include "base/interrupt.h"
#include "mail/encoding.h"
#include "smtp/submit_data.h"
#include "smtp/submit_envelope.h"
#include "smtp/submit_flight.h"

/* A reply that stands there before MAIL would be taken for MAIL's, and all behind it for another's
 * (F135).  It is the server's fault and no reason to give the message up. */
static bool
in_step(struct session *session, struct failure *why)
{
	if (session_quiet(session, why))
		return true;
	why->temporary = true;
	return failure_in(why, FAILURE_SENDER);
}

/* A transaction that an earlier message left open is taken back (F149). */
static bool
reset(struct session *session, struct failure *why)
{
	struct reply reply;

	if (!in_step(session, why))
		return false;
	if (!session->unfinished)
		return true;
	if (!session_ask(session, "RSET", session->rule->limits.command_ms, &reply, why))
		return failure_in(why, FAILURE_SENDER);
	if (reply_is(&reply, 2)) {
		session->unfinished = false;
		return in_step(session, why);
	}
	session->broken = true;
	(void)reply_fail(&reply, EX_TEMPFAIL, why, "the server refused RSET");
	return failure_in(why, FAILURE_SENDER);
}

static bool
fits_size(const struct session *session, const struct message *message, struct failure *why)
{
	uint64_t limit = session->capability.size ? session->capability.size_limit : 0;

	if (limit == 0 || message_size(message) <= limit)
		return true;
	(void)fail(why, EX_DATAERR, "the message has %" PRIu64 " bytes, the server takes %" PRIu64,
	    message_size(message), limit);
	return failure_in(why, FAILURE_DATA);
}

static bool
header_is_utf8(const struct message *message)
{
	return message_header_is_8bit(message)
	    && u8_check((const uint8_t *)message->edited.bytes, message->edited.length) == NULL;
}

/* Only addresses and header fields ask for it, never the body (F143). */
static bool
needs_smtputf8(const struct submission *submission, const struct message *message)
{
	if (address_needs_utf8(submission->sender) || header_is_utf8(message))
		return true;
	for (size_t i = 0; i < submission->count; i++)
		if (address_needs_utf8(submission->recipients[i].address))
			return true;
	return false;
}

static bool
check_sender(struct session *session, const struct submission *submission, struct failure *why)
{
	struct text path;

	return submit_flight_path(session, submission->sender, &path, why)
	    || failure_in(why, FAILURE_SENDER);
}

/* What the server said to each recipient is not what it did: nobody's refusal stands. */
static bool
abandon(struct submit_envelope *envelope, struct failure *why)
{
	if (submit_data_abandon(envelope, why))
		return true;
	for (size_t i = 0; i < envelope->submission->count; i++) {
		struct verdict *verdict = &envelope->report->verdicts[envelope->first + i];

		if (verdict->state != VERDICT_DELIVERED && verdict->why != NULL
		    && verdict->why->smtp_code != 0)
			*verdict = (struct verdict){ .recipient = verdict->recipient };
	}
	return false;
}

static bool
transact_once(struct submit_envelope *envelope, struct failure *why)
{
	if (!reset(envelope->session, why))
		return false;
	if (!submit_envelope_send(envelope, why)) {
		(void)abandon(envelope, why);
		return false;
	}
	if (envelope->accepted == 0)
		return abandon(envelope, why);
	if (!submit_data_send(envelope, why))
		return false;
	report_deliver(envelope->report, envelope->first, envelope->submission->count);
	return true;
}

static bool
transact(struct submit_envelope *envelope, struct failure *why)
{
	bool done = transact_once(envelope, why);

	session_phase(envelope->session, 0);
	interrupt_hold(false);
	return done;
}

/* Each round settles or delivers at least one recipient, so it ends. */
static bool
transact_all(struct submit_envelope *envelope, struct failure *why)
{
	do {
		if (envelope->session->broken) {
			(void)fail(why, EX_TEMPFAIL,
			    "the server ended the session before all "
			    "recipients were served");
			return failure_in(why, FAILURE_RECIPIENT);
		}
		if (!transact(envelope, why))
			return false;
		/* Offering more than it takes would cost a refusal each, every time. */
		if (envelope->too_many)
			envelope->limit = envelope->accepted;
	} while (envelope->postponed);
	return true;
}

static bool
submit_fitting(struct session *session, const struct submission *submission,
    const struct message *message, struct submit_envelope *envelope, struct failure *why)
{
	envelope->message = message;
	envelope->smtputf8 = session->capability.smtputf8 && needs_smtputf8(submission, message);
	/* A server that offers CHUNKING and does not know BDAT reads the message as commands: none
	 * may be in it (F144). */
	envelope->chunking = session->capability.chunking && !message_is_command_like(message);
	return check_sender(session, submission, why) && fits_size(session, message, why)
	    && transact_all(envelope, why);
}

/* A signed body is left as it was, and may be 8-bit (F140). */
static bool
still_fits(const struct session *session, const struct message *fit, struct failure *why)
{
	if (encoding_fits(fit, session->capability.eight_bit_mime))
		return true;
	(void)fail(why, EX_DATAERR,
	    "the message is 8-bit, may not be changed, and the server does "
	    "not offer 8BITMIME");
	return failure_in(why, FAILURE_INPUT);
}

static bool
submit(struct submit_envelope *envelope, struct failure *why)
{
	struct session *session = envelope->session;
	const struct submission *submission = envelope->submission;
	struct message fit = { .body_fd = -1 };
	bool done;

	if (encoding_fits(submission->message, session->capability.eight_bit_mime))
		return submit_fitting(session, submission, submission->message, envelope, why);
	if (!encoding_apply(submission->message, session->capability.eight_bit_mime,
		submission->temporary, session->arena, &fit, why))
		return failure_in(why, FAILURE_INPUT);
	done = still_fits(session, &fit, why)
	    && submit_fitting(session, submission, &fit, envelope, why);
	message_close(&fit);
	return done;
}

static size_t
delivered(const struct submit_envelope *envelope)
{
	size_t count = 0;

	for (size_t i = 0; i < envelope->submission->count; i++)
		if (envelope->report->verdicts[envelope->first + i].state == VERDICT_DELIVERED)
			count++;
	return count;
}

/* Everybody was refused one by one: the first one's story stands for all. */
static bool
tell_refusal(const struct submit_envelope *envelope, struct failure *why)
{
	if (envelope->submission->count == 0)
		return fail(why, EX_USAGE, "the message has no recipient");
	*why = *envelope->report->verdicts[envelope->first].why;
	return false;
}

bool
submit_message(struct session *session, const struct submission *submission, struct report *report,
    size_t first, struct failure *why)
{
	struct submit_envelope envelope = {
		.session = session, .submission = submission, .report = report, .first = first
	};
	struct failure trouble;

	if (!submit(&envelope, &trouble)) {
		(void)failure_at(&trouble, "%s", session->peer);
		report_fail_open(report, first, submission->count, &trouble);
		if (delivered(&envelope) > 0)
			return true;
		*why = trouble;
		return false;
	}
	return delivered(&envelope) > 0 || tell_refusal(&envelope, why);
}
