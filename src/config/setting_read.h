/* SPDX-License-Identifier: ISC */
/*
 * Parts of setting_read() that others read with as well.
 */
#ifndef RELAY_CONFIG_SETTING_READ_H
#define RELAY_CONFIG_SETTING_READ_H

#include "config/setting.h"

/* A path with its leading `~/` (or `~` alone) made the home directory.  Fails with
 * EX_CONFIG when there is none. */
bool setting_read_path(struct text argument, const struct environment *environment,
    struct arena *arena, const char **path, struct failure *why);

/* Has an empty argument a meaning of its own (on, auto), so that it may be left out? */
bool setting_read_has_usual(const struct setting *setting);

/* A number with a suffix: K M G for bytes (`time` false), s m h d for seconds. */
bool setting_read_amount(struct text argument, bool time, int64_t *number);

#endif
