/* SPDX-License-Identifier: ISC */
/*
 * One message through an open session: MAIL, RCPT, DATA or BDAT, one verdict a
 * recipient.
 */
#ifndef RELAY_SMTP_SUBMIT_H
#define RELAY_SMTP_SUBMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "mail/address.h"
#include "mail/message.h"
#include "mail/report.h"
#include "smtp/session.h"

struct submission_recipient {
	struct address address;
	struct address original; /* for ORCPT; null: none */
};

struct submission {
	struct address sender;
	const struct submission_recipient *recipients;
	size_t count;
	const char *dsn_notify; /* NULL: none */
	const char *dsn_return;
	const char *envelope_id;
	const struct message *message;
	const char *temporary; /* for a re-encoded body */
};

/*
 * Sends the message and settles the `count` verdicts of `report` that begin at `first`.
 * With PIPELINING the envelope and DATA are one write; with CHUNKING a small message goes in
 * that write too as BDAT LAST.  Refused recipients do not hold up the others (F122, F123);
 * 452 and 552 to RCPT "too many" put the rest into a further transaction (F126, F127).
 * SIZE, BODY=8BITMIME, SMTPUTF8 and DSN are used when offered and needed; 8-bit or long
 * lines that cannot travel are re-encoded (mail/encoding).
 *
 * Fails, with every verdict not yet settled settled by the same failure: EX_TEMPFAIL, with
 * uncertain set when the final dot or last chunk was written and no reply came (F131);
 * EX_DATAERR for a message over SIZE (F138), an address that needs SMTPUTF8 where it is not
 * offered (F142);
 * EX_UNAVAILABLE for 5xx to MAIL or the data (EX_NOUSER when every recipient was refused so);
 * EX_PROTOCOL for a wrong code.  True when at least one recipient got it.
 */
bool submit_message(struct session *session, const struct submission *submission,
    struct report *report, size_t first, struct failure *why);

#endif
