/* SPDX-License-Identifier: ISC */
/*
 * The part of --check that looks at this machine: clock, tables, log file, queue.
 */
#ifndef RELAY_FLOW_CHECK_LOCAL_H
#define RELAY_FLOW_CHECK_LOCAL_H

#include "base/environment.h"
#include "config/account.h"
#include "config/options.h"
#include "flow/check_list.h"

/* Can the clock be right?  Certificates are judged by it. */
void check_local_clock(struct check_list *list, const struct environment *environment);

/* Aliases and the tables of the account that the invocation chooses, as newaliases reads them. */
void check_local_tables(struct check_list *list, const struct invocation *invocation,
    const struct environment *environment);

/* Can the log file be written, if one is set? */
void check_local_log(struct check_list *list, const struct account *account);

/* Says that there is no queue to those whose settings ask for one. */
void check_local_queue(struct check_list *list, const struct account *account);

#endif
