/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_warnings.h"

#include "tests/support/shelf.h"

Test(table_warnings, come_in_the_order_of_lines)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct failure why;

	fail(&why, EX_CONFIG, "bad");
	failure_hint(&why, "write good");
	table_warnings_tell(&warnings, 9, false, "number %d", 1);
	table_warnings_fail(&warnings, 2, "is ", &why);
	table_warn(&warnings, 9, "number 2");
	table_warnings_sort(&warnings);
	cr_assert_eq(warnings.count, 3);
	cr_expect_str_eq(warnings.items[0].what, "is bad");
	cr_expect_str_eq(warnings.items[0].hint, "write good");
	cr_expect(warnings.items[0].fault);
	cr_expect_str_eq(warnings.items[1].what, "number 1");
	cr_expect_null(warnings.items[1].hint);
	cr_expect_str_eq(warnings.items[2].what, "number 2");
	cr_expect_eq(warnings.faults, 1);
	cr_expect_eq(warnings.remarks, 2);
	shelf_close(shelf);
}

Test(table_warnings, show_no_control_bytes)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };

	table_warnings_tell(&warnings, 1, true, "a\x1b[31mb");
	cr_expect_str_eq(warnings.items[0].what, "a?[31mb");
	table_warnings_tell(NULL, 1, true, "nobody listens");
	shelf_close(shelf);
}

/* What is not kept is counted, so that a fault behind many warnings still is one. */
Test(table_warnings, are_counted_past_those_that_are_kept)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct failure why;

	fail(&why, EX_CONFIG, "bad");
	failure_hint(&why, "write good");
	for (size_t i = 1; i <= TABLE_WARNINGS_MAX; i++)
		table_warnings_tell(&warnings, i, false, "line %zu", i);
	table_warnings_fail(&warnings, 1, "", &why);
	cr_expect_eq(warnings.count, TABLE_WARNINGS_MAX);
	cr_expect_eq(warnings.faults, 1);
	cr_expect_eq(warnings.remarks, TABLE_WARNINGS_MAX);
	shelf_close(shelf);
}
