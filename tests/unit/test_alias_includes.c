/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_includes.h"

#include "tests/support/shelf.h"

static const struct alias_target *
last_of(struct shelf *shelf, struct alias_includes *includes, const char *value, size_t *count)
{
	struct alias_targets targets = { 0 };

	alias_includes_read(includes, text_of("list"), text_of(value), shelf->arena, &targets);
	*count = targets.count;
	cr_assert_gt(targets.count, 0);
	return &targets.items[targets.count - 1];
}

Test(alias_includes, reads_a_file_once_though_it_includes_itself)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_path(shelf, "list");
	const char *value = arena_print(shelf->arena, ":include:%s", path);
	struct alias_includes includes = { 0 };
	size_t count;

	(void)shelf_file(shelf, "list", arena_print(shelf->arena, "%s\na@x\n", value));
	cr_expect_eq(last_of(shelf, &includes, value, &count)->kind, ALIAS_TARGET_ADDRESS);
	cr_expect_eq(count, 3);
	cr_expect_eq(includes.count, 1);
	cr_expect_eq(last_of(shelf, &includes, value, &count)->kind, ALIAS_TARGET_INCLUDE,
	    "an earlier row has its addresses");
	cr_expect_eq(count, 1);
	shelf_close(shelf);
}

/* F196 */
Test(alias_includes, says_that_there_are_too_many_files)
{
	struct shelf *shelf = shelf_open();
	const char *path = shelf_file(shelf, "list", "a@x\n");
	struct alias_includes includes = { .count = ALIAS_INCLUDES_MAX };
	const struct alias_target *last;
	size_t count;

	for (size_t i = 0; i < includes.count; i++)
		includes.paths[i] = "/other";
	last = last_of(shelf, &includes, arena_print(shelf->arena, ":include:%s", path), &count);
	cr_assert_eq(last->kind, ALIAS_TARGET_BROKEN);
	cr_expect_not_null(strstr(last->what, "more than 100 :include: files"), "%s", last->what);
	shelf_close(shelf);
}

Test(alias_includes, breaks_what_leads_to_nobody)
{
	struct shelf *shelf = shelf_open();
	const char *empty = shelf_file(shelf, "empty", "# nobody\n");
	struct alias_includes includes = { 0 };
	const struct alias_target *last;
	size_t count;

	last = last_of(shelf, &includes, "(nobody)", &count);
	cr_expect_eq(last->kind, ALIAS_TARGET_BROKEN);
	cr_expect_str_eq(last->what, "the alias 'list' names no address");
	last = last_of(shelf, &includes, arena_print(shelf->arena, ":include:%s", empty), &count);
	cr_expect_eq(last->kind, ALIAS_TARGET_BROKEN);
	cr_expect_not_null(strstr(last->what, "holds no address"), "%s", last->what);
	shelf_close(shelf);
}

Test(alias_includes, names_the_line_of_what_is_no_address)
{
	struct shelf *shelf = shelf_open();
	struct alias_target target = { .kind = ALIAS_TARGET_ADDRESS,
		.included = 3,
		.path = "/etc/list",
		.address = { .local = text_of("a"), .domain = text_of("x..y") } };
	struct address address;

	cr_assert_not(alias_includes_address(
	    &target, text_of("list"), &shelf->completion, shelf->arena, &address, &shelf->why));
	cr_expect_not_null(strstr(shelf->why.what, "line 3 of the included file '/etc/list': "),
	    "%s", shelf->why.what);
	shelf_close(shelf);
}
