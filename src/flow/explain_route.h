/* SPDX-License-Identifier: ISC */
/*
 * What is known of a server before it is connected, as steps: its name and port, the TLS rule,
 * the mechanisms, who logs in.  No secret is in it.
 */
#ifndef RELAY_FLOW_EXPLAIN_ROUTE_H
#define RELAY_FLOW_EXPLAIN_ROUTE_H

#include "flow/explain_step.h"
#include "flow/plan.h"
#include "flow/route.h"

struct arena;

/* "smtp:mail.example:587", "lmtp:/run/lmtp", "srv:example.org" ... */
const char *explain_route_way(const struct route *route, struct arena *arena);

/* "mail.example:587", "[::1]:587", or the path of a socket. */
const char *explain_route_server(const struct route_hop *hop, struct arena *arena);

/* Steps "server", "tls", "mechanism" (when there is a login) and "login". */
void explain_route_steps(const struct plan *plan, const struct route *route,
    const struct route_hop *hop, struct explain_steps *steps);

#endif
