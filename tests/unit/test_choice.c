/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "flow/choice.h"
#include "tests/support/house.h"

#define ACCOUNTS \
	"defaults\nmaildomain client.example\naccount one\nhost one.example\nfrom me@one.example\n" \
	"account two\nhost two.example\nfrom *@two.example\naccount default : one\n"

static const char *
chosen(struct house *house, const char *arguments)
{
	(void)house_relayrc(house, ACCOUNTS);
	house_arguments(house, arguments);
	cr_assert(house_plan(house), "%s: %s", arguments, house->why.what);
	return account_text(house->plan.account, SETTING_HOST);
}

Test(choice, takes_the_account_that_is_named)
{
	struct house *house = house_open();

	cr_assert_str_eq(chosen(house, "-a two x@y.example"), "two.example");
	house_close(house);
}

Test(choice, takes_the_account_whose_from_matches)
{
	struct house *house = house_open();

	cr_assert_str_eq(chosen(house, "-f anybody@two.example x@y.example"), "two.example");
	house_close(house);
}

Test(choice, falls_back_to_the_default)
{
	struct house *house = house_open();

	cr_assert_str_eq(chosen(house, "-f nobody@three.example x@y.example"), "one.example");
	house_close(house);
}

Test(choice, does_not_read_accounts_for_host)
{
	struct house *house = house_open();

	cr_assert_str_eq(chosen(house, "--host=three.example x@y.example"), "three.example");
	cr_assert_str_eq(house->plan.chosen_by, "--host was given");
	house_close(house);
}

Test(choice, names_the_known_accounts_when_there_is_none_of_that_name)
{
	struct house *house = house_open();

	(void)house_relayrc(house, ACCOUNTS);
	house_arguments(house, "-a three x@y.example");
	cr_assert_not(house_plan(house));
	cr_assert_eq(house->why.code, EX_CONFIG);
	cr_assert_str_eq(house->why.what, "there is no account 'three'");
	cr_assert_not_null(strstr(house->why.hint, "one, two"), "%s", house->why.hint);
	cr_assert_not_null(
	    strstr(house->why.hint, "/relayrc (no such file)"), "%s", house->why.hint);
	house_close(house);
}

Test(choice, tells_every_path_that_was_tried)
{
	struct house *house = house_open();

	cr_assert_not(house_plan(house));
	cr_assert_eq(house->why.code, EX_CONFIG);
	cr_assert_not_null(strstr(house->why.hint, ".relayrc"), "%s", house->why.hint);
	cr_assert_not_null(strstr(house->why.hint, "relay/config"), "%s", house->why.hint);
	house_close(house);
}

Test(choice, sends_by_the_systems_transport_table_alone)
{
	struct house *house = house_open();

	cr_assert_eq(mkdir(arena_print(house->arena, "%s/relay", house->directory), 0700), 0);
	(void)house_file(house, "relay/transport", "* smtp:hub.example\n");
	house_arguments(house, "x@y.example");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_str_eq(house->plan.routes.items[0].hops[0].server.host, "hub.example");
	house_close(house);
}

Test(choice, keeps_the_systems_transport_table_from_a_users_account)
{
	struct house *house = house_open();

	cr_assert_eq(mkdir(arena_print(house->arena, "%s/relay", house->directory), 0700), 0);
	(void)house_file(house, "relay/transport", "* smtp:hub.example\n");
	cr_assert_str_eq(chosen(house, "-a two x@y.example"), "two.example");
	cr_assert_str_eq(house->plan.routes.items[0].hops[0].server.host, "two.example");
	house_close(house);
}

Test(choice, uses_smtpserver_and_email_when_no_account_is_there)
{
	struct house *house = house_open();

	house->environment.smtp_server = "env.example";
	house->environment.email = "me@env.example";
	house_arguments(house, "x@y.example");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_str_eq(house->plan.routes.items[0].hops[0].server.host, "env.example");
	cr_assert_str_eq(address_format(house->plan.sender, house->arena).bytes, "me@env.example");
	house_close(house);
}
