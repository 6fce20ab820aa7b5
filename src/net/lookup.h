/* SPDX-License-Identifier: ISC */
/*
 * From a host and a port to the addresses to try, in the order to try them.
 */
#ifndef RELAY_NET_LOOKUP_H
#define RELAY_NET_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/deadline.h"
#include "net/host.h"

/* A name with more addresses than this is misconfigured or hostile; the rest is not tried. */
#define LOOKUP_MAX 32

struct lookup_address {
	struct sockaddr_storage address;
	socklen_t length;
};

struct lookup {
	struct lookup_address items[LOOKUP_MAX];
	size_t count; /* at least 1 */
};

/*
 * Asks the system's resolver, which knows no time limit, and does not wait for it
 * past the deadline; a literal is not asked about.  Families are interleaved, IPv6
 * first, each in the resolver's order (RFC 8305 section 4).  Fails with EX_NOHOST for a
 * name that does not exist or has no address, EX_TEMPFAIL for a resolver that does not know.
 */
bool lookup_find(const struct host *host, unsigned port, struct deadline deadline,
    struct lookup *lookup, struct failure *why);

/* Interleaves what the resolver found; `family` of each item decides. */
void lookup_interleave(struct lookup *lookup);

/* The failure for an answer EAI_... of the resolver about `name`. */
bool lookup_failure(int answer, const char *name, struct failure *why);

/* One address without a port, as text; `size` of INET6_ADDRSTRLEN + 16 is enough. */
void lookup_format(const struct lookup_address *address, char *text, size_t size);

#endif
