/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/explain_step.h"

#include <string.h>

#include "base/arena.h"
#include "flow/origin.h"
#include "table/table_source.h"

struct explain_step *
explain_step_add(struct explain_steps *steps, const char *name)
{
	struct explain_step *step;

	steps->items = arena_grow(
	    steps->arena, steps->items, steps->count, &steps->capacity, sizeof *steps->items);
	step = &steps->items[steps->count++];
	*step = (struct explain_step){ .name = name };
	return step;
}

void
explain_step_result(struct explain_steps *steps, struct explain_step *step, struct text text)
{
	struct text *result = arena_zero(steps->arena, sizeof *result);

	*result = text;
	step->results = result;
	step->count = 1;
}

void
explain_step_setting(struct explain_step *step, const struct account *account, enum setting_id id)
{
	step->file = account->values[id].file;
	step->line = account->values[id].line;
}

void
explain_step_row(struct explain_step *step, const char *table, size_t line)
{
	step->file = table == NULL ? NULL : table_source_of(table).path;
	step->line = line;
}

const char *
explain_step_place(const struct explain_step *step, struct arena *arena)
{
	if (step->file == NULL || step->line == 0)
		return step->file;
	return arena_print(arena, "%s:%zu", step->file, step->line);
}

static struct text
written(struct address address, struct arena *arena)
{
	return address_is_null(address) ? text_of("<>") : address_format(address, arena);
}

static const char *
around(const char *before, struct text text, const char *after, struct arena *arena)
{
	return arena_print(arena, "%s%.*s%s", before, (int)text.length, text.bytes, after);
}

static const char *
sender_words(const struct sender *sender, struct text name, struct arena *arena)
{
	static const char *const sources[] = {
		[SENDER_OPTION] = ", as -f says",
		[SENDER_FIELD] = ", as the From field says",
		[SENDER_ACCOUNT] = ", as the account's 'from' says",
		[SENDER_USER] = ", the user's name",
	};

	return around("", name,
	    sender->overruled ? ", the account's 'from': allow_from_override is off"
			      : sources[sender->source],
	    arena);
}

static void
add_completion(
    const struct plan *plan, struct text from, struct address complete, struct explain_steps *steps)
{
	struct text result = written(complete, steps->arena);
	struct explain_step *step;

	if (text_equal(from, result))
		return;
	step = explain_step_add(steps, "complete");
	step->asked = from;
	explain_step_result(steps, step, result);
	explain_step_setting(step, plan->account, SETTING_MAILDOMAIN);
	if (step->file == NULL)
		step->words = arena_print(steps->arena, "%.*s, by %s", (int)result.length,
		    result.bytes, origin_source(plan->account, plan->environment, steps->arena));
}

void
explain_step_sender(const struct plan *plan, struct explain_steps *steps)
{
	const struct sender *origin = &plan->origin;
	struct text name = written(origin->written, steps->arena);
	struct explain_step *step = explain_step_add(steps, "given");

	explain_step_result(steps, step, name);
	step->words = sender_words(origin, name, steps->arena);
	if (origin->source == SENDER_ACCOUNT) {
		step->file = origin->setting->file;
		step->line = origin->setting->line;
	}
	add_completion(plan, name, plan->sender_given, steps);
	explain_step_generic(plan, plan->sender_given, steps);
}

void
explain_step_complete(const struct plan *plan, const struct envelope_recipient *recipient,
    struct explain_steps *steps)
{
	if (recipient->given != NULL)
		add_completion(plan, text_of(recipient->given), recipient->address, steps);
}

/* All that the row names; what it throws away, too. */
static void
fill_targets(const struct alias_node *node, struct explain_step *step, struct explain_steps *steps)
{
	struct text *results = arena_array(steps->arena, node->count + 1, sizeof *results);

	for (size_t i = 0; i < node->count; i++)
		if (node->edges[i].fault == NULL)
			results[step->count++] = written(node->edges[i].address, steps->arena);
	if (node->discards)
		results[step->count++] = text_of("/dev/null");
	step->results = results;
}

