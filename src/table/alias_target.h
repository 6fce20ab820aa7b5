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
	ALIAS_TARGET_INCLUDE  /* `:include:path` */
};

struct alias_target {
	enum alias_target_kind kind;
	size_t included;        /* line of the :include: file it stands in; 0: in the row itself */
	struct address address; /* as written, not completed */
	const char *path;       /* of an :include:, or of the one it stands in */
};

struct alias_targets {
	struct alias_target *items; /* belongs to arena */
	size_t count;
	size_t capacity;
};

/*
 * Adds what a value names (relay-tables(5)): an address list in which an element, as
 * a whole in double quotes or bare, may be a path, a command or an :include:.
 * Fails with EX_CONFIG on what is no address list and on `<>`.
 */
bool alias_target_read(
    struct text value, struct arena *arena, struct alias_targets *targets, struct failure *why);

/*
 * Adds what an :include: file names, each line by itself; `#` in the first column is a
 * comment.  Fails with EX_CONFIG, saying why, when it is not an absolute path to a regular
 * file that belongs to root or the effective user and that only its owner may write
 * (F198), or holds a path or a command; with EX_TEMPFAIL when reading fails.
 */
bool alias_target_include(
    const char *path, struct arena *arena, struct alias_targets *targets, struct failure *why);

#endif
