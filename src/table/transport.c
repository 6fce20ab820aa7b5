/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/transport.h"

#include <string.h>

#include "base/arena.h"
#include "table/table_keys.h"
#include "table/table_source.h"

/* Bytes of a domain whose parents are asked for: no longer name is in DNS, and the
 * keys of a hostile one would be many. */
#define PARENTS_DOMAIN_MAX 255

/* The names that a row may begin with, besides those of accounts. */
static const struct way {
	const char *name;
	enum transport_kind kind;
	const char *enhanced; /* when the row gives none that fits */
	const char *text;
} ways[] = {
	{ "smtp", TRANSPORT_SMTP, NULL, NULL },
	{ "relay", TRANSPORT_SMTP, NULL, NULL },
	{ "smtps", TRANSPORT_SMTPS, NULL, NULL },
	{ "error", TRANSPORT_ERROR, "5.0.0", "Address is undeliverable" },
	{ "retry", TRANSPORT_RETRY, "4.0.0", "Address is undeliverable at the moment" },
	{ "discard", TRANSPORT_DISCARD, NULL, "" },
};

static const struct way *
find_way(struct text name, bool fold)
{
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (fold ? text_is_fold(name, ways[i].name) : text_is(name, ways[i].name))
			return &ways[i];
	return NULL;
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Bytes of an RFC 3463 status at the beginning (`5.7.1`), a blank or nothing behind it; 0: none. */
static size_t
status_length(struct text text)
{
	size_t at = 0;

	for (unsigned part = 0; part < 3; part++) {
		size_t first = at;

		while (at < text.length && at < first + 3 && is_digit(text.bytes[at]))
			at++;
		if (at == first || (part == 0 && at != 1))
			return 0;
		if (part == 2)
			break;
		if (at == text.length || text.bytes[at++] != '.')
			return 0;
	}
	return at == text.length || text_blank(text.bytes[at]) ? at : 0;
}

/* `5.7.1 text`: a status of another class than the transport's is made the general one. */
static void
read_refusal(
    const struct way *way, struct text rest, struct arena *arena, struct transport *transport)
{
	size_t length = way->enhanced == NULL ? 0 : status_length(rest);

	transport->enhanced = way->enhanced;
	if (length > 0 && rest.bytes[0] == way->enhanced[0])
		transport->enhanced = text_string(text_slice(rest, 0, length), arena);
	rest = text_trim(text_slice(rest, length, rest.length));
	transport->text = rest.length == 0 ? way->text : text_string(rest, arena);
}

/* A way or an account that may have been meant; NULL: none is near. */
static const char *
find_near(const struct transport_rule *rule, struct text name)
{
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (name.length > 2 && text_is_near(name, text_of(ways[i].name)))
			return ways[i].name;
	return rule->account_near == NULL ? NULL : rule->account_near(rule->data, name);
}

/* `host:587`, `[host]`, `host.example`: a server where its way should stand. */
static bool
is_server(struct text value, struct text name, struct arena *arena)
{
	struct transport_hops hops;
	struct failure ignored;

	if (!transport_hops_read(value, arena, &hops, &ignored) || hops.count != 1)
		return false;
	return hops.items[0].port != 0 || name.length == value.length || value.bytes[0] == '['
	    || text_is(value, hops.items[0].host);
}

static bool
advise_server(struct text name, struct text value, struct arena *arena, struct failure *why)
{
	struct text rest = text_trim(text_slice(value, name.length + 1, value.length));
	struct transport_hops hops;
	struct failure ignored;
	char shown[128];
	char server[128];

	(void)text_printable(name, shown, sizeof shown);
	(void)text_printable(value, server, sizeof server);
	if (is_server(value, name, arena))
		return failure_hint(why, "a row names its transport first: write smtp:%s", server);
	if (rest.length == 0 && text_find(name, '.') < name.length)
		return failure_hint(why, "a row names its transport first: write smtp:%s", shown);
	if (!transport_hops_read(rest, arena, &hops, &ignored) || hops.count != 1)
		return failure_hint(why,
		    "it is smtp, smtps, relay, error, retry, discard or the name of an account");
	(void)text_printable(rest, server, sizeof server);
	return failure_hint(why,
	    "the way '%s' is unknown, and is no name of an account: write smtp:%s", shown, server);
}

static bool
refuse_name(const struct transport_rule *rule, struct text name, struct text value,
    struct arena *arena, struct failure *why)
{
	const struct way *meant = find_way(name, true);
	const char *near = find_near(rule, name);
	char shown[128];

	fail(why, EX_CONFIG, "unknown transport '%s'", text_printable(name, shown, sizeof shown));
	if (meant != NULL)
		return failure_hint(
		    why, "names are told apart by letter case: write %s", meant->name);
	if (near != NULL)
		return failure_hint(why, "did you mean '%s'?", near);
	return advise_server(name, value, arena, why);
}

static bool
refuse_missing_hop(struct text name, struct failure *why)
{
	char shown[16];

	(void)text_printable(name, shown, sizeof shown);
	fail(why, EX_CONFIG, "the transport '%s' has no next hop", shown);
	return failure_hint(why,
	    "write %s:host or %s:host:port; only a mail server finds the "
	    "recipient's own server",
	    shown, shown);
}

static bool
read_account(struct text name, const struct transport_rule *rule, struct arena *arena,
    struct transport *transport)
{
	const char *account = text_string(name, arena);

	if (rule->account_exists == NULL || !rule->account_exists(rule->data, account))
		return false;
	transport->kind = TRANSPORT_ACCOUNT;
	transport->account = account;
	return true;
}

bool
transport_read(struct text value, const struct transport_rule *rule, struct arena *arena,
    struct transport *transport, struct failure *why)
{
	size_t colon = text_find(value, ':');
	struct text name = text_trim(text_slice(value, 0, colon));
	struct text rest = text_trim(text_slice(value, colon + 1, value.length));
	const struct way *way = find_way(name, false);
	struct transport read = { .kind = TRANSPORT_NONE, .nameless = name.length == 0 };

	if (way != NULL)
		read.kind = way->kind;
	else if (name.length == 0)
		read.kind = rest.length == 0 ? TRANSPORT_NONE : TRANSPORT_SMTP;
	else if (!read_account(name, rule, arena, &read))
		return refuse_name(rule, name, value, arena, why);
	if (way != NULL && way->text != NULL)
		read_refusal(way, rest, arena, &read);
	else if (rest.length > 0 && !transport_hops_read(rest, arena, &read.hops, why))
		return false;
	else if (rest.length == 0 && way != NULL)
		return refuse_missing_hop(name, why);
	*transport = read;
	return true;
}

static void
choose_folded(struct table_keys *keys, struct text folded, struct table_choices *choices)
{
	choices->items = arena_grow(keys->brief, choices->items, choices->count, &choices->capacity,
	    sizeof *choices->items);
	choices->items[choices->count++] = (struct table_choice){ .number = table_keys_add_folded(
								      keys, folded) };
}

/* `dom`, then `.parent`, one label shorter each time: parts of one folded copy. */
static void
choose_domain(struct table_keys *keys, struct text domain, struct table_choices *choices)
{
	struct text folded = table_keys_fold(domain, keys->arena);

	choose_folded(keys, folded, choices);
	if (folded.length > PARENTS_DOMAIN_MAX)
		return;
	for (size_t at = 1; at < folded.length; at++)
		if (folded.bytes[at] == '.')
			choose_folded(keys, text_slice(folded, at, folded.length), choices);
}

static void
choose(struct table_keys *keys, const struct transport_rule *rule, struct address address,
    struct table_choices *choices)
{
	table_keys_choose_address(keys, address, rule->completion->delimiters, choices);
	if (address.domain.length > 0)
		choose_domain(keys, address.domain, choices);
	choose_folded(keys, text_of("*"), choices);
}

struct table_trials
transport_candidates(const struct transport_rule *rule, struct address address, struct arena *arena)
{
	struct table_keys keys = table_keys_open(arena);
	struct table_choices choices = { 0 };
	struct table_trials trials;

	choose(&keys, rule, address, &choices);
	trials = table_trials_list(&keys, &choices);
	table_keys_close(&keys);
	return trials;
}

/* The keys of every recipient; those of the one at i begin at the returned array's i and
 * end where the next one's begin. */
static size_t *
choose_all(struct table_keys *keys, const struct transport_rule *rule,
    const struct envelope_recipients *recipients, struct table_choices *choices)
{
	size_t *starts = arena_array(keys->arena, recipients->count + 1, sizeof *starts);

	for (size_t i = 0; i < recipients->count; i++) {
		starts[i] = choices->count;
		choose(keys, rule, recipients->items[i].address, choices);
	}
	starts[recipients->count] = choices->count;
	return starts;
}

static struct transport *
fault_of(const struct transport_rule *rule, const struct table_key *row, struct failure *why,
    struct arena *arena)
{
	struct transport *faulty = arena_zero(arena, sizeof *faulty);
	struct failure *kept = arena_zero(arena, sizeof *kept);

	table_source_at(why, rule->path, row->line);
	failure_in(why, FAILURE_TABLE);
	*kept = *why;
	faulty->kind = TRANSPORT_FAULT;
	faulty->text = text_string(row->value, arena);
	faulty->fault = kept;
	return faulty;
}

static const struct transport *
read_row(const struct transport_rule *rule, const struct table_key *row, struct arena *arena)
{
	struct transport *read = arena_zero(arena, sizeof *read);
	struct failure why;

	/* One row that is wrong must not keep the mail from those who need others. */
	if (!table_keys_judge(row, rule->path, &why)
	    || !transport_read(row->value, rule, arena, read, &why))
		read = fault_of(rule, row, &why, arena);
	read->key = text_string(row->key, arena);
	read->line = row->line;
	return read;
}

/* Gives every recipient the transport of the first of its keys that has a row. */
static void
answer_all(const struct transport_rule *rule, const struct table_keys *keys,
    const struct table_choices *choices, const size_t *starts, size_t count,
    const struct transport **transports)
{
	const struct transport **rows = arena_array(keys->arena, keys->count + 1, sizeof *rows);

	for (size_t i = 0; i < count; i++) {
		const struct table_choice *answer = table_keys_answer(
		    keys, choices, starts[i], starts[i + 1]);

		if (answer == NULL)
			continue;
		if (rows[answer->number] == NULL)
			rows[answer->number] = read_row(
			    rule, &keys->items[answer->number], keys->arena);
		transports[i] = rows[answer->number];
	}
}

static bool
resolve(const struct transport_rule *rule, const struct envelope_recipients *recipients,
    struct arena *arena, const struct transport **transports, struct failure *why)
{
	struct table_keys keys = table_keys_open_pass(arena);
	struct table_choices choices = { 0 };
	const size_t *starts = choose_all(&keys, rule, recipients, &choices);
	bool resolved = table_keys_search(&keys, rule->path, why);

	if (resolved)
		answer_all(rule, &keys, &choices, starts, recipients->count, transports);
	table_keys_close(&keys);
	return resolved;
}

bool
transport_resolve(const struct transport_rule *rule, const struct envelope_recipients *recipients,
    struct arena *arena, const struct transport ***transports, struct failure *why)
{
	const struct transport *none = arena_zero(arena, sizeof *none);
	const struct transport **found = arena_array(arena, recipients->count + 1, sizeof *found);

	for (size_t i = 0; i < recipients->count; i++)
		found[i] = none;
	if (rule->path != NULL && !resolve(rule, recipients, arena, found, why))
		return false;
	*transports = found;
	return true;
}
