/* SPDX-License-Identifier: ISC */
/*
 * A running TLS session as a channel: records over any channel underneath.
 */
#ifndef RELAY_NET_STREAM_H
#define RELAY_NET_STREAM_H

#include <gnutls/gnutls.h>

#include "net/channel.h"
#include "net/wire.h"

struct stream {
	struct channel channel;
	struct wire wire; /* with `deadline` and `waiting` of the call that is running */
	gnutls_certificate_credentials_t credentials;
	bool broken; /* no closing words are due any more */
	char *ahead; /* data read by channel_pending() */
	size_t ahead_start;
	size_t ahead_end;
	bool ahead_over; /* after it comes the end or an error: */
	int ahead_result;
};

/* Makes a stream over `under`; takes all three.  The handshake is the caller's, after setting
 * the wire's `deadline` and `waiting`. */
struct stream *stream_open(
    struct channel *under, gnutls_session_t session, gnutls_certificate_credentials_t credentials);

#endif
