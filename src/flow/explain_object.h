/* SPDX-License-Identifier: ISC */
/*
 * --explain for a program: one JSON object.
 */
#ifndef RELAY_FLOW_EXPLAIN_OBJECT_H
#define RELAY_FLOW_EXPLAIN_OBJECT_H

#include "base/failure.h"
#include "flow/plan.h"

struct buffer;

/*
 * The plan, or as much of it as was made before `why` (NULL: it is whole), and the exit status.
 * Keys are documented in relay(1).  No secret is in it.
 */
void explain_object(
    const struct plan *plan, const struct failure *why, int status, struct buffer *to);

#endif
