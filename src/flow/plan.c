/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/plan.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "flow/choice.h"
#include "flow/heading.h"
#include "flow/origin.h"
#include "flow/sender.h"
#include "flow/ways.h"
#include "mail/rewrite.h"
#include "table/alias.h"
#include "table/generic.h"
#include "table/transport.h"

/* What the steps below hand to each other. */
struct work {
	const struct invocation *invocation;
	const struct config *config;
	struct message *message;
	struct arena *arena;
	struct plan *plan;
};

static bool
choose(struct work *work, struct failure *why)
{
	struct choice choice;

	if (!choice_make(work->invocation, work->config, work->plan->environment,
		work->plan->origin.known ? &work->plan->origin.address : NULL, work->arena, &choice,
		why))
		return false;
	work->plan->account = choice.account;
	work->plan->chosen_by = choice.by;
	return true;
}

/* What every bare name gets must itself be a domain. */
static bool
check_origin(const struct work *work, struct failure *why)
{
	const struct address nobody = { .local = text_of("x"),
		.domain = work->plan->completion.domain };

	if (address_check(nobody, EX_CONFIG, why))
		return true;
	fail(why, EX_CONFIG, "'%s' is no domain to complete addresses with",
	    work->plan->completion.domain.bytes);
	failure_at(why, "%s", account_where(work->plan->account, SETTING_MAILDOMAIN, work->arena));
	failure_hint(why, "give one name, as in 'maildomain example.net'");
	return failure_in(why, FAILURE_CONFIG);
}

static bool
collect_recipients(struct work *work, struct failure *why)
{
	const struct invocation *invocation = work->invocation;
	size_t limit = (size_t)account_number(work->plan->account, SETTING_RECIPIENT_LIMIT);

	for (size_t i = 0; i < invocation->recipient_count; i++) {
		const char *where = arena_print(work->arena, "recipient argument %zu", i + 1);

		if (!envelope_add_list(&work->plan->given, text_of(invocation->recipients[i]),
			limit, where, &work->plan->completion, work->arena, why))
			return failure_in(why, FAILURE_USAGE);
	}
	if (invocation->read_recipients
	    && !envelope_add_header(&work->plan->given, &work->message->header, limit,
		&work->plan->completion, work->arena, why))
		return failure_in(why, FAILURE_INPUT);
	if (work->plan->given.count > 0 || invocation->mode != OPTIONS_SEND)
		return true;
	fail(why, EX_USAGE, "no recipients");
	failure_hint(why,
	    invocation->read_recipients
		? "-t takes them from To, Cc and Bcc; the message has none there"
		: "name them as arguments, or give -t to take them from To, Cc and Bcc");
	return failure_in(why, FAILURE_USAGE);
}

static void
fill_dsn(struct work *work)
{
	const struct account *account = work->plan->account;
	const char *notify = account_text(account, SETTING_DSN_NOTIFY);
	const char *amount = account_text(account, SETTING_DSN_RETURN);
	struct envelope *envelope = &work->plan->envelope;

	envelope->envelope_id = work->invocation->envelope_id;
	if (notify != NULL && strcmp(notify, "off") != 0) {
		char *upper = arena_string(work->arena, notify);

		for (char *at = upper; *at != '\0'; at++)
			if (*at >= 'a' && *at <= 'z')
				*at = (char)(*at - 'a' + 'A');
		envelope->dsn_notify = upper;
	}
	if (amount != NULL && strcmp(amount, "off") != 0)
		envelope->dsn_return = strcmp(amount, "full") == 0 ? "FULL" : "HDRS";
}

void
plan_refuse(
    struct plan *plan, struct address address, const struct failure *why, struct arena *arena)
{
	plan->refusals = arena_grow(arena, plan->refusals, plan->refusal_count,
	    &plan->refusal_capacity, sizeof *plan->refusals);
	plan->refusals[plan->refusal_count++] = (struct plan_refusal){ .address = address,
		.why = *why };
}

const struct route *
plan_route_of(const struct plan *plan, size_t place)
{
	if (plan->ways == NULL || place >= plan->routed || plan->ways[place] == 0)
		return NULL;
	return &plan->routes.items[plan->ways[place] - 1];
}

