/* SPDX-License-Identifier: ISC */
/*
 * aliases(5): what local names stand for.  Reads Postfix's form, and msmtp's
 * `default:`; a `#` behind text begins no comment, which alias_check() warns of.
 */
#ifndef RELAY_TABLE_ALIAS_H
#define RELAY_TABLE_ALIAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "mail/completion.h"
#include "mail/envelope.h"
#include "table/table.h"

struct alias_edge;
struct alias_graph;
struct arena;

/* Targets that are looked at once more, for another recipient who leads there. */
#define ALIAS_AGAIN_MAX 10000

/* Loops and ways that are too deep, that one recipient is told. */
#define ALIAS_ASTRAY_MAX 10

struct alias_rule {
	const char *path; /* name of the file (table_source); NULL: no aliases */
	bool must_exist;  /* named in the configuration, not the default */
	const struct completion *completion;
	size_t limit; /* recipients at most; 0: none */
	bool strict;  /* one fault fails all: for newaliases, where nobody waits for mail */
};

/* A way that leads to nobody: the recipient as it was given, and what is wrong. */
struct alias_refusal {
	struct address address;
	const struct failure *why;     /* shared by all that the same target refuses */
	size_t number;                 /* of that recipient, from 1 */
	const struct alias_edge *edge; /* what led nowhere; NULL: told for another one before */
};

struct alias_result {
	struct envelope_recipients recipients; /* distinct, order of the input kept */
	struct address sender;                 /* in: the sender; null: lists have no owners */
	struct alias_refusal *refusals;        /* belongs to arena */
	size_t refusal_count;
	size_t refusal_capacity;

	/* How it came about, for explain; belongs to arena. */
	struct alias_graph *graph; /* every row that was asked for; NULL: there is no file */
};

/*
 * Expands every recipient of a local domain in `from`.  Names without an alias stay as they
 * are, as does a name among its own targets (`root: root, x@y`).  Each distinct
 * level of names is one pass over the file.  With msmtp's `default:` row local
 * names without an alias of their own go there.
 *
 * When owner-NAME has a row for an expanded NAME, owner-NAME@domain is the owner of what NAME
 * leads to, unless the sender is null; of lists in lists the inner one's owner counts.
 *
 * `/dev/null` discards, so there may be no recipients though nothing failed.
 *
 * A target that nothing can go to is a refusal at file:line with EX_CONFIG, and the others are
 * served: a loop (F195: over two or more names, or deeper than 20 levels), `|command` and `/file`
 * other than /dev/null (F197), an :include: that is not an absolute path to a regular file that
 * only its owner writes (F198), a row that leads to no address and not to /dev/null.
 *
 * Of loops and ways that are too deep the first ten are refusals for each recipient, of other
 * faults a hundred: one at least for who leads to any.  Once ALIAS_AGAIN_MAX targets were
 * looked at again for another recipient, he is told one example (F196).
 *
 * Fails with EX_TEMPFAIL when the file cannot be read (F199), EX_DATAERR past the limit (F196);
 * when strict, with the first refusal.
 */
bool alias_expand(const struct alias_rule *rule, const struct envelope_recipients *from,
    struct alias_result *result, struct arena *arena, struct failure *why);

/* Is there nothing to read: no path, or a default one where no file is?  A file that is
 * there but cannot be read is not absent (F199). */
bool alias_is_absent(const struct alias_rule *rule);

#endif
