/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/password_book.h"

#include <string.h>

#include "base/arena.h"
#include "table/table.h"
#include "table/table_cdb.h"
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

/* A table and what it is asked. */
struct page {
	const char *name;
	struct table_keys keys;
	struct candidate *candidates; /* of keys */
	size_t read;                  /* keys that the table was read for */
	const struct failure *fault;  /* it cannot be read */
};

struct password_book {
	struct page *pages;
	size_t count;
	size_t capacity;
	struct arena *arena;
};

struct password_book *
password_book_open(struct arena *arena)
{
	struct password_book *book = arena_zero(arena, sizeof *book);

	book->arena = arena;
	return book;
}

void
password_book_close(struct password_book *book)
{
	for (size_t i = 0; book != NULL && i < book->count; i++)
		table_keys_close(&book->pages[i].keys);
	if (book != NULL)
		book->count = 0;
}

/* Mostly all accounts have one table. */
static struct page *
find_page(struct password_book *book, const char *name)
{
	for (size_t i = book->count; i > 0; i--)
		if (strcmp(book->pages[i - 1].name, name) == 0)
			return &book->pages[i - 1];
	book->pages = arena_grow(
	    book->arena, book->pages, book->count, &book->capacity, sizeof *book->pages);
	book->pages[book->count] = (struct page){ .name = name,
		.keys = table_keys_open(book->arena) };
	return &book->pages[book->count++];
}

void
password_book_choose(struct table_keys *keys, const struct password_rule *rule,
    struct address sender, const struct transport_hop *hop, struct table_choices *choices)
{
	if (rule->sender_dependent)
		table_keys_choose_all(keys, sender, rule->completion, choices);
	if (rule->sender_only)
		return;
	table_keys_choose(keys, text_of(hop->host), false, choices);
	table_keys_choose(keys, text_of(hop->text), false, choices);
	if (hop->bare != NULL)
		table_keys_choose(keys, text_of(hop->bare), false, choices);
}

void
password_book_add(struct password_book *book, const struct password_rule *rule,
    struct address sender, const struct transport_hop *hop)
{
	struct table_choices choices = { 0 };

	if (rule->path != NULL)
		password_book_choose(
		    &find_page(book, rule->path)->keys, rule, sender, hop, &choices);
}

/* Reads the table for all keys, unless that was done. */
static bool
fill_page(struct page *page, struct arena *arena, struct failure *why)
{
	struct failure *kept;

	if (page->fault != NULL) {
		*why = *page->fault;
		return false;
	}
	if (page->read == page->keys.count && page->read > 0)
		return true;
	for (size_t i = 0; i < page->keys.count; i++)
		page->keys.items[i].found = false;
	page->candidates = arena_array(arena, page->keys.count, sizeof *page->candidates);
	page->read = page->keys.count;
	if (read_candidates(page->name, &page->keys, page->candidates, why))
		return true;
	kept = arena_zero(arena, sizeof *kept);
	*kept = *why;
	page->fault = kept;
	return false;
}

bool
password_book_find(struct password_book *book, const struct password_rule *rule,
    struct address sender, const struct transport_hop *hop, struct password_row *row,
    struct failure *why)
{
	struct table_choices choices = { 0 };
	const struct table_choice *answer;
	struct page *page;

	if (rule->path == NULL) {
		*row = (struct password_row){ 0 };
		return true;
	}
	page = find_page(book, rule->path);
	password_book_choose(&page->keys, rule, sender, hop, &choices);
	/* The null sender has no keys. */
	if (choices.count > 0 && !fill_page(page, book->arena, why))
		return false;
	answer = table_keys_answer(&page->keys, &choices, 0, choices.count);
	if (answer == NULL) {
		*row = (struct password_row){ 0 };
		return true;
	}
	return table_keys_judge(&page->keys.items[answer->number], rule->path, why)
	    && accept(rule, &page->candidates[answer->number], page->keys.items[answer->number].key,
		row, why);
}
