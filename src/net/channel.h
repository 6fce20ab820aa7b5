/* SPDX-License-Identifier: ISC */
/*
 * A byte channel to a peer, plain, TLS, scripted or piped: the seam between the
 * dialogue and the network.  Knows no SMTP.
 */
#ifndef RELAY_NET_CHANNEL_H
#define RELAY_NET_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/deadline.h"
#include "base/failure.h"
#include "base/text.h"

struct channel;

/* What the state of the connection itself says of who can read along.  AUTH looks
 * here and nowhere else. */
enum channel_privacy {
	CHANNEL_OPEN,    /* plain, or TLS to somebody not verified */
	CHANNEL_LOCAL,   /* a unix socket or a loopback peer address, as the kernel says */
	CHANNEL_VERIFIED /* TLS, the peer's certificate verified or pinned */
};

struct channel_operations {
	/* Waits for at least one byte and reads what is there; *got 0 at the end of
	 * input.  Fails with EX_TEMPFAIL at the deadline or on a broken connection. */
	bool (*read)(struct channel *channel, char *bytes, size_t room, size_t *got,
	    struct deadline deadline, struct failure *why);
	/* Writes all of it.  Fails with EX_TEMPFAIL at the deadline or on a broken connection. */
	bool (*write)(struct channel *channel, struct text bytes, struct deadline deadline,
	    struct failure *why);
	/* Is there anything to read at once (early replies, injected bytes)?  No waiting. */
	bool (*pending)(struct channel *channel);
	/* Channel binding data of a type ("tls-exporter", "tls-unique"); NULL: none. */
	bool (*binding)(
	    struct channel *channel, const char *type, char *bytes, size_t room, size_t *length);
	/* Ends it without waiting for the peer (F58) and frees it. */
	void (*close)(struct channel *channel);
};

/* First member of every kind of channel. */
struct channel {
	const struct channel_operations *operations;
	enum channel_privacy privacy;
	bool tls;          /* TLS runs on it, verified or not */
	char security[96]; /* "TLS1.3 AES-256-GCM", or empty */
	char peer[300];    /* host:port as asked for, for messages */
};

bool channel_read(struct channel *channel, char *bytes, size_t room, size_t *got,
    struct deadline deadline, struct failure *why);
bool channel_write(
    struct channel *channel, struct text bytes, struct deadline deadline, struct failure *why);
bool channel_pending(struct channel *channel);
bool channel_binding(
    struct channel *channel, const char *type, char *bytes, size_t room, size_t *length);

/* May a password cross it? */
bool channel_is_private(const struct channel *channel);

/* NULL is fine. */
void channel_close(struct channel *channel);

#endif
