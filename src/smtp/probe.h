/* SPDX-License-Identifier: ISC */
/*
 * Asks a server whether it would take a sender, and leaves it at that: no recipient, no message.
 */
#ifndef RELAY_SMTP_PROBE_H
#define RELAY_SMTP_PROBE_H

#include <stdbool.h>

#include "base/failure.h"
#include "mail/address.h"
#include "smtp/session.h"

/*
 * MAIL FROM, then RSET.  Fails in stage SENDER: EX_TEMPFAIL for 4xx and trouble on the way,
 * EX_UNAVAILABLE for 5xx, EX_DATAERR for an address that the server's extensions cannot carry,
 * EX_PROTOCOL for a wrong code.
 */
bool probe_sender(struct session *session, struct address sender, struct failure *why);

#endif
