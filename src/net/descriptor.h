/* SPDX-License-Identifier: ISC */
/*
 * A channel over a descriptor: socket or pipe, non-blocking underneath, every
 * wait against an absolute deadline.
 */
#ifndef RELAY_NET_DESCRIPTOR_H
#define RELAY_NET_DESCRIPTOR_H

#include "net/channel.h"

/*
 * Takes `read_fd` and `write_fd` (may be the same).  Privacy is CHANNEL_LOCAL when
 * getpeername() says a unix socket or a loopback address, else CHANNEL_OPEN; a
 * `proxied` connection is CHANNEL_OPEN, whatever its peer.  Sets TCP_NODELAY on a TCP socket
 * and never raises SIGPIPE.  `peer` is copied.
 */
struct channel *descriptor_open(int read_fd, int write_fd, const char *peer, bool proxied);

/* The descriptor under a channel made here, -1 for any other kind: for GnuTLS. */
int descriptor_of(const struct channel *channel);

/* Waits until `fd` is ready for `events` of poll(2).  Fails with EX_TEMPFAIL at the
 * deadline ("no answer within the time limit") and as interrupt_check(). */
bool descriptor_wait(int fd, short events, struct deadline deadline, struct failure *why);

#endif
