/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/password.h"

#include "base/arena.h"
#include "table/table.h"
#include "table/table_cdb.h"
#include "table/table_keys.h"
#include "table/table_source.h"

/* A row that was asked for, without its password. */
struct candidate {
	size_t line; /* 0: of a compiled table */
	bool has_colon;
	const char *user;
};

static struct candidate
read_candidate(const struct table_row *row, struct arena *arena)
{
	size_t colon = text_find(row->value, ':');

	/* A value without a colon may be a password alone: nothing of it is kept. */
	if (colon == row->value.length)
		return (struct candidate){ .line = row->line };
	return (struct candidate){ .line = row->line,
		.has_colon = true,
		.user = text_string(text_slice(row->value, 0, colon), arena) };
}

/* One pass: the first row of each key, at the key's number. */
static bool
collect(struct table_reader *reader, struct table_keys *keys, struct candidate *candidates,
    struct failure *why)
{
	for (;;) {
		struct table_row row;
		size_t number;
		bool found;

		if (!table_keys_next(keys, reader, &row, &number, &found, why))
			return false;
		if (!found)
			return true;
		candidates[number] = read_candidate(&row, keys->arena);
	}
}

/* The same of a compiled table. */
static bool
ask(struct table_cdb *cdb, struct table_keys *keys, struct candidate *candidates,
    struct failure *why)
{
	for (size_t i = 0; i < keys->count; i++) {
		struct table_row row = { .key = keys->items[i].key };
		bool found;

		if (!table_cdb_find(cdb, row.key, &row.value, &found, why))
			return false;
		if (!found)
			continue;
		keys->items[i].found = true;
		candidates[i] = read_candidate(&row, keys->arena);
	}
	return true;
}

static bool
ask_compiled(
    const char *path, struct table_keys *keys, struct candidate *candidates, struct failure *why)
{
	struct table_cdb *cdb;
	bool asked;

	if (!table_cdb_open(path, true, &cdb, why))
		return false;
	asked = ask(cdb, keys, candidates, why);
	table_cdb_close(cdb);
	return asked;
}

static bool
read_candidates(
    const char *name, struct table_keys *keys, struct candidate *candidates, struct failure *why)
{
	struct table_source source = table_source_of(name);
	struct table_reader *reader;
	bool collected;

	if (source.kind == TABLE_SOURCE_CDB)
		return ask_compiled(source.path, keys, candidates, why);
	if (!table_open(source.path, true, &reader, why))
		return false;
	collected = collect(reader, keys, candidates, why);
	table_close(reader);
	return collected;
}

static bool
refuse_row(const struct password_rule *rule, const struct candidate *candidate, struct failure *why)
{
	table_source_at(why, rule->path, candidate->line);
	failure_hint(why, "write the server, a blank, and USER:PASSWORD");
	return failure_in(why, FAILURE_TABLE);
}

static bool
accept(const struct password_rule *rule, const struct candidate *candidate, struct text key,
    struct password_row *row, struct failure *why)
{
	if (!candidate->has_colon) {
		fail(why, EX_CONFIG, "the value has no colon, it must be user:password");
		return refuse_row(rule, candidate, why);
	}
	if (candidate->user[0] == '\0') {
		fail(why, EX_CONFIG, "the user before the colon is empty");
		return refuse_row(rule, candidate, why);
	}
	*row = (struct password_row){
		.found = true, .user = candidate->user, .key = key.bytes, .line = candidate->line
	};
	return true;
}

static void
choose(struct table_keys *keys, const struct password_rule *rule, struct address sender,
    const struct transport_hop *hop, struct table_choices *choices)
{
	if (rule->sender_dependent)
		table_keys_choose_all(keys, sender, rule->completion, choices);
	table_keys_choose(keys, text_of(hop->host), false, choices);
	table_keys_choose(keys, text_of(hop->text), false, choices);
	if (hop->bare != NULL)
		table_keys_choose(keys, text_of(hop->bare), false, choices);
}

struct table_trials
password_candidates(const struct password_rule *rule, struct address sender,
    const struct transport_hop *hop, struct arena *arena)
{
	struct table_keys keys = table_keys_open(arena);
	struct table_choices choices = { 0 };
	struct table_trials trials;

	choose(&keys, rule, sender, hop, &choices);
	trials = table_trials_list(&keys, &choices);
	table_keys_close(&keys);
	return trials;
}

static bool
find(const struct password_rule *rule, struct table_keys *keys, const struct table_choices *choices,
    struct password_row *row, struct failure *why)
{
	struct candidate *candidates = arena_array(keys->arena, keys->count, sizeof *candidates);
	const struct table_choice *answer;

	if (!read_candidates(rule->path, keys, candidates, why))
		return false;
	answer = table_keys_answer(keys, choices, 0, choices->count);
	if (answer != NULL && !table_keys_judge(&keys->items[answer->number], rule->path, why))
		return false;
	if (answer != NULL)
		return accept(
		    rule, &candidates[answer->number], keys->items[answer->number].key, row, why);
	*row = (struct password_row){ 0 };
	return true;
}

bool
password_find(const struct password_rule *rule, struct address sender,
    const struct transport_hop *hop, struct arena *arena, struct password_row *row,
    struct failure *why)
{
	struct table_keys keys;
	struct table_choices choices = { 0 };
	bool found;

	if (rule->path == NULL) {
		*row = (struct password_row){ 0 };
		return true;
	}
	keys = table_keys_open(arena);
	choose(&keys, rule, sender, hop, &choices);
	found = find(rule, &keys, &choices, row, why);
	table_keys_close(&keys);
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
