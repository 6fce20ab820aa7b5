/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/rewrite.h"

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

void
rewrite_collect(
    const struct header *header, struct arena *arena, struct address **addresses, size_t *count)
{
	struct address *found = NULL;
	size_t capacity = 0;

	*count = 0;
	for (size_t i = 0; i < header->count; i++) {
		struct address_list list;
		struct failure ignored;

		if (!rewrite_applies(&header->fields[i])
		    || !address_list_read(header->fields[i].value, 0, arena, &list, &ignored))
			continue;
		for (size_t j = 0; j < list.count; j++) {
			if (address_is_null(list.spans[j].address))
				continue;
			found = arena_grow(arena, found, *count, &capacity, sizeof *found);
			found[(*count)++] = list.spans[j].address;
		}
	}
	*addresses = found;
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
	struct address_list list;
	struct failure ignored;
	const struct text *all;

	*changed = false;
	if (!address_list_read(value, 0, arena, &list, &ignored))
		return value;
	all = replacements(&list, map, arena);
	if (all == NULL)
		return value;
	*changed = true;
	return assemble(value, &list, all, arena);
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
