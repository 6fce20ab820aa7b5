/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/explain.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/origin.h"
#include "flow/rule.h"
#include "net/identity.h"
#include "table/table_source.h"

#define NAME_WIDTH 24

/* Bytes from tables and arguments, made fit for a terminal. */
static const char *
shown(struct text text, struct arena *arena)
{
	char *safe = arena_zero(arena, text.length + 1);

	return text_printable(text, safe, text.length + 1);
}

static const char *
shown_address(struct address address, struct arena *arena)
{
	if (address_is_null(address))
		return "<>";
	return shown(address_format(address, arena), arena);
}

const char *
explain_value(const struct account *account, enum setting_id id, struct arena *arena)
{
	const struct value *value = &account->values[id];
	const char *all = value->text;

	if (value->text == NULL)
		return NULL;
	if (setting_row(id)->type == SETTING_IS_SECRET)
		return "***";
	if (id == SETTING_TLS_KEY_FILE || id == SETTING_TLS_CERT_FILE)
		return shown(text_of(identity_shown(all, arena)), arena);
	for (value = value->next; value != NULL; value = value->next)
		all = arena_print(arena, "%s, %s", all, value->text);
	return shown(text_of(all), arena);
}

const char *
explain_password_source(const struct credential *credential, struct arena *arena)
{
	if (credential->source == CREDENTIAL_NONE)
		return NULL;
	if (credential->source == CREDENTIAL_UNNEEDED)
		return "no password needed";
	return credential->where == NULL ? "?" : shown(text_of(credential->where), arena);
}

static void
put_settings(const struct account *account, struct arena *arena, struct buffer *to)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		enum setting_id id = (enum setting_id)i;
		const char *text = explain_value(account, id, arena);

		if (text == NULL)
			continue;
		(void)buffer_print(to, "  %-*s %-32s (%s)\n", NAME_WIDTH, setting_row(id)->name,
		    text, account_where(account, id, arena));
	}
}

const char *
explain_local_domains(const struct plan *plan, struct arena *arena)
{
	const char *all = "";

	for (size_t i = 0; i < plan->completion.local_count; i++)
		all = arena_print(arena, "%s%s%.*s", all, i == 0 ? "" : ", ",
		    (int)plan->completion.local_domains[i].length,
		    plan->completion.local_domains[i].bytes);
	return all;
}

/* What addresses are completed and judged by, be it written or not. */
static void
put_origin(const struct plan *plan, struct arena *arena, struct buffer *to)
{
	(void)buffer_print(to, "  %-*s %-32s (%s)\n", NAME_WIDTH, "effective domain",
	    shown(plan->completion.domain, arena),
	    shown(text_of(origin_source(plan->account, plan->environment, arena)), arena));
	(void)buffer_print(to, "  %-*s %-32s (%s)\n", NAME_WIDTH, "effective local domains",
	    shown(text_of(explain_local_domains(plan, arena)), arena),
	    account_where(plan->account, SETTING_LOCAL_DOMAINS, arena));
}

static void
put_account(const struct plan *plan, struct arena *arena, struct buffer *to)
{
	const struct account *account = plan->account;

	(void)buffer_print(
	    to, "account %s, because %s", shown(text_of(account->name), arena), plan->chosen_by);
	if (account->file != NULL)
		(void)buffer_print(to, " (%s:%zu)", account->file, account->line);
	(void)buffer_add(to, "\n");
	put_settings(account, arena, to);
	put_origin(plan, arena, to);
}

/* "(generic: was a@b, FILE:LINE)", a place for each row that was taken. */
static void
put_generic(const struct plan *plan, struct address from, struct arena *arena, struct buffer *to)
{
	const char *table = account_text(plan->account, SETTING_GENERIC);
	const struct generic_step *step = generic_steps(plan->generic, from);

	(void)buffer_print(to, " (generic: was %s", shown_address(from, arena));
	for (; step != NULL && !step->back; step = step->next)
		(void)buffer_print(to, ", %s",
		    table == NULL
			? ""
			: shown(text_of(table_source_place(table, step->line, arena)), arena));
	(void)buffer_add(to, ")");
}

static void
put_sender(const struct plan *plan, struct arena *arena, struct buffer *to)
{
	(void)buffer_print(to, "from %s", shown_address(plan->sender, arena));
	if (!address_equal(plan->sender, plan->sender_given))
		put_generic(plan, plan->sender_given, arena, to);
	(void)buffer_add(to, "\n");
}

static void
put_recipient(const struct plan *plan, const struct route_recipient *recipient, struct arena *arena,
    struct buffer *to)
{
	(void)buffer_print(to, "    to %s", shown_address(recipient->address, arena));
	if (!address_equal(recipient->original, recipient->routed))
		(void)buffer_print(to, ", given as %s", shown_address(recipient->original, arena));
	if (recipient->trail != NULL)
		(void)buffer_print(to, " (%s)", shown(text_of(recipient->trail), arena));
	if (!address_equal(recipient->address, recipient->routed))
		put_generic(plan, recipient->routed, arena, to);
	(void)buffer_add(to, "\n");
}

static void
put_hop(
    const struct route *route, const struct route_hop *hop, struct arena *arena, struct buffer *to)
{
	const char *source = explain_password_source(&hop->credential, arena);

	(void)buffer_print(to, "    server %s port %u, %s\n",
	    shown(text_of(hop->server.host), arena), hop->port,
	    rule_describe_tls(route, hop, arena));
	if (source == NULL)
		(void)buffer_add(to, "    no login: no credential for this server\n");
	else
		(void)buffer_print(to, "    login as %s, password from %s\n",
		    hop->credential.user == NULL ? "(nobody)"
						 : shown(text_of(hop->credential.user), arena),
		    source);
}

static void
put_route(
    const struct plan *plan, const struct route *route, struct arena *arena, struct buffer *to)
{
	const char *table = account_text(plan->account, SETTING_TRANSPORT);

	(void)buffer_print(to, "route %s", shown(text_of(route_describe(route, arena)), arena));
	if (route->transport != NULL)
		(void)buffer_print(to, " (row '%s', %s)",
		    shown(text_of(route->transport->key), arena),
		    table_source_place(table == NULL ? "" : table, route->transport->line, arena));
	else
		(void)buffer_print(to, " (host of account %s)", route->account->name);
	if (strcmp(route->account->name, plan->account->name) != 0)
		(void)buffer_print(to, ", by account %s", route->account->name);
	if (!address_equal(route->sender, plan->sender))
		(void)buffer_print(to, ", from %s", shown_address(route->sender, arena));
	(void)buffer_add(to, "\n");
	for (size_t i = 0; i < route->hop_count; i++)
		put_hop(route, &route->hops[i], arena, to);
	for (size_t i = 0; i < route->count; i++)
		put_recipient(plan, &route->recipients[i], arena, to);
}

static void
put_refusal(const struct plan_refusal *refusal, struct arena *arena, struct buffer *to)
{
	(void)buffer_print(
	    to, "refused %s: %s", shown_address(refusal->address, arena), refusal->why.what);
	if (refusal->why.where[0] != '\0')
		(void)buffer_print(to, " (%s)", refusal->why.where);
	(void)buffer_add(to, "\n");
}

void
explain_text(const struct plan *plan, struct arena *arena, struct buffer *to)
{
	put_account(plan, arena, to);
	put_sender(plan, arena, to);
	for (size_t i = 0; i < plan->routes.count; i++)
		put_route(plan, &plan->routes.items[i], arena, to);
	for (size_t i = 0; i < plan->refusal_count; i++)
		put_refusal(&plan->refusals[i], arena, to);
}
