/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_routes.h"

#include "base/arena.h"
#include "table/table.h"
#include "table/table_source.h"
#include "table/transport.h"

#define AREA "routes"

struct work {
	struct route_maker maker;
	struct address sender;
	struct address sender_given; /* before generic */
	struct transport_rule rule;
	struct check_list *list;
	struct check_routes *routes;
};

/* A way without recipients is none: somebody is on each. */
static bool
add(struct work *work, const struct transport *transport, struct failure *why)
{
	const struct address nobody = { .local = text_of("nobody"), .domain = text_of("invalid") };
	const struct route_recipient recipient = {
		.address = nobody,
		.routed = nobody,
		.original = nobody,
		.sender = work->sender,
		.sender_given = work->sender_given,
	};
	struct route_list *list = &work->routes->list;
	size_t way;

	if (!route_add(list, &work->maker, transport, recipient, work->list->arena, &way, why))
		return false;
	if (list->count > CHECK_ROUTES_MAX) {
		list->count = CHECK_ROUTES_MAX;
		work->routes->left_out++;
	}
	return true;
}

static void
add_row(struct work *work, const struct table_row *row)
{
	struct arena *arena = work->list->arena;
	struct transport *transport = arena_zero(arena, sizeof *transport);
	struct failure ignored;
	struct failure why;

	/* What is wrong with the row itself, the tables were asked about. */
	if (!transport_read(row->value, &work->rule, arena, transport, &ignored))
		return;
	transport->key = text_string(row->key, arena);
	transport->line = row->line;
	if (!add(work, transport, &why))
		check_list_fail(work->list, AREA, &why);
}

static void
add_table(struct work *work)
{
	struct table_reader *reader;
	struct table_row row;
	struct failure ignored;
	bool found = true;

	if (work->rule.path != NULL && table_source_of(work->rule.path).kind != TABLE_SOURCE_TEXT) {
		check_list_note(work->list, AREA,
		    "the transport table is compiled: the servers that it names are not looked at");
		return;
	}
	if (work->rule.path == NULL || !table_open(work->rule.path, false, &reader, &ignored))
		return;
	while (table_next_row(reader, NULL, &row, &found, &ignored) && found)
		add_row(work, &row);
	table_close(reader);
}

static void
find_credentials(struct work *work)
{
	struct route_list *list = &work->routes->list;

	route_find_credentials(list, &work->maker, work->list->arena);
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].fault == NULL)
			continue;
		work->routes->undecided[i] = true;
		check_list_fail(work->list, "password", list->items[i].fault);
	}
}

static bool
account_exists(const void *data, const char *name)
{
	return account_find(data, name) != NULL;
}

static void
refuse_none(const struct work *work)
{
	struct failure why;

	fail(&why, EX_CONFIG, "account '%s' has neither a host nor a transport table with one",
	    work->maker.account->name);
	failure_hint(&why, "add a line 'host NAME' to the account");
	failure_in(&why, FAILURE_PLAN);
	check_list_fail(work->list, AREA, &why);
}

void
check_routes_find(const struct plan *plan, const struct config *config, bool credentials,
    struct check_list *list, struct check_routes *routes)
{
	struct work work = {
		.maker = { plan->account, &config->accounts, &plan->completion, plan->environment },
		.sender = plan->sender,
		.sender_given = plan->sender_given,
		.rule = {
			.path = account_text(plan->account, SETTING_TRANSPORT),
			.completion = &plan->completion,
			.account_exists = account_exists,
			.data = &config->accounts,
		},
		.list = list,
		.routes = routes,
	};
	size_t before = list->count;
	struct failure why;

	*routes = (struct check_routes){ .left_out = 0 };
	if (!add(&work, NULL, &why))
		check_list_fail(list, AREA, &why);
	add_table(&work);
	if (credentials)
		find_credentials(&work);
	if (routes->list.count == 0 && list->count == before)
		refuse_none(&work);
}
