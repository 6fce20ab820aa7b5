/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_keys.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unistr.h>

#include "base/arena.h"
#include "table/table_cdb.h"
#include "table/table_source.h"

#define MULTIPLIER 0x9e3779b97f4a7c15U
#define SLOTS_FIRST 16

static bool
append_lower(struct text key, struct buffer *to)
{
	if (!buffer_room(to, key.length))
		return false;
	for (size_t i = 0; i < key.length; i++)
		to->bytes[to->length++] = text_lower(key.bytes[i]);
	return true;
}

/* Folds into `to`, which is reused from row to row. */
static struct text
fold_into(struct text key, struct buffer *to)
{
	const uint8_t *bytes = (const uint8_t *)key.bytes;
	size_t length;
	uint8_t *folded;

	to->length = 0;
	if (table_is_ascii(key) || u8_check(bytes, key.length) != NULL) {
		(void)append_lower(key, to);
		return buffer_text(to);
	}
	(void)buffer_room(to, key.length * 3);
	length = to->capacity;
	folded = u8_casefold(bytes, key.length, NULL, NULL, (uint8_t *)to->bytes, &length);
	if (folded == NULL)
		arena_exhausted();
	if (folded != (uint8_t *)to->bytes) {
		(void)buffer_append(to, text_make((const char *)folded, length));
		free(folded);
	} else {
		to->length = length;
	}
	return buffer_text(to);
}

struct text
table_keys_fold(struct text key, struct arena *arena)
{
	struct buffer scratch = buffer_open(0);
	struct text folded = text_copy(fold_into(key, &scratch), arena);

	buffer_close(&scratch);
	return folded;
}

struct table_keys
table_keys_open(struct arena *arena)
{
	/* Keys come from messages: an order of slots that is known beforehand could be
	 * crowded on purpose.  Where the arena lies is not known beforehand. */
	return (struct table_keys){ .arena = arena,
		.brief = arena,
		.seed = (uint64_t)(uintptr_t)arena * MULTIPLIER,
		.scratch = buffer_open(0) };
}

struct table_keys
table_keys_open_pass(struct arena *arena)
{
	struct table_keys keys = table_keys_open(arena);

	keys.brief = arena_open();
	return keys;
}

void
table_keys_close(struct table_keys *keys)
{
	buffer_close(&keys->scratch);
	if (keys->brief == keys->arena)
		return;
	arena_close(keys->brief);
	*keys =
	    (struct table_keys){ .arena = keys->arena, .brief = keys->arena, .seed = keys->seed };
}

/* The slot of the key, or the free one where it would stand. */
static struct table_key_slot *
find_slot(const struct table_keys *keys, struct text key, uint32_t hash)
{
	size_t mask = keys->slot_count - 1;
	size_t at = hash & mask;

	for (; keys->slots[at].number != 0; at = (at + 1) & mask)
		if (keys->slots[at].hash == hash
		    && text_equal_fold(keys->items[keys->slots[at].number - 1].key, key))
			break;
	return &keys->slots[at];
}

static void
enlarge_slots(struct table_keys *keys)
{
	const struct table_key_slot *slots = keys->slots;
	size_t count = keys->slot_count;

	if (keys->count >= UINT32_MAX / 2)
		arena_exhausted();
	keys->slot_count = keys->slot_count == 0 ? SLOTS_FIRST : keys->slot_count * 2;
	keys->slots = arena_array(keys->brief, keys->slot_count, sizeof *keys->slots);
	/* In their order, by the hash alone: the keys lie all over the memory. */
	for (size_t i = 0; i < count; i++) {
		size_t at = slots[i].hash & (keys->slot_count - 1);

		if (slots[i].number == 0)
			continue;
		while (keys->slots[at].number != 0)
			at = (at + 1) & (keys->slot_count - 1);
		keys->slots[at] = slots[i];
	}
}

static size_t
add(struct table_keys *keys, struct text folded, bool copy)
{
	uint32_t hash = table_sieve_hash(keys->seed, folded);
	struct table_key_slot *slot;

	if (keys->count >= keys->slot_count / 2)
		enlarge_slots(keys);
	slot = find_slot(keys, folded, hash);
	if (slot->number != 0)
		return slot->number - 1;
	keys->items = arena_grow(
	    keys->brief, keys->items, keys->count, &keys->capacity, sizeof *keys->items);
	if (copy)
		folded = text_copy(folded, keys->arena);
	keys->items[keys->count++] = (struct table_key){ .key = folded };
	*slot = (struct table_key_slot){ .number = (uint32_t)keys->count, .hash = hash };
	return keys->count - 1;
}

size_t
table_keys_add(struct table_keys *keys, struct text key)
{
	return add(keys, fold_into(key, &keys->scratch), true);
}

size_t
table_keys_add_folded(struct table_keys *keys, struct text folded)
{
	return add(keys, folded, false);
}

size_t
table_keys_match(struct table_keys *keys, struct text key)
{
	uint32_t number;

	if (!table_is_ascii(key))
		key = fold_into(key, &keys->scratch);
	if (keys->count == 0)
		return 0;
	number = find_slot(keys, key, table_sieve_hash(keys->seed, key))->number;
	return number == 0 ? keys->count : number - 1;
}

