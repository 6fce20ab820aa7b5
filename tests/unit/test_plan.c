/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "flow/plan.h"
#include "tests/support/house.h"

#define TABLES \
	"aliases %s/aliases\ntransport %s/transport\n" \
	"sasl_passwd %s/sasl_passwd\ngeneric %s/generic\nmaildomain client.example\n"

static void
seed_tables(struct house *house)
{
	(void)house_relayrc(house, TABLES);
	(void)house_file(house, "aliases", "root: pdupont@proximus.example\n");
	(void)house_file(
	    house, "transport", "pdupont@proximus.example smtp:relay.proximus.example:587\n");
	(void)house_file(house, "sasl_passwd",
	    "relay.proximus.example:587 fg12345678@skynet.example:secret:word\n");
	(void)house_file(house, "generic", "root pdupont@proximus.example\n");
}

static const char *
written(struct house *house, struct address address)
{
	return address_format(address, house->arena).bytes;
}

Test(plan, carries_root_through_the_four_tables)
{
	struct house *house = house_open();
	const struct route *route;

	seed_tables(house);
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	cr_assert_str_eq(written(house, house->plan.sender), "pdupont@proximus.example");
	cr_assert_eq(house->plan.routes.count, 1);
	route = &house->plan.routes.items[0];
	cr_assert_eq(route->count, 1);
	cr_assert_str_eq(written(house, route->recipients[0].address), "pdupont@proximus.example");
	cr_assert_str_eq(route->hops[0].server.host, "relay.proximus.example");
	cr_assert_eq(route->hops[0].port, 587);
	cr_assert_str_eq(route->hops[0].credential.user, "fg12345678@skynet.example");
	house_close(house);
}

Test(plan, rewrites_the_header_with_generic)
{
	struct house *house = house_open();
	const char *header;

	seed_tables(house);
	house_message(house, "From: Cron <root>\nTo: root\nSubject: x\n", "");
	cr_assert(house_plan(house), "%s", house->why.what);
	header = text_string(house->message.edited, house->arena);
	cr_assert_not_null(
	    strstr(header, "From: Cron <pdupont@proximus.example>\r\n"), "%s", header);
	cr_assert_not_null(strstr(header, "To: pdupont@proximus.example\r\n"), "%s", header);
	house_close(house);
}

Test(plan, refuses_only_the_recipients_that_no_row_takes)
{
	struct house *house = house_open();

	seed_tables(house);
	house_arguments(house, "root stranger@elsewhere.example");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_eq(house->plan.refusal_count, 1);
	cr_assert_str_eq(
	    written(house, house->plan.refusals[0].address), "stranger@elsewhere.example");
	cr_assert_eq(house->plan.routes.count, 1);
	house_close(house);
}

Test(plan, opens_one_route_for_each_next_hop)
{
	struct house *house = house_open();

	seed_tables(house);
	(void)house_file(house, "transport",
	    "a.example smtp:one.example:587\nb.example smtp:[two.example]:587\n"
	    "c.example smtp:one.example:587\n");
	(void)house_file(house, "sasl_passwd", "one.example:587 u1:p1\n[two.example]:587 u2:p2\n");
	house_arguments(house, "x@a.example y@b.example z@c.example");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_eq(house->plan.routes.count, 2);
	cr_assert_eq(house->plan.routes.items[0].count, 2);
	cr_assert_str_eq(house->plan.routes.items[0].hops[0].credential.user, "u1");
	cr_assert_str_eq(house->plan.routes.items[1].hops[0].credential.user, "u2");
	house_close(house);
}

Test(plan, keeps_the_original_sender_for_sender_dependent_credentials)
{
	struct house *house = house_open();

	seed_tables(house);
	(void)house_relayrc(house, TABLES "sender_dependent_auth on\n");
	(void)house_file(house, "sasl_passwd",
	    "root own:p\npdupont@proximus.example other:p\nrelay.proximus.example:587 hop:p\n");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_str_eq(house->plan.routes.items[0].hops[0].credential.user, "own");
	house_close(house);
}

