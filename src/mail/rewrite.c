/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/rewrite.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

static const char *const address_fields[] = { "From", "Sender", "Reply-To", "To", "Cc", "Bcc",
	"Apparently-To", "Errors-To", "Return-Receipt-To", "Disposition-Notification-To",
	"Mail-Followup-To", "Resent-From", "Resent-Sender", "Resent-Reply-To", "Resent-To",
	"Resent-Cc", "Resent-Bcc", NULL };

static const char *const blind_fields[] = { "Bcc", "Resent-Bcc", NULL };

static const char *const trace_fields[] = { "Return-Path", "Content-Length", NULL };

static bool
listed(const struct header_field *field, const char *const *names)
{
	for (; *names != NULL; names++)
		if (header_is(field, *names))
			return true;
	return false;
}

bool
rewrite_applies(const struct header_field *field)
{
	return listed(field, address_fields);
}

bool
rewrite_drops(const struct header_field *field)
{
	return listed(field, blind_fields) || listed(field, trace_fields);
}

/* The addresses found so far, each once. */
struct collection {
	struct address *items;
	size_t count;
	size_t capacity;
	size_t *slots; /* number in items + 1; 0: free */
	size_t slot_count;
};

/* Letter case counts: what is made of an address may keep it. */
static bool
same_bytes(struct address a, struct address b)
{
	return text_equal(a.local, b.local) && text_equal(a.domain, b.domain);
}

static size_t
find_slot(const struct collection *collection, struct address address)
{
	size_t mask = collection->slot_count - 1;
	size_t at = (size_t)address_hash(address) & mask;

	while (collection->slots[at] != 0
	    && !same_bytes(collection->items[collection->slots[at] - 1], address))
		at = (at + 1) & mask;
	return at;
}

static void
make_slots(struct collection *collection, struct arena *arena)
{
	if (collection->count * 2 < collection->slot_count)
		return;
	collection->slot_count = collection->slot_count == 0 ? 16 : collection->slot_count * 2;
	collection->slots = arena_array(arena, collection->slot_count, sizeof *collection->slots);
	for (size_t i = 0; i < collection->count; i++)
		collection->slots[find_slot(collection, collection->items[i])] = i + 1;
}

static void
collect(struct collection *collection, struct address address, struct arena *arena)
{
	size_t slot;

	make_slots(collection, arena);
	slot = find_slot(collection, address);
	if (collection->slots[slot] != 0)
		return;
	collection->items = arena_grow(arena, collection->items, collection->count,
	    &collection->capacity, sizeof *collection->items);
	collection->items[collection->count++] = address;
	collection->slots[slot] = collection->count;
}

static char *
copy_bytes(struct text *text, char *to)
{
	if (text->length > 0)
		memcpy(to, text->bytes, text->length);
	text->bytes = to;
	return to + text->length;
}

/* A copy of the addresses alone, in two pieces of memory. */
static struct address *
keep(const struct collection *collection, struct arena *arena)
{
	struct address *kept = arena_array(arena, collection->count, sizeof *kept);
	size_t size = 0;
	char *to;

	for (size_t i = 0; i < collection->count; i++)
		size += collection->items[i].local.length + collection->items[i].domain.length;
	to = arena_zero(arena, size);
	for (size_t i = 0; i < collection->count; i++) {
		kept[i] = collection->items[i];
		to = copy_bytes(&kept[i].local, to);
		to = copy_bytes(&kept[i].domain, to);
	}
	return kept;
}

static void
collect_field(struct text value, struct collection *collection, struct arena *arena)
{
	struct address_list list;
	struct failure ignored;

	if (!address_list_read(value, 0, arena, &list, &ignored))
		return;
	for (size_t i = 0; i < list.count; i++)
		if (!address_is_null(list.spans[i].address))
			collect(collection, list.spans[i].address, arena);
}

void
rewrite_collect(
    const struct header *header, struct arena *arena, struct address **addresses, size_t *count)
{
	/* What the reading needs is several times what is kept. */
	struct arena *scratch = arena_open();
	struct collection collection = { 0 };

	for (size_t i = 0; i < header->count; i++)
		if (rewrite_applies(&header->fields[i]))
			collect_field(header->fields[i].value, &collection, scratch);
	*addresses = collection.count == 0 ? NULL : keep(&collection, arena);
	*count = collection.count;
	arena_close(scratch);
}

