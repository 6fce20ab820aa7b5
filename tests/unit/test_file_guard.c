/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/file_guard.h"

#include "tests/support/shelf.h"

static struct shelf *shelf;

static void
open_shelf(void)
{
	shelf = shelf_open();
}

static void
close_shelf(void)
{
	shelf_close(shelf);
}

TestSuite(file_guard, .init = open_shelf, .fini = close_shelf);

static bool
guarded(const char *path, enum file_guard guard)
{
	struct stat status;

	cr_assert_eq(stat(path, &status), 0);
	return file_guard_check(path, &status, guard, &shelf->why);
}

/* F201 */
Test(file_guard, judges_modes_of_file_and_directory)
{
	static const struct {
		mode_t file;
		mode_t directory;
		const char *owner; /* NULL: fine; else how the sentence begins */
		const char *group;
	} rows[] = {
		{ 0600, 0700, NULL, NULL },
		{ 0644, 0755, NULL, NULL },
		{ 0664, 0755, "has mode 0664", NULL },
		{ 0646, 0755, "has mode 0646", "has mode 0646" },
		{ 0666, 0755, "has mode 0666", "has mode 0666" },
		{ 0600, 0770, "its directory", NULL },
		{ 0600, 0777, "its directory", "its directory" },
		{ 0600, 01777, NULL, NULL },
		{ 0600, 01770, NULL, NULL },
		{ 0622, 01777, "has mode 0622", "has mode 0622" },
	};
	const char *path = shelf_file(shelf, "file", "x\n");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_assert_eq(chmod(path, rows[i].file), 0);
		cr_assert_eq(chmod(shelf->directory, rows[i].directory), 0);
		for (int guard = FILE_GUARD_OWNER; guard <= FILE_GUARD_GROUP; guard++) {
			const char *what = guard == FILE_GUARD_OWNER ? rows[i].owner
								     : rows[i].group;
			bool good = guarded(path, (enum file_guard)guard);

			cr_expect_eq(good, what == NULL, "row %zu, guard %d", i, guard);
			if (what == NULL || good)
				continue;
			cr_expect_eq(shelf->why.code, EX_CONFIG);
			cr_expect_eq(
			    strncmp(shelf->why.what, what, strlen(what)), 0, "%s", shelf->why.what);
			cr_expect_str_eq(shelf->why.where, path);
			cr_expect_eq(
			    strncmp(shelf->why.hint, "chmod ", 6), 0, "%s", shelf->why.hint);
		}
	}
	cr_assert_eq(chmod(shelf->directory, 0700), 0);
}

/* F201 */
Test(file_guard, judges_owners_of_file_and_directory)
{
	const char *path = shelf_file(shelf, "file", "x\n");

	if (geteuid() != 0)
		cr_skip_test("only root can give a file away");
	cr_assert_eq(chown(path, 12345, 0), 0);
	cr_assert_not(guarded(path, FILE_GUARD_OWNER));
	cr_expect_str_eq(shelf->why.what, "belongs to uid 12345, not to uid 0 or root");
	cr_expect(guarded(path, FILE_GUARD_GROUP));
	cr_assert_eq(chown(path, 0, 0), 0);
	cr_assert_eq(chown(shelf->directory, 12345, 0), 0);
	cr_assert_not(guarded(path, FILE_GUARD_OWNER));
	cr_expect_not_null(strstr(shelf->why.what, "belongs to uid 12345, who may put another"),
	    "%s", shelf->why.what);
	cr_assert_eq(chmod(shelf->directory, 01777), 0);
	cr_expect_not(guarded(path, FILE_GUARD_OWNER), "its owner may, sticky or not");
	cr_expect(guarded(path, FILE_GUARD_GROUP));
}

/* F201 F202: who may turn the link, and who may replace what it leads to. */
Test(file_guard, judges_both_directories_of_a_link)
{
	char other[] = "/tmp/relay-guard.XXXXXX";
	const char *path = shelf_file(shelf, "file", "x\n");
	const char *link;

	cr_assert_not_null(mkdtemp(other));
	link = arena_print(shelf->arena, "%s/link", other);
	cr_assert_eq(symlink(path, link), 0);
	cr_expect(guarded(link, FILE_GUARD_OWNER), "%s", shelf->why.what);
	cr_assert_eq(chmod(other, 0777), 0);
	cr_expect_not(guarded(link, FILE_GUARD_OWNER));
	cr_expect_not_null(strstr(shelf->why.what, other), "%s", shelf->why.what);
	cr_assert_eq(chmod(other, 0700), 0);
	cr_assert_eq(chmod(shelf->directory, 0777), 0);
	cr_expect_not(guarded(link, FILE_GUARD_OWNER));
	cr_expect_not_null(strstr(shelf->why.what, shelf->directory), "%s", shelf->why.what);
	cr_expect_str_eq(shelf->why.where, link);
	cr_assert_eq(unlink(link), 0);
	cr_assert_eq(rmdir(other), 0);
}

Test(file_guard, takes_a_name_without_a_directory)
{
	struct stat status;

	(void)shelf_file(shelf, "file", "x\n");
	cr_assert_eq(chdir(shelf->directory), 0);
	cr_assert_eq(stat("file", &status), 0);
	cr_expect(file_guard_check("file", &status, FILE_GUARD_OWNER, &shelf->why), "%s",
	    shelf->why.what);
	cr_assert_eq(chmod(".", 0777), 0);
	cr_expect_not(file_guard_check("file", &status, FILE_GUARD_OWNER, &shelf->why));
	cr_assert_eq(chdir("/"), 0);
	cr_assert_eq(stat("/etc/passwd", &status), 0);
	cr_expect(file_guard_check("/etc/passwd", &status, FILE_GUARD_OWNER, &shelf->why), "%s",
	    shelf->why.what);
}

/* A table that is replaced while it is read is no fault (F200). */
Test(file_guard, does_not_mind_a_file_that_is_gone)
{
	const char *path = shelf_file(shelf, "file", "x\n");
	struct stat status;

	cr_assert_eq(stat(path, &status), 0);
	cr_assert_eq(unlink(path), 0);
	cr_expect(
	    file_guard_check(path, &status, FILE_GUARD_OWNER, &shelf->why), "%s", shelf->why.what);
}
