/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/explain_outline.h"

#include <string.h>

#include "base/arena.h"
#include "flow/explain.h"
#include "flow/explain_route.h"
#include "flow/explain_tree.h"
#include "flow/origin.h"
#include "flow/outline.h"

struct writing {
	const struct plan *plan;
	struct outline outline;
	size_t depth; /* of branches that are open */
};

static const char *
string(struct text text, struct arena *arena)
{
	return text_string(text, arena);
}

static const char *
written(struct address address, struct arena *arena)
{
	return address_is_null(address) ? "<>" : string(address_format(address, arena), arena);
}

/* "key -> result", or what the step says in its own words. */
static const char *
value_of(const struct explain_step *step, struct arena *arena)
{
	const char *result = step->count == 0 ? "" : string(step->results[0], arena);

	if (step->words != NULL)
		return step->words;
	if (step->key.length == 0)
		return result;
	return arena_print(arena, "%.*s -> %s", (int)step->key.length, step->key.bytes, result);
}

static void
put_tried(struct outline *outline, const struct explain_step *step, struct arena *arena)
{
	struct buffer all = buffer_open(0);

	if (step->tried.count == 0)
		return;
	for (size_t i = 0; i < step->tried.count; i++) {
		(void)buffer_add(&all, i == 0 ? "tried: " : ", ");
		(void)buffer_append(&all, step->tried.items[i]);
	}
	outline_line(outline, "", string(buffer_text(&all), arena), OUTLINE_DIM, NULL);
	buffer_close(&all);
}

static void
put_note(struct outline *outline, const struct explain_step *step, struct arena *arena)
{
	if (step->note != NULL)
		outline_line(
		    outline, "", arena_print(arena, "note: %s", step->note), OUTLINE_WARN, NULL);
}

static const char *
label_of(const struct explain_step *step)
{
	if (strcmp(step->name, "sender") == 0)
		return "MAIL FROM";
	return strcmp(step->name, "tls") == 0 ? "TLS" : step->name;
}

static void
put_steps(struct outline *outline, const struct explain_steps *steps, size_t first)
{
	for (size_t i = first; i < steps->count; i++) {
		const struct explain_step *step = &steps->items[i];
		bool found = step->count > 0 || step->key.length > 0;

		outline_line(outline, label_of(step), value_of(step, steps->arena),
		    found ? OUTLINE_PLAIN : OUTLINE_DIM, explain_step_place(step, steps->arena));
		put_tried(outline, step, steps->arena);
		put_note(outline, step, steps->arena);
	}
}

static void
put_sender(struct writing *writing)
{
	const struct plan *plan = writing->plan;
	struct explain_steps steps = { .arena = arena_open() };

	explain_step_sender(plan, &steps);
	outline_block(&writing->outline, "sender", value_of(&steps.items[0], steps.arena),
	    explain_step_place(&steps.items[0], steps.arena));
	put_steps(&writing->outline, &steps, 1);
	if (plan->generic != NULL)
		outline_line(&writing->outline, "MAIL FROM", written(plan->sender, steps.arena),
		    OUTLINE_STRONG, NULL);
	arena_close(steps.arena);
}

static const char *
account_place(const struct account *account, struct arena *arena)
{
	return account->file == NULL ? NULL
				     : arena_print(arena, "%s:%zu", account->file, account->line);
}

static void
put_account(struct writing *writing)
{
	const struct plan *plan = writing->plan;
	struct arena *arena = arena_open();

	outline_block(&writing->outline, "account",
	    arena_print(arena, "%s, because %s", plan->account->name, plan->chosen_by),
	    account_place(plan->account, arena));
	outline_line(&writing->outline, "domain", string(plan->completion.domain, arena),
	    OUTLINE_PLAIN, origin_source(plan->account, plan->environment, arena));
	outline_line(&writing->outline, "local", explain_local_domains(plan, arena), OUTLINE_PLAIN,
	    account_is_written(plan->account, SETTING_LOCAL_DOMAINS)
		? account_where(plan->account, SETTING_LOCAL_DOMAINS, arena)
		: NULL);
	arena_close(arena);
}

static void
open_recipient(void *data, const struct envelope_recipient *given)
{
	struct writing *writing = data;
	struct arena *arena = arena_open();

	outline_block(&writing->outline, "recipient",
	    given->given != NULL ? given->given : written(given->address, arena), NULL);
	writing->depth = 0;
	arena_close(arena);
}

