/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_seen.h"

#include "tests/support/shelf.h"

Test(table_seen, knows_the_line_of_every_key)
{
	struct table_seen seen = table_seen_open();
	char key[32];

	cr_expect_eq(table_seen_find(&seen, text_of("k1")), 0);
	for (size_t i = 1; i <= 5000; i++) {
		(void)snprintf(key, sizeof key, "k%zu", i);
		cr_assert_eq(table_seen_add(&seen, text_of(key), i), 0);
	}
	for (size_t i = 1; i <= 5000; i++) {
		(void)snprintf(key, sizeof key, "K%zu", i);
		cr_assert_eq(table_seen_find(&seen, text_of(key)), i);
	}
	cr_expect_eq(table_seen_find(&seen, text_of("k0")), 0);
	cr_expect_eq(table_seen_find(&seen, text_of("k")), 0);
	table_seen_close(&seen);
	cr_expect_eq(table_seen_find(&seen, text_of("k1")), 0);
	table_seen_close(&seen);
}

Test(table_seen, keeps_the_first_of_equal_keys)
{
	struct table_seen seen = table_seen_open();

	cr_assert_eq(table_seen_add(&seen, text_of("J\xc3\x96RG"), 3), 0);
	cr_assert_eq(table_seen_add(&seen, text_of("j\xc3\xb6rg"), 7), 3);
	cr_assert_eq(table_seen_find(&seen, text_of("J\xc3\xb6rg")), 3);
	cr_assert_eq(seen.count, 1);
	table_seen_close(&seen);
}

Test(table_seen, warns_of_a_row_that_does_not_count)
{
	struct shelf *shelf = shelf_open();
	struct table_warnings warnings = { .arena = shelf->arena };
	struct table_seen seen = table_seen_open();

	cr_expect(table_seen_row(&seen, text_of("a"), 3, &warnings));
	cr_expect_not(table_seen_row(&seen, text_of("A"), 9, &warnings));
	cr_assert_eq(warnings.count, 1);
	cr_expect_eq(warnings.items[0].line, 9);
	cr_expect_not(warnings.items[0].fault);
	cr_expect_str_eq(
	    warnings.items[0].what, "line 3 has the same key and is the one that counts");
	table_seen_close(&seen);
	shelf_close(shelf);
}
