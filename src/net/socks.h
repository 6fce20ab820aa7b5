/* SPDX-License-Identifier: ISC */
/*
 * Asks a SOCKS5 proxy (RFC 1928) for a connection to somebody else.
 */
#ifndef RELAY_NET_SOCKS_H
#define RELAY_NET_SOCKS_H

#include <stdbool.h>

#include "base/deadline.h"
#include "base/failure.h"
#include "net/channel.h"
#include "net/host.h"

/*
 * Has the proxy at the other end of `channel` connect to `host` and `port`; a name is the proxy's
 * to look up, since the resolver here may not know it or should not be told.  From then on
 * the channel's bytes are those of that host; not one of them has been read.
 *
 * No login is offered to the proxy: one that asks for it is EX_UNAVAILABLE, as is one that refuses
 * by rule or knows no CONNECT.  Fails with EX_TEMPFAIL when the proxy cannot reach the host, hangs
 * up or is silent past the deadline, EX_PROTOCOL when it speaks no SOCKS5.
 */
bool socks_connect(struct channel *channel, const struct host *host, unsigned port,
    struct deadline deadline, struct failure *why);

#endif
