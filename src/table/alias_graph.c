/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_graph.h"

#include <string.h>

#include "base/arena.h"
#include "table/alias_file.h"
#include "table/table_cdb.h"
#include "table/table_source.h"

#define DEFAULT_NAME "default"

/* The nodes of one level, and where the keys of each begin. */
struct level {
	size_t first;
	size_t end;
	struct table_keys keys;
	struct table_choices choices;
	size_t *starts;
	size_t fallback;              /* number of the key `default` */
	struct alias_targets targets; /* of the node that is being filled */
};

struct alias_graph
alias_graph_open(const char *path, const struct completion *completion, struct arena *arena)
{
	return (struct alias_graph){ .path = path,
		.completion = completion,
		.arena = arena,
		.names = table_keys_open(arena) };
}

void
alias_graph_close(struct alias_graph *graph)
{
	table_keys_close(&graph->names);
}

static void
push_edge(struct alias_graph *graph, struct alias_node *node, struct alias_edge edge)
{
	node->edges = arena_grow(
	    graph->arena, node->edges, node->count, &node->capacity, sizeof *node->edges);
	node->edges[node->count++] = edge;
}

/* One target that is wrong must not keep the mail from the others. */
static void
push_fault(struct alias_graph *graph, struct alias_node *node, struct failure *why)
{
	struct failure *kept = arena_zero(graph->arena, sizeof *kept);

	table_source_at(why, graph->path, node->line);
	failure_in(why, FAILURE_TABLE);
	*kept = *why;
	push_edge(graph, node,
	    (struct alias_edge){
		.address = node->address, .node = ALIAS_GRAPH_NOWHERE, .fault = kept });
}

/* What `default:` names is not asked for `default:` again, so a name is two nodes. */
static struct text
node_name(struct address address, bool by_default, struct arena *arena)
{
	return text_join(text_of(by_default ? "d" : "n"), address.local, arena);
}

size_t
alias_graph_add(struct alias_graph *graph, struct address address, bool by_default, size_t asked_at)
{
	struct text name = node_name(address, by_default, graph->arena);
	size_t number = table_keys_add(&graph->names, name);

	if (number < graph->count)
		return number;
	graph->nodes = arena_grow(
	    graph->arena, graph->nodes, graph->count, &graph->capacity, sizeof *graph->nodes);
	graph->nodes[graph->count++] = (struct alias_node){
		.address = address, .by_default = by_default, .asked_at = asked_at
	};
	return number;
}

size_t
alias_graph_find(
    struct alias_graph *graph, struct address address, bool by_default, struct arena *scratch)
{
	struct text name = node_name(address, by_default, scratch);
	size_t number = table_keys_match(&graph->names, name);

	/* Folding takes memory that nobody closes any more. */
	table_keys_close(&graph->names);
	return number < graph->count ? number : ALIAS_GRAPH_NOWHERE;
}

/* The key with which a sender of its own is asked for. */
static struct text
owner_key(const struct level *level, struct text key)
{
	return text_join(text_of("owner-"), key, level->keys.brief);
}

static void
choose(const struct alias_graph *graph, struct level *level, const struct alias_node *node)
{
	struct address name = { .local = node->address.local };
	struct address base;

	table_keys_choose(&level->keys, name.local, false, &level->choices);
	(void)table_keys_add(&level->keys, owner_key(level, name.local));
	if (address_base(name, graph->completion->delimiters, &base)) {
		table_keys_choose(&level->keys, base.local, true, &level->choices);
		(void)table_keys_add(&level->keys, owner_key(level, base.local));
	}
	if (node->by_default)
		table_keys_choose(&level->keys, text_of(DEFAULT_NAME), false, &level->choices);
}

struct table_trials
alias_graph_candidates(
    const struct alias_graph *graph, const struct alias_node *node, struct arena *arena)
{
	struct level level = { .keys = table_keys_open(arena) };
	struct table_trials trials;

	choose(graph, &level, node);
	trials = table_trials_list(&level.keys, &level.choices);
	table_keys_close(&level.keys);
	return trials;
}