static const char *
hiding_note(const struct plan *plan, const struct transport *hiding, struct arena *arena)
{
	const char *table = account_text(plan->account, SETTING_TRANSPORT);

	return arena_print(arena,
	    "Postfix asks transport first: the row '%s' (%s) would hide this alias", hiding->key,
	    table_source_place(table, hiding->line, arena));
}

struct address
explain_step_owner(const struct plan *plan, const struct alias_node *node, struct arena *arena)
{
	return (struct address){ .local = text_of(arena_print(arena, "owner-%s", node->key)),
		.domain = plan->completion.domain };
}

/* Who sends to the list in place of the message's sender. */
static void
add_owner(const struct plan *plan, const struct alias_node *node, struct explain_steps *steps)
{
	const struct address owner = explain_step_owner(plan, node, steps->arena);
	struct explain_step *step = explain_step_add(steps, "owner");

	step->asked = text_of(node->key);
	step->key = owner.local;
	explain_step_row(step, plan->aliases->graph->path, node->owner_line);
	explain_step_result(steps, step, written(owner, steps->arena));
	step->words = around("the sender becomes ", step->results[0], "", steps->arena);
}

void
explain_step_alias(const struct plan *plan, const struct alias_node *node,
    const struct transport *hiding, bool owned, struct explain_steps *steps)
{
	const struct alias_graph *graph = plan->aliases->graph;
	struct explain_step *step = explain_step_add(steps, "alias");

	step->asked = node->address.local;
	step->tried = alias_graph_candidates(graph, node, steps->arena);
	explain_step_row(step, graph->path, node->found ? node->line : 0);
	if (!node->found) {
		step->words = around("no row for ", step->asked, "", steps->arena);
		return;
	}
	step->key = text_of(node->key);
	step->tried = table_trials_before(step->tried, step->key);
	fill_targets(node, step, steps);
	step->words = node->discards && node->count == 0
	    ? arena_print(steps->arena, "%s -> /dev/null", node->key)
	    : node->key;
	if (hiding != NULL)
		step->note = hiding_note(plan, hiding, steps->arena);
	if (owned)
		add_owner(plan, node, steps);
}

void
explain_step_unasked(const struct plan *plan, struct address address, struct explain_steps *steps)
{
	struct explain_step *step = explain_step_add(steps, "alias");

	if (!completion_is_local(&plan->completion, address.domain)) {
		step->words = "not a local domain, aliases are not asked";
		return;
	}
	step->words = "there is no alias file";
	if (account_text(plan->account, SETTING_ALIASES) != NULL)
		explain_step_row(step, account_text(plan->account, SETTING_ALIASES), 0);
	else if (account_is_written(plan->account, SETTING_ALIASES))
		explain_step_setting(step, plan->account, SETTING_ALIASES);
	else
		step->words = "there is no /etc/aliases";
}

static const char *
describe_hops(const struct transport *transport, struct arena *arena)
{
	const char *all = "";

	for (size_t i = 0; i < transport->hops.count; i++)
		all = arena_print(
		    arena, "%s%s%s", all, i == 0 ? "" : ", ", transport->hops.items[i].text);
	return all;
}

/* The value of a row, as it was understood. */
static const char *
describe_row(const struct transport *transport, struct arena *arena)
{
	const char *text = transport->text == NULL ? "" : transport->text;

	switch (transport->kind) {
	case TRANSPORT_NONE:
		return "the account's own host";
	case TRANSPORT_SMTP:
		return arena_print(arena, "smtp:%s", describe_hops(transport, arena));
	case TRANSPORT_SMTPS:
		return arena_print(arena, "smtps:%s", describe_hops(transport, arena));
	case TRANSPORT_ACCOUNT:
		return arena_print(
		    arena, "%s:%s", transport->account, describe_hops(transport, arena));
	case TRANSPORT_ERROR:
		return arena_print(arena, "error:%s %s", transport->enhanced, text);
	case TRANSPORT_RETRY:
		return arena_print(arena, "retry:%s %s", transport->enhanced, text);
	case TRANSPORT_FAULT:
		return text;
	case TRANSPORT_DISCARD:
		break;
	}
	return arena_print(arena, "discard:%s", text);
}