/* What stands for the address instead; false when it stays as it is. */
static bool
replacement(const struct address_span *span, const struct rewrite_map *map, struct arena *arena,
    struct text *bytes)
{
	struct address next;
	struct failure ignored;

	if (address_is_null(span->address))
		return false;
	next = map->map(map->data, span->address, arena);
	if (text_equal(next.local, span->address.local)
	    && text_equal(next.domain, span->address.domain))
		return false;
	/* Completing `"a b!root"` gives a domain that would break the field. */
	if (!address_is_null(next) && !address_check(next, EX_DATAERR, &ignored))
		return false;
	*bytes = address_format(next, arena);
	if (bytes->length == 0 && !span->angle)
		*bytes = text_of("\"\"");
	return true;
}

/* NULL where nothing changes, so that a field of many addresses costs little. */
static struct text *
replacements(const struct address_list *list, const struct rewrite_map *map, struct arena *arena)
{
	struct text *all = NULL;

	for (size_t i = 0; i < list->count; i++) {
		struct text bytes;

		if (!replacement(&list->spans[i], map, arena, &bytes))
			continue;
		if (all == NULL)
			all = arena_array(arena, list->count, sizeof *all);
		all[i] = bytes;
	}
	return all;
}

/* The value with `all` in place; an element without bytes keeps its address. */
static struct text
assemble(
    struct text value, const struct address_list *list, const struct text *all, struct arena *arena)
{
	struct buffer buffer = buffer_open(0);
	struct text whole;
	size_t at = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct address_span *span = &list->spans[i];

		if (span->comma != 0) {
			(void)buffer_append(&buffer, text_slice(value, at, span->comma));
			(void)buffer_byte(&buffer, ',');
			at = span->comma;
		}
		if (all[i].bytes == NULL)
			continue;
		(void)buffer_append(&buffer, text_slice(value, at, span->start));
		(void)buffer_append(&buffer, all[i]);
		at = span->end;
	}
	(void)buffer_append(&buffer, text_slice(value, at, value.length));
	whole = text_copy(buffer_text(&buffer), arena);
	buffer_close(&buffer);
	return whole;
}

struct text
rewrite_value(struct text value, const struct rewrite_map *map, struct arena *arena, bool *changed)
{
	struct arena *scratch = arena_open();
	struct address_list list;
	struct failure ignored;
	const struct text *all = NULL;

	if (address_list_read(value, 0, scratch, &list, &ignored))
		all = replacements(&list, map, scratch);
	*changed = all != NULL;
	if (*changed)
		value = assemble(value, &list, all, arena);
	arena_close(scratch);
	return value;
}

static void
append_field(struct buffer *block, const struct header_field *field, const struct rewrite_map *map,
    struct arena *arena)
{
	size_t start = (size_t)(field->value.bytes - field->raw.bytes);
	struct text value;
	bool changed;

	if (!rewrite_applies(field)) {
		(void)buffer_append(block, field->raw);
		return;
	}
	value = rewrite_value(field->value, map, arena, &changed);
	(void)buffer_append(block, text_slice(field->raw, 0, start));
	(void)buffer_append(block, value);
	(void)buffer_append(
	    block, text_slice(field->raw, start + field->value.length, field->raw.length));
}

struct text
rewrite_header(const struct header *header, const struct rewrite_map *map,
    bool (*drop)(const struct header_field *field, void *data), void *data, bool keep_bcc,
    struct arena *arena)
{
	struct buffer block = buffer_open(0);
	struct text whole;

	for (size_t i = 0; i < header->count; i++) {
		const struct header_field *field = &header->fields[i];
		bool kept = keep_bcc && listed(field, blind_fields);

		if ((rewrite_drops(field) && !kept) || (drop != NULL && drop(field, data)))
			continue;
		append_field(&block, field, map, arena);
	}
	whole = text_copy(buffer_text(&block), arena);
	buffer_close(&block);
	return whole;
}
