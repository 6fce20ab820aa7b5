/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/settle.h"

#include "base/arena.h"
#include "table/table_source.h"

void
settle_refusals(const struct plan *plan, struct arena *arena, struct report *report)
{
	for (size_t i = 0; i < plan->refusal_count; i++) {
		const struct plan_refusal *refusal = &plan->refusals[i];
		size_t number = report_add(report, address_format(refusal->address, arena), arena);

		report_fail(report, number, &refusal->why);
	}
}

void
settle_route(
    const struct plan *plan, const struct route *route, struct report *report, size_t first)
{
	const struct transport *row = route->transport;
	const char *table = account_text(plan->account, SETTING_TRANSPORT);
	bool retry = row->kind == TRANSPORT_RETRY;
	struct failure why;

	for (size_t i = 0; i < route->count; i++) {
		struct verdict *verdict = &report->verdicts[first + i];

		if (row->kind == TRANSPORT_DISCARD) {
			verdict->state = VERDICT_DELIVERED;
			continue;
		}
		fail(&why, retry ? EX_TEMPFAIL : EX_UNAVAILABLE, "'%.*s' %s: %s %s",
		    (int)verdict->recipient.length, verdict->recipient.bytes,
		    retry ? "is put off" : "is refused", row->enhanced, row->text);
		table_source_at(&why, table == NULL ? "transport" : table, row->line);
		failure_in(&why, FAILURE_PLAN);
		report_fail(report, first + i, &why);
	}
}

int
settle_status(const struct plan *plan, struct arena *arena)
{
	struct report report = { 0 };

	settle_refusals(plan, arena, &report);
	for (size_t i = 0; i < plan->routes.count; i++) {
		const struct route *route = &plan->routes.items[i];
		size_t first = report.count;

		if (route->hop_count > 0)
			continue;
		for (size_t k = 0; k < route->count; k++)
			(void)report_add(
			    &report, address_format(route->recipients[k].address, arena), arena);
		settle_route(plan, route, &report, first);
	}
	return report_status(&report);
}
