/* SPDX-License-Identifier: ISC */
/*
 * Which names stand for which: every name that a message's local recipients lead to,
 * each read once, so that lists of lists take linear time (F196).
 */
#ifndef RELAY_TABLE_ALIAS_GRAPH_H
#define RELAY_TABLE_ALIAS_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "mail/address.h"
#include "mail/completion.h"
#include "table/alias_includes.h"
#include "table/table_keys.h"
#include "table/table_trials.h"

struct arena;

/* Rows that may lead from one to the next. */
#define ALIAS_GRAPH_DEPTH 20

/* Targets that are at fault, at most, of which it is told why; for memory's sake. */
#define ALIAS_GRAPH_FAULTS 1000

#define ALIAS_GRAPH_NOWHERE ((size_t)-1)

struct alias_edge {
	struct address address;       /* complete */
	size_t node;                  /* of a local name; ALIAS_GRAPH_NOWHERE: of another domain */
	const char *include;          /* the :include: file it stands in; NULL: in the row */
	size_t line;                  /* of that file */
	const struct failure *fault;  /* why nothing can go there; NULL: nothing is wrong */
	const struct failure *astray; /* as a walk found: it leads back, or too deep */
};

enum alias_state { ALIAS_FRESH, ALIAS_OPEN, ALIAS_DONE };

struct alias_node {
	struct address address; /* as first met */
	bool by_default;        /* msmtp's `default:` may answer for it */
	size_t asked_at;        /* line of the row that names it; 0: a recipient */

	/* Its row. */
	bool found;
	const char *key; /* folded, without the extension when the row is so */
	size_t line;
	bool has_owner; /* owner-KEY has a row */
	size_t owner_line;
	bool discards; /* /dev/null is among its targets */
	bool untold;   /* it has faults beyond ALIAS_GRAPH_FAULTS, told by one edge */
	struct alias_edge *edges;
	size_t count;
	size_t capacity;

	/* Of the walk over the graph. */
	enum alias_state state;
	const struct failure *refused; /* what keeps some below it from mail; NULL: nothing */
	size_t walked;                 /* number of the recipient that came by last */
	size_t height;                 /* rows on the longest way down */
};

struct alias_graph {
	const char *path;
	const struct completion *completion;
	struct arena *arena;
	struct alias_node *nodes;
	size_t count;
	size_t capacity;
	struct table_keys names; /* numbers are those of nodes */
	struct alias_includes includes;
	size_t fault_count;
	const struct failure *last_fault;
};

struct alias_graph alias_graph_open(
    const char *path, const struct completion *completion, struct arena *arena);
void alias_graph_close(struct alias_graph *graph);

/* The node of a local address, made when it is new. */
size_t alias_graph_add(
    struct alias_graph *graph, struct address address, bool by_default, size_t asked_at);

/* The node of an address that was added; ALIAS_GRAPH_NOWHERE: none.  Also when the graph is
 * closed.  `scratch` need not outlive the call. */
size_t alias_graph_find(
    struct alias_graph *graph, struct address address, bool by_default, struct arena *scratch);

/* The keys with which a node is asked for. */
struct table_trials alias_graph_candidates(
    const struct alias_graph *graph, const struct alias_node *node, struct arena *arena);

/*
 * Reads the rows of all nodes and of those that they lead to, one pass over the file for
 * each level.  What is wrong with a row is an edge with a fault; fails only when the file cannot
 * be read.
 */
bool alias_graph_fill(struct alias_graph *graph, struct failure *why);

#endif
