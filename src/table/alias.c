/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "table/alias_file.h"
#include "table/alias_graph.h"
#include "table/table_keys.h"
#include "table/table_source.h"

/* Refusals that one recipient is told: more help nobody. */
#define TOLD_MAX 100

/* A row whose targets are being given out. */
struct frame {
	struct alias_node *node;
	size_t next; /* of its edges */
	const char *trail;
	const struct address *owner;
};

/* One recipient's way down through the rows. */
struct walk {
	const struct alias_rule *rule;
	struct alias_graph *graph;
	struct alias_result *result;
	struct address original;
	size_t number;                 /* of that recipient, from 1 */
	size_t told;                   /* refusals for him */
	size_t astray;                 /* those of them that are loops, or too deep */
	const struct failure *example; /* the last one of those */
	size_t again;                  /* targets that were looked at again */
	struct frame frames[ALIAS_GRAPH_DEPTH];
	size_t depth;
};

static bool
refuse_limit(const struct alias_rule *rule, struct failure *why)
{
	fail(why, EX_DATAERR, "more than %zu recipients", rule->limit);
	if (rule->path != NULL)
		table_source_at(why, rule->path, 0);
	return failure_in(why, FAILURE_TABLE);
}

static bool
emit(struct walk *walk, struct address address, const char *trail, struct failure *why)
{
	const struct envelope_recipient recipient = {
		.address = address,
		.original = walk->original,
		.trail = trail,
		.owner = walk->depth == 0 ? NULL : walk->frames[walk->depth - 1].owner,
	};

	(void)envelope_add(&walk->result->recipients, recipient, walk->graph->arena);
	if (walk->rule->limit != 0 && walk->result->recipients.count > walk->rule->limit)
		return refuse_limit(walk->rule, why);
	return true;
}

/* The target that is being followed. */
static struct alias_edge *
current_edge(const struct walk *walk)
{
	const struct frame *frame = &walk->frames[walk->depth - 1];

	return &frame->node->edges[frame->next - 1];
}

/* Who is told about a target leads to it by every row on the way. */
static void
mark_refused(struct walk *walk, const struct failure *fault)
{
	for (size_t i = 0; i < walk->depth; i++)
		if (walk->frames[i].node->refused == NULL)
			walk->frames[i].node->refused = fault;
}

/* The others are served, unless this is a check.  `edge`: what the refusal is about. */
static bool
refuse(struct walk *walk, const struct alias_edge *edge, const struct failure *fault,
    struct failure *why)
{
	struct alias_result *result = walk->result;

	if (walk->rule->strict) {
		*why = *fault;
		return false;
	}
	mark_refused(walk, fault);
	if (walk->told == TOLD_MAX)
		return true;
	walk->told++;
	if (walk->rule->limit != 0
	    && result->recipients.count + result->refusal_count >= walk->rule->limit)
		return refuse_limit(walk->rule, why);
	result->refusals = arena_grow(walk->graph->arena, result->refusals, result->refusal_count,
	    &result->refusal_capacity, sizeof *result->refusals);
	result->refusals[result->refusal_count++] = (struct alias_refusal){
		.address = walk->original, .why = fault, .number = walk->number, .edge = edge
	};
	return true;
}

/* A list of lists in which everybody is on every list has loops without number. */
static bool
is_enough(struct walk *walk)
{
	if (walk->rule->strict || walk->astray < ALIAS_ASTRAY_MAX)
		return false;
	mark_refused(walk, walk->example);
	return true;
}

/* A target of the row on top leads back, or too deep; the failure stands at the row of `node`. */
static bool
refuse_astray(
    struct walk *walk, const struct alias_node *node, struct failure *fault, struct failure *why)
{
	struct alias_edge *edge = current_edge(walk);
	struct failure *kept;

	walk->astray++;
	if (edge->astray == NULL) {
		kept = arena_zero(walk->graph->arena, sizeof *kept);
		table_source_at(fault, walk->rule->path, node->line);
		failure_in(fault, FAILURE_TABLE);
		*kept = *fault;
		edge->astray = kept;
	}
	walk->example = edge->astray;
	return refuse(walk, edge, edge->astray, why);
}

