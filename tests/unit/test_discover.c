/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "flow/discover.h"
#include "flow/rule.h"
#include "tests/support/house.h"

static bool
find_two(void *data, const char *domain, struct deadline deadline, struct service *service,
    struct failure *why)
{
	(void)data;
	(void)deadline;
	(void)why;
	cr_assert_str_eq(domain, "d.example");
	*service = (struct service){ .count = 2,
		.items = {
		    { .host = "tls.elsewhere.example", .port = 465, .implicit_tls = true },
		    { .host = "start.elsewhere.example", .port = 588 },
		} };
	return true;
}

static bool
find_none(void *data, const char *domain, struct deadline deadline, struct service *service,
    struct failure *why)
{
	(void)data;
	(void)deadline;
	(void)service;
	return fail(why, EX_NOHOST, "'%s' has none", domain);
}

static const struct route *
plan_route(struct house *house, const char *relayrc)
{
	(void)house_relayrc(house, relayrc);
	cr_assert(house_plan(house), "%s", house->why.what);
	return &house->plan.routes.items[0];
}

Test(discover, gives_the_planned_servers_as_they_are)
{
	struct house *house = house_open();
	const struct route *route = plan_route(house, "host one.example two.example\n");
	const struct dialer dialer = { .find = find_none };
	const struct route_hop *hops;
	size_t count;

	cr_assert(discover_hops(route, &dialer, house->arena, &hops, &count, &house->why));
	cr_expect_eq(hops, route->hops);
	cr_expect_eq(count, 2);
	house_close(house);
}

/* RFC 6186 section 6; F98: whose password it is, the configuration says, not DNS. */
Test(discover, asks_servers_that_dns_names_for_the_domains_certificate)
{
	struct house *house = house_open();
	const struct route *route = plan_route(house, "host srv:d.example\nuser u\npassword p\n");
	const struct dialer dialer = { .find = find_two };
	const struct route_hop *hops;
	struct rule rule;
	size_t count;

	cr_assert(discover_hops(route, &dialer, house->arena, &hops, &count, &house->why));
	cr_assert_eq(count, 2);
	rule_make(&house->plan, route, &hops[0], house->arena, &rule);
	cr_expect_str_eq(rule.endpoint.host, "tls.elsewhere.example");
	cr_expect_eq(rule.endpoint.port, 465);
	cr_expect_eq(rule.session.security, SESSION_IMPLICIT);
	cr_expect_str_eq(rule.tls.host, "d.example");
	cr_expect_str_eq(hops[0].server.text, "d.example");
	cr_expect_str_eq(hops[0].credential.user, "u");
	rule_make(&house->plan, route, &hops[1], house->arena, &rule);
	cr_expect_eq(rule.endpoint.port, 588);
	cr_expect_eq(rule.session.security, SESSION_STARTTLS);
	cr_expect_str_eq(rule.tls.host, "d.example");
	house_close(house);
}

Test(discover, fails_with_what_dns_said)
{
	struct house *house = house_open();
	const struct route *route = plan_route(house, "host srv:d.example\n");
	const struct dialer dialer = { .find = find_none };
	const struct route_hop *hops;
	size_t count;

	cr_assert_not(discover_hops(route, &dialer, house->arena, &hops, &count, &house->why));
	cr_expect_eq(house->why.code, EX_NOHOST);
	house_close(house);
}

Test(discover, is_not_done_without_tls)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host srv:d.example\ntls off\n");
	cr_assert_not(house_plan(house));
	cr_expect_eq(house->why.code, EX_CONFIG);
	cr_expect_not_null(strstr(house->why.where, "relayrc.user:1"), "%s", house->why.where);
	house_close(house);
}
