/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_map.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"

#define TYPE_SHOWN 30

/* The kinds that postmap makes of a text, or that are the text. */
static const char *const text_types[] = { "hash", "btree", "dbm", "sdbm", "lmdb", "cdb", "texthash",
	NULL };

static bool
is_text_type(struct text type)
{
	for (size_t i = 0; text_types[i] != NULL; i++)
		if (text_is(type, text_types[i]))
			return true;
	return false;
}

/* Without the words that only say how Postfix gets at it. */
static struct text
without_proxy(struct text map)
{
	static const char proxy[] = "proxy:";

	while (text_is(text_slice(map, 0, sizeof proxy - 1), proxy))
		map = text_slice(map, sizeof proxy - 1, map.length);
	return map;
}

bool
import_map_static(struct text list, struct text *value)
{
	struct text map = without_proxy(text_trim(list));

	if (!text_is(text_slice(map, 0, 7), "static:"))
		return false;
	map = text_slice(map, 7, map.length);
	if (map.length >= 2 && map.bytes[0] == '{' && map.bytes[map.length - 1] == '}')
		map = text_trim(text_slice(map, 1, map.length - 1));
	*value = map;
	return true;
}

static void
note_absent(struct import_writer *writer, const struct import_entry *entry, struct text type,
    const char *path)
{
	if (access(path, F_OK) == 0)
		return;
	if (access(arena_print(writer->arena, "%s.db", path), F_OK) == 0)
		import_writer_note(writer, &entry->place,
		    "'%s' is gone, and only what was made of it is left; 'postmap -s %.*s:%s' "
		    "prints it",
		    path, (int)type.length, type.bytes, path);
	else
		import_writer_note(
		    writer, &entry->place, "there is no '%s' here: relay must find it", path);
}

/* One map of the list; false: it is not kept. */
static bool
write_map(struct import_writer *writer, const struct import_entry *entry, struct text map,
    enum setting_id setting)
{
	size_t colon = text_find(map, ':');
	struct text type = text_slice(map, 0, colon);
	struct text file = text_slice(map, colon + 1, map.length);

	if (colon == map.length) {
		type = text_of("hash");
		file = map;
	}
	if (!is_text_type(type)) {
		import_writer_lost(writer, &entry->place,
		    "not kept: relay reads maps that are made from a text, not '%.*s:'",
		    (int)text_slice(type, 0, TYPE_SHOWN).length, type.bytes);
		return false;
	}
	if (file.length == 0 || file.bytes[0] != '/') {
		import_writer_lost(
		    writer, &entry->place, "not kept: the path of a map begins with '/'");
		return false;
	}
	note_absent(writer, entry, type, text_string(file, writer->arena));
	return import_writer_setting(writer, &entry->place, setting, file);
}

bool
import_map_write(
    struct import_writer *writer, const struct import_entry *entry, enum setting_id setting)
{
	struct text rest = entry->value;
	bool written = false;

	for (;;) {
		struct text map = without_proxy(text_word(&rest, ','));

		if (map.length == 0)
			return written;
		if (written) {
			import_writer_lost(writer, &entry->place,
			    "of several maps relay reads the first: put the rows of all into one "
			    "file");
			return true;
		}
		written = write_map(writer, entry, map, setting);
	}
}
