/* SPDX-License-Identifier: ISC */
/*
 * The routes of a message, found by what leads to them: a table may send every recipient another
 * way.
 */
#ifndef RELAY_FLOW_ROUTE_LIST_H
#define RELAY_FLOW_ROUTE_LIST_H

#include <stddef.h>

#include "flow/route.h"
#include "mail/address.h"
#include "table/transport.h"

struct arena;

/* Adds a route, and returns its number.  Its transport and sender_given stay as they are. */
size_t route_list_add(struct route_list *list, const struct route *route, struct arena *arena);

/* The number of the route for a transport (one without a key is no row) and for mail of that
 * sender, before generic; ROUTE_NONE: there is none.  Rows that say the same are one. */
size_t route_list_find(
    const struct route_list *list, const struct transport *transport, struct address sender_given);

#endif
