/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_cdb.h"

#include "tests/support/shelf.h"

#ifdef HAVE_TINYCDB

#include <cdb.h>

#include "base/buffer.h"
#include "base/file.h"
#include "table/table.h"
#include "table/table_keys.h"

#define INDEX_BYTES 2048
#define MANY 3000

struct row {
	const char *key;
	const char *value;
};

static const struct row few[] = {
	{ "root", "me@isp.example" },
	{ "@dom.test", "@isp.example" },
	{ "*", "smtp:h:587" },
	{ "root", "second@isp.example" },
};

#define FEW (sizeof few / sizeof *few)

/* Makes a table; with `tail` 1 a NUL stands behind every key and value. */
static const char *
compiled(struct shelf *shelf, const struct row *rows, size_t count, unsigned tail)
{
	const char *path = shelf_path(shelf, "table.cdb");
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct cdb_make make;

	cr_assert_geq(fd, 0);
	cr_assert_eq(cdb_make_start(&make, fd), 0);
	for (size_t i = 0; i < count; i++)
		cr_assert_eq(cdb_make_add(&make, rows[i].key, (unsigned)strlen(rows[i].key) + tail,
				 rows[i].value, (unsigned)strlen(rows[i].value) + tail),
		    0);
	cr_assert_eq(cdb_make_finish(&make), 0);
	cr_assert_eq(close(fd), 0);
	return path;
}

/* One row whose value holds any bytes. */
static const char *
compiled_bytes(struct shelf *shelf, const char *key, const void *value, size_t length)
{
	const char *path = shelf_path(shelf, "table.cdb");
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct cdb_make make;

	cr_assert_geq(fd, 0);
	cr_assert_eq(cdb_make_start(&make, fd), 0);
	cr_assert_eq(cdb_make_add(&make, key, (unsigned)strlen(key), value, (unsigned)length), 0);
	cr_assert_eq(cdb_make_finish(&make), 0);
	cr_assert_eq(close(fd), 0);
	return path;
}

/* The value, "none", or "!" and the sentence; an open file. */
static const char *
asked(struct shelf *shelf, struct table_cdb *cdb, const char *key)
{
	struct text value;
	bool found;

	if (!table_cdb_find(cdb, text_of(key), &value, &found, &shelf->why))
		return arena_print(shelf->arena, "!%s", shelf->why.what);
	return found ? text_string(value, shelf->arena) : "none";
}

/* The same for a path. */
static const char *
looked_up(struct shelf *shelf, const char *path, const char *key)
{
	struct table_cdb *cdb;
	const char *answer;

	if (!table_cdb_open(path, false, &cdb, &shelf->why))
		return arena_print(shelf->arena, "!%s", shelf->why.what);
	answer = asked(shelf, cdb, key);
	table_cdb_close(cdb);
	return answer;
}

Test(table_cdb, finds_rows_with_and_without_a_nul_behind_them)
{
	static const struct row cases[] = {
		{ "root", "me@isp.example" },
		{ "@dom.test", "@isp.example" },
		{ "*", "smtp:h:587" },
		{ "roo", "none" },
		{ "root@", "none" },
		{ "", "none" },
	};

	for (unsigned tail = 0; tail < 2; tail++) {
		struct shelf *shelf = shelf_open();
		const char *path = compiled(shelf, few, FEW, tail);

		for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
			cr_expect_str_eq(looked_up(shelf, path, cases[i].key), cases[i].value,
			    "tail %u '%s': %s", tail, cases[i].key,
			    looked_up(shelf, path, cases[i].key));
		shelf_close(shelf);
	}
}

Test(table_cdb, finds_every_one_of_many_rows)
{
	struct shelf *shelf = shelf_open();
	struct row *rows = arena_array(shelf->arena, MANY, sizeof *rows);
	struct table_cdb *cdb;

	for (size_t i = 0; i < MANY; i++)
		rows[i].key = rows[i].value = arena_print(
		    shelf->arena, "user%zu@dom.test", i * 7919);
	cr_assert(table_cdb_open(compiled(shelf, rows, MANY, 0), false, &cdb, &shelf->why));
	for (size_t i = 0; i < MANY; i++)
		cr_assert_str_eq(asked(shelf, cdb, rows[i].key), rows[i].value);
	cr_expect_str_eq(asked(shelf, cdb, "user1@dom.test"), "none");
	table_cdb_close(cdb);
	shelf_close(shelf);
}

