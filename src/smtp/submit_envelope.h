/* SPDX-License-Identifier: ISC */
/*
 * MAIL and RCPT of one transaction in as few flights as the server allows, and what became of
 * each recipient.  The last flight may bring the message, or the command for it, along.
 */
#ifndef RELAY_SMTP_SUBMIT_ENVELOPE_H
#define RELAY_SMTP_SUBMIT_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "mail/message.h"
#include "mail/report.h"
#include "smtp/session.h"
#include "smtp/submit.h"

/* What the last flight ended in, and is yet to be answered. */
enum submit_closing { SUBMIT_CLOSING_NONE, SUBMIT_CLOSING_DATA, SUBMIT_CLOSING_BDAT };

struct submit_envelope {
	struct session *session;
	const struct submission *submission;
	const struct message *message; /* as it travels */
	struct report *report;
	size_t first; /* the verdict of recipient 0 */
	bool smtputf8;
	bool chunking; /* the message may go by BDAT */
	size_t limit;  /* recipients this server takes at once; 0: not known */
	/* of the transaction that was sent last: */
	size_t accepted;
	bool postponed;  /* recipients are left for another transaction */
	bool too_many;   /* because the server said so */
	size_t answered; /* commands */
	enum submit_closing closing;
};

/*
 * Sends MAIL and RCPT for the recipients whose verdict is open, as far as the server takes them,
 * and settles those that it refuses.  False when MAIL is refused (the session is not broken then,
 * and `closing` tells what is yet to be answered) or the session broke.
 */
bool submit_envelope_send(struct submit_envelope *envelope, struct failure *why);

/* Settles a recipient by *why, which is told where it happened. */
void submit_envelope_settle(struct submit_envelope *envelope, size_t index, struct failure *why);

/* Reads the reply to a part of a flight: EX_TEMPFAIL is uncertain when the message was in it. */
bool submit_envelope_reply(
    struct submit_envelope *envelope, int64_t ms, struct reply *reply, struct failure *why);

/* After a write that failed: puts in the place of *why what the server said before it hung up, 421
 * or a refusal; other refusals than 421 not when they may be `others`', single recipients'.
 * Returns false. */
bool submit_envelope_last_words(struct submit_envelope *envelope, bool others, struct failure *why);

/* The failure for a reply to MAIL that is no success, in stage SENDER.  Always false. */
bool submit_envelope_refuse_sender(
    struct session *session, struct address sender, const struct reply *reply, struct failure *why);

/* Was there no reply too many (F135)?  Fails as submit_envelope_out_of_step(). */
bool submit_envelope_in_step(struct submit_envelope *envelope, struct failure *why);

/* Fails with EX_TEMPFAIL and breaks the session: which reply is whose is not known any more. */
bool submit_envelope_out_of_step(struct submit_envelope *envelope, struct failure *why);

#endif
