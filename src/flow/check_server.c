/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_server.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/check_talk.h"
#include "flow/discover.h"
#include "flow/explain.h"
#include "net/host.h"
#include "net/lookup.h"

#define ADDRESS_SIZE 96
#define LOOK_MS 20000

/* Reads the password; false when it cannot be had, and no login makes sense. */
static bool
find_password(const struct check_server *check, const struct route_hop *hop,
    const struct check_secret **secret)
{
	const struct credential *credential = &hop->credential;
	struct failure why;

	*secret = NULL;
	if (check->secrets == NULL || credential->source == CREDENTIAL_NONE
	    || credential->source == CREDENTIAL_UNNEEDED)
		return check->secrets != NULL;
	if (!check_secrets_read(check->secrets, credential, secret, &why)) {
		failure_in(&why, FAILURE_CONFIG);
		check_list_fail(check->list, "password", &why);
		return false;
	}
	check_list_ok(check->list, "password", "for '%s', from %s",
	    credential->user == NULL ? "" : credential->user,
	    explain_password_source(credential, check->list->arena));
	return true;
}

static void
find_addresses(struct check_list *list, const struct lookup *lookup)
{
	struct buffer all = buffer_open(0);
	char address[ADDRESS_SIZE];

	for (size_t i = 0; i < lookup->count; i++) {
		lookup_format(&lookup->items[i], address, sizeof address);
		(void)buffer_print(&all, "%s%s", i == 0 ? "" : ", ", address);
	}
	check_list_ok(list, "dns", "%.*s", (int)all.length, all.bytes);
	buffer_close(&all);
}

/* As delivering would find them: one that does not answer does no harm while another one does. */
static void
visit_addresses(struct check_talk *talk, const struct lookup *lookup)
{
	size_t count = lookup->count < CHECK_SERVER_ADDRESSES_MAX ? lookup->count
								  : CHECK_SERVER_ADDRESSES_MAX;
	size_t first = talk->list->count;
	char address[ADDRESS_SIZE];

	for (size_t i = 0; i < count; i++) {
		lookup_format(&lookup->items[i], address, sizeof address);
		talk->address = arena_string(talk->list->arena, address);
		check_talk_run(talk);
	}
	if (talk->open)
		check_list_soften(talk->list, first, "connect");
	if (count < lookup->count)
		check_list_note(talk->list, "connect", "%zu more addresses were not tried",
		    lookup->count - count);
}

/* The name is another's to look up, or there is none. */
static bool
is_opaque(const struct route *route, const struct route_hop *hop, const struct host *host)
{
	return host->family != AF_UNSPEC || account_text(route->account, SETTING_PROXY_HOST) != NULL
	    || hop->socket != NULL;
}

static void
visit(const struct check_server *check, struct check_talk *talk)
{
	const struct route_hop *hop = talk->hop;
	struct failure why;
	struct lookup lookup;
	struct host host;

	if (!host_read(hop->server.host, &host, &why)) {
		failure_in(&why, FAILURE_CONFIG);
		check_list_fail(check->list, "dns", &why);
		return;
	}
	if (is_opaque(talk->route, hop, &host)) {
		check_talk_run(talk);
		return;
	}
	if (!check->dialer->look(
		check->dialer->data, &host, hop->port, deadline_after(LOOK_MS), &lookup, &why)) {
		failure_in(&why, FAILURE_CONNECT);
		check_list_fail(check->list, "dns", &why);
		return;
	}
	find_addresses(check->list, &lookup);
	visit_addresses(talk, &lookup);
}

/* Was it talked to? */
static bool
check_hop(
    struct check_server *check, const struct route *route, const struct route_hop *hop, bool login)
{
	struct check_talk talk = {
		.list = check->list,
		.plan = check->plan,
		.route = route,
		.hop = hop,
		.dialer = check->dialer,
		.trace = check->trace,
	};

	if (hop->port == 0)
		check_list_subject(check->list, "%s", hop->server.text);
	else
		check_list_subject(check->list, "%s:%u", hop->server.host, hop->port);
	talk.login = login && find_password(check, hop, &talk.secret);
	talk.sender = check->sender && talk.login;
	visit(check, &talk);
	return talk.open;
}

/* Equal for all that --check looks at. */
static bool
was_seen(const struct check_server *check, const struct route *route, const struct route_hop *hop)
{
	for (size_t i = 0; i < check->count; i++) {
		const struct route_hop *seen = check->hops[i];

		if (strcmp(check->routes[i]->account->name, route->account->name) == 0
		    && check->routes[i]->implicit_tls == route->implicit_tls
		    && seen->port == hop->port && strcmp(seen->server.text, hop->server.text) == 0
		    && strcmp(seen->server.host, hop->server.host) == 0)
			return true;
	}
	return false;
}

static void
find_service(struct check_list *list, const struct route_hop *hops, size_t count)
{
	struct buffer all = buffer_open(0);

	for (size_t i = 0; i < count; i++)
		(void)buffer_print(
		    &all, "%s%s:%u", i == 0 ? "" : ", ", hops[i].server.host, hops[i].port);
	check_list_ok(list, "dns", "names %.*s", (int)all.length, all.bytes);
	buffer_close(&all);
}

void
check_server_run(struct check_server *check, const struct route *route, bool login)
{
	const struct route_hop *hops;
	size_t first = check->list->count;
	struct failure why;
	bool open = false;
	size_t count;

	if (route->hop_count > 0 && route->hops[0].service)
		check_list_subject(check->list, "srv:%s", route->hops[0].server.host);
	if (!discover_hops(route, check->dialer, check->list->arena, &hops, &count, &why)) {
		check_list_fail(check->list, "dns", &why);
		return;
	}
	if (hops != route->hops)
		find_service(check->list, hops, count);
	for (size_t i = 0; i < count; i++) {
		if (was_seen(check, route, &hops[i]))
			continue;
		if (check->count == CHECK_SERVER_MAX) {
			check->left_out++;
			continue;
		}
		check->hops[check->count] = &hops[i];
		check->routes[check->count++] = route;
		open = check_hop(check, route, &hops[i], login) || open;
	}
	/* Mail goes on to the next host: one that is down does no harm while another one works. */
	if (open) {
		check_list_soften(check->list, first, "dns");
		check_list_soften(check->list, first, "connect");
	}
}