static void
choose_all(const struct alias_graph *graph, struct level *level)
{
	size_t count = level->end - level->first;

	level->starts = arena_array(graph->arena, count + 1, sizeof *level->starts);
	level->fallback = table_keys_add(&level->keys, text_of(DEFAULT_NAME));
	for (size_t i = 0; i < count; i++) {
		level->starts[i] = level->choices.count;
		choose(graph, level, &graph->nodes[level->first + i]);
	}
	level->starts[count] = level->choices.count;
}

static bool
search(struct level *level, struct alias_file *file, struct failure *why)
{
	const struct table_sieve *sieve = table_keys_sieve(&level->keys);
	size_t missing = level->keys.count;

	while (missing > 0) {
		struct alias_file_row row;
		struct table_key *key;
		size_t number;
		bool found;

		alias_file_pass(file, sieve);
		if (!alias_file_next(file, NULL, &row, &found, why))
			return false;
		if (!found)
			return true;
		number = table_keys_match(&level->keys, row.name);
		if (number == level->keys.count || level->keys.items[number].found)
			continue;
		key = &level->keys.items[number];
		key->found = true;
		key->value = text_copy(row.value, level->keys.arena);
		key->line = row.line;
		missing--;
	}
	return true;
}

/* A file is read once for a message, so one that includes itself does no harm.  *known: an
 * earlier row read it, and has its addresses. */
static bool
include(struct alias_graph *graph, const char *path, size_t earlier, struct alias_targets *targets,
    bool *known, struct failure *why)
{
	size_t number = 0;
	size_t before = targets->count;

	while (number < graph->include_count && strcmp(graph->includes[number], path) != 0)
		number++;
	if (number < graph->include_count) {
		*known = *known || (number < earlier && graph->include_named[number]);
		return true;
	}
	if (number == ALIAS_GRAPH_INCLUDES)
		return fail(why, EX_CONFIG, "more than %d :include: files", ALIAS_GRAPH_INCLUDES);
	graph->includes[graph->include_count++] = path;
	if (!alias_target_include(path, graph->arena, targets, why))
		return false;
	graph->include_named[number] = targets->count > before;
	return true;
}

/* A row that leads to nobody would make mail vanish, with success for its caller. */
static bool
refuse_nobody(const struct alias_targets *targets, const char *key, struct failure *why)
{
	const char *path = NULL;

	for (size_t i = 0; i < targets->count; i++) {
		if (targets->items[i].kind != ALIAS_TARGET_INCLUDE)
			return true;
		path = targets->items[i].path;
	}
	if (path != NULL)
		fail(why, EX_CONFIG, "':include:%s' holds no address", path);
	else
		fail(why, EX_CONFIG, "the alias '%s' names no address", key);
	return failure_hint(why, "write /dev/null if its mail is to be thrown away");
}

static bool
refuse_delivery(enum alias_target_kind kind, const char *key, struct failure *why)
{
	if (kind == ALIAS_TARGET_COMMAND)
		fail(why, EX_CONFIG, "the alias '%s' names a command", key);
	else
		fail(why, EX_CONFIG, "the alias '%s' names a file", key);
	return failure_hint(why,
	    "nothing is delivered on this machine: name addresses only, or "
	    "/dev/null to discard");
}

static bool
make_edge(struct alias_graph *graph, const struct alias_node *node,
    const struct alias_target *target, struct alias_edge *edge, struct failure *why)
{
	struct address address = completion_recipient(
	    graph->completion, target->address, graph->arena);

	if (target->kind == ALIAS_TARGET_FILE || target->kind == ALIAS_TARGET_COMMAND)
		return refuse_delivery(target->kind, node->key, why);
	if (!address_check(address, EX_CONFIG, why))
		return false;
	*edge = (struct alias_edge){ .address = address,
		.node = ALIAS_GRAPH_NOWHERE,
		.include = target->included > 0 ? target->path : NULL,
		.line = target->included };
	return true;
}