/* The owner answers for the list alone, also to the table of passwords. */
Test(plan, sends_for_a_lists_owner_in_a_transaction_of_its_own)
{
	struct house *house = house_open();

	seed_tables(house);
	(void)house_relayrc(house, TABLES "host h\nsender_dependent_auth on\n");
	(void)house_file(house, "aliases", "list: a@x.test\nowner-list: me\n");
	(void)house_file(house, "sasl_passwd", "me@x.test one:1\nowner-list two:2\n");
	house_arguments(house, "-f me@x.test b@x.test list");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_str_eq(written(house, house->plan.sender), "me@x.test");
	cr_assert_eq(house->plan.routes.count, 2);
	cr_expect_str_eq(written(house, house->plan.routes.items[0].sender), "me@x.test");
	cr_expect_str_eq(house->plan.routes.items[0].hops[0].credential.user, "one");
	cr_expect_str_eq(
	    written(house, house->plan.routes.items[1].sender), "owner-list@client.example");
	cr_expect_str_eq(house->plan.routes.items[1].hops[0].credential.user, "two");
	house_close(house);
}

Test(plan, fails_with_64_without_recipients)
{
	struct house *house = house_open();

	seed_tables(house);
	house_arguments(house, "-t");
	cr_assert_not(house_plan(house));
	cr_assert_eq(house->why.code, EX_USAGE);
	cr_assert_str_eq(house->why.what, "no recipients");
	house_close(house);
}

/* F199 */
Test(plan, fails_for_now_when_a_table_is_missing)
{
	static const char *const names[] = { "aliases", "transport", "sasl_passwd", "generic" };

	for (size_t i = 0; i < 4; i++) {
		struct house *house = house_open();

		seed_tables(house);
		cr_assert_eq(
		    unlink(arena_print(house->arena, "%s/%s", house->directory, names[i])), 0);
		cr_assert_not(house_plan(house), "%s", names[i]);
		cr_assert_eq(house->why.code, EX_TEMPFAIL, "%s: %d %s", names[i], house->why.code,
		    house->why.what);
		cr_assert_not_null(
		    strstr(house->why.where, names[i]), "%s: %s", names[i], house->why.where);
		house_close(house);
	}
}

Test(plan, never_gives_the_accounts_own_password_to_another_host)
{
	struct house *house = house_open();

	(void)house_relayrc(house,
	    "maildomain client.example\ntransport %s/transport\n"
	    "host own.example\nuser me\npassword mine\n");
	(void)house_file(house, "transport", "b.example smtp:other.example:587\n");
	house_arguments(house, "x@a.example y@b.example");
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	cr_assert_eq(house->plan.routes.count, 2);
	cr_assert_eq(house->plan.routes.items[0].hops[0].credential.source, CREDENTIAL_LITERAL);
	cr_assert_eq(house->plan.routes.items[1].hops[0].credential.source, CREDENTIAL_NONE);
	house_close(house);
}

Test(plan, takes_notify_and_return_from_the_account)
{
	struct house *house = house_open();

	(void)house_relayrc(house,
	    "host h.example\nmaildomain c.example\ndsn_notify failure,delay\ndsn_return headers\n");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_str_eq(house->plan.envelope.dsn_notify, "FAILURE,DELAY");
	cr_assert_str_eq(house->plan.envelope.dsn_return, "HDRS");
	house_close(house);
}

Test(plan, refuses_a_maildomain_that_is_none_at_its_line)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host h\nmaildomain a b\n");
	cr_assert_not(house_plan(house));
	cr_assert_eq(house->why.code, EX_CONFIG);
	cr_assert_not_null(strstr(house->why.where, "relayrc.user:2"), "%s", house->why.where);
	house_close(house);
}

/* F197 */
Test(plan, serves_the_others_when_one_alias_target_is_refused)
{
	struct house *house = house_open();

	seed_tables(house);
	(void)house_file(house, "aliases", "root: pdupont@proximus.example, /var/mail/root\n");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_eq(house->plan.routes.count, 1);
	cr_assert_eq(house->plan.refusal_count, 1);
	cr_assert_not_null(strstr(house->plan.refusals[0].why.where, "aliases:1"), "%s",
	    house->plan.refusals[0].why.where);
	house_close(house);
}

Test(plan, keeps_what_was_decided_before_it_failed)
{
	struct house *house = house_open();

	seed_tables(house);
	(void)house_file(house, "generic", "root a@b@c\n");
	cr_assert_not(house_plan(house));
	cr_assert_eq(house->plan.given.count, 1);
	cr_assert_str_eq(house->plan.given.items[0].given, "root");
	cr_assert_not_null(house->plan.aliases);
	cr_assert_eq(house->plan.envelope.recipients.count, 1);
	cr_assert_not_null(house->plan.transports);
	cr_assert_null(house->plan.generic);
	house_close(house);
}
