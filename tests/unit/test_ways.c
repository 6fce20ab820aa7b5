/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "flow/plan.h"
#include "tests/support/house.h"
#include "tests/support/shelf.h"

/* Who is asked for is good@x.test and one other, who is refused. */
static void
assert_good_is_served(const struct house *house, const char *where, const char *what)
{
	const struct plan *plan = &house->plan;

	cr_assert_eq(plan->refusal_count, 1, "%s: %zu refused", what, plan->refusal_count);
	cr_expect_eq(plan->refusals[0].why.code, EX_CONFIG, "%s", what);
	cr_expect_not_null(strstr(plan->refusals[0].why.where, where), "%s: %s", what,
	    plan->refusals[0].why.where);
	cr_expect_neq(plan->refusals[0].why.hint[0], '\0', "%s: no hint", what);
	cr_assert_eq(plan->routes.count, 1, "%s: %zu routes", what, plan->routes.count);
	cr_assert_eq(plan->routes.items[0].count, 1, "%s", what);
	cr_expect(text_is(plan->routes.items[0].recipients[0].address.local, "good"), "%s", what);
}

/* One wrong row stopped the mail for everybody. */
Test(ways, serves_the_others_when_a_row_of_transport_is_wrong)
{
	static const char *const rows[] = {
		"bad.test foo:x",
		"bad.test smtp:",
		"bad.test smtp:h:0",
		"bad.test",
		"bad.test: smtp:h",
		"bad.test empty:",
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct house *house = house_open();
		char table[100];

		(void)snprintf(table, sizeof table, "# a\n%s\n* smtp:h\n", rows[i]);
		(void)house_relayrc(house, "transport %s/transport\naccount empty\n");
		(void)house_file(house, "transport", table);
		house_arguments(house, "u@bad.test good@x.test");
		cr_assert(house_plan(house), "%s: %s", rows[i], house->why.what);
		assert_good_is_served(house, "transport:2", rows[i]);
		house_close(house);
	}
}

/* F206 */
Test(ways, serves_the_others_when_a_row_of_generic_is_wrong)
{
	static const char *const rows[] = { "nobody <>", "nobody a@b@c", "nobody", "nobody @" };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct house *house = house_open();
		char table[100];

		(void)snprintf(table, sizeof table, "# a\n%s\n", rows[i]);
		(void)house_relayrc(house, "host h\ngeneric %s/generic\n");
		(void)house_file(house, "generic", table);
		house_arguments(house, "nobody good@x.test");
		house_message(house, "From: me@x.test\nTo: x@x.test\n", "");
		cr_assert(house_plan(house), "%s: %s", rows[i], house->why.what);
		assert_good_is_served(house, "generic:2", rows[i]);
		house_close(house);
	}
}

/* What all recipients would see cannot be sent to some of them. */
Test(ways, stops_all_for_a_wrong_row_of_the_sender_or_the_header)
{
	static const char *const rows[] = { "root a@b@c\n", "carol a@b@c\n", "carol\n" };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct house *house = house_open();

		(void)house_relayrc(house, "host h\ngeneric %s/generic\n");
		(void)house_file(house, "generic", rows[i]);
		house_arguments(house, "good@x.test");
		house_message(house, "From: me@x.test\nCc: carol\n", "");
		cr_assert_not(house_plan(house), "%s", rows[i]);
		cr_expect_eq(house->why.code, EX_CONFIG, "%s: %s", rows[i], house->why.what);
		cr_expect_not_null(
		    strstr(house->why.where, "generic:1"), "%s: %s", rows[i], house->why.where);
		house_close(house);
	}
}

/* The owner of a list sends to the list alone. */
Test(ways, serves_the_others_when_a_lists_owner_has_a_wrong_row)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host h\ngeneric %s/generic\naliases %s/aliases\n");
	(void)house_file(house, "generic", "# a\nowner-list a@b@c\n");
	(void)house_file(house, "aliases", "list: a@x.test\nowner-list: me@x.test\n");
	house_arguments(house, "good@x.test list");
	cr_assert(house_plan(house), "%s", house->why.what);
	assert_good_is_served(house, "generic:2", "owner");
	house_close(house);
}

