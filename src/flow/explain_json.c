/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/explain_json.h"

#include "base/arena.h"
#include "base/json.h"
#include "flow/explain.h"
#include "flow/origin.h"
#include "flow/rule.h"
#include "table/table_source.h"

/* Takes the value; jansson fails only for want of memory here. */
static void
put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		arena_exhausted();
}

static void
push(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		arena_exhausted();
}

static json_t *
address_value(struct address address, struct arena *arena)
{
	return json_from_text(address_format(address, arena));
}

static json_t *
setting_value(const struct account *account, enum setting_id id, struct arena *arena)
{
	const char *text = explain_value(account, id, arena);

	if (text == NULL)
		return json_null();
	switch (setting_row(id)->type) {
	case SETTING_IS_SWITCH:
		return json_boolean(account_switch(account, id));
	case SETTING_IS_NUMBER:
	case SETTING_IS_SIZE:
	case SETTING_IS_TIME:
		return json_integer(account_number(account, id));
	default:
		return json_from_string(text);
	}
}

static void
put_settings(const struct account *account, struct arena *arena, json_t *object)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		enum setting_id id = (enum setting_id)i;
		const char *name = id == SETTING_FROM ? "from_patterns" : setting_row(id)->name;

		put(object, name, setting_value(account, id, arena));
	}
}

static json_t *
recipient_value(const struct route_recipient *recipient, struct arena *arena)
{
	json_t *object = json_object();

	put(object, "address", address_value(recipient->address, arena));
	put(object, "routed", address_value(recipient->routed, arena));
	put(object, "original", address_value(recipient->original, arena));
	put(object, "aliases", json_from_string(recipient->trail));
	return object;
}

static json_t *
recipients_value(const struct route_recipient *recipients, size_t count, struct arena *arena)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		push(array, recipient_value(&recipients[i], arena));
	return array;
}

static json_t *
hop_value(const struct route *route, const struct route_hop *hop, struct arena *arena)
{
	json_t *object = json_object();

	put(object, "host", json_from_string(hop->server.host));
	put(object, "port", json_integer(hop->port));
	put(object, "key", json_from_string(hop->server.text));
	put(object, "tls", json_from_string(rule_describe_tls(route, hop, arena)));
	put(object, "user", json_from_string(hop->credential.user));
	put(object, "password_from",
	    json_from_string(explain_password_source(&hop->credential, arena)));
	return object;
}

static json_t *
route_value(const struct route *route, struct arena *arena)
{
	json_t *object = json_object();
	json_t *servers = json_array();

	for (size_t i = 0; i < route->hop_count; i++)
		push(servers, hop_value(route, &route->hops[i], arena));
	put(object, "transport", json_from_string(route_describe(route, arena)));
	put(object, "account", json_from_string(route->account->name));
	put(object, "from", address_value(route->sender, arena));
	if (route->transport != NULL) {
		put(object, "row", json_from_string(route->transport->key));
		put(object, "line",
		    route->transport->line == 0 ? json_null()
						: json_integer((json_int_t)route->transport->line));
	}
	put(object, "servers", servers);
	put(object, "recipients", recipients_value(route->recipients, route->count, arena));
	return object;
}

static json_t *
refusals_value(const struct plan *plan, struct arena *arena)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->refusal_count; i++) {
		const struct plan_refusal *refusal = &plan->refusals[i];
		json_t *object = json_object();

		put(object, "address", address_value(refusal->address, arena));
		put(object, "reason", json_from_string(refusal->why.what));
		put(object, "where", json_from_string(refusal->why.where));
		push(array, object);
	}
	return array;
}

static void
put_origin(const struct plan *plan, struct arena *arena, json_t *object)
{
	const struct completion *completion = &plan->completion;
	json_t *domains = json_array();

	for (size_t i = 0; i < completion->local_count; i++)
		push(domains, json_from_text(completion->local_domains[i]));
	put(object, "effective_domain", json_from_text(completion->domain));
	put(object, "effective_domain_from",
	    json_from_string(origin_source(plan->account, plan->environment, arena)));
	put(object, "effective_local_domains", domains);
}

/* The rows that generic took for an address. */
static json_t *
generic_value(const struct plan *plan, struct address from)
{
	const struct generic_step *step = generic_steps(plan->generic, from);
	const char *table = account_text(plan->account, SETTING_GENERIC);
	json_t *array = json_array();

	for (; step != NULL && !step->back; step = step->next) {
		json_t *object = json_object();

		put(object, "key", json_from_text(step->key));
		put(object, "file",
		    json_from_string(table == NULL ? NULL : table_source_of(table).path));
		put(object, "line",
		    step->line == 0 ? json_null() : json_integer((json_int_t)step->line));
		push(array, object);
	}
	return array;
}

void
explain_json(const struct plan *plan, struct arena *arena, struct buffer *to)
{
	json_t *object = json_object();
	json_t *routes = json_array();
	json_t *recipients = json_array();

	put(object, "account", json_from_string(plan->account->name));
	put(object, "account_chosen_by", json_from_string(plan->chosen_by));
	put_settings(plan->account, arena, object);
	put_origin(plan, arena, object);
	put(object, "from", address_value(plan->sender, arena));
	put(object, "from_generic", generic_value(plan, plan->sender_given));
	for (size_t i = 0; i < plan->routes.count; i++) {
		const struct route *route = &plan->routes.items[i];

		push(routes, route_value(route, arena));
		for (size_t k = 0; k < route->count; k++)
			push(recipients, recipient_value(&route->recipients[k], arena));
	}
	put(object, "recipients", recipients);
	put(object, "routes", routes);
	put(object, "refused", refusals_value(plan, arena));
	json_print(object, to);
}
