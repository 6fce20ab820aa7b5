/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/submit_flight.h"

#include "smtp/command.h"

bool
submit_flight_path(
    struct session *session, struct address address, struct text *path, struct failure *why)
{
	struct address ascii = address;

	if (address_needs_utf8(address) && !session->capability.smtputf8)
		return fail(why, EX_DATAERR,
		    "the address is not ASCII and the server does not offer SMTPUTF8");
	if (!address_needs_utf8(address) && !address_to_ascii(address, session->arena, &ascii, why))
		return false;
	*path = address_format(ascii, session->arena);
	return true;
}

static bool
wants_dsn(const struct submit_envelope *envelope)
{
	const struct submission *submission = envelope->submission;

	return envelope->session->capability.dsn
	    && (submission->dsn_notify != NULL || submission->dsn_return != NULL
		|| submission->envelope_id != NULL);
}

static bool
add_mail(struct submit_envelope *envelope, struct submit_flight *flight, struct failure *why)
{
	const struct capability *capability = &envelope->session->capability;
	const struct message *message = envelope->message;
	struct command_mail mail = { .smtputf8 = envelope->smtputf8 };

	if (!submit_flight_path(envelope->session, envelope->submission->sender, &mail.sender, why))
		return false;
	mail.has_size = capability->size;
	mail.size_bytes = message_size(message);
	mail.body_8bit = capability->eight_bit_mime
	    && (message_header_is_8bit(message) || message_body_is_8bit(message));
	if (wants_dsn(envelope)) {
		mail.dsn_return = envelope->submission->dsn_return;
		mail.envelope_id = envelope->submission->envelope_id;
	}
	return command_mail(&flight->commands, &mail, why);
}

static bool
write_rcpt(struct submit_envelope *envelope, size_t index, struct submit_flight *flight,
    struct failure *why)
{
	const struct submission_recipient *recipient = &envelope->submission->recipients[index];
	struct command_rcpt rcpt = { .dsn_notify = NULL };

	if (!submit_flight_path(envelope->session, recipient->address, &rcpt.recipient, why))
		return false;
	if (wants_dsn(envelope)) {
		struct text original = address_format(
		    recipient->original, envelope->session->arena);

		rcpt.dsn_notify = envelope->submission->dsn_notify;
		/* An original that is not ASCII has another type, which needs SMTPUTF8 all along
		 * the way (RFC 6533): none is better than a wrong one. */
		if (!text_has_8bit(original))
			rcpt.original = original;
	}
	return command_rcpt(&flight->commands, &rcpt, why);
}

static bool
is_open(const struct submit_envelope *envelope, size_t index)
{
	return envelope->report->verdicts[envelope->first + index].state == VERDICT_OPEN;
}

static void
add_rcpt(struct submit_envelope *envelope, struct submit_progress *progress,
    struct submit_flight *flight)
{
	struct failure unfit;

	if (write_rcpt(envelope, progress->at, flight, &unfit)) {
		flight->members[flight->count++] = progress->at;
		progress->sent++;
	} else {
		submit_envelope_settle(envelope, progress->at, &unfit);
	}
}

static bool
is_full(const struct submit_envelope *envelope, const struct submit_flight *flight)
{
	if (!envelope->session->capability.pipelining)
		return flight->mail || flight->count > 0;
	return flight->count == SUBMIT_FLIGHT_RCPT_MAX
	    || flight->commands.length >= SUBMIT_FLIGHT_BYTES_MAX;
}

bool
submit_flight_is_last(struct submit_envelope *envelope, const struct submit_progress *progress)
{
	if (progress->at == envelope->submission->count)
		return true;
	if (envelope->limit != 0 && progress->sent >= envelope->limit)
		envelope->postponed = true;
	return envelope->postponed;
}

static void
skip_settled(const struct submit_envelope *envelope, struct submit_progress *progress)
{
	while (progress->at < envelope->submission->count && !is_open(envelope, progress->at))
		progress->at++;
}

static bool
add_commands(struct submit_envelope *envelope, struct submit_progress *progress,
    struct submit_flight *flight, struct failure *why)
{
	if (!progress->begun) {
		if (!add_mail(envelope, flight, why))
			return failure_in(why, FAILURE_SENDER);
		flight->mail = true;
		progress->begun = true;
	}
	skip_settled(envelope, progress);
	while (!is_full(envelope, flight) && !submit_flight_is_last(envelope, progress)) {
		add_rcpt(envelope, progress, flight);
		progress->at++;
		skip_settled(envelope, progress);
	}
	return true;
}

/* Puts the whole message behind its command. */
static bool
add_message(
    const struct submit_envelope *envelope, struct submit_flight *flight, struct failure *why)
{
	uint64_t size = message_size(envelope->message);
	struct message_reader reader;
	struct text piece;
	bool done;

	if (!command_bdat(&flight->commands, size, true, why))
		return false;
	flight->trace_length = flight->commands.length;
	reader = message_reader_open(envelope->message);
	for (;;) {
		done = message_reader_next(&reader, &piece, why);
		if (!done || piece.length == 0)
			break;
		(void)buffer_append(&flight->commands, piece);
	}
	message_reader_close(&reader);
	if (done && flight->commands.length - flight->trace_length != size)
		return fail(why, EX_SOFTWARE, "the message is not as long as it was");
	return done;
}

static bool
add_closing(struct submit_envelope *envelope, struct submit_flight *flight, struct failure *why)
{
	const struct capability *capability = &envelope->session->capability;
	enum submit_closing closing = SUBMIT_CLOSING_NONE;

	if (!capability->pipelining || flight->count + envelope->accepted == 0)
		return true;
	if (!envelope->chunking) {
		if (!command_plain(&flight->commands, "DATA", why))
			return false;
		closing = SUBMIT_CLOSING_DATA;
	} else if (message_size(envelope->message) <= SUBMIT_FLIGHT_MESSAGE_MAX) {
		if (!add_message(envelope, flight, why))
			return false;
		closing = SUBMIT_CLOSING_BDAT;
	}
	envelope->closing = closing;
	return true;
}

bool
submit_flight_fill(struct submit_envelope *envelope, struct submit_progress *progress,
    struct submit_flight *flight, struct failure *why)
{
	flight->count = 0;
	flight->mail = false;
	buffer_clear(&flight->commands);
	if (!add_commands(envelope, progress, flight, why))
		return false;
	if (submit_flight_is_last(envelope, progress) && !add_closing(envelope, flight, why))
		return failure_in(why, FAILURE_DATA);
	if (envelope->closing != SUBMIT_CLOSING_BDAT)
		flight->trace_length = flight->commands.length;
	return true;
}
