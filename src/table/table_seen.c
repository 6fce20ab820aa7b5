/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "table/table_keys.h"
#include "table/table_warnings.h"

#define SLOTS_FIRST ((size_t)64)
#define RECORDS_FIRST ((size_t)4096)

/* The first record's place: 0 means none. */
#define RECORDS_START sizeof(size_t)

struct table_seen
table_seen_open(void)
{
	return (struct table_seen){ .length = RECORDS_START, .scratch = buffer_open(0) };
}

void
table_seen_close(struct table_seen *seen)
{
	buffer_close(&seen->scratch);
	free(seen->records);
	free(seen->slots);
	*seen = table_seen_open();
}

/* Borrowed until the next call. */
static struct text
fold(struct table_seen *seen, struct text key)
{
	struct buffer *to = &seen->scratch;
	struct arena *brief;

	to->length = 0;
	if (table_is_ascii(key)) {
		(void)buffer_room(to, key.length);
		for (size_t i = 0; i < key.length; i++)
			to->bytes[to->length++] = text_lower(key.bytes[i]);
		return buffer_text(to);
	}
	brief = arena_open();
	(void)buffer_append(to, table_keys_fold(key, brief));
	arena_close(brief);
	return buffer_text(to);
}

static size_t
line_of(const struct table_seen *seen, size_t record)
{
	size_t line;

	memcpy(&line, seen->records + record, sizeof line);
	return line;
}

static const char *
key_of(const struct table_seen *seen, size_t record)
{
	return seen->records + record + sizeof(size_t);
}

/* The slot of a folded key, or the free one where it would stand. */
static size_t
find_slot(const struct table_seen *seen, struct text folded)
{
	size_t mask = seen->slot_count - 1;
	size_t at = (size_t)text_hash(folded) & mask;

	while (seen->slots[at] != 0 && !text_is(folded, key_of(seen, seen->slots[at])))
		at = (at + 1) & mask;
	return at;
}

static void
enlarge_slots(struct table_seen *seen)
{
	size_t *old = seen->slots;
	size_t old_count = seen->slot_count;

	seen->slot_count = old_count == 0 ? SLOTS_FIRST : old_count * 2;
	seen->slots = calloc(seen->slot_count, sizeof *seen->slots);
	if (seen->slots == NULL)
		arena_exhausted();
	for (size_t i = 0; i < old_count; i++)
		if (old[i] != 0)
			seen->slots[find_slot(seen, text_of(key_of(seen, old[i])))] = old[i];
	free(old);
}

/* Not a buffer: that would copy and wipe what is no secret. */
static void
add_record(struct table_seen *seen, struct text folded, size_t line)
{
	size_t need = seen->length + sizeof line + folded.length + 1;

	if (need > seen->capacity) {
		seen->capacity = need < RECORDS_FIRST ? RECORDS_FIRST : need + need / 2;
		seen->records = realloc(seen->records, seen->capacity);
		if (seen->records == NULL)
			arena_exhausted();
	}
	memcpy(seen->records + seen->length, &line, sizeof line);
	seen->length += sizeof line;
	memcpy(seen->records + seen->length, folded.bytes, folded.length);
	seen->length += folded.length;
	seen->records[seen->length++] = '\0';
}

size_t
table_seen_add(struct table_seen *seen, struct text key, size_t line)
{
	struct text folded = fold(seen, key);
	size_t slot;

	if (seen->count >= seen->slot_count / 4 * 3)
		enlarge_slots(seen);
	slot = find_slot(seen, folded);
	if (seen->slots[slot] != 0)
		return line_of(seen, seen->slots[slot]);
	seen->slots[slot] = seen->length;
	add_record(seen, folded, line);
	seen->count++;
	return 0;
}

size_t
table_seen_find(struct table_seen *seen, struct text key)
{
	size_t record;

	if (seen->count == 0)
		return 0;
	record = seen->slots[find_slot(seen, fold(seen, key))];
	return record == 0 ? 0 : line_of(seen, record);
}

bool
table_seen_row(
    struct table_seen *seen, struct text key, size_t line, struct table_warnings *warnings)
{
	size_t first = table_seen_add(seen, key, line);

	if (first == 0)
		return true;
	table_warnings_tell(
	    warnings, line, false, "line %zu has the same key and is the one that counts", first);
	return false;
}
