/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/explain_object.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/json_stream.h"
#include "flow/explain_route.h"
#include "flow/explain_tree.h"
#include "flow/origin.h"
#include "flow/rule.h"

/* The recipient that is being written, and the targets in it. */
struct writing {
	struct json_stream *stream;
	struct {
		bool steps;   /* were written */
		bool targets; /* are open */
		bool ended;   /* the outcome was written, which is the last */
	} open[ALIAS_GRAPH_DEPTH + 2];
	size_t depth;
};

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

static void
put_string(json_t *object, const char *key, const char *string)
{
	put(object, key, json_from_string(string));
}

/* The null address is "", as in --pretend. */
static void
put_address(json_t *object, const char *key, struct address address, struct arena *arena)
{
	put(object, key, json_from_text(address_format(address, arena)));
}

/* An empty text is none. */
static json_t *
text_or_null(struct text text)
{
	return text.length == 0 ? json_null() : json_from_text(text);
}

static json_t *
texts_value(const struct text *items, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		push(array, json_from_text(items[i]));
	return array;
}

static json_t *
line_value(size_t line)
{
	return line == 0 ? json_null() : json_integer((json_int_t)line);
}

static json_t *
step_value(const struct explain_step *step)
{
	json_t *object = json_object();

	put_string(object, "step", step->name);
	put(object, "asked", text_or_null(step->asked));
	put(object, "tried", texts_value(step->tried.items, step->tried.count));
	put(object, "key", text_or_null(step->key));
	put_string(object, "file", step->file);
	put(object, "line", line_value(step->line));
	put(object, "result", texts_value(step->results, step->count));
	put_string(object, "text", step->words);
	put_string(object, "note", step->note);
	return object;
}

static void
push_steps(json_t *object, const struct explain_steps *steps)
{
	json_t *array = json_object_get(object, "steps");

	for (size_t i = 0; i < steps->count; i++)
		push(array, step_value(&steps->items[i]));
}

static json_t *
failure_value(const struct failure *why)
{
	json_t *object = json_object();

	put_string(object, "reason", why->what);
	put_string(object, "where", why->where[0] == '\0' ? NULL : why->where);
	put_string(object, "hint", why->hint[0] == '\0' ? NULL : why->hint);
	put(object, "status", json_integer(why->code));
	return object;
}

static json_t *
sender_value(const struct plan *plan)
{
	static const char *const sources[] = {
		[SENDER_OPTION] = "-f",
		[SENDER_FIELD] = "From",
		[SENDER_ACCOUNT] = "from",
		[SENDER_USER] = "user",
	};
	struct explain_steps steps = { .arena = arena_open() };
	json_t *object = json_object();

	explain_step_sender(plan, &steps);
	put_string(object, "given_by", sources[plan->origin.source]);
	put(object, "steps", json_array());
	push_steps(object, &steps);
	put(object, "mail_from", json_null());
	if (plan->generic != NULL)
		put_address(object, "mail_from", plan->sender, steps.arena);
	arena_close(steps.arena);
	return object;
}

static json_t *
account_value(const struct plan *plan)
{
	struct arena *arena = arena_open();
	const struct account *account = plan->account;
	json_t *object = json_object();

	put_string(object, "name", account->name);
	put_string(object, "because", plan->chosen_by);
	put_string(object, "file", account->file);
	put(object, "line", line_value(account->line));
	put(object, "domain", json_from_text(plan->completion.domain));
	put_string(object, "domain_from", origin_source(account, plan->environment, arena));
	put(object, "local_domains",
	    texts_value(plan->completion.local_domains, plan->completion.local_count));
	arena_close(arena);
	return object;
}

static void
begin(struct writing *writing)
{
	json_stream_open(writing->stream, NULL, '{');
	memset(&writing->open[writing->depth++], 0, sizeof writing->open[0]);
}

static void
write_address(struct writing *writing, const char *key, struct address address)
{
	struct arena *arena = arena_open();

	json_stream_put(writing->stream, key, json_from_text(address_format(address, arena)));
	arena_close(arena);
}

static void
open_recipient(void *data, const struct envelope_recipient *given)
{
	struct writing *writing = data;

	begin(writing);
	if (given->given == NULL)
		write_address(writing, "given", given->address);
	else
		json_stream_put(writing->stream, "given", json_from_string(given->given));
	write_address(writing, "address", given->address);
}

static void
write_steps(struct writing *writing, const struct explain_steps *steps)
{
	json_t *array = json_array();

	for (size_t i = 0; i < steps->count; i++)
		push(array, step_value(&steps->items[i]));
	json_stream_put(writing->stream, "steps", array);
	writing->open[writing->depth - 1].steps = true;
}

static void
put_steps(void *data, const struct explain_steps *steps)
{
	write_steps(data, steps);
}

