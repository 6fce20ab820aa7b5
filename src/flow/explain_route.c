/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/explain_route.h"

#include <string.h>

#include "base/arena.h"
#include "flow/rule.h"
#include "smtp/mechanism.h"

/* A credential that nobody has looked for, since the plan failed before. */
static bool
is_undecided(const struct credential *credential)
{
	return credential->account == NULL;
}

const char *
explain_route_way(const struct route *route, struct arena *arena)
{
	const char *way = route_describe(route, arena);

	if (route->hop_count == 0)
		return way;
	if (route->hops[0].service)
		return explain_route_server(&route->hops[0], arena);
	return route->hops[0].lmtp ? arena_print(arena, "lmtp%s", way + strlen("smtp")) : way;
}

const char *
explain_route_server(const struct route_hop *hop, struct arena *arena)
{
	const char *host = hop->server.host;

	if (hop->service)
		return arena_print(arena, "srv:%s", host);
	if (hop->socket != NULL)
		return hop->socket;
	return arena_print(arena, strchr(host, ':') == NULL ? "%s:%u" : "[%s]:%u", host, hop->port);
}

/* A list's owner sends by a route of his own. */
static void
add_sender(const struct plan *plan, const struct route *route, struct explain_steps *steps)
{
	struct explain_step *step;

	if (address_equal(route->sender_given, plan->sender_given))
		return;
	explain_step_generic(plan, route->sender_given, steps);
	step = explain_step_add(steps, "sender");
	explain_step_result(steps, step, address_format(route->sender, steps->arena));
}

static void
add_proxy(const struct route *route, struct explain_steps *steps)
{
	struct explain_step *step;
	const char *host = account_text(route->account, SETTING_PROXY_HOST);

	if (host == NULL)
		return;
	step = explain_step_add(steps, "proxy");
	explain_step_result(steps, step,
	    text_of(arena_print(steps->arena, "%s:%u", host, rule_proxy_port(route->account))));
	explain_step_setting(step, route->account, SETTING_PROXY_HOST);
}

static void
add_server(const struct route *route, const struct route_hop *hop, struct explain_steps *steps)
{
	struct explain_step *step = explain_step_add(steps, "server");
	bool from_row = route->transport != NULL && route->transport->hops.count > 0;
	const char *server = explain_route_server(hop, steps->arena);

	explain_step_result(steps, step, text_of(server));
	if (hop->socket != NULL || hop->lmtp)
		step->words = arena_print(steps->arena, "%s%s%s",
		    hop->socket != NULL ? "socket " : "", server, hop->lmtp ? ", by LMTP" : "");
	if (hop->service)
		step->words = arena_print(steps->arena,
		    "those that DNS names for %s when the mail goes out", hop->server.host);
	if (from_row && hop->server.port == 0)
		step->note = "Postfix would use port 25";
}

static void
add_tls(const struct route *route, const struct route_hop *hop, struct explain_steps *steps)
{
	struct explain_step *step = explain_step_add(steps, "tls");

	explain_step_result(steps, step, text_of(rule_tls_mode(route, hop)));
	step->words = rule_describe_tls(route, hop, steps->arena);
}

static const char *
join(const struct explain_step *step, struct arena *arena)
{
	const char *all = "";

	for (size_t i = 0; i < step->count; i++)
		all = arena_print(arena, "%s%s%.*s", all, i == 0 ? "" : ", ",
		    (int)step->results[i].length, step->results[i].bytes);
	return all;
}

static void
add_mechanisms(const struct route *route, const struct route_hop *hop, struct explain_steps *steps)
{
	const char *filter = account_text(route->account, SETTING_AUTH);
	bool clear = strcmp(rule_tls_mode(route, hop), "off") == 0;
	struct explain_step *step = explain_step_add(steps, "mechanism");
	struct text *names;
	size_t count;
	const struct mechanism *const *allowed = mechanism_allowed(
	    text_of(filter == NULL ? "on" : filter), steps->arena, &count);

	names = arena_array(steps->arena, count + 1, sizeof *names);
	for (size_t i = 0; i < count; i++)
		if (!allowed[i]->binding || !clear)
			names[step->count++] = text_of(allowed[i]->name);
	step->results = names;
	step->words = arena_print(
	    steps->arena, "the first that the server offers of %s", join(step, steps->arena));
	if (filter != NULL)
		explain_step_setting(step, route->account, SETTING_AUTH);
}

