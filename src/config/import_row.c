/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_row.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

#define IDLE_NAMES_MAX ((size_t)600)
#define NAME_SHOWN 60

bool
import_row_add(struct import_entries *entries, const struct import_entry *entry,
    struct arena *arena, struct failure *why)
{
	if (entries->count >= IMPORT_ROW_ENTRIES_MAX) {
		fail(why, EX_CONFIG, "more than %zu lines that say something",
		    IMPORT_ROW_ENTRIES_MAX);
		failure_at(why, "%s:%zu", entry->place.file, entry->place.line);
		return failure_in(why, FAILURE_CONFIG);
	}
	entries->items = arena_grow(
	    arena, entries->items, entries->count, &entries->capacity, sizeof *entries->items);
	entries->items[entries->count++] = *entry;
	return true;
}

static bool
is_named(const struct import_entries *entries, const struct import_entry *entry, const char *name)
{
	return entries->fold ? text_is_fold(entry->name, name) : text_is(entry->name, name);
}

const struct import_entry *
import_row_last(const struct import_entries *entries, const char *name)
{
	for (size_t i = entries->count; i > 0; i--)
		if (is_named(entries, &entries->items[i - 1], name))
			return &entries->items[i - 1];
	return NULL;
}

const struct import_entry *
import_row_first(const struct import_entries *entries, const char *name)
{
	for (size_t i = 0; i < entries->count; i++)
		if (is_named(entries, &entries->items[i], name))
			return &entries->items[i];
	return NULL;
}

static bool
is_for(const struct import_row *row, const struct import_entries *entries,
    const struct import_entry *entry)
{
	size_t length = strlen(row->name);

	if (length == 0 || row->name[length - 1] != '*')
		return is_named(entries, entry, row->name);
	return text_equal(text_slice(entry->name, 0, length - 1), text_make(row->name, length - 1));
}

static const struct import_row *
find_row(const struct import_rows *rows, const struct import_entries *entries,
    const struct import_entry *entry)
{
	for (size_t i = 0; i < rows->count; i++)
		if (is_for(&rows->rows[i], entries, entry))
			return &rows->rows[i];
	return NULL;
}

/* The row of each entry, and which of several lines for one row counts.  A word with '*' stands for
 * many names, so each of its lines counts. */
static const struct import_row **
match(const struct import_rows *rows, const struct import_entries *entries, struct arena *arena)
{
	const struct import_row **found = arena_array(arena, entries->count + 1, sizeof *found);
	size_t *counting = arena_array(arena, rows->count + 1, sizeof *counting);

	for (size_t i = 0; i < entries->count; i++) {
		const struct import_row *row = find_row(rows, entries, &entries->items[i]);
		size_t place;

		found[i] = row;
		if (row == NULL || strchr(row->name, '*') != NULL)
			continue;
		place = (size_t)(row - rows->rows);
		if (counting[place] != 0 && row->first) {
			found[i] = NULL;
			entries->items[i].name.length = 0;
			continue;
		}
		if (counting[place] != 0)
			entries->items[counting[place] - 1].name.length = 0;
		counting[place] = i + 1;
	}
	return found;
}

static void
write_entry(const struct import_row *row, const struct import_entry *entry, const void *data,
    struct import_writer *writer)
{
	const char *name = text_string(text_slice(entry->name, 0, NAME_SHOWN), writer->arena);

	if (entry->broken && row->act != IMPORT_ROW_LOST && row->act != IMPORT_ROW_IDLE) {
		import_writer_lost(writer, &entry->place,
		    "'%s' is not kept: it names a parameter that is not in the file, or an "
		    "expression",
		    name);
		return;
	}
	switch (row->act) {
	case IMPORT_ROW_TEXT:
		(void)import_writer_setting(writer, &entry->place, row->setting, entry->value);
		break;
	case IMPORT_ROW_EXACT:
		(void)import_writer_setting(writer, &entry->place, row->setting,
		    import_writer_literal(writer, entry->value));
		break;
	case IMPORT_ROW_FILE:
		(void)import_writer_file(writer, &entry->place, row->setting, entry->value);
		break;
	case IMPORT_ROW_CALL:
		row->write(writer, entry, data);
		break;
	case IMPORT_ROW_LOST:
		import_writer_lost(
		    writer, &entry->place, "'%s' is not kept: %s", name, row->reason);
		break;
	case IMPORT_ROW_APART:
	case IMPORT_ROW_IDLE:
		break;
	}
}

static void
note_idle(struct buffer *idle, struct text name)
{
	if (idle->length + name.length + 2 > IDLE_NAMES_MAX)
		return;
	(void)buffer_add(idle, idle->length == 0 ? "" : ", ");
	(void)buffer_append(idle, text_slice(name, 0, NAME_SHOWN));
}

void
import_row_write(const struct import_rows *rows, const struct import_entries *entries,
    const void *data, struct import_writer *writer)
{
	const struct import_row **found = match(rows, entries, writer->arena);
	struct buffer idle = buffer_open(0);

	for (size_t i = 0; i < entries->count; i++) {
		const struct import_entry *entry = &entries->items[i];

		if (entry->name.length == 0)
			continue;
		if (found[i] == NULL && rows->unknown != NULL)
			/* An unknown word may be a piece of a password. */
			import_writer_lost(writer, &entry->place, "not kept: %s", rows->unknown);
		else if (found[i] == NULL || found[i]->act == IMPORT_ROW_IDLE)
			note_idle(&idle, entry->name);
		else
			write_entry(found[i], entry, data, writer);
	}
	if (rows->idle != NULL && idle.length > 0)
		import_writer_comment(
		    writer, "%s: %s", rows->idle, text_string(buffer_text(&idle), writer->arena));
	buffer_close(&idle);
}
