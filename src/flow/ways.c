/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/ways.h"

#include <stdint.h>

#include "base/arena.h"
#include "flow/route_list.h"
#include "table/generic.h"
#include "table/table_source.h"

/* What the steps below hand to each other. */
struct work {
	struct plan *plan;
	const struct route_maker *maker;
	struct arena *arena;
};

/* The row `:` means what the account says, and it says nothing. */
static void
refuse_hostless(const struct work *work, struct address address, const struct transport *row)
{
	const struct account *account = work->plan->account;
	struct failure why;

	fail(&why, EX_UNAVAILABLE,
	    "no transport for '%s': the row '%s :' leads to the account's own host, and account "
	    "'%s' has none",
	    address_format(address, work->arena).bytes, row->key, account->name);
	table_source_at(&why, account_text(account, SETTING_TRANSPORT), row->line);
	failure_hint(&why,
	    "name a server in the row, as in 'smtp:host', or add a 'host' to account '%s'",
	    account->name);
	failure_in(&why, FAILURE_PLAN);
	plan_refuse(work->plan, address, &why, work->arena);
}

/* A table without a row for everybody is an allow-list. */
static void
refuse_unlisted(const struct work *work, struct address address)
{
	const struct account *account = work->plan->account;
	const char *table = account_text(account, SETTING_TRANSPORT);
	struct failure why;

	fail(&why, EX_UNAVAILABLE, "no transport for '%s'",
	    address_format(address, work->arena).bytes);
	if (table != NULL)
		table_source_at(&why, table, 0);
	failure_hint(&why,
	    "add a row for it (or for its domain, or '*') to the transport table, an alias, or a "
	    "'host' to account '%s'",
	    account->name);
	failure_in(&why, FAILURE_PLAN);
	plan_refuse(work->plan, address, &why, work->arena);
}

/* `<>` is for senders. */
static void
refuse_null_recipient(const struct work *work, struct address routed)
{
	const struct generic_step *step = generic_steps(work->plan->generic, routed);
	struct failure why;

	while (step->next != NULL)
		step = step->next;
	fail(&why, EX_CONFIG, "the generic table turns recipient '%s' into no address",
	    address_format(routed, work->arena).bytes);
	table_source_at(&why, account_text(work->plan->account, SETTING_GENERIC), step->line);
	failure_hint(&why, "give the row an address, or remove it: '<>' is for senders only");
	failure_in(&why, FAILURE_TABLE);
	plan_refuse(work->plan, routed, &why, work->arena);
}

/* Of the rows that answered for the recipient and for who sends to it. */
static const struct failure *
find_fault(const struct work *work, size_t place, struct address sender_given)
{
	const struct plan *plan = work->plan;
	const struct failure *fault = plan->transports[place]->fault;

	if (fault == NULL)
		fault = generic_fault(
		    plan->generic, plan->envelope.recipients.items[place].address);
	return fault == NULL ? generic_fault(plan->generic, sender_given) : fault;
}

static bool
add(const struct work *work, size_t place, struct route_recipient recipient, struct failure *why)
{
	struct plan *plan = work->plan;
	size_t way;

	if (!route_add(&plan->routes, work->maker, plan->transports[place], recipient, work->arena,
		&way, why)) {
		/* Without a row it is the plan's own account that is at fault, for everybody. */
		if (why->temporary || plan->transports[place]->key == NULL)
			return false;
		plan_refuse(plan, recipient.routed, why, work->arena);
		return true;
	}
	if (way == ROUTE_NONE && plan->transports[place]->key != NULL)
		refuse_hostless(work, recipient.routed, plan->transports[place]);
	else if (way == ROUTE_NONE)
		refuse_unlisted(work, recipient.routed);
	else
		plan->ways[place] = way + 1;
	return true;
}

static bool
find_way(const struct work *work, size_t place, struct failure *why)
{
	const struct plan *plan = work->plan;
	const struct envelope_recipient *from = &plan->envelope.recipients.items[place];
	struct route_recipient recipient = {
		.address = generic_result(plan->generic, from->address),
		.routed = from->address,
		.original = from->original,
		.trail = from->trail,
		.sender_given = from->owner == NULL ? plan->sender_given : *from->owner,
	};
	const struct failure *fault = find_fault(work, place, recipient.sender_given);

	if (fault != NULL) {
		plan_refuse(work->plan, from->address, fault, work->arena);
		return true;
	}
	if (address_is_null(recipient.address)) {
		refuse_null_recipient(work, from->address);
		return true;
	}
	recipient.sender = generic_result(plan->generic, recipient.sender_given);
	return add(work, place, recipient, why);
}

/* Takes away the routes whose credential is at fault. */
static void
drop_faulty(const struct work *work)
{
	struct plan *plan = work->plan;
	struct route_list *list = &plan->routes;
	size_t *moved = arena_array(work->arena, list->count + 1, sizeof *moved);
	struct route_list left = { 0 };

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].fault == NULL)
			moved[i + 1] = route_list_add(&left, &list->items[i], work->arena) + 1;
	for (size_t i = 0; i < plan->routed; i++) {
		size_t way = plan->ways[i];

		if (way > 0 && moved[way] == 0)
			plan_refuse(plan, plan->envelope.recipients.items[i].address,
			    list->items[way - 1].fault, work->arena);
		plan->ways[i] = moved[way];
	}
	*list = left;
}

static bool
find_credentials(const struct work *work, struct failure *why)
{
	const struct route_list *list = &work->plan->routes;
	size_t faults = 0;

	route_find_credentials(&work->plan->routes, work->maker, work->arena);
	for (size_t i = 0; i < list->count; i++) {
		const struct failure *fault = list->items[i].fault;

		if (fault == NULL)
			continue;
		/* The caller tries again with all recipients: nobody shall get it twice. */
		if (fault->temporary) {
			*why = *fault;
			return false;
		}
		faults++;
	}
	if (faults > 0)
		drop_faulty(work);
	return true;
}

bool
ways_make(struct plan *plan, struct arena *arena, struct failure *why)
{
	const struct route_maker maker = {
		.account = plan->account,
		.accounts = &plan->config->accounts,
		.completion = &plan->completion,
		.environment = plan->environment,
	};
	const struct work work = { plan, &maker, arena };
	size_t count = plan->envelope.recipients.count;

	plan->ways = arena_array(arena, count + 1, sizeof *plan->ways);
	for (size_t i = 0; i < count; i++) {
		if (!find_way(&work, i, why))
			return false;
		plan->routed = i + 1;
	}
	return find_credentials(&work, why);
}
