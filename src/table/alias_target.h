/* SPDX-License-Identifier: ISC */
/*
 * What the value of an alias row, or an :include: file, names.
 */
#ifndef RELAY_TABLE_ALIAS_TARGET_H
#define RELAY_TABLE_ALIAS_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"
#include "mail/address.h"

struct arena;

enum alias_target_kind {
	ALIAS_TARGET_ADDRESS,
	ALIAS_TARGET_NOTHING, /* /dev/null */
	ALIAS_TARGET_FILE,    /* a path; with `~/` too */
	ALIAS_TARGET_COMMAND, /* `|command` */
	ALIAS_TARGET_INCLUDE, /* `:include:path` */
	ALIAS_TARGET_BROKEN   /* nothing can go to it: `what` says why */
};

struct alias_target {
	enum alias_target_kind kind;
	size_t included;        /* line of the :include: file it stands in; 0: in the row itself */
	struct address address; /* as written, not completed */
	const char *path;       /* of an :include:, or of the one it stands in */
	bool commented;         /* a `#` that is meant as a comment stands in that file's line */

	/* Of a broken one; belong to arena, hint may be NULL. */
	int code;
	const char *what;
	const char *hint;
};

struct alias_targets {
	struct alias_target *items; /* belongs to arena */
	size_t count;
	size_t capacity;
};

/*
 * Adds what a value names (relay-tables(5)): an address list in which an element, as
 * a whole in double quotes or bare, may be a path, a command or an :include:.  What is no
 * address, and `<>`, is a broken target; the others stay good.
 */
void alias_target_read(struct text value, struct arena *arena, struct alias_targets *targets);

/* Adds a broken target, with the words of the failure. */
void alias_target_break(
    struct alias_targets *targets, const struct failure *why, struct arena *arena);

/* Blank and `#` behind text, which begins no comment: what follows it is taken for addresses. */
bool alias_target_has_comment(struct text value);

/*
 * Adds what an :include: file names, each line by itself; `#` in the first column is a
 * comment.  A line that is no list of addresses, or names a path or a command, gives a broken
 * target that names file and line.  Fails with EX_CONFIG, saying why, when it is not an
 * absolute path to a regular file that belongs to root or the effective user and that only its
 * owner may write (F198), or has a line past TABLE_LINE_MAX, what stands above being added;
 * with EX_TEMPFAIL, nothing being added, when reading fails.
 */
bool alias_target_include(
    const char *path, struct arena *arena, struct alias_targets *targets, struct failure *why);

#endif
