/* SPDX-License-Identifier: ISC */
/*
 * Many keys looked for in one pass over a table.
 *
 * No index is built: the keys that a message asks for are few, the rows may be a
 * million, so the keys are put in a hash and the rows run past it.  A row that is not
 * asked for is told by its key (table_sieve) and costs no allocation and no copy.
 */
#ifndef RELAY_TABLE_TABLE_KEYS_H
#define RELAY_TABLE_TABLE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/completion.h"
#include "table/table.h"
#include "table/table_sieve.h"

struct arena;
struct table_cdb;

/* One key to look for, and what was found. */
struct table_key {
	struct text key; /* folded */
	bool found;      /* and then the row's value and line; value belongs to arena */
	struct text value;
	size_t line;         /* 0: of a compiled table, where rows have none */
	const char *problem; /* of a malformed row, which has no value; NULL: none */
};

/* A place in the hash.  What else hashes alike is told without a look at the key. */
struct table_key_slot {
	uint32_t number; /* in items + 1; 0: free */
	uint32_t hash;
};

/* The keys of one pass; equal keys are held once. */
struct table_keys {
	struct table_key *items;
	size_t count;
	size_t capacity;
	struct table_key_slot *slots;
	size_t slot_count;
	struct table_sieve sieve;
	size_t sieved; /* keys that are in it */
	uint64_t seed;
	struct arena *arena;
	struct arena *brief; /* of what table_keys_close() ends; may be `arena` */
	struct buffer scratch;
};

/* A table that stays open between passes: a text, or a compiled one. */
struct table_keys_file {
	struct table_reader *reader;
	struct table_cdb *cdb;
};

/* A question: the keys that would answer it, the most wanted first. */
struct table_choice {
	size_t number; /* in items of struct table_keys */
	bool base;     /* the key without the address extension */
};

struct table_choices {
	struct table_choice *items; /* as long as items of struct table_keys */
	size_t count;
	size_t capacity;
};

/* The key as it is compared: UTF-8 case-folded (the same folding for stored and
 * asked keys); bytes that are not UTF-8 are lower-cased as ASCII.  Belongs to arena. */
struct text table_keys_fold(struct text key, struct arena *arena);

/* No keys.  table_keys_close() frees what does not belong to the arena. */
struct table_keys table_keys_open(struct arena *arena);

/* The same for one pass over a table: nothing but keys and values belongs to the arena, items
 * and choices end with table_keys_close(). */
struct table_keys table_keys_open_pass(struct arena *arena);

void table_keys_close(struct table_keys *keys);

/* Adds a key (folding it) and returns its number in items. */
size_t table_keys_add(struct table_keys *keys, struct text key);

/* As table_keys_add() for a key that is folded and belongs to the arena already. */
size_t table_keys_add_folded(struct table_keys *keys, struct text folded);

/* The number of a row's key as written; count when it is not asked for. */
size_t table_keys_match(struct table_keys *keys, struct text key);

/* What the keys added so far look like; borrowed until one more is added. */
const struct table_sieve *table_keys_sieve(struct table_keys *keys);

/*
 * The next row of a key that has none yet: marks the key as found, with its line, and with its
 * problem when it is a malformed row that seems to be meant for the key.  *found false at the end.
 * Fails as table_next_line().
 */
bool table_keys_next(struct table_keys *keys, struct table_reader *reader, struct table_row *row,
    size_t *number, bool *found, struct failure *why);

/*
 * One pass over the file: fills every key that has a row, the first of equal rows
 * winning.  Fails as table_open() and table_keys_next(); where is path or path:line.
 * `path` may be the name of a compiled table (table_source), of which nothing but these
 * keys is read.
 */
bool table_keys_search(struct table_keys *keys, const char *path, struct failure *why);

/*
 * Fails as table_refuse_row() when the row that was found for the key is malformed: only who
 * needs that row is concerned.  `name` is the table's.
 */
bool table_keys_judge(const struct table_key *key, const char *name, struct failure *why);

/*
 * As table_keys_search(), but by the same open file from pass to pass (F200): opens the path
 * when *file is empty, else begins again.  It is the caller's to close, after a failure too.
 */
bool table_keys_search_again(
    struct table_keys *keys, const char *path, struct table_keys_file *file, struct failure *why);

void table_keys_file_close(struct table_keys_file *file);

/* Adds a key as one more, less wanted, answer. */
void table_keys_choose(
    struct table_keys *keys, struct text key, bool base, struct table_choices *choices);

/*
 * Adds the keys of an address: as address_format() writes it, then without
 * quotes when that differs; with its extension, then without.
 */
void table_keys_choose_address(struct table_keys *keys, struct address address,
    const char *delimiters, struct table_choices *choices);

/*
 * Adds all keys of relay-tables(5) for an address: user+ext@dom, user@dom, then for a
 * local domain user+ext and user, then @dom.  None for the null address.
 */
void table_keys_choose_all(struct table_keys *keys, struct address address,
    const struct completion *completion, struct table_choices *choices);

/* The first choice from `start` to `end` (excluded) that has a row; NULL: none. */
const struct table_choice *table_keys_answer(
    const struct table_keys *keys, const struct table_choices *choices, size_t start, size_t end);

#endif