Test(table_cdb, refuses_a_value_that_no_text_could_hold)
{
	static const struct {
		const char *label;
		const char *value;
		size_t length;
		const char *answer;
	} cases[] = {
		{ "blanks around", " a@b\t", 5, "a@b" },
		{ "a NUL behind", "a@b", 4, "a@b" },
		{ "two NULs behind", "a@b\0", 5, "!the row for 'root': holds a NUL byte" },
		{ "a NUL inside", "a\0b", 3, "!the row for 'root': holds a NUL byte" },
		{ "empty", "", 0, "!the row for 'root': a key without a value" },
		{ "a NUL alone", "", 1, "!the row for 'root': a key without a value" },
		{ "blank", "  ", 2, "!the row for 'root': a key without a value" },
		{ "not UTF-8", "\xff@b", 3, "!the row for 'root': is not valid UTF-8" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();
		const char *path = compiled_bytes(shelf, "root", cases[i].value, cases[i].length);
		const char *answer = looked_up(shelf, path, "root");

		cr_expect_str_eq(answer, cases[i].answer, "%s: %s", cases[i].label, answer);
		if (answer[0] == '!') {
			cr_expect_eq(shelf->why.code, EX_CONFIG, "%s", cases[i].label);
			cr_expect_str_eq(shelf->why.where, path, "%s", cases[i].label);
		}
		shelf_close(shelf);
	}
}

Test(table_cdb, refuses_a_value_that_is_too_long)
{
	struct shelf *shelf = shelf_open();
	char *value = arena_zero(shelf->arena, TABLE_LINE_MAX + 2);

	memset(value, 'x', TABLE_LINE_MAX + 2);
	cr_expect_str_eq(
	    looked_up(shelf, compiled_bytes(shelf, "root", value, TABLE_LINE_MAX + 2), "root"),
	    "!the row for 'root': the value is too long");
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_eq(
	    strlen(looked_up(shelf, compiled_bytes(shelf, "root", value, TABLE_LINE_MAX), "root")),
	    TABLE_LINE_MAX);
	shelf_close(shelf);
}

Test(table_cdb, refuses_a_file_that_was_cut_anywhere)
{
	struct shelf *shelf = shelf_open();
	const char *path = compiled(shelf, few, FEW, 0);
	struct text whole;

	cr_assert(file_read(path, 1 << 20, shelf->arena, &whole, NULL, &shelf->why));
	for (size_t length = 0; length < whole.length; length++) {
		struct table_cdb *cdb;
		bool opened = table_cdb_open(
		    shelf_bytes(shelf, "cut", whole.bytes, length), false, &cdb, &shelf->why);

		cr_assert(!opened, "cut to %zu of %zu bytes", length, whole.length);
		cr_assert_eq(shelf->why.code, EX_TEMPFAIL);
		cr_assert(shelf->why.temporary && shelf->why.hint[0] != '\0');
	}
	shelf_close(shelf);
}

/* A map of the file would end the process here. */
Test(table_cdb, survives_a_file_that_is_cut_while_open)
{
	struct shelf *shelf = shelf_open();
	const char *path = compiled(shelf, few, FEW, 0);
	struct table_cdb *cdb;

	cr_assert(table_cdb_open(path, false, &cdb, &shelf->why));
	cr_expect_str_eq(asked(shelf, cdb, "root"), "me@isp.example");
	cr_assert_eq(truncate(path, INDEX_BYTES + 4), 0);
	cr_expect_str_eq(asked(shelf, cdb, "root"), "!the compiled table is damaged, or is none");
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	cr_expect_str_eq(shelf->why.where, path);
	table_cdb_close(cdb);
	shelf_close(shelf);
}

Test(table_cdb, survives_every_flipped_bit)
{
	struct shelf *shelf = shelf_open();
	const char *path = compiled(shelf, few, FEW, 0);
	struct text whole;
	size_t refused = 0;

	cr_assert(file_read(path, 1 << 20, shelf->arena, &whole, NULL, &shelf->why));
	for (size_t bit = 0; bit < whole.length * 8; bit++) {
		char *bytes = arena_copy(shelf->arena, whole.bytes, whole.length);
		struct table_cdb *cdb;

		bytes[bit / 8] ^= (char)(1 << bit % 8);
		if (!table_cdb_open(shelf_bytes(shelf, "flipped", bytes, whole.length), false, &cdb,
			&shelf->why)) {
			cr_assert_eq(shelf->why.code, EX_TEMPFAIL, "bit %zu", bit);
			refused++;
			continue;
		}
		for (size_t i = 0; i < FEW; i++)
			cr_assert_lt(strlen(asked(shelf, cdb, few[i].key)), 100, "bit %zu", bit);
		(void)asked(shelf, cdb, "nobody@dom.test");
		table_cdb_close(cdb);
	}
	/* The places and sizes of tables that hold rows, at least their high bits. */
	cr_expect_gt(refused, 64);
	shelf_close(shelf);
}

Test(table_cdb, ends_its_search_in_a_table_without_a_free_slot)
{
	struct shelf *shelf = shelf_open();
	const char *path = compiled(shelf, few, 1, 0);
	unsigned table = cdb_hash("root", 4) & 0xff;
	struct text whole;
	char *bytes;

	cr_assert(file_read(path, 1 << 20, shelf->arena, &whole, NULL, &shelf->why));
	/* Two slots of the same row: every key of this table runs through both. */
	bytes = arena_copy(shelf->arena, whole.bytes, whole.length);
	if (memcmp(bytes + whole.length - 16, "\0\0\0\0\0\0\0", 8) == 0)
		memcpy(bytes + whole.length - 16, bytes + whole.length - 8, 8);
	else
		memcpy(bytes + whole.length - 8, bytes + whole.length - 16, 8);
	path = shelf_bytes(shelf, "full", bytes, whole.length);
	for (size_t i = 0; i < MANY; i++) {
		const char *key = arena_print(shelf->arena, "key%zu", i);

		if ((cdb_hash(key, (unsigned)strlen(key)) & 0xff) == table)
			cr_assert_str_eq(looked_up(shelf, path, key), "none");
	}
	cr_expect_str_eq(looked_up(shelf, path, "root"), "me@isp.example");
	shelf_close(shelf);
}

Test(table_cdb, refuses_a_text)
{
	struct shelf *shelf = shelf_open();
	struct buffer text = buffer_open(0);

	for (size_t i = 0; i < 1000; i++)
		(void)buffer_print(&text, "user%zu@dom.test name%zu@isp.example\n", i, i);
	cr_expect_str_eq(
	    looked_up(shelf, shelf_bytes(shelf, "text", text.bytes, text.length), "user1@dom.test"),
	    "!the compiled table is damaged, or is none");
	buffer_close(&text);
	shelf_close(shelf);
}

Test(table_cdb, is_not_empty_when_it_cannot_be_read)
{
	/* F199, F203 */
	struct shelf *shelf = shelf_open();
	const char *fifo = shelf_path(shelf, "fifo");
	struct table_cdb *cdb;

	cr_assert(!table_cdb_open(shelf_path(shelf, "missing"), false, &cdb, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_TEMPFAIL);
	cr_expect(shelf->why.temporary);
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	cr_assert(!table_cdb_open(fifo, false, &cdb, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_str_eq(shelf->why.where, fifo);
	cr_assert(!table_cdb_open(shelf->directory, false, &cdb, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	shelf_close(shelf);
}

Test(table_cdb, keeps_secrets_as_a_text_does)
{
	/* F99, and F202: the file that a link leads to is the one that is judged. */
	struct shelf *shelf = shelf_open();
	const char *path = compiled(shelf, few, FEW, 0);
	const char *link = shelf_path(shelf, "link");
	struct table_cdb *cdb;

	cr_assert(table_cdb_open(path, true, &cdb, &shelf->why), "%s", shelf->why.what);
	table_cdb_close(cdb);
	cr_assert_eq(chmod(path, 0644), 0);
	cr_assert_eq(symlink(path, link), 0);
	cr_assert(!table_cdb_open(link, true, &cdb, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_not_null(strstr(shelf->why.hint, "chmod"));
	cr_assert(table_cdb_open(link, false, &cdb, &shelf->why));
	table_cdb_close(cdb);
	shelf_close(shelf);
}

/* F201: as a text is. */
Test(table_cdb, refuses_what_everybody_may_write)
{
	struct shelf *shelf = shelf_open();
	const char *path = compiled(shelf, few, FEW, 0);
	struct table_cdb *cdb;

	cr_assert_eq(chmod(path, 0646), 0);
	cr_assert_not(table_cdb_open(path, false, &cdb, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_eq(shelf->why.stage, FAILURE_TABLE);
	cr_expect_str_eq(shelf->why.where, path);
	cr_assert_eq(chmod(path, 0664), 0);
	cr_assert(table_cdb_open(path, false, &cdb, &shelf->why), "%s", shelf->why.what);
	table_cdb_close(cdb);
	shelf_close(shelf);
}

/* F200: each step of generic and each level of aliases opened it anew. */
Test(table_cdb, stays_open_from_pass_to_pass)
{
	struct shelf *shelf = shelf_open();
	const char *path = compiled(shelf, few, FEW, 1);
	const char *name = arena_print(shelf->arena, "cdb:%s", path);
	struct table_keys_file file = { 0 };
	int watch = shelf_watch(path);

	for (size_t pass = 0; pass < 3; pass++) {
		struct table_keys keys = table_keys_open(shelf->arena);

		(void)table_keys_add(&keys, text_of("root"));
		cr_assert(table_keys_search_again(&keys, name, &file, &shelf->why), "pass %zu: %s",
		    pass, shelf->why.what);
		cr_expect(keys.items[0].found, "pass %zu", pass);
		table_keys_close(&keys);
		if (pass == 0)
			cr_assert_eq(unlink(path), 0);
	}
	table_keys_file_close(&file);
	cr_expect_eq(shelf_openings(watch), 1);
	shelf_close(shelf);
}

Test(table_cdb, answers_all_keys_of_a_search)
{
	struct shelf *shelf = shelf_open();
	struct table_keys keys = table_keys_open(shelf->arena);
	const char *path = compiled(shelf, few, FEW, 1);
	size_t root = table_keys_add(&keys, text_of("ROOT"));
	size_t nobody = table_keys_add(&keys, text_of("nobody"));
	size_t star = table_keys_add(&keys, text_of("*"));
	struct table_cdb *cdb = NULL;

	cr_assert(table_cdb_search(&keys, path, &cdb, &shelf->why), "%s", shelf->why.what);
	cr_expect(keys.items[root].found && text_is(keys.items[root].value, "me@isp.example"));
	cr_expect(keys.items[star].found && text_is(keys.items[star].value, "smtp:h:587"));
	cr_expect(!keys.items[nobody].found);
	cr_expect_eq(keys.items[root].line, 0);
	table_cdb_close(cdb);
	table_keys_close(&keys);
	shelf_close(shelf);
}

static void
set_time(const char *path, time_t seconds)
{
	const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

	cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

Test(table_cdb, names_the_text_that_was_changed_since)
{
	struct shelf *shelf = shelf_open();
	const char *path = compiled(shelf, few, FEW, 0);
	const char *text;

	cr_expect_null(table_cdb_newer_text(path, shelf->arena));
	text = shelf_file(shelf, "table", "root me@isp.example\n");
	set_time(path, 1000);
	set_time(text, 1000);
	cr_expect_null(table_cdb_newer_text(path, shelf->arena));
	set_time(text, 1001);
	cr_expect_str_eq(table_cdb_newer_text(path, shelf->arena), text);
	shelf_close(shelf);
}

#else

Test(table_cdb, says_that_it_was_not_built_in)
{
	struct shelf *shelf = shelf_open();
	struct table_cdb *cdb;

	cr_expect(!table_cdb_is_supported());
	cr_assert(!table_cdb_open("/table.cdb", false, &cdb, &shelf->why));
	cr_expect_eq(shelf->why.code, EX_CONFIG);
	cr_expect_not_null(strstr(shelf->why.what, "built without tinycdb"));
	cr_expect_str_eq(shelf->why.where, "/table.cdb");
	shelf_close(shelf);
}

#endif