static void
open_targets(struct writing *writing)
{
	const struct explain_steps none = { 0 };

	if (!writing->open[writing->depth - 1].steps)
		write_steps(writing, &none);
	if (!writing->open[writing->depth - 1].targets)
		json_stream_open(writing->stream, "targets", '[');
	writing->open[writing->depth - 1].targets = true;
}

static void
enter_target(void *data, struct address target, const struct explain_member *member)
{
	struct writing *writing = data;

	open_targets(writing);
	begin(writing);
	if (address_is_null(target))
		json_stream_put(writing->stream, "address", json_from_string(member->name));
	else
		write_address(writing, "address", target);
	json_stream_put(writing->stream, "include", json_from_string(member->file));
	json_stream_put(writing->stream, "include_line", line_value(member->line));
}

/* NULL: targets have theirs. */
static void
write_outcome(struct writing *writing, const char *name, const struct explain_outcome *outcome)
{
	struct json_stream *stream = writing->stream;
	bool sent = outcome != NULL && outcome->end == EXPLAIN_SENT;

	open_targets(writing);
	json_stream_close(stream, ']');
	json_stream_put(stream, "outcome", json_from_string(name));
	if (sent)
		write_address(writing, "rcpt_to", outcome->recipient);
	else
		json_stream_put(stream, "rcpt_to", json_null());
	json_stream_put(
	    stream, "route", sent ? json_integer((json_int_t)outcome->route) : json_null());
	json_stream_put(stream, "refused",
	    outcome == NULL || outcome->why == NULL ? json_null() : failure_value(outcome->why));
	writing->open[writing->depth - 1].ended = true;
}

static void
put_outcome(void *data, const struct explain_outcome *outcome)
{
	static const char *const names[] = {
		[EXPLAIN_SENT] = "sent",
		[EXPLAIN_DISCARDED] = "discarded",
		[EXPLAIN_REFUSED] = "refused",
		[EXPLAIN_DEFERRED] = "deferred",
		[EXPLAIN_ABOVE] = "above",
		[EXPLAIN_UNDECIDED] = "undecided",
	};

	write_outcome(data, names[outcome->end], outcome);
}

static void
close_object(void *data)
{
	struct writing *writing = data;

	if (!writing->open[writing->depth - 1].ended)
		write_outcome(writing, NULL, NULL);
	json_stream_close(writing->stream, '}');
	writing->depth--;
}

static void
write_recipients(const struct plan *plan, struct json_stream *stream)
{
	struct writing writing = { .stream = stream };
	const struct explain_sink sink = {
		.data = &writing,
		.open = open_recipient,
		.enter = enter_target,
		.steps = put_steps,
		.outcome = put_outcome,
		.close = close_object,
	};

	json_stream_open(stream, "recipients", '[');
	explain_tree_walk(plan, &sink);
	json_stream_close(stream, ']');
}

static json_t *
server_value(const struct plan *plan, const struct route *route, const struct route_hop *hop)
{
	struct explain_steps steps = { .arena = arena_open() };
	json_t *object = json_object();

	explain_route_steps(plan, route, hop, &steps);
	put_string(object, "host", hop->server.host);
	put(object, "port", json_integer(hop->port));
	put_string(object, "tls", rule_tls_mode(route, hop));
	put_string(object, "user", hop->credential.user);
	put(object, "steps", json_array());
	push_steps(object, &steps);
	arena_close(steps.arena);
	return object;
}

static json_t *
route_value(const struct plan *plan, const struct route *route, size_t number)
{
	struct arena *arena = arena_open();
	json_t *object = json_object();
	json_t *servers = json_array();

	put(object, "number", json_integer((json_int_t)number));
	put_string(object, "transport", explain_route_way(route, arena));
	put_string(object, "account", route->account->name);
	put_address(object, "mail_from", route->sender, arena);
	put(object, "servers", servers);
	for (size_t i = 0; i < route->hop_count; i++)
		push(servers, server_value(plan, route, &route->hops[i]));
	arena_close(arena);
	return object;
}

static void
write_routes(const struct plan *plan, struct json_stream *stream)
{
	size_t number = 0;

	json_stream_open(stream, "routes", '[');
	for (size_t i = 0; i < plan->routes.count; i++)
		if (plan->routes.items[i].hop_count > 0)
			json_stream_put(
			    stream, NULL, route_value(plan, &plan->routes.items[i], ++number));
	json_stream_close(stream, ']');
}

void
explain_object(const struct plan *plan, const struct failure *why, int status, struct buffer *to)
{
	struct json_stream stream = { .to = to };

	json_stream_open(&stream, NULL, '{');
	json_stream_put(&stream, "sender", plan->sender_settled ? sender_value(plan) : json_null());
	json_stream_put(
	    &stream, "account", plan->account == NULL ? json_null() : account_value(plan));
	write_recipients(plan, &stream);
	write_routes(plan, &stream);
	json_stream_put(&stream, "failure", why == NULL ? json_null() : failure_value(why));
	json_stream_put(&stream, "status", json_integer(status));
	json_stream_close(&stream, '}');
}
