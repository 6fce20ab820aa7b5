/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"

Test(log, appends_lines_to_a_private_file)
{
	char directory[] = "/tmp/relay-log.XXXXXX";
	struct arena *arena = arena_open();
	const char *path;
	struct failure why;
	struct stat status;
	struct text bytes;

	cr_assert_not_null(mkdtemp(directory));
	path = arena_print(arena, "%s/log", directory);
	cr_assert(log_append(path, text_of("one"), &why), "%s", why.what);
	cr_assert(log_append(path, text_of("two"), &why), "%s", why.what);
	cr_assert(file_read(path, 100, arena, &bytes, &status, &why));
	cr_assert_str_eq(bytes.bytes, "one\ntwo\n");
	cr_assert_eq(status.st_mode & 0777, 0600);
	cr_assert_eq(unlink(path), 0);
	cr_assert_eq(rmdir(directory), 0);
	arena_close(arena);
}

Test(log, tells_which_file_it_could_not_open)
{
	struct failure why;

	cr_assert_not(log_append("/nonexistent/log", text_of("x"), &why));
	cr_assert_eq(why.code, EX_CANTCREAT);
	cr_assert_str_eq(why.where, "/nonexistent/log");
}

Test(log, tells_beforehand_where_it_could_write)
{
	char directory[] = "/tmp/relay-log.XXXXXX";
	struct arena *arena = arena_open();
	struct failure why = { 0 };
	const char *path;

	cr_assert_not_null(mkdtemp(directory));
	path = arena_print(arena, "%s/log", directory);
	cr_expect(log_check("-", &why));
	cr_expect(log_check(path, &why), "%s", why.what);
	cr_expect_neq(access(path, F_OK), 0, "it was made");
	cr_assert(log_append(path, text_of("one"), &why));
	cr_expect(log_check(path, &why), "%s", why.what);
	cr_assert_eq(unlink(path), 0);
	cr_assert_eq(rmdir(directory), 0);
	cr_expect_not(log_check(path, &why));
	cr_expect_eq(why.code, EX_CANTCREAT);
	cr_expect_str_eq(why.where, path);
	cr_expect_not(log_check("/", &why));
	arena_close(arena);
}
