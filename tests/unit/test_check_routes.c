/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/check_routes.h"
#include "tests/support/house.h"

static struct check_list list;
static struct check_routes routes;

static void
find(struct house *house, const char *relayrc, const char *transport)
{
	(void)house_relayrc(house, relayrc);
	if (transport != NULL)
		(void)house_file(house, "transport", transport);
	house_arguments(house, "--pretend");
	cr_assert(house_plan(house), "%s", house->why.what);
	list = check_list_open(house->arena);
	check_routes_find(&house->plan, &house->config, true, &list, &routes);
}

Test(check_routes, are_the_host_and_the_servers_of_the_table)
{
	struct house *house = house_open();

	find(house, "host own\ntransport %s/transport\naccount work\nhost w\n",
	    "a.example smtp:one:25\nb.example smtp:two\nc.example smtp:one:25\n"
	    "d.example discard:\ne.example work:\nf.example :\n");
	cr_assert_eq(list.count, 0);
	cr_assert_eq(routes.list.count, 5);
	cr_expect_str_eq(routes.list.items[0].hops[0].server.host, "own");
	cr_expect_str_eq(routes.list.items[1].hops[0].server.host, "one");
	cr_expect_str_eq(routes.list.items[2].hops[0].server.host, "two");
	cr_expect_eq(routes.list.items[3].hop_count, 0);
	cr_expect_str_eq(routes.list.items[4].hops[0].server.host, "w");
	cr_expect_eq(routes.left_out, 0);
	house_close(house);
}

Test(check_routes, bring_their_credentials)
{
	struct house *house = house_open();

	(void)house_file(house, "sasl", "one:25 me:secret\n");
	find(house, "transport %s/transport\nsasl_passwd %s/sasl\n",
	    "a.example smtp:one:25\nb.example smtp:two\n");
	cr_assert_eq(routes.list.count, 2);
	cr_expect_eq(routes.list.items[0].hops[0].credential.source, CREDENTIAL_TABLE);
	cr_expect_str_eq(routes.list.items[0].hops[0].credential.user, "me");
	cr_expect_eq(routes.list.items[1].hops[0].credential.source, CREDENTIAL_NONE);
	house_close(house);
}

Test(check_routes, go_on_when_one_has_a_fault)
{
	struct house *house = house_open();

	(void)house_file(house, "sasl", "one:25 broken\n");
	find(house, "transport %s/transport\nsasl_passwd %s/sasl\naccount hostless\nuser x\n",
	    "a.example smtp:one:25\nb.example smtp:two\nc.example hostless:\nd.example smtp:\n");
	cr_assert_eq(routes.list.count, 2);
	cr_expect(routes.undecided[0]);
	cr_expect_not(routes.undecided[1]);
	cr_assert_eq(list.count, 2);
	cr_expect_not_null(
	    strstr(list.items[0].what, "'hostless' has no host"), "%s", list.items[0].what);
	cr_expect_not_null(strstr(list.items[0].where, "/transport:3"), "%s", list.items[0].where);
	cr_expect_str_eq(list.items[1].area, "password");
	house_close(house);
}

Test(check_routes, are_counted_when_they_are_too_many)
{
	struct house *house = house_open();
	struct buffer table = buffer_open(0);

	for (unsigned i = 0; i < 2000; i++)
		(void)buffer_print(&table, "d%u.example smtp:h%u.example\n", i, i);
	(void)buffer_byte(&table, '\0');
	find(house, "transport %s/transport\n", table.bytes);
	cr_expect_eq(routes.list.count, CHECK_ROUTES_MAX);
	cr_expect_eq(routes.left_out, 2000 - CHECK_ROUTES_MAX);
	buffer_close(&table);
	house_close(house);
}

Test(check_routes, must_be_one_at_least)
{
	struct house *house = house_open();

	find(house, "user me\n", NULL);
	cr_assert_eq(routes.list.count, 0);
	cr_assert_eq(list.count, 1);
	cr_expect_eq(list.items[0].code, EX_CONFIG);
	cr_expect_neq(list.items[0].hint[0], '\0');
	house_close(house);
}