static void
enter_target(void *data, struct address target, const struct explain_member *member)
{
	struct writing *writing = data;
	struct arena *arena = arena_open();
	bool known = member->name != NULL || !address_is_null(target);
	const char *place = member->file == NULL
	    ? NULL
	    : arena_print(arena, "%s:%zu", member->file, member->line);
	const char *name = known ? written(target, arena) : "nobody";

	if (member->name != NULL)
		name = member->name;
	outline_enter(&writing->outline, name, known ? OUTLINE_STRONG : OUTLINE_BAD, place);
	writing->depth++;
	arena_close(arena);
}

static void
put_tree_steps(void *data, const struct explain_steps *steps)
{
	struct writing *writing = data;

	put_steps(&writing->outline, steps, 0);
}

static void
put_failure(struct outline *outline, const struct failure *why, struct arena *arena)
{
	outline_line(
	    outline, "refused", why->what, OUTLINE_BAD, why->where[0] == '\0' ? NULL : why->where);
	if (why->hint[0] != '\0')
		outline_line(
		    outline, "", arena_print(arena, "hint: %s", why->hint), OUTLINE_PLAIN, NULL);
}

static void
put_above(struct outline *outline, const struct explain_outcome *outcome, struct arena *arena)
{
	const char *words = "";

	if (outcome->partly)
		words = outcome->refused == 0
		    ? "with what is refused there"
		    : arena_print(arena, "%zu refused there", outcome->refused);
	outline_line(outline, "as above", words, outcome->partly ? OUTLINE_BAD : OUTLINE_DIM, NULL);
}

static void
put_outcome(void *data, const struct explain_outcome *outcome)
{
	struct writing *writing = data;
	struct outline *outline = &writing->outline;
	struct arena *arena = arena_open();

	switch (outcome->end) {
	case EXPLAIN_SENT:
		outline_line(outline, "RCPT TO",
		    arena_print(arena, "%s, by route %zu", written(outcome->recipient, arena),
			outcome->route),
		    OUTLINE_STRONG, NULL);
		break;
	case EXPLAIN_DISCARDED:
		outline_line(
		    outline, "discarded", "thrown away, and counts as sent", OUTLINE_WARN, NULL);
		break;
	case EXPLAIN_REFUSED:
		if (outcome->why != NULL)
			put_failure(outline, outcome->why, arena);
		else
			outline_line(outline, "refused", "by this row", OUTLINE_BAD, NULL);
		break;
	case EXPLAIN_DEFERRED:
		outline_line(outline, "put off", "by this row, for the caller to try again later",
		    OUTLINE_WARN, NULL);
		break;
	case EXPLAIN_ABOVE:
		put_above(outline, outcome, arena);
		break;
	case EXPLAIN_UNDECIDED:
		outline_line(outline, "not decided", "", OUTLINE_BAD, NULL);
		break;
	}
	arena_close(arena);
}

static void
close_branch(void *data)
{
	struct writing *writing = data;

	if (writing->depth == 0)
		return;
	writing->depth--;
	outline_leave(&writing->outline);
}

static void
put_recipients(struct writing *writing)
{
	const struct explain_sink sink = {
		.data = writing,
		.open = open_recipient,
		.enter = enter_target,
		.steps = put_tree_steps,
		.outcome = put_outcome,
		.close = close_branch,
	};

	explain_tree_walk(writing->plan, &sink);
}

static void
put_route(struct writing *writing, const struct route *route, size_t number)
{
	const struct plan *plan = writing->plan;
	struct arena *arena = arena_open();
	bool other = strcmp(route->account->name, plan->account->name) != 0;
	const char *way = explain_route_way(route, arena);

	outline_block(&writing->outline, arena_print(arena, "route %zu", number),
	    other ? arena_print(arena, "%s, by account %s", way, route->account->name) : way,
	    other ? account_place(route->account, arena) : NULL);
	for (size_t i = 0; i < route->hop_count; i++) {
		struct explain_steps steps = { .arena = arena };

		explain_route_steps(plan, route, &route->hops[i], &steps);
		put_steps(&writing->outline, &steps, 0);
	}
	arena_close(arena);
}

void
explain_outline(const struct plan *plan, struct buffer *to)
{
	struct writing writing = { .plan = plan };
	size_t number = 0;

	if (plan->account == NULL)
		return;
	writing.outline = outline_open(to, plan->environment->columns, plan->environment->color);
	if (plan->sender_settled)
		put_sender(&writing);
	put_account(&writing);
	put_recipients(&writing);
	for (size_t i = 0; i < plan->routes.count; i++)
		if (plan->routes.items[i].hop_count > 0)
			put_route(&writing, &plan->routes.items[i], ++number);
	outline_close(&writing.outline);
}
