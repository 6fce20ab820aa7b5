/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/password.h"

#include "base/arena.h"
#include "table/password_book.h"
#include "table/table.h"
#include "table/table_cdb.h"
#include "table/table_keys.h"
#include "table/table_source.h"

struct table_trials
password_candidates(const struct password_rule *rule, struct address sender,
    const struct transport_hop *hop, struct arena *arena)
{
	struct table_keys keys = table_keys_open(arena);
	struct table_choices choices = { 0 };
	struct table_trials trials;

	password_book_choose(&keys, rule, sender, hop, &choices);
	trials = table_trials_list(&keys, &choices);
	table_keys_close(&keys);
	return trials;
}

bool
password_find(const struct password_rule *rule, struct address sender,
    const struct transport_hop *hop, struct arena *arena, struct password_row *row,
    struct failure *why)
{
	struct password_book *book = password_book_open(arena);
	bool found = password_book_find(book, rule, sender, hop, row, why);

	password_book_close(book);
	return found;
}

static bool
refuse_changed(
    const struct password_rule *rule, const struct password_row *row, struct failure *why)
{
	fail(
	    why, EX_TEMPFAIL, "the row for '%s' went or changed while it was being read", row->key);
	table_source_at(why, rule->path, 0);
	return failure_in(why, FAILURE_TABLE);
}

/* Keeps the password, unless the row is another user's now. */
static bool
keep(struct text value, const struct password_row *row, struct secret *secret)
{
	size_t colon = text_find(value, ':');

	if (colon == value.length || !text_is(text_slice(value, 0, colon), row->user))
		return false;
	secret_keep(secret, text_slice(value, colon + 1, value.length));
	return true;
}

static bool
take(const struct password_rule *rule, struct table_reader *reader, struct table_keys *keys,
    const struct password_row *row, struct secret *secret, struct failure *why)
{
	struct table_row next;
	size_t number;
	bool found;

	if (!table_keys_next(keys, reader, &next, &number, &found, why))
		return false;
	if (found && !table_keys_judge(&keys->items[number], rule->path, why))
		return false;
	return (found && keep(next.value, row, secret)) || refuse_changed(rule, row, why);
}

static bool
take_compiled(const struct password_rule *rule, const char *path, const struct password_row *row,
    struct secret *secret, struct failure *why)
{
	struct table_cdb *cdb;
	struct text value;
	bool found;
	bool taken;

	if (!table_cdb_open(path, true, &cdb, why))
		return false;
	taken = table_cdb_find(cdb, text_of(row->key), &value, &found, why)
	    && ((found && keep(value, row, secret)) || refuse_changed(rule, row, why));
	table_cdb_close(cdb);
	return taken;
}

bool
password_take(const struct password_rule *rule, const struct password_row *row,
    struct secret *secret, struct failure *why)
{
	struct table_source source = table_source_of(rule->path);
	struct table_reader *reader;
	struct table_keys keys;
	struct arena *arena;
	bool taken;

	if (source.kind == TABLE_SOURCE_CDB)
		return take_compiled(rule, source.path, row, secret, why);
	if (!table_open(rule->path, true, &reader, why))
		return false;
	arena = arena_open();
	keys = table_keys_open(arena);
	(void)table_keys_add(&keys, text_of(row->key));
	taken = take(rule, reader, &keys, row, secret, why);
	table_keys_close(&keys);
	arena_close(arena);
	table_close(reader);
	return taken;
}
