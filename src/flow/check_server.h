/* SPDX-License-Identifier: ISC */
/*
 * The part of --check that goes to the servers of the routes: name, password, each address.
 */
#ifndef RELAY_FLOW_CHECK_SERVER_H
#define RELAY_FLOW_CHECK_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "flow/check_list.h"
#include "flow/check_secrets.h"
#include "flow/deliver.h"
#include "flow/plan.h"
#include "net/connect.h"

/* Servers that are looked at; a transport table may name thousands. */
#define CHECK_SERVER_MAX 20

/* Addresses of one server that are connected to. */
#define CHECK_SERVER_ADDRESSES_MAX 8

struct check_server {
	struct check_list *list;
	const struct plan *plan;
	const struct dialer *dialer;
	const struct deliver_trace *trace;
	struct check_secrets *secrets; /* NULL: nobody logs in (--serverinfo) */
	bool sender;                   /* ask for the plan's sender */
	/* Those that were looked at: */
	const struct route_hop *hops[CHECK_SERVER_MAX];
	const struct route *routes[CHECK_SERVER_MAX];
	size_t count;
	size_t left_out;
};

/* Looks at each server of the route that was not looked at before, until there are
 * CHECK_SERVER_MAX; the others are counted.  Without `login` nobody logs in there, and so the
 * sender is not asked for. */
void check_server_run(struct check_server *check, const struct route *route, bool login);

#endif
