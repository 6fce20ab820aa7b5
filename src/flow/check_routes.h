/* SPDX-License-Identifier: ISC */
/*
 * Every way that mail of an account may go, for --check: its own host, and the servers that its
 * transport table names.
 */
#ifndef RELAY_FLOW_CHECK_ROUTES_H
#define RELAY_FLOW_CHECK_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "flow/check_list.h"
#include "flow/plan.h"

/* More rows that lead elsewhere are only counted. */
#define CHECK_ROUTES_MAX 20

struct check_routes {
	struct route_list list;
	bool undecided[CHECK_ROUTES_MAX]; /* whose password it is could not be found out */
	size_t left_out;                  /* rows that name none of these */
};

/* Finds them, and with `credentials` the source of each password.  What is wrong goes to `list`;
 * the ways that are not concerned are there all the same. */
void check_routes_find(const struct plan *plan, const struct config *config, bool credentials,
    struct check_list *list, struct check_routes *routes);

#endif
