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

/* A row that leads to others; those that do not are the ends of all ways. */
struct node {
	size_t line;
	size_t height; /* rows behind it on the longest way, as far as it is known */
};

static struct node *
find_node(struct node *nodes, size_t count, size_t line)
{
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (nodes[middle].line < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && nodes[low].line == line ? &nodes[low] : NULL;
}

static size_t
collect_nodes(const struct alias_loop *loop, struct node *nodes)
{
	size_t count = 0;

	for (size_t i = 0; i < loop->count; i++)
		if (count == 0 || nodes[count - 1].line != loop->steps[i].from)
			nodes[count++].line = loop->steps[i].from;
	return count;
}

/* Every row is one higher than the highest that it leads to.  Each round gets that right for
 * ways that are one row longer, so a loop goes on growing, but no way that is short enough. */
static bool
raise_heights(const struct alias_loop *loop, struct node *nodes, size_t count)
{
	struct node *node = nodes;
	bool changed = false;

	for (size_t i = 0; i < loop->count; i++) {
		const struct node *next = find_node(nodes, count, loop->steps[i].to);
		size_t height = next == NULL ? 1 : next->height + 1;

		while (node->line != loop->steps[i].from)
			node++;
		if (height <= node->height || node->height > ALIAS_GRAPH_DEPTH)
			continue;
		node->height = height;
		changed = true;
	}
	return changed;
}

size_t
alias_loop_suspects(const struct alias_loop *loop, size_t *lines, size_t max)
{
	struct node *nodes = arena_array(loop->arena, loop->count, sizeof *nodes);
	size_t count = collect_nodes(loop, nodes);
	size_t found = 0;

	for (int round = 0; round <= ALIAS_GRAPH_DEPTH; round++)
		if (!raise_heights(loop, nodes, count))
			break;
	/* The row itself counts, too. */
	for (size_t i = 0; i < count && found < max; i++)
		if (nodes[i].height + 1 > ALIAS_GRAPH_DEPTH)
			lines[found++] = nodes[i].line;
	return found;
}
