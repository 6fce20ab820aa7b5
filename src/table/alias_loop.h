/* SPDX-License-Identifier: ISC */
/*
 * Which names of an alias file lead to themselves, or too far: for checks, which cannot
 * afford to expand every name of a large file.
 */
#ifndef RELAY_TABLE_ALIAS_LOOP_H
#define RELAY_TABLE_ALIAS_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "table/alias_target.h"
#include "table/table_seen.h"

struct arena;
struct alias_rule;

/* A row and one that it leads to, by their lines. */
struct alias_loop_step {
	size_t from;
	size_t to;
};

struct alias_loop {
	const struct alias_rule *rule;
	struct table_seen *names; /* borrowed: every name and its line */
	struct arena *arena;
	struct alias_loop_step *steps; /* in the order of `from` */
	size_t count;
	size_t capacity;
};

/* Notes where the targets of the row at `line`, which is the one that counts for `name`, lead
 * to; rows come in the order of their lines.  `brief` is for what is needed on the way. */
void alias_loop_add(struct alias_loop *loop, struct text name, size_t line,
    const struct alias_targets *targets, struct arena *brief);

/*
 * The lines of at most `max` rows from which more than ALIAS_GRAPH_DEPTH rows may follow, as in
 * a loop without end; returns how many, in the order of their lines.  May suspect a row that
 * alias_expand() finds good, but misses none.
 */
size_t alias_loop_suspects(const struct alias_loop *loop, size_t *lines, size_t max);

#endif