static const char *
describe_login(const struct credential *credential, const char *user, struct arena *arena)
{
	if (credential->source == CREDENTIAL_LITERAL)
		return arena_print(arena, "%s, by the password in the account", user);
	if (credential->source == CREDENTIAL_UNNEEDED)
		return arena_print(arena, "%s, and the mechanism needs no password", user);
	return arena_print(arena, "%s, by the password of %s", user,
	    credential->where == NULL ? "?" : credential->where);
}

static void
fill_login(
    const struct credential *credential, struct explain_step *step, struct explain_steps *steps)
{
	static const enum setting_id settings[] = {
		[CREDENTIAL_LITERAL] = SETTING_PASSWORD,
		[CREDENTIAL_FILE] = SETTING_PASSWORDFILE,
		[CREDENTIAL_SYSTEMD] = SETTING_PASSWORD_CREDENTIAL,
		[CREDENTIAL_DESCRIPTOR] = SETTING_PASSWORD_FD,
		[CREDENTIAL_COMMAND] = SETTING_PASSWORDEVAL,
		[CREDENTIAL_NETRC] = SETTING_NETRC,
		[CREDENTIAL_UNNEEDED] = SETTING_AUTH,
	};
	const char *user = credential->user == NULL ? "nobody by name" : credential->user;

	explain_step_result(steps, step, text_of(user));
	if (credential->source == CREDENTIAL_TABLE) {
		explain_step_row(step, credential->rule.path, credential->row.line);
		step->key = text_of(credential->row.key);
		return;
	}
	step->words = describe_login(credential, user, steps->arena);
	if (credential->source == CREDENTIAL_KEYRING || credential->source == CREDENTIAL_PROMPT)
		return;
	explain_step_setting(step, credential->account, settings[credential->source]);
}

/* Why nobody logs in. */
static void
fill_nobody(const struct route *route, const struct route_hop *hop, struct explain_step *step)
{
	const char *auth = account_text(route->account, SETTING_AUTH);

	if (auth != NULL && strcmp(auth, "off") == 0) {
		step->words = "none: auth is off";
		explain_step_setting(step, route->account, SETTING_AUTH);
		return;
	}
	explain_step_row(step, hop->credential.rule.path, 0);
	step->words = step->file == NULL ? "none: there is no credential, and no sasl_passwd"
					 : "none: no credential for this server";
	if (!hop->own && account_has(route->account, SETTING_USER))
		step->words = "none: the account's own password goes to its own host and port only";
}

static void
add_login(const struct route *route, const struct route_hop *hop, struct explain_steps *steps)
{
	const struct credential *credential = &hop->credential;
	struct explain_step *step = explain_step_add(steps, "login");

	step->asked = text_of(hop->server.text);
	if (is_undecided(credential)) {
		step->words = "not known";
		return;
	}
	if (credential->rule.path != NULL)
		step->tried = password_candidates(
		    &credential->rule, route->sender_given, &hop->server, steps->arena);
	if (credential->source == CREDENTIAL_NONE) {
		fill_nobody(route, hop, step);
	} else {
		fill_login(credential, step, steps);
		if (!rule_is_private(route, hop))
			step->note = "it will be refused: a password is not sent without verified "
				     "TLS, except to this machine";
	}
	if (step->key.length > 0)
		step->tried = table_trials_before(step->tried, step->key);
}

void
explain_route_steps(const struct plan *plan, const struct route *route, const struct route_hop *hop,
    struct explain_steps *steps)
{
	if (hop == route->hops)
		add_sender(plan, route, steps);
	add_proxy(route, steps);
	add_server(route, hop, steps);
	add_tls(route, hop, steps);
	if (!is_undecided(&hop->credential) && hop->credential.source != CREDENTIAL_NONE)
		add_mechanisms(route, hop, steps);
	add_login(route, hop, steps);
}
