/* SPDX-License-Identifier: ISC */
/*
 * Connects to the first of several addresses that answers (RFC 8305 section 5).
 */
#ifndef RELAY_NET_RACE_H
#define RELAY_NET_RACE_H

#include "base/deadline.h"
#include "net/lookup.h"

/* Milliseconds until the next address is tried beside those that have not answered. */
#define RACE_STAGGER_MS 250

/*
 * Starts an address every RACE_STAGGER_MS, or as soon as one fails, and gives the first socket
 * connected, closing the rest.  `source` (NULL: any) is bound to; addresses of another family
 * are left out.  Fails with EX_TEMPFAIL when none answers by the deadline, naming the last
 * address's reason and how many were tried, with a hint for its kind; EX_CONFIG when no
 * address has the source's family.
 */
bool race_run(const struct lookup *lookup, const struct lookup_address *source,
    struct deadline deadline, int *fd, struct failure *why);

#endif
