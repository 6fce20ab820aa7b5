/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_loop.h"

#include "base/arena.h"
#include "mail/completion.h"
#include "table/alias.h"
#include "table/alias_graph.h"

static void
add_step(struct alias_loop *loop, size_t from, size_t to)
{
	loop->steps = arena_grow(
	    loop->arena, loop->steps, loop->count, &loop->capacity, sizeof *loop->steps);
	loop->steps[loop->count++] = (struct alias_loop_step){ .from = from, .to = to };
}

/* The row that answers for a local name: its own, that without its extension, `default`. */
static size_t
find_row(const struct alias_loop *loop, struct text name)
{
	const struct address address = { .local = name };
	struct address base;
	size_t line = table_seen_find(loop->names, name);

	if (line == 0 && address_base(address, loop->rule->completion->delimiters, &base))
		line = table_seen_find(loop->names, base.local);
	return line == 0 ? table_seen_find(loop->names, text_of("default")) : line;
}

void
alias_loop_add(struct alias_loop *loop, struct text name, size_t line,
    const struct alias_targets *targets, struct arena *brief)
{
	for (size_t i = 0; i < targets->count; i++) {
		const struct alias_target *target = &targets->items[i];
		struct address address;
		size_t to;

		if (target->kind != ALIAS_TARGET_ADDRESS)
			continue;
		address = completion_recipient(loop->rule->completion, target->address, brief);
		if (!completion_is_local(loop->rule->completion, address.domain))
			continue;
		/* A name among its own targets is meant as it is. */
		if (!target->included && text_equal_fold(address.local, name))
			continue;
		to = find_row(loop, address.local);
		if (to != 0)
			add_step(loop, line, to);
	}
}

#define NOBODY ((size_t)-1)

/* A row that leads to others; those that do not are the ends of all ways. */
struct alias_loop_node {
	size_t line;
	size_t next; /* of its steps */
	size_t end;

	/* Of the search for what leads to itself (Tarjan's). */
	size_t order;  /* in which it was met, from 1; 0: not yet */
	size_t lowest; /* order of the first one met that it leads to */
	size_t parent;
	size_t below; /* on the stack of those that may be part of a loop */
	bool waiting; /* it is there */

	/* What was found. */
	size_t height; /* rows behind it on the longest way without loops */
	size_t first;  /* line of the first row of its loop; 0: none */
};

struct search {
	struct alias_loop *loop;
	size_t met;
	size_t top; /* of the stack */
};

static size_t
find_node(const struct alias_loop *loop, size_t line)
{
	size_t low = 0;
	size_t high = loop->node_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (loop->nodes[middle].line < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low < loop->node_count && loop->nodes[low].line == line ? low : NOBODY;
}

static void
collect_nodes(struct alias_loop *loop)
{
	struct alias_loop_node *node = NULL;

	loop->nodes = arena_array(loop->arena, loop->count, sizeof *loop->nodes);
	for (size_t i = 0; i < loop->count; i++) {
		if (node == NULL || node->line != loop->steps[i].from) {
			node = &loop->nodes[loop->node_count++];
			*node = (struct alias_loop_node){ .line = loop->steps[i].from, .next = i };
		}
		node->end = i + 1;
	}
}

static void
meet(struct search *search, size_t number, size_t parent)
{
	struct alias_loop_node *node = &search->loop->nodes[number];

	node->order = ++search->met;
	node->lowest = node->order;
	node->parent = parent;
	node->below = search->top;
	node->waiting = true;
	search->top = number;
}

/* Rows behind a row that is part of no loop; all that it leads to is known. */
static size_t
measure(const struct alias_loop *loop, size_t start, size_t end, size_t line, bool *looped)
{
	size_t height = 0;

	for (size_t i = start; i < end; i++) {
		size_t next = find_node(loop, loop->steps[i].to);
		size_t more = next == NOBODY ? 1 : loop->nodes[next].height + 1;

		*looped = *looped || loop->steps[i].to == line;
		if (next != NOBODY && loop->nodes[next].first != 0)
			continue;
		if (height < more)
			height = more;
	}
	return height;
}

/* What was met since `root` leads to each other. */
static void
close_loop(struct search *search, size_t root, size_t start)
{
	struct alias_loop_node *nodes = search->loop->nodes;
	size_t first = nodes[root].line;
	bool looped = search->top != root;

	for (size_t i = search->top; i != root; i = nodes[i].below)
		if (nodes[i].line < first)
			first = nodes[i].line;
	nodes[root].height = measure(
	    search->loop, start, nodes[root].end, nodes[root].line, &looped);
	for (size_t i = search->top;; i = nodes[i].below) {
		nodes[i].waiting = false;
		nodes[i].first = looped ? first : 0;
		if (i == root)
			break;
	}
	search->top = nodes[root].below;
}

static size_t
start_of(const struct alias_loop *loop, size_t number)
{
	return number == 0 ? 0 : loop->nodes[number - 1].end;
}

static void
lower(struct alias_loop_node *node, size_t order)
{
	if (order < node->lowest)
		node->lowest = order;
}

/* Without recursion: a file may be one chain of a million rows. */
static void
search_from(struct search *search, size_t root)
{
	struct alias_loop *loop = search->loop;
	size_t at = root;

	meet(search, root, NOBODY);
	while (at != NOBODY) {
		struct alias_loop_node *node = &loop->nodes[at];
		size_t next;

		if (node->next == node->end) {
			if (node->lowest == node->order)
				close_loop(search, at, start_of(loop, at));
			at = node->parent;
			if (at != NOBODY)
				lower(&loop->nodes[at], node->lowest);
			continue;
		}
		next = find_node(loop, loop->steps[node->next++].to);
		if (next == NOBODY)
			continue;
		if (loop->nodes[next].order == 0) {
			meet(search, next, at);
			at = next;
		} else if (loop->nodes[next].waiting) {
			lower(node, loop->nodes[next].order);
		}
	}
}

size_t
alias_loop_suspects(struct alias_loop *loop, size_t *lines, size_t max)
{
	struct search search = { .loop = loop, .top = NOBODY };
	size_t found = 0;

	collect_nodes(loop);
	for (size_t i = 0; i < loop->node_count; i++)
		if (loop->nodes[i].order == 0)
			search_from(&search, i);
	for (size_t i = 0; i < loop->node_count && found < max; i++) {
		const struct alias_loop_node *node = &loop->nodes[i];

		/* The row itself counts, too. */
		if (node->first != 0 ? node->first == node->line
				     : node->height == ALIAS_GRAPH_DEPTH)
			lines[found++] = node->line;
	}
	return found;
}

size_t
alias_loop_first(const struct alias_loop *loop, size_t line)
{
	size_t number = find_node(loop, line);

	return number == NOBODY ? 0 : loop->nodes[number].first;
}
