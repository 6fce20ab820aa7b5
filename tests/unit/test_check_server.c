/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "flow/check_server.h"
#include "tests/support/dials.h"
#include "tests/support/house.h"

#define GREET "LOCAL\nS: 220 hi\nC: EHLO client.example\nS: 250 a\n"
#define GOOD GREET "C: QUIT\n"

/* Looks at the first route of relayrc, or at all of them. */
static struct check_list
look(struct house *house, const char *relayrc, struct dials *dials, struct check_server *check)
{
	struct check_secrets secrets = check_secrets_open(&house->environment, house->arena);
	const struct deliver_trace quiet = { 0 };
	const struct dialer dialer = dials_dialer(dials);
	struct check_list list = check_list_open(house->arena);

	(void)house_relayrc(house, relayrc);
	cr_assert(house_plan(house), "%s", house->why.what);
	dials->arena = house->arena;
	*check = (struct check_server){ .list = &list,
		.plan = &house->plan,
		.dialer = &dialer,
		.trace = &quiet,
		.secrets = &secrets };
	for (size_t i = 0; i < house->plan.routes.count; i++)
		check_server_run(check, &house->plan.routes.items[i], true);
	dials_end(dials);
	check_secrets_close(&secrets);
	return list;
}

static size_t
count(const struct check_list *list, const char *area, enum check_result result)
{
	size_t sum = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].result == result && strcmp(list->items[i].area, area) == 0)
			sum++;
	return sum;
}

Test(check_server, goes_to_each_address)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { GOOD, GOOD, GOOD }, .address_count = 3 };
	struct check_server check;
	const struct check_list list = look(house, "host a.example\ntls off\n", &dials, &check);

	cr_expect_eq(check_list_status(&list), EX_OK);
	cr_expect_eq(dials.dialled, 3);
	cr_expect_str_eq(dials.hosts[2], "192.0.2.3");
	cr_expect_eq(count(&list, "connect", CHECK_OK), 3);
	cr_expect_str_eq(list.items[0].what, "192.0.2.1, 192.0.2.2, 192.0.2.3");
	house_close(house);
}

Test(check_server, forgives_an_address_that_does_not_answer_beside_one_that_does)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { NULL, GOOD }, .address_count = 2 };
	struct check_server check;
	const struct check_list list = look(house, "host a.example\ntls off\n", &dials, &check);

	cr_expect_eq(check_list_status(&list), EX_OK);
	cr_expect_eq(count(&list, "connect", CHECK_WARNING), 1);
	cr_expect_eq(count(&list, "connect", CHECK_OK), 1);
	house_close(house);
}

Test(check_server, forgives_none_when_none_answers)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { NULL, NULL }, .address_count = 2 };
	struct check_server check;
	const struct check_list list = look(house, "host a.example\ntls off\n", &dials, &check);

	cr_expect_eq(check_list_status(&list), EX_TEMPFAIL);
	cr_expect_eq(count(&list, "connect", CHECK_FAILURE), 2);
	house_close(house);
}

Test(check_server, tries_so_many_addresses_and_counts_the_rest)
{
	struct house *house = house_open();
	struct dials dials = { .address_count = 30 };
	struct check_server check;
	const struct check_list list = look(house, "host a.example\ntls off\n", &dials, &check);

	cr_expect_eq(dials.dialled, CHECK_SERVER_ADDRESSES_MAX);
	cr_expect_eq(count(&list, "connect", CHECK_NOTE), 1);
	house_close(house);
}

Test(check_server, tells_of_a_name_that_does_not_exist)
{
	struct house *house = house_open();
	struct dials dials = { 0 };
	struct check_server check;
	const struct check_list list = look(house, "host a.example\ntls off\n", &dials, &check);

	cr_expect_eq(check_list_status(&list), EX_NOHOST);
	cr_expect_eq(count(&list, "dns", CHECK_FAILURE), 1);
	cr_expect_eq(dials.dialled, 0);
	house_close(house);
}

Test(check_server, asks_nobody_about_what_needs_no_name_server)
{
	static const char *const rows[] = { "host 192.0.2.7\ntls off\n",
		"host a.example\nproxy_host p.example\ntls off\n", "socket /run/x\ntls off\n" };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		struct dials dials = { .transcripts = { GOOD } };
		struct check_server check;
		const struct check_list list = look(house, rows[i], &dials, &check);

		cr_expect_eq(check_list_status(&list), EX_OK, "%s", rows[i]);
		cr_expect_eq(count(&list, "dns", CHECK_OK), 0, "%s", rows[i]);
		cr_expect_eq(dials.dialled, 1, "%s", rows[i]);
		house_close(house);
	}
}

Test(check_server, goes_to_the_servers_that_dns_names)
{
	struct house *house = house_open();
	struct dials dials = { .address_count = 1,
		.service = { .count = 2,
		    .items = { { .host = "b.example", .port = 587 },
			{ .host = "c.example", .port = 588 } } } };
	struct check_server check;
	const struct check_list list = look(house, "host srv:a.example\n", &dials, &check);

	cr_expect_eq(dials.dialled, 2);
	cr_expect_str_eq(list.items[0].subject, "srv:a.example");
	cr_expect_str_eq(list.items[0].what, "names b.example:587, c.example:588");
	cr_expect_eq(dials.ports[1], 588);
	house_close(house);
}

Test(check_server, goes_on_without_a_password_that_cannot_be_read)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { GREET "C: QUIT\n" }, .address_count = 1 };
	struct check_server check;
	const struct check_list list = look(
	    house, "host a.example\ntls off\nuser u\npasswordfile %s/none\n", &dials, &check);

	cr_expect_eq(count(&list, "password", CHECK_FAILURE), 1);
	cr_expect_eq(count(&list, "login", CHECK_FAILURE), 0);
	cr_expect_eq(count(&list, "greeting", CHECK_OK), 1);
	cr_expect_eq(check_list_status(&list), EX_CONFIG);
	house_close(house);
}

Test(check_server, goes_to_no_server_twice)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { GOOD, GOOD }, .address_count = 1 };
	struct check_server check;

	(void)house_file(house, "transport",
	    "a.example smtp:one:25,two:25\nb.example smtp:two:25\nc.example relay:one:25\n");
	house_arguments(house, "x@a.example x@b.example x@c.example");
	(void)look(house, "tls off\ntransport %s/transport\n", &dials, &check);
	cr_expect_eq(dials.dialled, 2);
	cr_expect_eq(check.left_out, 0);
	house_close(house);
}
