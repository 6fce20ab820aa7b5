/* SPDX-License-Identifier: ISC */
/*
 * The servers of a route when it is on its way: those of the plan, or the ones that DNS names now
 * (`host srv:DOMAIN`).
 */
#ifndef RELAY_FLOW_DISCOVER_H
#define RELAY_FLOW_DISCOVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "flow/route.h"
#include "net/connect.h"

struct arena;

#define DISCOVER_MS 20000

/*
 * Gives the servers to try, in order: the route's own array, or one that belongs to arena.  Each
 * that DNS named keeps the credential that was found for the domain, and must show the
 * domain's certificate.  Fails as service_find().
 */
bool discover_hops(const struct route *route, const struct dialer *dialer, struct arena *arena,
    const struct route_hop **hops, size_t *count, struct failure *why);

#endif
