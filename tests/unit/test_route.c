/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "flow/route.h"
#include "tests/support/house.h"

static const struct route *
only_route(struct house *house, const char *relayrc, const char *transport)
{
	(void)house_relayrc(house, relayrc);
	(void)house_file(house, "transport", transport);
	house_arguments(house, "x@y.example");
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	cr_assert_eq(house->plan.routes.count, 1);
	return &house->plan.routes.items[0];
}

Test(route, fills_in_the_port_of_submission)
{
	static const struct {
		const char *row;
		unsigned port;
		bool implicit;
	} rows[] = {
		{ "* smtp:h\n", 587, false },
		{ "* relay:h\n", 587, false },
		{ "* smtps:h\n", 465, true },
		{ "* smtp:h:2525\n", 2525, false },
		{ "* :h\n", 587, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		const struct route *route = only_route(
		    house, "transport %s/transport\n", rows[i].row);

		cr_assert_eq(
		    route->hops[0].port, rows[i].port, "%s: %u", rows[i].row, route->hops[0].port);
		cr_assert_eq(route->implicit_tls, rows[i].implicit, "%s", rows[i].row);
		house_close(house);
	}
}

Test(route, asks_for_the_accounts_host_with_its_port)
{
	struct house *house = house_open();
	const struct route *route;

	(void)house_file(house, "sasl", "mail.example:2525 me:p\n");
	route = only_route(house, "host mail.example\nport 2525\nsasl_passwd %s/sasl\n", "");
	cr_assert_str_eq(route->hops[0].server.text, "mail.example:2525");
	cr_assert_str_eq(route->hops[0].credential.user, "me");
	house_close(house);
}

Test(route, follows_a_row_that_names_an_account)
{
	struct house *house = house_open();
	const struct route *route = only_route(house,
	    "transport %s/transport\naccount work\nhost work.example\nport 2525\nuser w\npassword s\n",
	    "* work:\n");

	cr_assert_str_eq(route->account->name, "work");
	cr_assert_str_eq(route->hops[0].server.host, "work.example");
	cr_assert_eq(route->hops[0].port, 2525);
	cr_assert_eq(route->hops[0].credential.source, CREDENTIAL_LITERAL);
	house_close(house);
}

Test(route, refuses_what_would_send_the_mail_another_way)
{
	static const char *const lines[] = { "queue only\n" };

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct house *house = house_open();
		char relayrc[200];

		(void)snprintf(relayrc, sizeof relayrc, "host h\n%s", lines[i]);
		(void)house_relayrc(house, relayrc);
		cr_assert_not(house_plan(house), "%s", lines[i]);
		cr_assert_eq(house->why.code, EX_CONFIG, "%s: %s", lines[i], house->why.what);
		cr_assert_not_null(
		    strstr(house->why.what, "not yet"), "%s: %s", lines[i], house->why.what);
		cr_assert_not_null(strstr(house->why.where, "relayrc.user:2"), "%s: %s", lines[i],
		    house->why.where);
		house_close(house);
	}
}

Test(route, refuses_an_unknown_mechanism_at_its_line)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host h\nauth pigeon\nuser u\npassword p\n");
	cr_assert_not(house_plan(house));
	cr_assert_eq(house->why.code, EX_CONFIG, "%s", house->why.what);
	cr_assert_not_null(strstr(house->why.where, ":2"), "%s", house->why.where);
	house_close(house);
}

Test(route, tries_the_hosts_in_order)
{
	struct house *house = house_open();
	const struct route *route = only_route(house, "host one.example two.example:25\n", "");

	cr_assert_eq(route->hop_count, 2);
	cr_assert_str_eq(route->hops[0].server.host, "one.example");
	cr_assert_eq(route->hops[1].port, 25);
	house_close(house);
}

Test(route, sends_one_mail_to_two_names_of_one_address)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host h\ngeneric %s/generic\n");
	(void)house_file(house, "generic", "@old.example @new.example\n");
	house_arguments(house, "u@old.example u@new.example");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_eq(house->plan.routes.items[0].count, 1);
	house_close(house);
}

/* `smtp:` rows spoke LMTP, and one that named the account's own host went to its socket. */
Test(route, takes_protocol_and_socket_for_the_accounts_own_servers_only)
{
	static const struct {
		const char *label;
		const char *row;
		const char *socket;
		bool lmtp;
	} rows[] = {
		{ "no row", "z.test smtp:h\n", "/run/lmtp", true },
		{ "the account", "y.example store:\n", "/run/lmtp", true },
		{ "smtp", "y.example smtp:h\n", NULL, false },
		{ "smtp to the own host", "y.example smtp:own.example:24\n", NULL, false },
		{ "nameless", "y.example :own.example:24\n", NULL, false },
		{ "the account and a host", "y.example store:own.example:24\n", NULL, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		const struct route *route = only_route(house,
		    "transport %s/transport\nhost own.example\nport 24\ntls off\n"
		    "protocol lmtp\nsocket /run/lmtp\n"
		    "account store\nhost own.example\nport 24\ntls off\n"
		    "protocol lmtp\nsocket /run/lmtp\n",
		    rows[i].row);

		cr_expect_eq(route->hops[0].lmtp, rows[i].lmtp, "%s", rows[i].label);
		cr_expect_str_eq(route->hops[0].socket == NULL ? "-" : route->hops[0].socket,
		    rows[i].socket == NULL ? "-" : rows[i].socket, "%s", rows[i].label);
		house_close(house);
	}
}

/* The certificate is the host's, whatever the way to it. */
Test(route, goes_by_a_socket_to_the_host)
{
	static const struct {
		const char *relayrc;
		const char *host;
	} rows[] = {
		{ "host x.example\nsocket /run/x\n", "x.example" },
		{ "socket /run/x\n", "localhost" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		const struct route *route = only_route(house, rows[i].relayrc, "");

		cr_assert_str_eq(route->hops[0].server.host, rows[i].host);
		cr_assert_str_eq(route->hops[0].server.text, "/run/x");
		house_close(house);
	}
}