static bool
expand_aliases(struct work *work, struct failure *why)
{
	const struct account *account = work->plan->account;
	const struct alias_rule rule = {
		.path = account_text(account, SETTING_ALIASES),
		.must_exist = account_is_written(account, SETTING_ALIASES),
		.completion = &work->plan->completion,
		.limit = (size_t)account_number(account, SETTING_RECIPIENT_LIMIT),
	};

	struct alias_result *result = arena_zero(work->arena, sizeof *result);

	result->sender = work->plan->sender_given;
	if (!alias_expand(&rule, &work->plan->given, result, work->arena, why))
		return failure_in(why, FAILURE_TABLE);
	work->plan->aliases = result;
	work->plan->envelope.recipients = result->recipients;
	for (size_t i = 0; i < result->refusal_count; i++)
		plan_refuse(
		    work->plan, result->refusals[i].address, result->refusals[i].why, work->arena);
	return true;
}

static bool
account_exists(const void *data, const char *name)
{
	return account_find(data, name) != NULL;
}

static const char *
account_near(const void *data, struct text name)
{
	return account_nearest(data, name);
}

static bool
resolve_transports(struct work *work, struct failure *why)
{
	const struct transport_rule rule = {
		.path = account_text(work->plan->account, SETTING_TRANSPORT),
		.completion = &work->plan->completion,
		.account_exists = account_exists,
		.account_near = account_near,
		.data = &work->config->accounts,
	};

	if (!transport_resolve(
		&rule, &work->plan->envelope.recipients, work->arena, &work->plan->transports, why))
		return failure_in(why, FAILURE_TABLE);
	return true;
}

/* Everything generic is asked for in one pass: sender, header, recipients; the name that a notice
 * is signed with when the message does not say.  The first *needed concern everybody. */
static struct address *
generic_questions(struct work *work, size_t *needed, size_t *count)
{
	const struct envelope_recipients *recipients = &work->plan->envelope.recipients;
	struct address *header;
	struct address *all;
	size_t header_count;

	rewrite_collect(&work->message->header, work->arena, &header, &header_count);
	all = arena_array(work->arena, 2 * recipients->count + header_count + 2, sizeof *all);
	all[0] = work->plan->sender_given;
	*count = 1;
	if (address_is_null(work->plan->sender_given))
		all[(*count)++] = (struct address){ text_of("MAILER-DAEMON"),
			work->plan->completion.domain };
	for (size_t i = 0; i < header_count; i++)
		all[(*count)++] = completion_apply(&work->plan->completion, header[i]);
	*needed = *count;
	for (size_t i = 0; i < recipients->count; i++) {
		all[(*count)++] = recipients->items[i].address;
		if (recipients->items[i].owner != NULL)
			all[(*count)++] = *recipients->items[i].owner;
	}
	return all;
}

static bool
resolve_generic(struct work *work, struct failure *why)
{
	const struct account *account = work->plan->account;
	const struct generic_rule rule = {
		.path = account_text(account, SETTING_GENERIC),
		.recursion = account_switch(account, SETTING_GENERIC_RECURSION),
		.completion = &work->plan->completion,
	};
	size_t needed;
	size_t count;
	const struct address *questions = generic_questions(work, &needed, &count);
	struct generic_map *map;

	if (!generic_resolve(&rule, questions, count, work->arena, &map, why))
		return failure_in(why, FAILURE_TABLE);
	/* A header that is not wholly rewritten would tell everybody a name that must not go out.
	 */
	for (size_t i = 0; i < needed; i++) {
		const struct failure *fault = generic_fault(map, questions[i]);

		if (fault == NULL)
			continue;
		*why = *fault;
		return false;
	}
	work->plan->generic = map;
	work->plan->sender = generic_result(map, work->plan->sender_given);
	return true;
}

bool
plan_make(const struct invocation *invocation, const struct config *config,
    const struct environment *environment, struct message *message, struct arena *arena,
    struct plan *plan, struct failure *why)
{
	struct work work = {
		.invocation = invocation,
		.config = config,
		.message = message,
		.arena = arena,
		.plan = plan,
	};

	*plan = (struct plan){ .environment = environment, .config = config };
	if (!sender_read(invocation, message, arena, &plan->origin, why) || !choose(&work, why))
		return false;
	plan->completion = origin_completion(plan->account, environment, arena);
	if (!check_origin(&work, why))
		return false;
	if (!sender_settle(&plan->origin, plan->account, environment, &plan->completion, arena,
		&plan->sender_given, why))
		return false;
	plan->sender_settled = true;
	if (!collect_recipients(&work, why))
		return false;
	fill_dsn(&work);
	if (!expand_aliases(&work, why) || !resolve_transports(&work, why)
	    || !resolve_generic(&work, why) || !ways_make(plan, arena, why))
		return false;
	plan->envelope.sender = plan->sender;
	heading_edit(plan, invocation, plan->generic, message, arena);
	return true;
}
