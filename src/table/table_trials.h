/* SPDX-License-Identifier: ISC */
/*
 * The keys that a look-up tries, in their order, as explain shows them.  They come from
 * the code that chose them for the look-up itself.
 */
#ifndef RELAY_TABLE_TABLE_TRIALS_H
#define RELAY_TABLE_TABLE_TRIALS_H

#include <stddef.h>

#include "base/text.h"
#include "table/table_keys.h"

struct table_trials {
	struct text *items; /* folded */
	size_t count;
};

/* The distinct keys of all choices, the most wanted first.  Belongs to the arena of `keys`. */
struct table_trials table_trials_list(
    const struct table_keys *keys, const struct table_choices *choices);

/* Those that were tried before `key` matched; all when it is none of them. */
struct table_trials table_trials_before(struct table_trials trials, struct text key);

#endif