static void
add_edges(struct alias_graph *graph, struct alias_node *node, const struct alias_targets *targets,
    bool by_default)
{
	/* Most rows name one or two, fewer than what an array that grows begins with. */
	if (node->edges == NULL) {
		node->capacity = targets->count;
		node->edges = arena_array(graph->arena, targets->count, sizeof *node->edges);
	}
	for (size_t i = 0; i < targets->count; i++) {
		const struct alias_target *target = &targets->items[i];
		struct alias_edge edge;
		struct failure why;

		node->discards = node->discards || target->kind == ALIAS_TARGET_NOTHING;
		if (target->kind == ALIAS_TARGET_INCLUDE || target->kind == ALIAS_TARGET_NOTHING)
			continue;
		if (!make_edge(graph, node, target, &edge, &why)) {
			push_fault(graph, node, &why);
			continue;
		}
		if (completion_is_local(graph->completion, edge.address.domain))
			edge.node = alias_graph_add(graph, edge.address, by_default, node->line);
		push_edge(graph, node, edge);
	}
}

/* All that the row names, :include: files read where they stand in the list of work. */
static void
read_targets(struct alias_graph *graph, const struct table_key *row, struct alias_node *node,
    struct alias_targets *targets)
{
	size_t earlier = graph->include_count;
	bool known = false;
	struct failure why;

	if (!alias_target_read(row->value, graph->arena, targets, &why)) {
		targets->count = 0;
		push_fault(graph, node, &why);
		return;
	}
	for (size_t i = 0; i < targets->count; i++)
		if (targets->items[i].kind == ALIAS_TARGET_INCLUDE
		    && !include(graph, targets->items[i].path, earlier, targets, &known, &why))
			push_fault(graph, node, &why);
	if (!known && node->count == 0 && !refuse_nobody(targets, row->key.bytes, &why))
		push_fault(graph, node, &why);
}

static void
fill_node(struct alias_graph *graph, struct level *level, size_t number)
{
	size_t start = number - level->first;
	const struct table_choice *answer = table_keys_answer(
	    &level->keys, &level->choices, level->starts[start], level->starts[start + 1]);
	struct alias_node node = graph->nodes[number]; /* a copy: adding nodes moves them */
	struct alias_targets *targets = &level->targets;
	const struct table_key *row;
	size_t owner;

	if (answer == NULL)
		return;
	row = &level->keys.items[answer->number];
	node.found = true;
	node.key = row->key.bytes;
	node.line = row->line;
	owner = table_keys_match(&level->keys, owner_key(level, row->key));
	node.has_owner = owner < level->keys.count && level->keys.items[owner].found;
	if (node.has_owner)
		node.owner_line = level->keys.items[owner].line;
	targets->count = 0;
	read_targets(graph, row, &node, targets);
	add_edges(graph, &node, targets, answer->number != level->fallback);
	graph->nodes[number] = node;
}

/* The same open file for all levels (F200). */
static bool
read_level(struct level *level, const char *path, struct alias_file *file, struct failure *why)
{
	struct table_source source = table_source_of(path);

	if (source.kind == TABLE_SOURCE_CDB)
		return table_cdb_search(&level->keys, source.path, why);
	if (file->reader == NULL ? !alias_file_open(file, path, why)
				 : !alias_file_rewind(file, why))
		return false;
	return search(level, file, why);
}

static bool
fill_level(struct alias_graph *graph, size_t first, struct alias_file *file, struct failure *why)
{
	struct level level = {
		.first = first, .end = graph->count, .keys = table_keys_open_pass(graph->arena)
	};
	bool filled;

	choose_all(graph, &level);
	filled = read_level(&level, graph->path, file, why);
	for (size_t i = level.first; filled && i < level.end; i++)
		fill_node(graph, &level, i);
	table_keys_close(&level.keys);
	return filled;
}

bool
alias_graph_fill(struct alias_graph *graph, struct failure *why)
{
	struct alias_file file = { 0 };
	bool filled = true;
	size_t first = 0;

	/* One level more than rows may follow each other: the walk refuses what is deeper. */
	for (size_t depth = 0; filled && first < graph->count && depth <= ALIAS_GRAPH_DEPTH;
	     depth++) {
		size_t next = graph->count;

		filled = fill_level(graph, first, &file, why);
		first = next;
	}
	alias_file_close(&file);
	return filled;
}
