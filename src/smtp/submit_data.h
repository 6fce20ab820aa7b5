/* SPDX-License-Identifier: ISC */
/*
 * The message itself: DATA with dot transparency, or BDAT (RFC 3030), and the server's last word.
 */
#ifndef RELAY_SMTP_SUBMIT_DATA_H
#define RELAY_SMTP_SUBMIT_DATA_H

#include <stdbool.h>

#include "base/failure.h"
#include "smtp/submit_envelope.h"

#define SUBMIT_DATA_BLOCK ((size_t)64 * 1024) /* bytes gathered for one write */

/*
 * Sends the message, or what is left to do for it after the envelope's last flight, and reads the
 * reply; its words go to report->reply.  Fails in stage DATA: EX_TEMPFAIL for 4xx and trouble on
 * the way (uncertain when all was written), EX_UNAVAILABLE for 5xx, EX_PROTOCOL when DATA is
 * not answered by 354, EX_IOERR when the message cannot be read back.
 */
bool submit_data_send(struct submit_envelope *envelope, struct failure *why);

/* Nobody accepted it: ends what the last flight began without a message (F124).  Fails, uncertain,
 * with EX_TEMPFAIL in stage DATA when the server took the message that was in the flight. */
bool submit_data_abandon(struct submit_envelope *envelope, struct failure *why);

#endif
