/* SPDX-License-Identifier: ISC */
/*
 * Which rows of transport would take local mail away from aliases in Postfix, that asks transport
 * first.
 */
#ifndef RELAY_FLOW_EXPLAIN_HIDING_H
#define RELAY_FLOW_EXPLAIN_HIDING_H

#include "flow/plan.h"

struct arena;

/*
 * The row for each node of the plan's alias graph, NULL for most; NULL when there is none at all.
 * The table is asked only for this, and nothing but a note depends on it: that it cannot be read is
 * no matter.  Belongs to arena.
 */
const struct transport *const *explain_hiding_rows(const struct plan *plan, struct arena *arena);

#endif
