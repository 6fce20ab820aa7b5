/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/generic.h"

#include <stdint.h>

#include "base/arena.h"
#include "table/table_keys.h"
#include "table/table_source.h"

/* An address that was asked for and what it has become so far. */
struct node {
	struct address address;
	struct address result;
	struct generic_step *first;
	struct generic_step *last;
	size_t steps;
	const struct failure *fault;
};

struct generic_map {
	struct node *nodes;
	size_t count;
	size_t *slots;     /* number in nodes + 1; 0: free */
	size_t slot_count; /* a power of two */
};

/* A pass: the nodes that are still being looked up and where their keys begin. */
struct pass {
	struct node **active;
	size_t count;
	size_t *starts;
	struct table_keys keys;
	struct table_choices choices;
	struct table_keys_file *file;
};

/* Letter case counts here, though not in the table: `@dom` results keep it. */
static bool
same_bytes(struct address a, struct address b)
{
	return text_equal(a.local, b.local) && text_equal(a.domain, b.domain);
}

/* The slot of the address, or the free one where it would stand. */
static size_t
find_slot(const struct generic_map *map, struct address address)
{
	size_t mask = map->slot_count - 1;
	uint64_t hash = text_hash(address.local) * 0x9e3779b97f4a7c15U ^ text_hash(address.domain);
	size_t at = (size_t)hash & mask;

	while (map->slots[at] != 0 && !same_bytes(map->nodes[map->slots[at] - 1].address, address))
		at = (at + 1) & mask;
	return at;
}

static struct generic_map *
map_new(const struct address *addresses, size_t count, struct arena *arena)
{
	struct generic_map *map = arena_zero(arena, sizeof *map);

	map->slot_count = 8;
	while (map->slot_count / 2 < count)
		map->slot_count *= 2;
	map->slots = arena_array(arena, map->slot_count, sizeof *map->slots);
	map->nodes = arena_array(arena, count, sizeof *map->nodes);
	for (size_t i = 0; i < count; i++) {
		size_t slot = find_slot(map, addresses[i]);

		if (map->slots[slot] != 0)
			continue;
		map->nodes[map->count].address = addresses[i];
		map->nodes[map->count].result = addresses[i];
		map->slots[slot] = ++map->count;
	}
	return map;
}

static const struct node *
map_find(const struct generic_map *map, struct address address)
{
	size_t slot = map->slots[find_slot(map, address)];

	return slot == 0 ? NULL : &map->nodes[slot - 1];
}

/* Was it the address, or what it was on the way? */
static bool
was_seen(const struct node *node, struct address result)
{
	if (address_equal(node->address, result))
		return true;
	for (const struct generic_step *step = node->first; step != NULL; step = step->next)
		if (address_equal(step->result, result))
			return true;
	return false;
}

/* The first address of a value; the others do not count. */
static bool
read_first(const struct completion *completion, struct text value, struct arena *arena,
    struct generic_value *read, struct failure *why)
{
	struct address_list list;
	struct address address;

	if (!address_list_read(value, 0, arena, &list, why))
		return false;
	if (list.count == 0)
		return fail(why, EX_CONFIG, "there is none");
	address = list.spans[0].address;
	if (text_find(address.local, '@') < address.local.length
	    && text_find(value, '"') == value.length)
		return fail(why, EX_CONFIG, "it holds two '@'");
	address = completion_apply(completion, address);
	*read = (struct generic_value){ .address = address, .count = list.count };
	return address_is_null(address) || address_check(address, EX_CONFIG, why);
}

static bool
read_domain(struct text domain, struct generic_value *read, struct failure *why)
{
	const struct address example = { .local = text_of("x"), .domain = domain };

	if (domain.length == 0)
		return fail(why, EX_CONFIG, "a lone '@'");
	*read = (struct generic_value){ .keeps_local = true, .count = 1 };
	read->address.domain = domain;
	return address_check(example, EX_CONFIG, why);
}

bool
generic_read(const struct completion *completion, struct text value, struct arena *arena,
    struct generic_value *read, struct failure *why)
{
	struct generic_value found;
	struct failure inner;
	bool good;

	if (value.bytes[0] == '@')
		good = read_domain(text_slice(value, 1, value.length), &found, &inner);
	else
		good = read_first(completion, value, arena, &found, &inner);
	if (!good)
		return fail(why, EX_CONFIG, "the result is no address: %s", inner.what);
	*read = found;
	return true;
}

/* `@other`: the same local part there, without an extension that the key did not hold. */
static struct address
move_domain(struct address from, bool base, const char *delimiters, struct text domain)
{
	struct address shorter;

	if (base && address_base(from, delimiters, &shorter))
		from.local = shorter.local;
	from.domain = domain;
	return from;
}

/* What the row makes of the address. */
static bool
apply(const struct generic_rule *rule, const struct table_key *row, bool base,
    struct address *address, struct failure *why, struct arena *arena)
{
	struct generic_value value;

	if (!table_keys_judge(row, rule->path, why)
	    || !generic_read(rule->completion, row->value, arena, &value, why))
		return false;
	if (value.keeps_local) {
		value.address = move_domain(
		    *address, base, rule->completion->delimiters, value.address.domain);
		if (!address_check(value.address, EX_CONFIG, why))
			return false;
	}
	*address = value.address;
	return true;
}

