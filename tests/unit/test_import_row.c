/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_row.h"

#include "tests/support/imported.h"

static struct imported *imported;

static void
open_imported(void)
{
	imported = imported_open();
}

static void
close_imported(void)
{
	imported_close(imported);
}

TestSuite(import_row, .init = open_imported, .fini = close_imported);

static void
add(struct import_entries *entries, const char *name, const char *value)
{
	struct import_entry entry = {
		.name = text_of(name), .value = text_of(value), .place = imported->place
	};

	cr_assert(import_row_add(entries, &entry, imported->shelf->arena, &imported->shelf->why));
}

static void
write_loud(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)entry;
	import_writer_comment(writer, "%s", (const char *)data);
}

static const struct import_row row_table[] = {
	{ .name = "Name", .act = IMPORT_ROW_TEXT, .setting = SETTING_USER },
	{ .name = "Once", .act = IMPORT_ROW_TEXT, .setting = SETTING_PASSWORD, .first = true },
	{ .name = "Host", .act = IMPORT_ROW_EXACT, .setting = SETTING_DOMAIN },
	{ .name = "Table", .act = IMPORT_ROW_FILE, .setting = SETTING_GENERIC },
	{ .name = "Call", .act = IMPORT_ROW_CALL, .write = write_loud },
	{ .name = "Apart", .act = IMPORT_ROW_APART },
	{ .name = "Lost", .act = IMPORT_ROW_LOST, .reason = "no reason" },
	{ .name = "Idle", .act = IMPORT_ROW_IDLE },
	{ .name = "x_*", .act = IMPORT_ROW_IDLE },
};

static const struct import_rows rows = { row_table, sizeof row_table / sizeof row_table[0],
	"nobody knows it", "Idle ones" };

Test(import_row, acts_as_the_row_says)
{
	struct import_entries entries = { 0 };

	add(&entries, "Name", "joe");
	add(&entries, "Host", "50%");
	add(&entries, "Table", "/dev/null");
	add(&entries, "Call", "");
	add(&entries, "Apart", "");
	add(&entries, "Lost", "");
	add(&entries, "Idle", "");
	add(&entries, "x_one", "");
	add(&entries, "x_two", "");
	import_row_write(&rows, &entries, "called", &imported->writer);
	cr_assert_str_eq(imported_settings(imported), "user joe|domain 50%%|generic /dev/null");
	cr_assert_not_null(strstr(imported_output(imported), "# called\n"));
	cr_assert_not_null(strstr(imported_output(imported), "# Idle ones: Idle, x_one, x_two\n"));
	cr_assert_str_eq(
	    imported_complaints(imported), "relay: file:7: 'Lost' is not kept: no reason\n");
}

Test(import_row, takes_the_line_that_counts)
{
	struct import_entries entries = { 0 };

	add(&entries, "Name", "early");
	add(&entries, "Once", "first");
	add(&entries, "Name", "late");
	add(&entries, "Once", "second");
	import_row_write(&rows, &entries, NULL, &imported->writer);
	cr_assert_str_eq(imported_settings(imported), "password first|user late");
}

/* It may be the second word of a password. */
Test(import_row, does_not_show_an_unknown_word_in_complaints)
{
	struct import_entries entries = { 0 };

	add(&entries, "hunter2", "x");
	import_row_write(&rows, &entries, NULL, &imported->writer);
	cr_assert_str_eq(
	    imported_complaints(imported), "relay: file:7: not kept: nobody knows it\n");
}

Test(import_row, folds_letters_when_the_program_does)
{
	struct import_entries entries = { .fold = true };

	add(&entries, "nAmE", "joe");
	cr_assert_not_null(import_row_last(&entries, "Name"));
	import_row_write(&rows, &entries, NULL, &imported->writer);
	cr_assert_str_eq(imported_settings(imported), "user joe");
	entries.fold = false;
	cr_assert_null(import_row_last(&entries, "Name"));
}

Test(import_row, loses_a_broken_value)
{
	struct import_entries entries = { 0 };

	add(&entries, "Name", "$x");
	entries.items[0].broken = true;
	import_row_write(&rows, &entries, NULL, &imported->writer);
	cr_assert_str_eq(imported_settings(imported), "");
	cr_assert_not_null(strstr(imported_complaints(imported), "'Name' is not kept"));
}

Test(import_row, has_an_end)
{
	struct import_entries entries = { 0 };
	struct import_entry entry = { .name = text_of("a"), .place = imported->place };

	for (size_t i = 0; i < IMPORT_ROW_ENTRIES_MAX; i++)
		add(&entries, "a", "");
	cr_assert(!import_row_add(&entries, &entry, imported->shelf->arena, &imported->shelf->why));
	cr_assert_eq(imported->shelf->why.code, EX_CONFIG);
	cr_assert_str_eq(imported->shelf->why.where, "file:7");
}