static bool
refuse_loop(struct walk *walk, const struct alias_node *child, struct failure *why)
{
	const struct frame *last = &walk->frames[walk->depth - 1];
	struct failure fault;

	if (is_enough(walk))
		return true;
	fail(&fault, EX_CONFIG, "the alias '%s' leads back to '%s', which led to it",
	    last->node->key, child->key);
	failure_hint(&fault, "by way of %s", last->trail);
	return refuse_astray(walk, last->node, &fault, why);
}

static bool
refuse_depth(struct walk *walk, const struct alias_node *node, struct failure *why)
{
	struct failure fault;

	if (is_enough(walk))
		return true;
	fail(&fault, EX_CONFIG, "aliases lead from one to the next more than %d times",
	    ALIAS_GRAPH_DEPTH);
	failure_hint(&fault, "by way of %s", walk->frames[walk->depth - 1].trail);
	return refuse_astray(walk, node, &fault, why);
}

/* owner-NAME@domain answers for what goes to the list NAME, and for nothing else; a bounce stays
 * without a sender. */
static const struct address *
find_owner(const struct walk *walk, const struct alias_node *node)
{
	struct address *owner;

	if (!node->has_owner || address_is_null(walk->result->sender))
		return walk->depth == 0 ? NULL : walk->frames[walk->depth - 1].owner;
	owner = arena_zero(walk->graph->arena, sizeof *owner);
	owner->local = text_of(arena_print(walk->graph->arena, "owner-%s", node->key));
	owner->domain = walk->graph->completion->domain;
	return owner;
}

static bool
push(struct walk *walk, struct alias_node *node, struct failure *why)
{
	const char *before = walk->depth == 0 ? NULL : walk->frames[walk->depth - 1].trail;
	const struct address *owner = find_owner(walk, node);
	struct frame *frame;

	if (walk->depth == ALIAS_GRAPH_DEPTH)
		return refuse_depth(walk, node, why);
	node->state = ALIAS_OPEN;
	node->walked = walk->number;
	frame = &walk->frames[walk->depth++];
	*frame = (struct frame){ .node = node,
		.owner = owner,
		.trail = arena_print(walk->graph->arena, "%s%s%s: %s", before == NULL ? "" : before,
		    before == NULL ? "" : ", ", node->key,
		    table_source_place(walk->rule->path, node->line, walk->graph->arena)) };
	return true;
}

/* All that the row leads to is given out. */
static void
pop(struct walk *walk)
{
	struct alias_node *node = walk->frames[--walk->depth].node;
	struct alias_node *parent = walk->depth == 0 ? NULL : walk->frames[walk->depth - 1].node;

	node->state = ALIAS_DONE;
	node->height++;
	if (parent == NULL)
		return;
	if (parent->height < node->height)
		parent->height = node->height;
	if (parent->refused == NULL)
		parent->refused = node->refused;
}

/* Who is told one example is told by no target of his own. */
static bool
refuse_again(struct walk *walk, struct alias_node *node, struct failure *why)
{
	node->walked = walk->number;
	return refuse(walk, NULL, node->refused, why);
}

/* What was given out once is not given out twice, but who is refused is told by every recipient
 * that leads there, and a way that was too deep for one may be short enough for another. */
static bool
must_walk_again(const struct walk *walk, const struct alias_node *node)
{
	return node->state == ALIAS_DONE && node->refused != NULL && node->walked != walk->number;
}

static bool
walk_again(struct walk *walk, struct alias_node *node, struct failure *why)
{
	if (walk->again >= ALIAS_AGAIN_MAX)
		return refuse_again(walk, node, why);
	walk->again += node->count;
	return push(walk, node, why);
}

/* A local name with a row of its own. */
static bool
descend(struct walk *walk, const struct alias_edge *edge, struct failure *why)
{
	struct frame *frame = &walk->frames[walk->depth - 1];
	struct alias_node *child = &walk->graph->nodes[edge->node];

	if (child == frame->node && edge->include == NULL)
		return emit(walk, edge->address, frame->trail, why);
	if (child->state == ALIAS_OPEN)
		return refuse_loop(walk, child, why);
	if (child->state == ALIAS_FRESH)
		return push(walk, child, why);
	if (must_walk_again(walk, child))
		return walk_again(walk, child, why);
	/* What it leads to was given out, but the way there may be longer from here. */
	if (walk->depth + child->height > ALIAS_GRAPH_DEPTH)
		return refuse_depth(walk, child, why);
	if (frame->node->height < child->height)
		frame->node->height = child->height;
	return true;
}

