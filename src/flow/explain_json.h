/* SPDX-License-Identifier: ISC */
/*
 * Shows a plan to a program: one JSON object.  No secret is in it.
 */
#ifndef RELAY_FLOW_EXPLAIN_JSON_H
#define RELAY_FLOW_EXPLAIN_JSON_H

#include "flow/plan.h"

struct buffer;

/*
 * Keys: every setting by its relayrc name (switches true or false, numbers as numbers, what is
 * empty null; `from` is the envelope sender, the patterns are `from_patterns`), `account`,
 * `account_chosen_by`, `effective_domain`, `effective_domain_from`, `effective_local_domains`,
 * `from_generic` (the rows that made `from`: key, file, line), `recipients` (address, routed,
 * original, aliases), `routes` (transport, account, from, row, servers with host, port, tls, user,
 * password_from; recipients), `refused`.
 */
void explain_json(const struct plan *plan, struct arena *arena, struct buffer *to);

#endif