const struct table_sieve *
table_keys_sieve(struct table_keys *keys)
{
	if (keys->sieved == keys->count)
		return &keys->sieve;
	keys->sieve = table_sieve_open(keys->seed, keys->count, keys->brief);
	for (size_t i = 0; i < keys->slot_count; i++)
		if (keys->slots[i].number != 0)
			table_sieve_add(&keys->sieve, keys->slots[i].hash);
	keys->sieved = keys->count;
	return &keys->sieve;
}

bool
table_keys_next(struct table_keys *keys, struct table_reader *reader, struct table_row *row,
    size_t *number, bool *found, struct failure *why)
{
	const struct table_sieve *sieve = table_keys_sieve(keys);

	for (;;) {
		struct text line;
		const char *problem;

		table_pass(reader, sieve, TABLE_SIEVE_BLANK);
		if (!table_next_line(reader, &line, &row->line, found, why))
			return false;
		if (!*found)
			return true;
		problem = table_split_row(line, row);
		*number = table_keys_match(keys, row->key);
		if (*number == keys->count || keys->items[*number].found)
			continue;
		if (problem != NULL)
			row->value = text_of(NULL);
		keys->items[*number].found = true;
		keys->items[*number].line = row->line;
		keys->items[*number].problem = problem;
		return true;
	}
}

static bool
search(struct table_keys *keys, struct table_reader *reader, struct failure *why)
{
	for (size_t missing = keys->count; missing > 0; missing--) {
		struct table_row row;
		size_t number;
		bool found;

		if (!table_keys_next(keys, reader, &row, &number, &found, why))
			return false;
		if (!found)
			return true;
		keys->items[number].value = text_copy(row.value, keys->arena);
	}
	return true;
}

bool
table_keys_search_again(
    struct table_keys *keys, const char *path, struct table_keys_file *file, struct failure *why)
{
	struct table_source source = table_source_of(path);

	if (source.kind == TABLE_SOURCE_CDB)
		return table_cdb_search(keys, source.path, &file->cdb, why);
	if (file->reader == NULL ? !table_open(path, false, &file->reader, why)
				 : !table_rewind(file->reader, why))
		return false;
	return search(keys, file->reader, why);
}

void
table_keys_file_close(struct table_keys_file *file)
{
	table_close(file->reader);
	table_cdb_close(file->cdb);
	*file = (struct table_keys_file){ 0 };
}

bool
table_keys_search(struct table_keys *keys, const char *path, struct failure *why)
{
	struct table_keys_file file = { 0 };
	bool searched = table_keys_search_again(keys, path, &file, why);

	table_keys_file_close(&file);
	return searched;
}

bool
table_keys_judge(const struct table_key *key, const char *name, struct failure *why)
{
	return key->problem == NULL
	    || table_refuse_row(name, key->key, key->line, key->problem, why);
}

void
table_keys_choose(
    struct table_keys *keys, struct text key, bool base, struct table_choices *choices)
{
	choices->items = arena_grow(keys->brief, choices->items, choices->count, &choices->capacity,
	    sizeof *choices->items);
	choices->items[choices->count++] =
	    (struct table_choice){ .number = table_keys_add(keys, key), .base = base };
}

/* As written in commands, then without quotes: tables hold both forms. */
static void
choose_forms(
    struct table_keys *keys, struct address address, bool base, struct table_choices *choices)
{
	struct text written = address_format(address, keys->brief);

	table_keys_choose(keys, written, base, choices);
	if (written.length == 0 || written.bytes[0] != '"')
		return;
	/* Without its quotes "bob@dom" would be another's key: bob's at dom. */
	if (address.domain.length == 0 && text_find(address.local, '@') < address.local.length)
		return;
	if (address.domain.length == 0) {
		table_keys_choose(keys, address.local, base, choices);
		return;
	}
	written = text_join(address.local, text_of("@"), keys->brief);
	table_keys_choose(keys, text_join(written, address.domain, keys->brief), base, choices);
}

void
table_keys_choose_address(struct table_keys *keys, struct address address, const char *delimiters,
    struct table_choices *choices)
{
	struct address base;

	choose_forms(keys, address, false, choices);
	if (address_base(address, delimiters, &base))
		choose_forms(keys, base, true, choices);
}

static void
choose_domain(struct table_keys *keys, struct text domain, struct table_choices *choices)
{
	table_keys_choose(keys, text_join(text_of("@"), domain, keys->brief), false, choices);
}

void
table_keys_choose_all(struct table_keys *keys, struct address address,
    const struct completion *completion, struct table_choices *choices)
{
	struct address bare = { .local = address.local };

	if (address_is_null(address))
		return;
	table_keys_choose_address(keys, address, completion->delimiters, choices);
	if (completion_is_local(completion, address.domain))
		table_keys_choose_address(keys, bare, completion->delimiters, choices);
	choose_domain(keys, address.domain, choices);
}

const struct table_choice *
table_keys_answer(
    const struct table_keys *keys, const struct table_choices *choices, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++)
		if (keys->items[choices->items[i].number].found)
			return &choices->items[i];
	return NULL;
}
