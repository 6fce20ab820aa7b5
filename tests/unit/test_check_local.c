/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "flow/check_local.h"
#include "tests/support/house.h"

static const struct check_finding *
only(const struct check_list *list)
{
	cr_assert_eq(list->count, 1);
	return &list->items[0];
}

/* The account of a relayrc. */
static const struct account *
account_of(struct house *house, const char *relayrc)
{
	(void)house_relayrc(house, relayrc);
	cr_assert(house_plan(house), "%s", house->why.what);
	return house->plan.account;
}

Test(check_local, knows_when_a_clock_cannot_be_right)
{
	static const struct {
		int64_t now;
		enum check_result result;
	} rows[] = {
		{ 0, CHECK_FAILURE },
		{ -1, CHECK_FAILURE },
		{ 86400 * 365, CHECK_FAILURE },
		{ 1767225599, CHECK_FAILURE },
		{ 1767225600, CHECK_OK },
		{ 1795348800, CHECK_OK },
		{ INT64_C(4102444800), CHECK_FAILURE },
		{ INT64_MAX, CHECK_FAILURE },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct environment environment = { .now = rows[i].now };
		struct arena *arena = arena_open();
		struct check_list list = check_list_open(arena);

		check_local_clock(&list, &environment);
		cr_expect_eq(only(&list)->result, rows[i].result, "%zu", i);
		cr_expect_eq(only(&list)->hint[0] == '\0', rows[i].result == CHECK_OK, "%zu", i);
		arena_close(arena);
	}
}

Test(check_local, tells_of_the_log_file)
{
	struct house *house = house_open();
	struct check_list list = check_list_open(house->arena);

	check_local_log(&list, account_of(house, "host a\n"));
	cr_expect_eq(list.count, 0);
	check_local_log(&list, account_of(house, "host a\nlogfile %s/log\n"));
	cr_expect_eq(only(&list)->result, CHECK_OK);
	list.count = 0;
	check_local_log(&list, account_of(house, "host a\nlogfile %s/none/log\n"));
	cr_expect_eq(only(&list)->result, CHECK_WARNING);
	cr_expect_neq(only(&list)->hint[0], '\0');
	house_close(house);
}

Test(check_local, tells_of_the_queue_to_who_wants_one)
{
	struct house *house = house_open();
	struct check_list list = check_list_open(house->arena);

	check_local_queue(&list, account_of(house, "host a\n"));
	check_local_queue(&list, account_of(house, "host a\nqueue off\n"));
	cr_expect_eq(list.count, 0);
	check_local_queue(&list, account_of(house, "host a\nqueue on\n"));
	cr_expect_eq(only(&list)->result, CHECK_WARNING);
	house_close(house);
}

static const struct check_finding *
find(const struct check_list *list, enum check_result result, const char *part)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].result == result && strstr(list->items[i].what, part) != NULL)
			return &list->items[i];
	return NULL;
}

Test(check_local, tells_of_each_table_and_its_rows)
{
	struct house *house = house_open();
	struct check_list list = check_list_open(house->arena);

	(void)house_file(house, "transport", "a.example smtp:one\nb.example smtp:\n");
	(void)house_file(house, "generic", "root a@b.example\nlonely\n");
	house->invocation.config_file = house_relayrc(
	    house, "host a\ntransport %s/transport\ngeneric %s/generic\n");
	check_local_tables(&list, &house->invocation, &house->environment);
	cr_expect_not_null(find(&list, CHECK_OK, "/transport, 2 rows"));
	cr_expect_not_null(find(&list, CHECK_FAILURE, "/transport:2: "));
	cr_expect_eq(find(&list, CHECK_FAILURE, "/transport:2: ")->code, EX_CONFIG);
	cr_expect_null(find(&list, CHECK_OK, "nothing to build"));
	cr_expect(find(&list, CHECK_FAILURE, "/generic:2: ") != NULL
	    || find(&list, CHECK_WARNING, "/generic:2: ") != NULL);
	house_close(house);
}