static bool
follow(struct walk *walk, struct failure *why)
{
	while (walk->depth > 0) {
		struct frame *frame = &walk->frames[walk->depth - 1];
		const struct alias_edge *edge;
		bool followed;

		if (frame->next == frame->node->count) {
			pop(walk);
			continue;
		}
		edge = &frame->node->edges[frame->next++];
		if (edge->fault != NULL)
			followed = refuse(walk, edge, edge->fault, why);
		else if (edge->node == ALIAS_GRAPH_NOWHERE || !walk->graph->nodes[edge->node].found)
			followed = emit(walk, edge->address, frame->trail, why);
		else
			followed = descend(walk, edge, why);
		if (!followed)
			return false;
	}
	return true;
}

static bool
is_local(const struct alias_rule *rule, const struct envelope_recipient *recipient)
{
	return recipient->address.local.length > 0
	    && completion_is_local(rule->completion, recipient->address.domain);
}

/* Puts what one recipient stands for into the result. */
static bool
expand(struct walk *walk, const struct envelope_recipient *recipient, struct failure *why)
{
	struct alias_graph *graph = walk->graph;
	struct alias_node *node = NULL;

	walk->original = recipient->original;
	walk->number++;
	walk->told = 0;
	walk->astray = 0;
	if (is_local(walk->rule, recipient))
		node = &graph->nodes[alias_graph_add(graph, recipient->address, true, 0)];
	if (node == NULL || !node->found)
		return emit(walk, recipient->address, recipient->trail, why);
	if (node->state == ALIAS_FRESH)
		return push(walk, node, why) && follow(walk, why);
	if (must_walk_again(walk, node))
		return walk_again(walk, node, why) && follow(walk, why);
	return true;
}

static bool
expand_all(const struct alias_rule *rule, struct alias_graph *graph,
    const struct envelope_recipients *from, struct alias_result *result, struct failure *why)
{
	struct walk walk = { .rule = rule, .graph = graph, .result = result };

	for (size_t i = 0; i < from->count; i++)
		if (is_local(rule, &from->items[i]))
			(void)alias_graph_add(graph, from->items[i].address, true, 0);
	if (!alias_graph_fill(graph, why))
		return false;
	for (size_t i = 0; i < from->count; i++)
		if (!expand(&walk, &from->items[i], why))
			return false;
	return true;
}

/* The default file may be missing; a file that is there but cannot be read is not. */
bool
alias_is_absent(const struct alias_rule *rule)
{
	if (rule->path == NULL)
		return true;
	return !rule->must_exist && access(rule->path, F_OK) != 0
	    && (errno == ENOENT || errno == ENOTDIR);
}

static bool
copy_all(const struct alias_rule *rule, const struct envelope_recipients *from,
    struct envelope_recipients *to, struct arena *arena, struct failure *why)
{
	for (size_t i = 0; i < from->count; i++)
		(void)envelope_add(to, from->items[i], arena);
	if (rule->limit != 0 && to->count > rule->limit)
		return refuse_limit(rule, why);
	return true;
}

bool
alias_expand(const struct alias_rule *rule, const struct envelope_recipients *from,
    struct alias_result *result, struct arena *arena, struct failure *why)
{
	struct alias_result found = { .sender = result->sender };
	struct alias_graph graph;
	bool expanded;

	if (alias_is_absent(rule)) {
		expanded = copy_all(rule, from, &found.recipients, arena, why);
	} else {
		graph = alias_graph_open(rule->path, rule->completion, arena);
		expanded = expand_all(rule, &graph, from, &found, why);
		alias_graph_close(&graph);
		found.graph = arena_zero(arena, sizeof *found.graph);
		*found.graph = graph;
	}
	if (expanded)
		*result = found;
	return expanded;
}
