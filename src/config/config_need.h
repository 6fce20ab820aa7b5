/* SPDX-License-Identifier: ISC */
/*
 * Which `eval` lines are worth running: those of the account that will be chosen.
 */
#ifndef RELAY_CONFIG_CONFIG_NEED_H
#define RELAY_CONFIG_CONFIG_NEED_H

#include <stdbool.h>

#include "config/account.h"
#include "config/config.h"

struct config_need {
	bool all;                     /* every account may be used */
	struct account_list accounts; /* else these; belongs to arena */
};

/*
 * Finds out from a reading in which no eval was run.  All accounts are needed when the sender
 * chooses, when routes may name accounts, and when the reading has faults or lacks the account,
 * since an eval may print the line that is missing.
 */
void config_need_find(const struct config *survey, const struct config_wish *wish,
    struct arena *arena, struct config_need *need);

/* Is an eval in that account needed?  NULL: in `defaults`. */
bool config_need_covers(const struct config_need *need, const char *account, bool system);

#endif
