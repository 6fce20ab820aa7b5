/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/explain_tree.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "flow/explain_hiding.h"

/* An alias row whose targets are being shown. */
struct frame {
	const struct alias_node *node;
	size_t next;
};

struct walk {
	const struct plan *plan;
	const struct explain_sink *sink;
	struct arena *arena;
	size_t number;                         /* of the recipient, from 1 */
	bool *shown;                           /* of envelope.recipients */
	bool *expanded;                        /* of the graph's nodes: their targets were shown */
	size_t *counts;                        /* and how many of these are refused */
	const struct alias_refusal **refusals; /* of this recipient, by edge */
	size_t refusal_count;
	size_t refusal;   /* of the aliases' result: the next recipient's first */
	size_t *unlisted; /* of envelope.recipients: number in refusals + 1; 0: none */
	size_t *numbers;  /* of routes, as people see them */
	struct envelope_recipients owners; /* who send to anybody */
	const struct transport *const
	    *hiding; /* of nodes: the row that Postfix would take; may be NULL */
	struct frame frames[ALIAS_GRAPH_DEPTH];
	size_t depth;
};

static void
number_routes(struct walk *walk)
{
	const struct route_list *routes = &walk->plan->routes;
	size_t number = 0;

	walk->numbers = arena_array(walk->arena, routes->count + 1, sizeof *walk->numbers);
	for (size_t i = 0; i < routes->count; i++)
		walk->numbers[i] = routes->items[i].hop_count > 0 ? ++number : 0;
}

/* Refusals behind those of aliases are of recipients that no row takes. */
static void
find_unlisted(struct walk *walk)
{
	const struct plan *plan = walk->plan;
	const struct envelope_recipients *recipients = &plan->envelope.recipients;
	size_t first = plan->aliases == NULL ? 0 : plan->aliases->refusal_count;

	walk->unlisted = arena_array(walk->arena, recipients->count + 1, sizeof *walk->unlisted);
	for (size_t i = first; i < plan->refusal_count; i++) {
		size_t place = envelope_find(recipients, plan->refusals[i].address);

		if (place < recipients->count)
			walk->unlisted[place] = i + 1;
	}
}

/* A list whose members were all named before sends nothing for its owner. */
static void
find_owners(struct walk *walk)
{
	const struct envelope_recipients *recipients = &walk->plan->envelope.recipients;
	const struct address *last = NULL;

	for (size_t i = 0; i < recipients->count; i++) {
		const struct address *owner = recipients->items[i].owner;

		if (owner != NULL && owner != last)
			(void)envelope_add(&walk->owners,
			    (struct envelope_recipient){ .address = *owner }, walk->arena);
		last = owner;
	}
}

static bool
is_owned(const struct walk *walk, const struct alias_node *node, struct arena *scratch)
{
	return node->has_owner
	    && envelope_find(&walk->owners, explain_step_owner(walk->plan, node, scratch))
	    < walk->owners.count;
}

static void
put_outcome(const struct walk *walk, struct explain_outcome outcome)
{
	walk->sink->outcome(walk->sink->data, &outcome);
}

/* By the row's kind, for rows that name no server. */
static enum explain_end
end_of(const struct transport *transport)
{
	if (transport->kind == TRANSPORT_DISCARD)
		return EXPLAIN_DISCARDED;
	return transport->kind == TRANSPORT_RETRY ? EXPLAIN_DEFERRED : EXPLAIN_REFUSED;
}

static struct explain_outcome
settle(const struct walk *walk, size_t place)
{
	const struct plan *plan = walk->plan;
	const struct envelope_recipient *recipient = &plan->envelope.recipients.items[place];
	const struct route *route = plan_route_of(plan, place);

	if (walk->unlisted[place] > 0)
		return (struct explain_outcome){ .end = EXPLAIN_REFUSED,
			.why = &plan->refusals[walk->unlisted[place] - 1].why };
	if (route == NULL)
		return (struct explain_outcome){ .end = EXPLAIN_UNDECIDED };
	if (route->hop_count == 0)
		return (struct explain_outcome){ .end = end_of(plan->transports[place]),
			.row = plan->transports[place] };
	return (struct explain_outcome){ .end = EXPLAIN_SENT,
		.recipient = generic_result(plan->generic, recipient->address),
		.route = walk->numbers[route - plan->routes.items] };
}

/* Is a recipient who is refused not so for want of a way?  Then generic was asked. */
static bool
has_way(const struct plan *plan, const struct transport *row)
{
	return row->fault == NULL
	    && (row->kind != TRANSPORT_NONE || account_text(plan->account, SETTING_HOST) != NULL
		|| account_text(plan->account, SETTING_SOCKET) != NULL);
}

