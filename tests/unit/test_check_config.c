/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "flow/check_config.h"
#include "tests/support/house.h"

static struct check_list list;

static bool
read_rc(struct house *house, const char *relayrc, bool quiet)
{
	list = check_list_open(house->arena);
	house->invocation.config_file = house_relayrc(house, relayrc);
	return check_config_read(
	    &house->invocation, &house->environment, quiet, &list, &house->config);
}

static bool
has(enum check_result result, const char *what, const char *where)
{
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].result == result && strstr(list.items[i].what, what) != NULL
		    && strstr(list.items[i].where, where) != NULL)
			return true;
	return false;
}

Test(check_config, tells_what_was_read_and_what_was_not)
{
	struct house *house = house_open();

	cr_expect(read_rc(house, "host a\n", false));
	cr_expect(has(CHECK_OK, "relayrc.user: read, mode 0600", ""));
	cr_expect(has(CHECK_NOTE, "/relayrc: no such file", ""));
	house_close(house);
}

Test(check_config, tells_whether_the_file_could_hold_a_password)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host a\n");
	cr_assert_eq(chmod(house->environment.home, 0700), 0);
	cr_assert(read_rc(house, "host a\n", false));
	cr_assert_eq(chmod(house->invocation.config_file, 0644), 0);
	list = check_list_open(house->arena);
	cr_expect(check_config_read(
	    &house->invocation, &house->environment, false, &list, &house->config));
	cr_expect(has(CHECK_OK, "mode 0644: holds no password", ""));
	house_close(house);
}

Test(check_config, lists_every_fault_and_all_advice)
{
	struct house *house = house_open();

	cr_expect_not(read_rc(house, "host a\nport x\ntls yes\nuser me # it is me\n", false));
	cr_expect(has(CHECK_FAILURE, "", "relayrc.user:2"));
	cr_expect(has(CHECK_FAILURE, "", "relayrc.user:3"));
	cr_expect(has(CHECK_WARNING, "", "relayrc.user:4"));
	cr_expect_eq(check_list_status(&list), EX_CONFIG);
	house_close(house);
}

Test(check_config, judges_what_only_the_network_understands)
{
	struct house *house = house_open();

	cr_expect_not(read_rc(house, "host a\nauth nonsense\naccount b : default\n", false));
	cr_expect(has(CHECK_FAILURE, "nonsense", "relayrc.user:2"));
	cr_expect_eq(check_list_status(&list), EX_CONFIG);
	house_close(house);
}

Test(check_config, keeps_quiet_about_what_is_well)
{
	struct house *house = house_open();

	cr_expect(read_rc(house, "host a\nuser me # it is me\n", true));
	cr_expect_eq(list.count, 0);
	cr_expect_not(read_rc(house, "hosts a\n", true));
	cr_expect(list.count > 0);
	house_close(house);
}

Test(check_config, names_the_other_accounts)
{
	struct house *house = house_open();

	cr_assert(read_rc(house, "host a\naccount b\nhost b\naccount c\nhost c\n", true));
	check_config_others(&list, &house->config, "default");
	cr_expect(has(CHECK_NOTE, ": b c ", ""));
	list.count = 0;
	cr_assert(read_rc(house, "host a\n", true));
	check_config_others(&list, &house->config, "default");
	cr_expect_eq(list.count, 0);
	house_close(house);
}
