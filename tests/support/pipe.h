/* SPDX-License-Identifier: ISC */
/*
 * A peer in a thread of this process, behind a socket pair or two pipes: TLS without a
 * network.  Mistakes of the set-up abort.
 *
 *	struct pipe_peer *peer = pipe_open(&(struct pipe_wish){ .chain = &leaf, .count = 1 });
 *	struct channel *channel = pipe_channel(peer);
 *	... tls_start(&channel, ...), channel_close(channel) ...
 *	pipe_close(peer);        waits for the thread: close the channel first
 */
#ifndef RELAY_TESTS_SUPPORT_PIPE_H
#define RELAY_TESTS_SUPPORT_PIPE_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>

#include "net/channel.h"
#include "tests/support/certificate.h"

struct pipe_wish {
	const struct certificate *chain; /* what the server presents, its own first */
	size_t count;
	const char *priorities; /* NULL: "NORMAL" */
	bool ask_certificate;   /* demands one of the client, and judges none */
	bool pipes;             /* two pipes instead of a socket pair */
	/* After the handshake; NULL: sends back what it reads until the end. */
	void (*serve)(gnutls_session_t session, void *data);
	/* Instead of all TLS. */
	void (*raw)(int in, int out, void *data);
	void *data;
};

struct pipe_peer;

/* Starts the peer; the wish and its certificates must live until pipe_close(). */
struct pipe_peer *pipe_open(const struct pipe_wish *wish);

/* The channel to it, to be taken once; the caller closes it. */
struct channel *pipe_channel(struct pipe_peer *peer);

/* Waits for the peer's end. */
void pipe_join(struct pipe_peer *peer);

/* After pipe_join(): the result of the server's handshake, the name asked for by SNI (or
 * ""), whether the client showed a certificate, and whether the client closed by TLS. */
int pipe_handshake(const struct pipe_peer *peer);
const char *pipe_asked_name(const struct pipe_peer *peer);
bool pipe_saw_certificate(const struct pipe_peer *peer);
bool pipe_saw_closing(const struct pipe_peer *peer);

/* Joins, unless joined, and frees. */
void pipe_close(struct pipe_peer *peer);

#endif
