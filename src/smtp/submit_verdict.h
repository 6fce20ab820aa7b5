/* SPDX-License-Identifier: ISC */
/*
 * The server's last word on a message that it has whole: one for all recipients, or with
 * LMTP one for each (RFC 2033).
 */
#ifndef RELAY_SMTP_SUBMIT_VERDICT_H
#define RELAY_SMTP_SUBMIT_VERDICT_H

#include <stdbool.h>

#include "base/failure.h"
#include "smtp/reply.h"
#include "smtp/submit_envelope.h"

/*
 * Reads it; the words go to report->reply.  SMTP: true when the message was taken.  LMTP: settles
 * each accepted recipient and is true when all had their reply, even if that refused them all.
 *
 * `bdat`: it came as BDAT, behind which a reply too many means that this one may have been
 * another's (F135), and whose refusal may mean that the server does not know BDAT (F144).
 *
 * Fails with EX_TEMPFAIL, uncertain, when no reply comes or it decides nothing (F131); with what
 * submit_verdict_refuse() says.
 */
bool submit_verdict_read(struct submit_envelope *envelope, bool bdat, struct failure *why);

/* The failure for a 4xx (EX_TEMPFAIL) or 5xx (EX_UNAVAILABLE) to the message.  Always false. */
bool submit_verdict_refuse(const struct reply *reply, struct failure *why);

/* The whole message is with the server, and what became of it is not known (F131): makes *why
 * temporary and uncertain.  Always false. */
bool submit_verdict_doubt(struct failure *why);

#endif
