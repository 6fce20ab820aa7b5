/* SPDX-License-Identifier: ISC */
/*
 * What becomes of recipients without asking any server: those that the plan refuses, and those
 * whose transport row says error, retry or discard.
 */
#ifndef RELAY_FLOW_SETTLE_H
#define RELAY_FLOW_SETTLE_H

#include "flow/plan.h"
#include "mail/report.h"

struct arena;

/* Adds a settled verdict for every refusal of the plan. */
void settle_refusals(const struct plan *plan, struct arena *arena, struct report *report);

/* Settles the verdicts of a route without servers, which begin at `first`. */
void settle_route(
    const struct plan *plan, const struct route *route, struct report *report, size_t first);

/* The exit status of sending, if every server takes what it is given. */
int settle_status(const struct plan *plan, struct arena *arena);

#endif
