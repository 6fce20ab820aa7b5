/* SPDX-License-Identifier: ISC */
/*
 * What GnuTLS reads from and writes to: a channel, with the records gathered so that
 * many leave in one write, and every wait against a deadline.
 */
#ifndef RELAY_NET_WIRE_H
#define RELAY_NET_WIRE_H

#include <gnutls/gnutls.h>

#include "base/buffer.h"
#include "net/channel.h"

/* Bytes of the peer that may pass without one of data: empty records, tickets, key
 * updates, and a whole handshake (F52, F59). */
#define WIRE_IDLE_MAX ((size_t)256 * 1024)

struct wire {
	struct channel *under;
	gnutls_session_t session;
	struct deadline deadline; /* of the call that is running */
	bool waiting;             /* may that call wait? */
	bool dry;                 /* it would have had to wait; the caller takes it back */
	bool failed;              /* the channel underneath did; `failure` says how */
	struct failure failure;
	size_t idle;    /* bytes since the last one of data; the caller sets it to 0 */
	char first[80]; /* what the peer said first, to name one that speaks no TLS */
	size_t first_length;
	char *in; /* records not yet looked at */
	size_t in_start;
	size_t in_end;
	struct buffer out; /* records not yet written */
};

/* Becomes what `session` reads and writes; neither may move while they are used.  Takes `under`. */
void wire_attach(struct wire *wire, struct channel *under, gnutls_session_t session);

/* Writes what GnuTLS has handed over.  Fails as the channel underneath. */
bool wire_flush(struct wire *wire, struct failure *why);

/* Is there a byte to read without waiting?  It may belong to no data. */
bool wire_pending(const struct wire *wire);

/* Closes the channel underneath and frees. */
void wire_close(struct wire *wire);

#endif
