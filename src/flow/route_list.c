/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/route_list.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define SLOTS_FIRST 16
#define MULTIPLIER 0x9e3779b97f4a7c15U

static bool
same_hops(const struct transport_hops *a, const struct transport_hops *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i].text, b->items[i].text) != 0)
			return false;
	return true;
}

static bool
same_string(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_way(const struct transport *a, const struct transport *b)
{
	if (a == b)
		return true;
	if (a == NULL || b == NULL || a->kind != b->kind)
		return false;
	return same_string(a->account, b->account) && same_string(a->enhanced, b->enhanced)
	    && same_string(a->text, b->text) && same_hops(&a->hops, &b->hops);
}

static uint64_t
mix(uint64_t hash, const char *string)
{
	return hash * MULTIPLIER + (string == NULL ? 0 : text_hash(text_of(string)));
}

/* What same_way() and address_equal() look at. */
static uint64_t
hash_of(const struct transport *row, struct address sender_given)
{
	uint64_t hash = address_hash(sender_given);

	if (row == NULL)
		return hash;
	hash = mix(hash * MULTIPLIER + row->kind + 1, row->account);
	hash = mix(mix(hash, row->enhanced), row->text);
	for (size_t i = 0; i < row->hops.count; i++)
		hash = mix(hash, row->hops.items[i].text);
	return hash;
}

static void
put_slot(struct route_list *list, struct route_slot slot)
{
	size_t mask = list->slot_count - 1;
	size_t at = (size_t)slot.hash & mask;

	while (list->slots[at].number != 0)
		at = (at + 1) & mask;
	list->slots[at] = slot;
	list->slots_used++;
}

static void
enlarge_slots(struct route_list *list, struct arena *arena)
{
	const struct route_slot *slots = list->slots;
	size_t count = list->slot_count;

	list->slot_count = count == 0 ? SLOTS_FIRST : count * 2;
	list->slots = arena_array(arena, list->slot_count, sizeof *list->slots);
	list->slots_used = 0;
	for (size_t i = 0; i < count; i++)
		if (slots[i].number != 0)
			put_slot(list, slots[i]);
}

size_t
route_list_add(struct route_list *list, const struct route *route, struct arena *arena)
{
	list->items = arena_grow(
	    arena, list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = *route;
	if (list->slots_used >= list->slot_count / 2)
		enlarge_slots(list, arena);
	put_slot(list,
	    (struct route_slot){
		.number = list->count, .hash = hash_of(route->transport, route->sender_given) });
	return list->count - 1;
}

static bool
leads_to(const struct route *route, const struct transport *row, struct address sender_given)
{
	return same_way(route->transport, row) && address_equal(route->sender_given, sender_given);
}

size_t
route_list_find(
    const struct route_list *list, const struct transport *transport, struct address sender_given)
{
	const struct transport *row = transport->key == NULL ? NULL : transport;
	size_t mask = list->slot_count - 1;
	uint64_t hash;

	if (list->count == 0)
		return ROUTE_NONE;
	/* Recipients of one message mostly go one way: the last route is the likeliest. */
	if (leads_to(&list->items[list->count - 1], row, sender_given))
		return list->count - 1;
	hash = hash_of(row, sender_given);
	for (size_t at = (size_t)hash & mask; list->slots[at].number != 0; at = (at + 1) & mask) {
		size_t number = list->slots[at].number - 1;

		/* The end of a list may have been cut off. */
		if (list->slots[at].hash == hash && number < list->count
		    && leads_to(&list->items[number], row, sender_given))
			return number;
	}
	return ROUTE_NONE;
}
