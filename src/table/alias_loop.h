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

struct alias_loop_node;

struct alias_loop {
	const struct alias_rule *rule;
	struct table_seen *names; /* borrowed: every name and its line */
	struct arena *arena;
	struct alias_loop_step *steps; /* in the order of `from` */
	size_t count;
	size_t capacity;
	struct alias_loop_node *nodes; /* rows with steps, in the order of their lines */
	size_t node_count;
};

/* Notes where the targets of the row at `line`, which is the one that counts for `name`, lead
 * to; rows come in the order of their lines.  `brief` is for what is needed on the way. */
void alias_loop_add(struct alias_loop *loop, struct text name, size_t line,
    const struct alias_targets *targets, struct arena *brief);

/*
 * The lines of at most `max` rows that stand for all that is wrong: of rows that lead to each
 * other the first one, and a row that exactly ALIAS_GRAPH_DEPTH others may follow.  What leads
 * there is no suspect of its own.  Returns how many, in the order of their lines.  May suspect a
 * row that alias_expand() finds good, but misses none.  Once, when every step was added; takes
 * linear time.
 */
size_t alias_loop_suspects(struct alias_loop *loop, size_t *lines, size_t max);

/* After alias_loop_suspects(): the line of the first row of the loop that the row is part of;
 * 0: it is part of none. */
size_t alias_loop_first(const struct alias_loop *loop, size_t line);

#endif
