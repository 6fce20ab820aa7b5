/* SPDX-License-Identifier: ISC */
/*
 * What an alias row names, with what the files name that it includes, and those that they
 * include: the same for mail and for checks.
 */
#ifndef RELAY_TABLE_ALIAS_INCLUDES_H
#define RELAY_TABLE_ALIAS_INCLUDES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/completion.h"
#include "table/alias_target.h"

struct arena;

/* :include: files that one message may open. */
#define ALIAS_INCLUDES_MAX 100

/* The files that were read, each once, so that one that includes itself does no harm. */
struct alias_includes {
	const char *paths[ALIAS_INCLUDES_MAX];
	bool named[ALIAS_INCLUDES_MAX]; /* it names anything */
	size_t count;
};

/*
 * Adds all that the row of `key` names.  A file that cannot be used, one more than
 * ALIAS_INCLUDES_MAX, and a row that leads to no address and not to /dev/null (its mail would
 * vanish, with success for its caller) are broken targets.
 */
void alias_includes_read(struct alias_includes *includes, struct text key, struct text value,
    struct arena *arena, struct alias_targets *targets);

/*
 * The address that mail for a target goes to, completed; what stands for no mail at all
 * (/dev/null, the name of an :include: file) has none.  Fails with EX_CONFIG for a file, a
 * command, what is broken, and what is no address; `key` is the row's.
 */
bool alias_includes_address(const struct alias_target *target, struct text key,
    const struct completion *completion, struct arena *arena, struct address *address,
    struct failure *why);

#endif
