/* SPDX-License-Identifier: ISC */
/*
 * Which servers take mail for submission from a domain's users: the SRV records of RFC 8314
 * section 5.1 and RFC 6186 section 3.1.
 */
#ifndef RELAY_NET_SERVICE_H
#define RELAY_NET_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/deadline.h"
#include "base/failure.h"
#include "net/host.h"

/* More servers than this nobody needs; the rest is not tried. */
#define SERVICE_MAX 16

struct service_target {
	char host[HOST_LENGTH_MAX + 1];
	unsigned port;
	unsigned priority;
	unsigned weight;
	bool implicit_tls; /* of _submissions: TLS from the first byte */
};

struct service {
	struct service_target items[SERVICE_MAX];
	size_t count;
	bool refused; /* the domain says that it has none (RFC 2782: the target ".") */
};

/*
 * Asks for _submissions._tcp, then for _submission._tcp, and gives the targets in the order in
 * which they are to be tried: the former first; each by priority, equal ones at random by weight
 * (RFC 2782).  Anybody on the way may have made the answer up, so that a target's certificate must
 * be the domain's, never just the target's (RFC 6186 section 6).
 *
 * Fails in stage CONNECT, at the domain, with EX_NOHOST when it has no such record or refuses the
 * service, EX_CONFIG when it is no domain, EX_TEMPFAIL when no name server knows by the deadline.
 */
bool service_find(
    const char *domain, struct deadline deadline, struct service *service, struct failure *why);

/* Adds the SRV records of a name server's answer, whatever its bytes; false when it is no answer.
 * What is malformed, has no port or no usable name is passed over. */
bool service_read(
    const unsigned char *answer, size_t length, bool implicit_tls, struct service *service);

/* Brings the targets from `first` on into their order; `seed` is random. */
void service_order(struct service *service, size_t first, uint64_t seed);

#endif
