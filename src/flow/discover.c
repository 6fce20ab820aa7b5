/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/discover.h"

#include "base/arena.h"

/* The plan's hop in all but where to connect, and how. */
static struct route_hop
hop_of(const struct route_hop *planned, const struct service_target *target, struct arena *arena)
{
	struct route_hop hop = *planned;

	hop.service = false;
	hop.certificate = planned->server.host;
	hop.implicit_tls = target->implicit_tls;
	hop.port = target->port;
	hop.server.host = arena_string(arena, target->host);
	return hop;
}

bool
discover_hops(const struct route *route, const struct dialer *dialer, struct arena *arena,
    const struct route_hop **hops, size_t *count, struct failure *why)
{
	struct route_hop *found;
	struct service service;

	*hops = route->hops;
	*count = route->hop_count;
	if (route->hop_count == 0 || !route->hops[0].service)
		return true;
	if (!dialer->find(dialer->data, route->hops[0].server.host, deadline_after(DISCOVER_MS),
		&service, why))
		return false;
	found = arena_array(arena, service.count, sizeof *found);
	for (size_t i = 0; i < service.count; i++)
		found[i] = hop_of(&route->hops[0], &service.items[i], arena);
	*hops = found;
	*count = service.count;
	return true;
}