/* Who gets the mail: which way, and called what outside. */
static void
put_leaf(const struct walk *walk, struct address address, struct explain_steps *steps)
{
	const struct plan *plan = walk->plan;
	size_t place = envelope_find(&plan->envelope.recipients, address);
	struct explain_outcome outcome = { .end = EXPLAIN_UNDECIDED };

	if (plan->transports != NULL && place < plan->envelope.recipients.count) {
		if (walk->shown[place]) {
			outcome.end = EXPLAIN_ABOVE;
		} else {
			explain_step_transport(plan, plan->transports[place], address, steps);
			outcome = settle(walk, place);
		}
		walk->shown[place] = true;
	}
	if (outcome.end == EXPLAIN_SENT
	    || (outcome.end == EXPLAIN_REFUSED && outcome.why != NULL
		&& has_way(plan, plan->transports[place])))
		explain_step_generic(plan, address, steps);
	walk->sink->steps(walk->sink->data, steps);
	put_outcome(walk, outcome);
}

static void
count_refused(const struct walk *walk, size_t count)
{
	const struct alias_node *nodes = walk->plan->aliases->graph->nodes;
	size_t *total;

	if (walk->depth == 0)
		return;
	total = &walk->counts[walk->frames[walk->depth - 1].node - nodes];
	if (__builtin_add_overflow(*total, count, total))
		*total = SIZE_MAX;
}

/* Shown before, with all that is refused there: a list of many with one fault is not told for
 * each of those who lead to it. */
static void
put_above(const struct walk *walk, size_t number)
{
	const struct alias_node *node = &walk->plan->aliases->graph->nodes[number];
	struct explain_outcome outcome = {
		.end = EXPLAIN_ABOVE, .partly = node->refused, .refused = walk->counts[number]
	};

	count_refused(walk, outcome.refused);
	if (walk->depth == 0 && walk->refusal_count > 0) {
		outcome.partly = true;
		outcome.refused = walk->refusal_count;
		outcome.why = walk->plan->aliases->refusals[walk->refusal - outcome.refused].why;
	}
	put_outcome(walk, outcome);
}

/* Said once on a way down: who hides a name hides what it leads to. */
static const struct transport *
hiding_row(const struct walk *walk, size_t number)
{
	const struct alias_node *nodes = walk->plan->aliases->graph->nodes;

	if (walk->hiding == NULL)
		return NULL;
	for (size_t i = 0; i < walk->depth; i++)
		if (walk->hiding[walk->frames[i].node - nodes] != NULL)
			return NULL;
	return walk->hiding[number];
}

/* A local name that has a node: its row, under which its targets come; true when they do. */
static bool
put_name(struct walk *walk, size_t number, struct address address, struct explain_steps *steps)
{
	const struct alias_node *node = &walk->plan->aliases->graph->nodes[number];
	bool known = node->found && walk->expanded[number];

	explain_step_alias(walk->plan, node, known ? NULL : hiding_row(walk, number),
	    is_owned(walk, node, steps->arena), steps);
	if (!node->found) {
		put_leaf(walk, address, steps);
		return false;
	}
	walk->sink->steps(walk->sink->data, steps);
	/* Deeper than that is refused before it comes here. */
	if (known || walk->depth == ALIAS_GRAPH_DEPTH) {
		put_above(walk, number);
		return false;
	}
	walk->expanded[number] = true;
	/* Without a target it names /dev/null, or an :include: file that an earlier row named. */
	if (node->count == 0)
		put_outcome(walk,
		    (struct explain_outcome){
			.end = node->discards ? EXPLAIN_DISCARDED : EXPLAIN_ABOVE });
	else
		walk->frames[walk->depth++] = (struct frame){ .node = node };
	return node->count > 0;
}

static int
compare_edges(const void *a, const void *b)
{
	const struct alias_refusal *const *left = a;
	const struct alias_refusal *const *right = b;

	return ((*left)->edge > (*right)->edge) - ((*left)->edge < (*right)->edge);
}

/* Those of the recipient that comes now. */
static void
take_refusals(struct walk *walk)
{
	const struct alias_result *aliases = walk->plan->aliases;

	walk->refusal_count = 0;
	if (aliases == NULL)
		return;
	while (walk->refusal < aliases->refusal_count
	    && aliases->refusals[walk->refusal].number == walk->number)
		walk->refusals[walk->refusal_count++] = &aliases->refusals[walk->refusal++];
	qsort(walk->refusals, walk->refusal_count, sizeof walk->refusals[0], compare_edges);
}

static const struct failure *
find_refusal(const struct walk *walk, const struct alias_edge *edge)
{
	const struct alias_refusal wanted = { .edge = edge };
	const struct alias_refusal *key = &wanted;
	const struct alias_refusal **found = bsearch(
	    &key, walk->refusals, walk->refusal_count, sizeof walk->refusals[0], compare_edges);

	return found == NULL ? NULL : (*found)->why;
}

