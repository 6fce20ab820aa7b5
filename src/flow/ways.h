/* SPDX-License-Identifier: ISC */
/*
 * The last part of a plan: which way each recipient goes, and who logs in there.
 */
#ifndef RELAY_FLOW_WAYS_H
#define RELAY_FLOW_WAYS_H

#include <stdbool.h>

#include "base/failure.h"
#include "flow/plan.h"

struct arena;

/*
 * Makes routes, ways and refusals of what transport and generic answered for the plan's
 * recipients.  Whoever needs a row, an account or a credential that is at fault is refused, the
 * others are not concerned.  Fails when nobody can be served for now (a table cannot be read), and
 * for a fault of the plan's own account.
 */
bool ways_make(struct plan *plan, struct arena *arena, struct failure *why);

#endif
