/* SPDX-License-Identifier: ISC */
/*
 * What goes to the server in one write: MAIL, RCPTs, and behind the last of them DATA or the
 * message itself.  Without PIPELINING that is one command.
 */
#ifndef RELAY_SMTP_SUBMIT_FLIGHT_H
#define RELAY_SMTP_SUBMIT_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "smtp/submit_envelope.h"

#define SUBMIT_FLIGHT_BYTES_MAX \
	((size_t)48 * 1024)                             /* fits in socket buffers, so that neither \
							    side waits for the other */
#define SUBMIT_FLIGHT_RCPT_MAX 500                      /* their replies fit there, too */
#define SUBMIT_FLIGHT_MESSAGE_MAX ((uint64_t)64 * 1024) /* a larger one waits for the replies */

struct submit_flight {
	struct buffer commands;
	size_t trace_length; /* bytes of it that are commands */
	size_t members[SUBMIT_FLIGHT_RCPT_MAX];
	size_t count;
	bool mail; /* it begins with MAIL */
};

/* How far the envelope has come. */
struct submit_progress {
	size_t at;   /* the recipient to look at next */
	size_t sent; /* RCPTs of this transaction */
	bool begun;  /* MAIL is sent */
};

/* The address as it goes into a command: A-labels, unless it needs SMTPUTF8 and may have it.
 * Fails with EX_DATAERR (F141, F142); the text belongs to the session's arena. */
bool submit_flight_path(
    struct session *session, struct address address, struct text *path, struct failure *why);

/*
 * Fills the next flight; notes in `envelope` what it ends in.  A recipient that cannot be sent is
 * settled.  Fails with EX_USAGE or EX_DATAERR for a sender that cannot, EX_IOERR when the message
 * cannot be read back.
 */
bool submit_flight_fill(struct submit_envelope *envelope, struct submit_progress *progress,
    struct submit_flight *flight, struct failure *why);

/* Are all recipients of this transaction on their way? */
bool submit_flight_is_last(
    struct submit_envelope *envelope, const struct submit_progress *progress);

#endif