/* A target of the row on top; true when targets of its own come under it. */
static bool
put_target(struct walk *walk, const struct alias_edge *edge, struct arena *scratch)
{
	const struct frame *frame = &walk->frames[walk->depth - 1];
	const struct alias_graph *graph = walk->plan->aliases->graph;
	const struct failure *why = find_refusal(walk, edge);
	const struct explain_member member = { .file = edge->include, .line = edge->line };
	struct explain_steps steps = { .arena = scratch };
	const struct address nobody = { 0 };

	walk->sink->enter(walk->sink->data, edge->fault == NULL ? edge->address : nobody, &member);
	if (edge->fault != NULL)
		why = edge->fault;
	if (why != NULL) {
		count_refused(walk, 1);
		put_outcome(walk, (struct explain_outcome){ .end = EXPLAIN_REFUSED, .why = why });
		return false;
	}
	if (edge->node != ALIAS_GRAPH_NOWHERE && &graph->nodes[edge->node] != frame->node)
		return put_name(walk, edge->node, edge->address, &steps);
	if (edge->node != ALIAS_GRAPH_NOWHERE)
		explain_step_add(&steps, "alias")->words = "the name itself, not looked up again";
	put_leaf(walk, edge->address, &steps);
	return false;
}

/* One among several targets. */
static void
put_discarded(const struct walk *walk)
{
	const struct explain_member member = { .name = "/dev/null" };
	const struct address nobody = { 0 };

	walk->sink->enter(walk->sink->data, nobody, &member);
	put_outcome(walk, (struct explain_outcome){ .end = EXPLAIN_DISCARDED });
	walk->sink->close(walk->sink->data);
}

static void
close_frame(struct walk *walk)
{
	const struct alias_node *nodes = walk->plan->aliases->graph->nodes;
	const struct alias_node *node = walk->frames[--walk->depth].node;

	count_refused(walk, walk->counts[node - nodes]);
	if (walk->depth > 0)
		walk->sink->close(walk->sink->data);
}

static void
put_targets(struct walk *walk)
{
	while (walk->depth > 0) {
		struct frame *frame = &walk->frames[walk->depth - 1];
		struct arena *scratch;
		bool opened;

		if (frame->next == frame->node->count) {
			if (frame->node->discards)
				put_discarded(walk);
			close_frame(walk);
			continue;
		}
		scratch = arena_open();
		opened = put_target(walk, &frame->node->edges[frame->next++], scratch);
		if (!opened)
			walk->sink->close(walk->sink->data);
		arena_close(scratch);
	}
}

static size_t
find_node(const struct walk *walk, struct address address, struct arena *scratch)
{
	const struct plan *plan = walk->plan;

	if (plan->aliases == NULL || plan->aliases->graph == NULL
	    || !completion_is_local(&plan->completion, address.domain))
		return ALIAS_GRAPH_NOWHERE;
	return alias_graph_find(plan->aliases->graph, address, true, scratch);
}

/* Those of this recipient that are about no target shown: told for another one before. */
static void
skip_refusals(struct walk *walk)
{
	const struct alias_result *aliases = walk->plan->aliases;

	while (aliases != NULL && walk->refusal < aliases->refusal_count
	    && aliases->refusals[walk->refusal].number <= walk->number)
		walk->refusal++;
}

static void
put_recipient(struct walk *walk, const struct envelope_recipient *given)
{
	struct arena *scratch = arena_open();
	struct explain_steps steps = { .arena = scratch };
	size_t node = find_node(walk, given->address, scratch);

	walk->number++;
	take_refusals(walk);
	walk->sink->open(walk->sink->data, given);
	explain_step_complete(walk->plan, given, &steps);
	if (node != ALIAS_GRAPH_NOWHERE) {
		(void)put_name(walk, node, given->address, &steps);
	} else {
		if (walk->plan->aliases != NULL)
			explain_step_unasked(walk->plan, given->address, &steps);
		put_leaf(walk, given->address, &steps);
	}
	arena_close(scratch);
	put_targets(walk);
	walk->sink->close(walk->sink->data);
	skip_refusals(walk);
}

void
explain_tree_walk(const struct plan *plan, const struct explain_sink *sink)
{
	struct walk walk = { .plan = plan, .sink = sink, .arena = arena_open() };

	walk.shown = arena_array(
	    walk.arena, plan->envelope.recipients.count + 1, sizeof *walk.shown);
	number_routes(&walk);
	find_unlisted(&walk);
	find_owners(&walk);
	if (plan->aliases != NULL && plan->aliases->graph != NULL) {
		walk.expanded = arena_array(
		    walk.arena, plan->aliases->graph->count + 1, sizeof *walk.expanded);
		walk.counts = arena_array(
		    walk.arena, plan->aliases->graph->count + 1, sizeof *walk.counts);
		walk.hiding = explain_hiding_rows(plan, walk.arena);
	}
	if (plan->aliases != NULL)
		walk.refusals = arena_array(
		    walk.arena, plan->aliases->refusal_count + 1, sizeof *walk.refusals);
	for (size_t i = 0; i < plan->given.count; i++)
		put_recipient(&walk, &plan->given.items[i]);
	arena_close(walk.arena);
}
