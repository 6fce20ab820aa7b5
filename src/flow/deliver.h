/* SPDX-License-Identifier: ISC */
/*
 * Carries a plan out: one session for each route, its verdicts into the report.
 */
#ifndef RELAY_FLOW_DELIVER_H
#define RELAY_FLOW_DELIVER_H

#include <stdbool.h>

#include "flow/plan.h"
#include "mail/report.h"
#include "net/connect.h"

struct arena;

struct deliver_trace {
	void (*line)(void *data, bool client, struct text line); /* NULL: none */
	void *data;
	void (*progress)(void *data, uint64_t sent, uint64_t total); /* as session_rule's */
	void *progress_data;
};

/*
 * Delivers by every route; each recipient's verdict is in `report` afterwards, also
 * those that no route takes.  Servers of one route are tried in order on network trouble and
 * 4xx before the data, never after.  Cannot fail as a whole: the report tells.
 */
void deliver_run(const struct plan *plan, const struct message *message,
    const struct dialer *dialer, const struct deliver_trace *trace, struct arena *arena,
    struct report *report);

#endif