static void
add_row(const struct plan *plan, const struct transport *transport, struct address address,
    struct explain_steps *steps)
{
	const struct transport_rule rule = { .completion = &plan->completion };
	struct explain_step *step = explain_step_add(steps, "transport");

	step->asked = written(address, steps->arena);
	explain_step_row(step, account_text(plan->account, SETTING_TRANSPORT), transport->line);
	step->tried = transport_candidates(&rule, address, steps->arena);
	if (transport->key == NULL) {
		step->words = around("no row for ", step->asked, "", steps->arena);
		return;
	}
	step->key = text_of(transport->key);
	step->tried = table_trials_before(step->tried, step->key);
	explain_step_result(steps, step, text_of(describe_row(transport, steps->arena)));
}

/* No row takes it, and the account has a server of its own. */
static void
add_own_host(const struct plan *plan, struct address address, struct explain_steps *steps)
{
	enum setting_id id = account_text(plan->account, SETTING_SOCKET) != NULL ? SETTING_SOCKET
										 : SETTING_HOST;
	const char *host = account_text(plan->account, id);
	struct explain_step *step;

	if (host == NULL)
		return;
	step = explain_step_add(steps, "host");
	explain_step_result(steps, step, text_of(host));
	if (id == SETTING_SOCKET)
		step->words = arena_print(steps->arena, "socket %s", host);
	explain_step_setting(step, plan->account, id);
	if (completion_is_local(&plan->completion, address.domain))
		step->note = "Postfix would deliver this on the machine";
}

void
explain_step_transport(const struct plan *plan, const struct transport *transport,
    struct address address, struct explain_steps *steps)
{
	if (account_text(plan->account, SETTING_TRANSPORT) != NULL)
		add_row(plan, transport, address, steps);
	if (transport->kind == TRANSPORT_NONE)
		add_own_host(plan, address, steps);
}

static void
add_no_generic(const struct generic_rule *rule, struct address address, struct explain_steps *steps)
{
	struct explain_step *step = explain_step_add(steps, "generic");

	step->asked = written(address, steps->arena);
	step->words = around("no row for ", step->asked, "", steps->arena);
	explain_step_row(step, rule->path, 0);
	step->tried = generic_candidates(rule, address, steps->arena);
}

static void
add_generic(const struct generic_rule *rule, const struct generic_step *taken, bool first,
    struct address address, struct explain_steps *steps)
{
	struct explain_step *step = explain_step_add(steps, "generic");

	step->asked = written(address, steps->arena);
	step->key = taken->key;
	explain_step_row(step, rule->path, taken->line);
	step->tried = table_trials_before(
	    generic_candidates(rule, address, steps->arena), taken->key);
	explain_step_result(steps, step, written(taken->result, steps->arena));
	if (taken->back)
		step->words = arena_print(steps->arena, "%.*s -> %.*s, met before: not taken",
		    (int)taken->key.length, taken->key.bytes, (int)step->results[0].length,
		    step->results[0].bytes);
	else if (!first)
		step->note = "Postfix looks up once and would not take this step";
}

/* Was the result not looked up for the limit's sake alone? */
static bool
is_last(const struct generic_step *taken, size_t count, struct address from)
{
	return count == GENERIC_STEPS_MAX && !taken->back && !taken->again
	    && !address_is_null(taken->result) && !address_equal(taken->result, from);
}

void
explain_step_generic(const struct plan *plan, struct address address, struct explain_steps *steps)
{
	const struct generic_rule rule = { .path = account_text(plan->account, SETTING_GENERIC),
		.completion = &plan->completion };
	const struct generic_step *taken;
	size_t count = 0;
	bool again = true;
	bool sound;

	if (rule.path == NULL || plan->generic == NULL || address_is_null(address))
		return;
	/* Where a row is at fault, the refusal tells of it. */
	sound = generic_fault(plan->generic, address) == NULL;
	for (taken = generic_steps(plan->generic, address); taken != NULL; taken = taken->next) {
		add_generic(&rule, taken, count++ == 0, address, steps);
		again = taken->again;
		if (is_last(taken, count, address))
			steps->items[steps->count - 1].note = "16 steps, no further";
		address = taken->result;
	}
	if (again && sound)
		add_no_generic(&rule, address, steps);
}
