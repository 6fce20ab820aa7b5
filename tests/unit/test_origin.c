/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "flow/origin.h"
#include "tests/support/house.h"

static struct completion
completion_of(struct house *house, const char *relayrc)
{
	(void)house_relayrc(house, relayrc);
	cr_assert(house_plan(house), "%s", house->why.what);
	return origin_completion(house->plan.account, &house->environment, house->arena);
}

Test(origin, is_the_machines_mail_domain_by_default)
{
	struct house *house = house_open();
	struct completion completion = completion_of(house, "host h\n");

	cr_assert(text_is(completion.domain, "client.example"));
	cr_assert(completion_is_local(&completion, text_of("client.example")));
	cr_assert(completion_is_local(&completion, text_of("localhost")));
	cr_assert(completion_is_local(&completion, text_of("localhost.client.example")));
	cr_assert_not(completion_is_local(&completion, text_of("other.example")));
	house_close(house);
}

Test(origin, is_maildomain_when_that_is_set)
{
	struct house *house = house_open();
	struct completion completion = completion_of(house, "host h\nmaildomain my.example\n");

	cr_assert(text_is(completion.domain, "my.example"));
	cr_assert(completion_is_local(&completion, text_of("my.example")));
	cr_assert(completion_is_local(&completion, text_of("client.example")), "the host's name");
	house_close(house);
}

Test(origin, takes_only_the_local_domains_that_are_named)
{
	struct house *house = house_open();
	struct completion completion = completion_of(
	    house, "host h\nlocal_domains a.example b.example\n");

	cr_assert(completion_is_local(&completion, text_of("b.example")));
	cr_assert_not(completion_is_local(&completion, text_of("client.example")));
	house_close(house);
}

Test(origin, splits_extensions_only_when_a_delimiter_is_set)
{
	struct house *house = house_open();

	cr_assert_null(completion_of(house, "host h\n").delimiters);
	cr_assert_str_eq(completion_of(house, "host h\nrecipient_delimiter +\n").delimiters, "+");
	house_close(house);
}

Test(origin, keeps_every_local_domain_that_is_named)
{
	struct house *house = house_open();
	struct completion completion = completion_of(
	    house, "host h\nlocal_domains a.example [127.0.0.1] A.example\n");

	cr_assert_eq(completion.local_count, 2);
	cr_assert(text_is(completion.local_domains[1], "[127.0.0.1]"));
	house_close(house);
}

Test(origin, does_without_a_proper_name_of_the_machine)
{
	static const struct {
		const char *mailname;
		const char *domain;
	} rows[] = { { "(none)", "localhost" }, { "host.example.", "host.example" } };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		struct completion completion;

		house->environment.mailname = rows[i].mailname;
		completion = completion_of(house, "host h\n");
		cr_assert(text_is(completion.domain, rows[i].domain), "%s", rows[i].mailname);
		house_close(house);
	}
}

Test(origin, tells_where_the_domain_comes_from)
{
	struct house *house = house_open();

	(void)completion_of(house, "host h\n");
	cr_assert_str_eq(
	    origin_source(house->plan.account, &house->environment, house->arena), "/etc/mailname");
	house->environment.mailname = NULL;
	cr_assert_str_eq(origin_source(house->plan.account, &house->environment, house->arena),
	    "the host's name");
	(void)completion_of(house, "host h\nmaildomain a.example\n");
	cr_assert_not_null(
	    strstr(origin_source(house->plan.account, &house->environment, house->arena),
		"relayrc.user:2"));
	house_close(house);
}
