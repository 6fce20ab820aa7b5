/* SPDX-License-Identifier: ISC */
/*
 * The work of newaliases and sendmail -bi: there is nothing to build, so the
 * configuration and its tables are read through and their faults told.
 */
#ifndef RELAY_FLOW_TABLES_H
#define RELAY_FLOW_TABLES_H

#include "base/environment.h"
#include "config/options.h"

struct arena;
struct buffer;

/*
 * Returns EX_OK, EX_CONFIG when a file that is named cannot be read, relayrc has a fault, or a
 * row would make mail fail.  Warnings are told in `complaints` with file:line, too, and do not
 * change the status.
 */
int tables_check(const struct invocation *invocation, const struct environment *environment,
    struct arena *arena, struct buffer *output, struct buffer *complaints);

#endif
