/* SPDX-License-Identifier: ISC */
/*
 * generic(5): what addresses of this machine are called outside, in envelope and
 * header alike.
 */
#ifndef RELAY_TABLE_GENERIC_H
#define RELAY_TABLE_GENERIC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "mail/address.h"
#include "mail/completion.h"
#include "table/table.h"
#include "table/table_trials.h"

struct arena;
struct generic_map;

#define GENERIC_STEPS_MAX 16

struct generic_rule {
	const char *path; /* name of the table (table_source); NULL: none, nothing changes */
	bool recursion;   /* look results up again (generic_recursion) */
	const struct completion *completion;
};

/* How an address came to be another: one row per step, for explain. */
struct generic_step {
	struct text key; /* folded */
	struct address result;
	size_t line;
	bool back;  /* the result was met before: it is not taken, and looking up ends */
	bool again; /* the result was looked up, too */
	const struct generic_step *next;
};

/* What a row says: another address, or (keeps_local) the same name in another domain. */
struct generic_value {
	bool keeps_local;
	struct address address; /* complete, null for `<>`; only its domain with keeps_local */
	size_t count;           /* addresses in the value, of which the first is this one */
};

/* Reads the value of a row.  Fails with EX_CONFIG where generic_fault() tells it, without a
 * place. */
bool generic_read(const struct completion *completion, struct text value, struct arena *arena,
    struct generic_value *read, struct failure *why);

/*
 * Looks all addresses (complete; the null one is allowed and stays null) up in one
 * pass per step of recursion.  Recursion ends when nothing matches, nothing
 * changes, a result was seen before, or after GENERIC_STEPS_MAX steps.
 *
 * Key order and result forms: relay-tables(5).  `@dom` results keep the local part;
 * several results: the first counts; `<>` gives the null address.  A row that is malformed or
 * whose result is no address (F206) is the fault of those addresses alone that it answers for.
 * Fails with EX_TEMPFAIL when the table cannot be read.  The map belongs to arena.
 */
bool generic_resolve(const struct generic_rule *rule, const struct address *addresses, size_t count,
    struct arena *arena, struct generic_map **map, struct failure *why);

/* What is wrong with the row that answers for the address: EX_CONFIG at file:line; NULL: nothing.
 * What such an address becomes is not known. */
const struct failure *generic_fault(const struct generic_map *map, struct address address);

/* What an address asked of generic_resolve() becomes; itself when nothing matched. */
struct address generic_result(const struct generic_map *map, struct address address);

/* The steps from the address to its result; NULL when nothing matched. */
const struct generic_step *generic_steps(const struct generic_map *map, struct address address);

/* The keys with which an address is asked for. */
struct table_trials generic_candidates(
    const struct generic_rule *rule, struct address address, struct arena *arena);

#endif
