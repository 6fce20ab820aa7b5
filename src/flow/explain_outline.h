/* SPDX-License-Identifier: ISC */
/*
 * --explain for a person: sender, account, the tree of each recipient, and each route once.
 */
#ifndef RELAY_FLOW_EXPLAIN_OUTLINE_H
#define RELAY_FLOW_EXPLAIN_OUTLINE_H

#include "flow/plan.h"

struct buffer;

/* The plan, or as much of it as was made: nothing without an account.  Width and colour are the
 * environment's.  No secret is in it. */
void explain_outline(const struct plan *plan, struct buffer *to);

#endif
