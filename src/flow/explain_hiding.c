/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/explain_hiding.h"

#include "base/arena.h"
#include "table/alias_graph.h"

static bool
account_exists(const void *data, const char *name)
{
	return account_find(data, name) != NULL;
}

/* Rows of transport that would take local mail away from aliases, as Postfix does it. */
static bool
hides(const struct transport *transport)
{
	return transport->key != NULL && transport->kind != TRANSPORT_NONE && !transport->nameless;
}

const struct transport *const *
explain_hiding_rows(const struct plan *plan, struct arena *arena)
{
	const struct alias_graph *graph = plan->aliases->graph;
	struct envelope_recipients local = { 0 };
	const struct transport **hiding;
	const struct transport **rows;
	struct failure ignored;
	const struct transport_rule rule = {
		.path = account_text(plan->account, SETTING_TRANSPORT),
		.completion = &plan->completion,
		.account_exists = account_exists,
		.data = &plan->config->accounts,
	};

	for (size_t i = 0; i < graph->count; i++)
		if (graph->nodes[i].found)
			(void)envelope_add(&local,
			    (struct envelope_recipient){ .address = graph->nodes[i].address },
			    arena);
	if (local.count == 0 || rule.path == NULL
	    || !transport_resolve(&rule, &local, arena, &rows, &ignored))
		return NULL;
	hiding = arena_array(arena, graph->count, sizeof *hiding);
	for (size_t i = 0; i < graph->count; i++) {
		size_t place = envelope_find(&local, graph->nodes[i].address);

		if (place < local.count && hides(rows[place]))
			hiding[i] = rows[place];
	}
	return hiding;
}