Test(ways, serves_the_others_when_a_credential_is_refused)
{
	static const char *const rows[] = { "other nocolon\n", "other :p\n", "other\n" };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct house *house = house_open();
		const struct plan *plan = &house->plan;

		(void)house_relayrc(
		    house, "host h\ntransport %s/transport\nsasl_passwd %s/sasl_passwd\n");
		(void)house_file(house, "transport", "bad.test smtp:other\nbad2.test smtp:other\n");
		(void)house_file(house, "sasl_passwd", rows[i]);
		house_arguments(house, "u@bad.test good@x.test");
		cr_assert(house_plan(house), "%s: %s", rows[i], house->why.what);
		assert_good_is_served(house, "sasl_passwd:1", rows[i]);
		cr_expect_null(plan_route_of(plan, 0), "%s", rows[i]);
		cr_expect_eq(plan_route_of(plan, 1), &plan->routes.items[0], "%s", rows[i]);
		house_close(house);
	}
}

/* Two names of one address are one recipient: both are told. */
Test(ways, refuses_every_name_that_needs_the_credential)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host h\nuser me\ngeneric %s/generic\nnetrc\n");
	(void)house_file(house, "generic", "@old.example @new.example\n");
	house_arguments(house, "u@old.example u@new.example");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_expect_eq(house->plan.refusal_count, 2);
	cr_expect_eq(house->plan.routes.count, 0);
	house_close(house);
}

/* F199: who is served now would be served again when the caller tries again. */
Test(ways, stops_all_when_passwords_cannot_be_read_for_now)
{
	struct house *house = house_open();

	(void)house_relayrc(house,
	    "host h\nuser me\npassword p\ntransport %s/transport\n"
	    "sasl_passwd %s/missing\n");
	(void)house_file(house, "transport", "bad.test smtp:other\n");
	house_arguments(house, "u@bad.test good@x.test");
	cr_assert_not(house_plan(house));
	cr_expect_eq(house->why.code, EX_TEMPFAIL);
	house_close(house);
}

Test(ways, know_the_route_of_each_recipient)
{
	struct house *house = house_open();
	const struct plan *plan = &house->plan;

	(void)house_relayrc(house, "host mail.example\ntransport %s/transport\n");
	(void)house_file(house, "transport", "b.example smtp:h\nc.example :\n");
	house_arguments(house, "x@a.example x@b.example x@c.example");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_eq(plan->routes.count, 2);
	cr_expect_eq(plan_route_of(plan, 0), &plan->routes.items[0]);
	cr_expect_eq(plan_route_of(plan, 1), &plan->routes.items[1]);
	cr_expect_eq(plan_route_of(plan, 2), &plan->routes.items[0], "a row of ':'");
	cr_expect_null(plan_route_of(plan, 3));
	house_close(house);
}

/* Each route opened the table again. */
Test(ways, read_passwords_once_for_all_routes)
{
	struct house *house = house_open();
	const char *path = house_file(house, "sasl", "one u1:p\ntwo u2:p\nthree u3:p\n");
	int watch;

	(void)house_relayrc(house, "transport %s/transport\nsasl_passwd %s/sasl\n");
	(void)house_file(
	    house, "transport", "a.test smtp:one\nb.test smtp:two\nc.test smtp:three one\n");
	house_arguments(house, "x@a.test x@b.test x@c.test");
	watch = shelf_watch(path);
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_expect_eq(shelf_openings(watch), 1);
	cr_assert_eq(house->plan.routes.count, 3);
	cr_expect_str_eq(house->plan.routes.items[0].hops[0].credential.user, "u1");
	cr_expect_str_eq(house->plan.routes.items[2].hops[0].credential.user, "u3");
	cr_expect_str_eq(house->plan.routes.items[2].hops[1].credential.user, "u1");
	house_close(house);
}

Test(ways, name_the_row_that_leads_to_a_host_that_is_missing)
{
	struct house *house = house_open();
	const struct plan *plan = &house->plan;

	(void)house_relayrc(house, "transport %s/transport\n");
	(void)house_file(house, "transport", "# a\nx.test :\n");
	house_arguments(house, "u@x.test u@y.test");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_eq(plan->refusal_count, 2);
	cr_expect_eq(plan->refusals[0].why.code, EX_UNAVAILABLE);
	cr_expect_not_null(strstr(plan->refusals[0].why.what, "the row 'x.test :'"), "%s",
	    plan->refusals[0].why.what);
	cr_expect_not_null(
	    strstr(plan->refusals[0].why.where, "transport:2"), "%s", plan->refusals[0].why.where);
	cr_expect_not_null(strstr(plan->refusals[0].why.hint, "name a server in the row"), "%s",
	    plan->refusals[0].why.hint);
	cr_expect_not_null(
	    strstr(plan->refusals[1].why.hint, "add a row"), "%s", plan->refusals[1].why.hint);
	house_close(house);
}