static struct generic_step *
add_step(struct node *node, struct address result, const struct table_key *row, struct arena *arena)
{
	struct generic_step *step = arena_zero(arena, sizeof *step);

	step->key = row->key;
	step->result = result;
	step->line = row->line;
	if (node->last == NULL)
		node->first = step;
	else
		node->last->next = step;
	node->last = step;
	return step;
}

/* One row that is wrong must not keep the mail from those who do not need it. */
static void
keep_fault(const struct generic_rule *rule, const struct table_key *row, struct node *node,
    struct failure *why, struct arena *arena)
{
	struct failure *kept = arena_zero(arena, sizeof *kept);

	table_source_at(why, rule->path, row->line);
	failure_hint(why, "correct the row's value, or remove the row");
	failure_in(why, FAILURE_TABLE);
	*kept = *why;
	node->fault = kept;
}

/* Takes one step of a node; true when its result is to be looked up. */
static bool
step_node(const struct generic_rule *rule, const struct pass *pass, size_t number)
{
	struct node *node = pass->active[number];
	const struct table_choice *answer = table_keys_answer(
	    &pass->keys, &pass->choices, pass->starts[number], pass->starts[number + 1]);
	const struct table_key *row;
	struct address result = node->result;
	struct failure why;
	bool again;

	if (answer == NULL)
		return false;
	row = &pass->keys.items[answer->number];
	if (!apply(rule, row, answer->base, &result, &why, pass->keys.arena)) {
		keep_fault(rule, row, node, &why, pass->keys.arena);
		return false;
	}
	if (node->steps > 0 && was_seen(node, result)) {
		add_step(node, result, row, pass->keys.arena)->back = true;
		return false;
	}
	again = rule->recursion && !same_bytes(result, node->result) && !address_is_null(result)
	    && node->steps + 1 < GENERIC_STEPS_MAX;
	add_step(node, result, row, pass->keys.arena)->again = again;
	node->result = result;
	node->steps++;
	return again;
}

static void
choose_all(struct pass *pass, const struct generic_rule *rule)
{
	pass->starts = arena_array(pass->keys.arena, pass->count + 1, sizeof *pass->starts);
	for (size_t i = 0; i < pass->count; i++) {
		pass->starts[i] = pass->choices.count;
		table_keys_choose_all(
		    &pass->keys, pass->active[i]->result, rule->completion, &pass->choices);
	}
	pass->starts[pass->count] = pass->choices.count;
}

/* Looks all active nodes up once and keeps active those that go on. */
static bool
run_pass(const struct generic_rule *rule, struct pass *pass, struct failure *why)
{
	size_t left = 0;

	choose_all(pass, rule);
	if (!table_keys_search_again(&pass->keys, rule->path, pass->file, why))
		return false;
	for (size_t i = 0; i < pass->count; i++)
		if (step_node(rule, pass, i))
			pass->active[left++] = pass->active[i];
	pass->count = left;
	return true;
}

static bool
run_passes(const struct generic_rule *rule, struct generic_map *map, struct arena *arena,
    struct table_keys_file *file, struct failure *why)
{
	struct node **active = arena_array(arena, map->count, sizeof *active);
	size_t count = map->count;

	for (size_t i = 0; i < count; i++)
		active[i] = &map->nodes[i];
	while (count > 0) {
		struct pass pass = {
			.active = active,
			.count = count,
			.keys = table_keys_open_pass(arena),
			.file = file,
		};
		bool ran = run_pass(rule, &pass, why);

		table_keys_close(&pass.keys);
		if (!ran)
			return false;
		count = pass.count;
	}
	return true;
}

static bool
resolve(const struct generic_rule *rule, struct generic_map *map, struct arena *arena,
    struct failure *why)
{
	struct table_keys_file file = { 0 };
	bool resolved = run_passes(rule, map, arena, &file, why);

	table_keys_file_close(&file);
	return resolved;
}

bool
generic_resolve(const struct generic_rule *rule, const struct address *addresses, size_t count,
    struct arena *arena, struct generic_map **map, struct failure *why)
{
	struct generic_map *made = map_new(addresses, count, arena);

	if (rule->path != NULL && !resolve(rule, made, arena, why))
		return false;
	*map = made;
	return true;
}

const struct failure *
generic_fault(const struct generic_map *map, struct address address)
{
	const struct node *node = map_find(map, address);

	return node == NULL ? NULL : node->fault;
}

struct address
generic_result(const struct generic_map *map, struct address address)
{
	const struct node *node = map_find(map, address);

	return node == NULL ? address : node->result;
}

const struct generic_step *
generic_steps(const struct generic_map *map, struct address address)
{
	const struct node *node = map_find(map, address);

	return node == NULL ? NULL : node->first;
}

struct table_trials
generic_candidates(const struct generic_rule *rule, struct address address, struct arena *arena)
{
	struct table_keys keys = table_keys_open(arena);
	struct table_choices choices = { 0 };
	struct table_trials trials;

	table_keys_choose_all(&keys, address, rule->completion, &choices);
	trials = table_trials_list(&keys, &choices);
	table_keys_close(&keys);
	return trials;
}
