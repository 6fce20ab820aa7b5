/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/envelope.h"

#include "base/arena.h"
#include "mail/completion.h"
#include "mail/header.h"

#define FIRST_SLOTS 16
#define EXCERPT_MAX 100

/* The slot that holds the address, or the empty one where it belongs. */
static struct envelope_slot *
slot_of(const struct envelope_recipients *recipients, struct address address, uint32_t hash)
{
	size_t mask = recipients->slot_count - 1;
	size_t at = hash & mask;

	for (; recipients->slots[at].number != 0; at = (at + 1) & mask)
		if (recipients->slots[at].hash == hash
		    && address_equal(
			recipients->items[recipients->slots[at].number - 1].address, address))
			break;
	return &recipients->slots[at];
}

/* Half of the slots stay empty, so that a search stays short.  They move in their order, by
 * the hash alone: the addresses lie all over the memory. */
static void
widen(struct envelope_recipients *recipients, struct arena *arena)
{
	const struct envelope_slot *slots = recipients->slots;
	size_t count = recipients->slot_count;

	if (recipients->count < count / 2)
		return;
	if (recipients->count >= UINT32_MAX / 2)
		arena_exhausted();
	recipients->slot_count = count == 0 ? FIRST_SLOTS : count * 2;
	recipients->slots = arena_array(arena, recipients->slot_count, sizeof *recipients->slots);
	for (size_t i = 0; i < count; i++) {
		size_t at = slots[i].hash & (recipients->slot_count - 1);

		if (slots[i].number == 0)
			continue;
		while (recipients->slots[at].number != 0)
			at = (at + 1) & (recipients->slot_count - 1);
		recipients->slots[at] = slots[i];
	}
}

bool
envelope_add(struct envelope_recipients *recipients, struct envelope_recipient recipient,
    struct arena *arena)
{
	uint32_t hash = (uint32_t)address_hash(recipient.address);
	struct envelope_slot *slot;

	widen(recipients, arena);
	slot = slot_of(recipients, recipient.address, hash);
	if (slot->number != 0)
		return false;
	recipients->items = arena_grow(arena, recipients->items, recipients->count,
	    &recipients->capacity, sizeof *recipients->items);
	recipients->items[recipients->count++] = recipient;
	*slot = (struct envelope_slot){ .number = (uint32_t)recipients->count, .hash = hash };
	return true;
}

size_t
envelope_find(const struct envelope_recipients *recipients, struct address address)
{
	uint32_t hash = (uint32_t)address_hash(address);
	size_t number = 0;

	if (recipients->slot_count > 0)
		number = slot_of(recipients, address, hash)->number;
	return number == 0 ? recipients->count : number - 1;
}

/* A command, file or list: what aliases may name, never a caller (F181). */
static bool
is_action(struct address address, const struct completion *completion)
{
	struct text local = address.local;

	if (local.length == 0 || !completion_is_local(completion, address.domain))
		return false;
	return local.bytes[0] == '|' || local.bytes[0] == '/'
	    || text_starts_fold(local, ":include:");
}

struct adding {
	struct envelope_recipients *recipients;
	const struct completion *completion;
	struct arena *arena;
	size_t limit;
	int code;
	bool skip_null; /* nobody is meant */
};

static bool
refuse_action(const struct adding *adding, struct address address, struct failure *why)
{
	struct text shown = text_slice(address_format(address, adding->arena), 0, EXCERPT_MAX);

	fail(why, adding->code, "'%.*s' is not an address", (int)shown.length, shown.bytes);
	return failure_hint(why, "commands, files and lists cannot be recipients");
}

static bool
add_one(const struct adding *adding, struct address given, struct failure *why)
{
	struct envelope_recipient recipient = { 0 };
	struct address complete;

	if (address_is_null(given))
		return fail(why, adding->code, "'<>' cannot receive mail");
	complete = completion_recipient(adding->completion, given, adding->arena);
	if (is_action(given, adding->completion) || is_action(complete, adding->completion))
		return refuse_action(adding, given, why);
	if (!address_check(complete, adding->code, why))
		return false;
	recipient.address = complete;
	recipient.original = complete;
	if (!address_equal(given, complete))
		recipient.given = text_string(address_format(given, adding->arena), adding->arena);
	(void)envelope_add(adding->recipients, recipient, adding->arena);
	if (adding->limit != 0 && adding->recipients->count > adding->limit)
		return fail(why, adding->code, "more than %zu recipients", adding->limit);
	return true;
}

static bool
add_list(const struct adding *adding, struct text list, struct failure *why)
{
	struct address_list found;

	if (!address_list_read(list, 0, adding->arena, &found, why)) {
		why->code = adding->code;
		return false;
	}
	for (size_t i = 0; i < found.count; i++) {
		if (adding->skip_null && address_is_null(found.spans[i].address))
			continue;
		if (!add_one(adding, found.spans[i].address, why))
			return false;
	}
	return true;
}

bool
envelope_add_list(struct envelope_recipients *recipients, struct text list, size_t limit,
    const char *where, const struct completion *completion, struct arena *arena,
    struct failure *why)
{
	const struct adding adding = {
		.recipients = recipients,
		.completion = completion,
		.arena = arena,
		.limit = limit,
		.code = EX_USAGE,
	};

	if (add_list(&adding, list, why))
		return true;
	return failure_at(why, "%s", where);
}

static bool
names_recipients(const struct header_field *field, bool resent)
{
	if (resent)
		return header_is(field, "Resent-To") || header_is(field, "Resent-Cc")
		    || header_is(field, "Resent-Bcc");
	return header_is(field, "To") || header_is(field, "Cc") || header_is(field, "Bcc");
}

bool
envelope_add_header(struct envelope_recipients *recipients, const struct header *header,
    size_t limit, const struct completion *completion, struct arena *arena, struct failure *why)
{
	const struct adding adding = {
		.recipients = recipients,
		.completion = completion,
		.arena = arena,
		.limit = limit,
		.code = EX_DATAERR,
		.skip_null = true,
	};
	bool resent = header_has(header, "Resent-To") || header_has(header, "Resent-Cc")
	    || header_has(header, "Resent-Bcc");

	for (size_t i = 0; i < header->count; i++) {
		const struct header_field *field = &header->fields[i];

		if (!names_recipients(field, resent) || add_list(&adding, field->value, why))
			continue;
		return failure_at(
		    why, "the %.*s field", (int)field->name.length, field->name.bytes);
	}
	return true;
}
