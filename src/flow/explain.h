/* SPDX-License-Identifier: ISC */
/*
 * Shows a plan to a person.  No secret is in it.
 */
#ifndef RELAY_FLOW_EXPLAIN_H
#define RELAY_FLOW_EXPLAIN_H

#include "flow/plan.h"

struct buffer;

/* Account, every effective setting with its place, sender, routes with servers, TLS rule,
 * credential source and recipients; secrets as ***, control bytes as '?'. */
void explain_text(const struct plan *plan, struct arena *arena, struct buffer *to);

/* A setting's value as it may be shown: *** for a secret, several joined by ", "; NULL: empty. */
const char *explain_value(const struct account *account, enum setting_id id, struct arena *arena);

/* Where the password would come from; NULL when there is no login. */
const char *explain_password_source(const struct credential *credential, struct arena *arena);

/* Domains whose users are ours, joined by ", ". */
const char *explain_local_domains(const struct plan *plan, struct arena *arena);

#endif
