/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_graph.h"

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

/* Beyond those that are told, every row has one more that stands for all. */
static const struct failure *
keep_fault(struct alias_graph *graph, struct alias_node *node, struct failure *why)
{
	struct failure *kept;

	if (graph->fault_count > ALIAS_GRAPH_FAULTS) {
		const struct failure *last = node->untold ? NULL : graph->last_fault;

		node->untold = true;
		return last;
	}
	if (graph->fault_count++ == ALIAS_GRAPH_FAULTS) {
		fail(why, EX_CONFIG, "more than %d targets are at fault", ALIAS_GRAPH_FAULTS);
		failure_hint(why, "newaliases lists them");
		node->untold = true;
	}
	kept = arena_zero(graph->arena, sizeof *kept);
	table_source_at(why, graph->path, node->line);
	failure_in(why, FAILURE_TABLE);
	*kept = *why;
	graph->last_fault = kept;
	return kept;
}

/* One target that is wrong must not keep the mail from the others. */
static void
push_fault(struct alias_graph *graph, struct alias_node *node, struct failure *why)
{
	const struct failure *kept = keep_fault(graph, node, why);

	if (kept != NULL)
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
		if (!alias_file_any(file, &row, &found, why))
			return false;
		if (!found)
			return true;
		if (row.name.length == 0)
			continue;
		number = table_keys_match(&level->keys, row.name);
		if (number == level->keys.count || level->keys.items[number].found)
			continue;
		key = &level->keys.items[number];
		key->found = true;
		key->value = text_copy(row.value, level->keys.arena);
		key->line = row.line;
		key->problem = row.problem;
		missing--;
	}
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
		struct alias_edge edge = { .node = ALIAS_GRAPH_NOWHERE,
			.include = target->included > 0 ? target->path : NULL,
			.line = target->included };
		struct failure why;

		node->discards = node->discards || target->kind == ALIAS_TARGET_NOTHING;
		if (target->kind == ALIAS_TARGET_INCLUDE || target->kind == ALIAS_TARGET_NOTHING)
			continue;
		if (!alias_includes_address(target, text_of(node->key), graph->completion,
			graph->arena, &edge.address, &why)) {
			push_fault(graph, node, &why);
			continue;
		}
		if (completion_is_local(graph->completion, edge.address.domain))
			edge.node = alias_graph_add(graph, edge.address, by_default, node->line);
		push_edge(graph, node, edge);
	}
}

/* Passed over, its mail would go another way and nobody know. */
static bool
refuse_malformed(struct alias_graph *graph, struct alias_node *node, const struct table_key *row)
{
	struct failure why;

	if (row->problem == NULL)
		return false;
	fail(&why, EX_CONFIG, "the row for '%s': %s", row->key.bytes, row->problem);
	failure_hint(&why, ALIAS_FILE_ADVICE);
	table_source_at(&why, graph->path, row->line);
	push_fault(graph, node, &why);
	return true;
}

/* The row of the list's owner; false when that one is malformed. */
static bool
find_owner(struct alias_graph *graph, struct level *level, struct alias_node *node, struct text key)
{
	size_t number = table_keys_match(&level->keys, owner_key(level, key));
	const struct table_key *row;

	if (number == level->keys.count || !level->keys.items[number].found)
		return true;
	row = &level->keys.items[number];
	if (refuse_malformed(graph, node, row))
		return false;
	node->has_owner = true;
	node->owner_line = row->line;
	return true;
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

	if (answer == NULL)
		return;
	row = &level->keys.items[answer->number];
	node.found = true;
	node.key = row->key.bytes;
	node.line = row->line;
	targets->count = 0;
	if (!refuse_malformed(graph, &node, row) && find_owner(graph, level, &node, row->key)) {
		alias_includes_read(&graph->includes, row->key, row->value, graph->arena, targets);
		add_edges(graph, &node, targets, answer->number != level->fallback);
	}
	graph->nodes[number] = node;
}

/* The same open file for all levels (F200). */
static bool
read_level(struct level *level, const char *path, struct alias_file *file, struct table_cdb **cdb,
    struct failure *why)
{
	struct table_source source = table_source_of(path);

	if (source.kind == TABLE_SOURCE_CDB)
		return table_cdb_search(&level->keys, source.path, cdb, why);
	if (file->reader == NULL ? !alias_file_open(file, path, why)
				 : !alias_file_rewind(file, why))
		return false;
	return search(level, file, why);
}

static bool
fill_level(struct alias_graph *graph, size_t first, struct alias_file *file, struct table_cdb **cdb,
    struct failure *why)
{
	struct level level = {
		.first = first, .end = graph->count, .keys = table_keys_open_pass(graph->arena)
	};
	bool filled;

	choose_all(graph, &level);
	filled = read_level(&level, graph->path, file, cdb, why);
	for (size_t i = level.first; filled && i < level.end; i++)
		fill_node(graph, &level, i);
	table_keys_close(&level.keys);
	return filled;
}

bool
alias_graph_fill(struct alias_graph *graph, struct failure *why)
{
	struct alias_file file = { 0 };
	struct table_cdb *cdb = NULL;
	bool filled = true;
	size_t first = 0;

	/* One level more than rows may follow each other: the walk refuses what is deeper. */
	for (size_t depth = 0; filled && first < graph->count && depth <= ALIAS_GRAPH_DEPTH;
	     depth++) {
		size_t next = graph->count;

		filled = fill_level(graph, first, &file, &cdb, why);
		first = next;
	}
	alias_file_close(&file);
	table_cdb_close(cdb);
	return filled;
}
