/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

#define NOBODY 65534

static char directory[64];
static char path[96];

static void
open_directory(void)
{
	(void)snprintf(directory, sizeof directory, "/tmp/relay-file.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	(void)snprintf(path, sizeof path, "%s/file", directory);
}

static void
close_directory(void)
{
	(void)unlink(path);
	cr_assert_eq(rmdir(directory), 0);
}

TestSuite(file, .init = open_directory, .fini = close_directory);

static void
write_file(struct text text)
{
	struct failure why;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	cr_assert_geq(fd, 0);
	cr_assert(file_write(fd, text, &why), "%s", why.what);
	close(fd);
}

static void
assert_refused(const char *name, int code, const char *what)
{
	struct failure why = { 0 };
	struct stat status;
	int fd = -5;

	cr_assert_not(file_open(name, &fd, &status, &why), "%s", name);
	cr_assert_eq(why.code, code, "%s: %d", name, why.code);
	cr_assert_str_eq(why.what, what);
	cr_assert_str_eq(why.where, name);
	cr_assert_eq(fd, -5, "outputs are set on success only");
}

Test(file, opens_a_regular_file)
{
	struct failure why;
	struct stat status;
	int fd;

	write_file(text_of("hello"));
	cr_assert(file_open(path, &fd, &status, &why), "%s", why.what);
	cr_assert_eq(status.st_size, 5);
	cr_assert_neq(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	close(fd);
	cr_assert(file_open(path, &fd, NULL, &why), "the status may be left out");
	close(fd);
}

Test(file, says_that_there_is_none)
{
	char inside[128];

	assert_refused(path, EX_NOINPUT, "cannot open the file: No such file or directory");
	write_file(text_of(""));
	(void)snprintf(inside, sizeof inside, "%s/x", path);
	assert_refused(inside, EX_NOINPUT, "cannot open the file: Not a directory");
}

Test(file, says_that_it_may_not_be_read)
{
	struct failure why = { 0 };
	bool root = geteuid() == 0;
	bool opened;
	int fd;

	write_file(text_of("x"));
	cr_assert_eq(chmod(path, 0), 0);
	cr_assert_eq(chmod(directory, 0755), 0);
	cr_assert(!root || seteuid(NOBODY) == 0);
	opened = file_open(path, &fd, NULL, &why);
	cr_assert(!root || seteuid(0) == 0);
	cr_assert_not(opened);
	cr_assert_eq(why.code, EX_NOPERM);
	cr_assert_str_eq(why.what, "cannot open the file: Permission denied");
	cr_assert_not(why.hint[0] == '\0');
}

Test(file, does_not_wait_for_the_writer_of_a_fifo)
{
	cr_assert_eq(mkfifo(path, 0600), 0);
	assert_refused(path, EX_CONFIG, "not a regular file");
}

Test(file, refuses_a_directory_and_a_device)
{
	assert_refused(directory, EX_CONFIG, "not a regular file");
	assert_refused("/dev/null", EX_CONFIG, "not a regular file");
}

Test(file, reads_a_whole_file)
{
	struct arena *arena = arena_open();
	struct failure why;
	struct text bytes;
	struct stat status;

	write_file(text_make("a\0b\n", 4));
	cr_assert(file_read(path, 100, arena, &bytes, &status, &why), "%s", why.what);
	cr_assert(text_equal(bytes, text_make("a\0b\n", 4)));
	cr_assert_eq(bytes.bytes[4], '\0');
	cr_assert_eq(status.st_mode & 07777, 0600);
	arena_close(arena);
}

Test(file, reads_an_empty_file)
{
	struct arena *arena = arena_open();
	struct failure why;
	struct text bytes;

	write_file(text_of(""));
	cr_assert(file_read(path, 100, arena, &bytes, NULL, &why), "%s", why.what);
	cr_assert_eq(bytes.length, 0);
	arena_close(arena);
}

Test(file, reads_files_that_tell_no_size)
{
	struct arena *arena = arena_open();
	struct failure why;
	struct text bytes;

	cr_assert(
	    file_read("/proc/self/status", 100000, arena, &bytes, NULL, &why), "%s", why.what);
	cr_assert_gt(bytes.length, 100);
	cr_assert(text_starts_fold(bytes, "Name:"));
	arena_close(arena);
}

Test(file, reads_just_up_to_the_limit)
{
	struct arena *arena = arena_open();
	struct failure why = { 0 };
	struct text bytes;

	write_file(text_of("12345"));
	cr_assert(file_read(path, 5, arena, &bytes, NULL, &why), "%s", why.what);
	cr_assert(text_is(bytes, "12345"));
	cr_assert_not(file_read(path, 4, arena, &bytes, NULL, &why));
	cr_assert_eq(why.code, EX_CONFIG);
	cr_assert_str_eq(why.what, "larger than 4 bytes");
	cr_assert_str_eq(why.where, path);
	cr_assert_not(file_read("/proc/self/status", 4, arena, &bytes, NULL, &why));
	cr_assert_str_eq(why.what, "larger than 4 bytes");
	arena_close(arena);
}

struct secret_row {
	const char *label;
	mode_t mode;
	bool own;  /* of this process's user, else of another one's */
	bool root; /* of root, read by another user */
	bool keeps;
};

Test(file, keeps_a_secret_only_in_files_nobody_else_reads)
{
	static const struct secret_row rows[] = {
		{ "0600", 0600, true, false, true },
		{ "0400", 0400, true, false, true },
		{ "0700", 0700, true, false, true },
		{ "0640 of one's own", 0640, true, false, false },
		{ "0640 of root", 0640, false, true, true },
		{ "0600 of root", 0600, false, true, true },
		{ "0660 of root", 0660, false, true, false },
		{ "0644 of root", 0644, false, true, false },
		{ "0604", 0604, true, false, false },
		{ "0620", 0620, true, false, false },
		{ "0601", 0601, true, false, false },
		{ "of somebody else", 0600, false, false, false },
	};
	bool root = geteuid() == 0;

	cr_assert(!root || seteuid(NOBODY) == 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct stat status = { .st_mode = S_IFREG | rows[i].mode };
		struct failure why = { 0 };

		status.st_uid = rows[i].own ? geteuid() : geteuid() + 1;
		if (rows[i].root)
			status.st_uid = 0;
		cr_assert_eq(
		    file_keeps_secret("/x", &status, &why), rows[i].keeps, "%s", rows[i].label);
		if (rows[i].keeps)
			continue;
		cr_assert_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_assert_str_eq(why.where, "/x", "%s", rows[i].label);
		cr_assert_not(why.hint[0] == '\0', "%s", rows[i].label);
	}
	cr_assert(!root || seteuid(0) == 0);
}

Test(file, names_mode_and_remedy_of_an_open_secret)
{
	struct stat status = { .st_mode = S_IFREG | 0644, .st_uid = geteuid() };
	struct failure why;

	cr_assert_not(file_keeps_secret("/etc/x", &status, &why));
	cr_assert_eq(
	    strncmp(why.what, "holds a password and has mode 0644, which lets others at it", 58),
	    0, "%s", why.what);
	/* It can be pasted. */
	cr_assert_str_eq(why.hint, "chmod 600 /etc/x");
	cr_assert_eq(strstr(why.what, "640 with a group") != NULL, geteuid() == 0);
}

Test(file, makes_a_temporary_file_without_a_name)
{
	struct failure why;
	struct stat status;
	char back[5];
	int fd;

	cr_assert(file_temporary(directory, &fd, &why), "%s", why.what);
	cr_assert_eq(fstat(fd, &status), 0);
	cr_assert_eq(status.st_nlink, 0);
	cr_assert_eq(status.st_mode & 07777, 0600);
	cr_assert_neq(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	cr_assert(file_write(fd, text_of("hello"), &why), "%s", why.what);
	cr_assert_eq(pread(fd, back, 5, 0), 5);
	cr_assert_eq(memcmp(back, "hello", 5), 0);
	close(fd);
}

Test(file, says_where_no_temporary_file_can_be)
{
	struct failure why = { 0 };
	int fd;

	cr_assert_not(file_temporary(path, &fd, &why));
	cr_assert_eq(why.code, EX_TEMPFAIL);
	cr_assert(why.temporary);
	cr_assert_str_eq(why.what, "cannot make a temporary file: No such file or directory");
	cr_assert_str_eq(why.where, path);
	cr_assert_str_eq(why.hint, "set TMPDIR to a directory with room");
}

Test(file, refuses_a_temporary_directory_of_any_length)
{
	struct failure why = { 0 };
	char name[5000];
	int fd;

	memset(name, 'x', sizeof name - 1);
	name[0] = '/';
	name[sizeof name - 1] = '\0';
	cr_assert_not(file_temporary(name, &fd, &why));
	cr_assert_eq(why.code, EX_TEMPFAIL);
	cr_assert_str_eq(why.what, "the name of the temporary directory is too long");
}

/* F188 */
Test(file, tells_of_a_full_disk)
{
	struct failure why = { 0 };
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	cr_assert_geq(fd, 0);
	cr_assert_not(file_write(fd, text_of("x"), &why));
	cr_assert_eq(why.code, EX_IOERR);
	cr_assert_str_eq(why.what, "cannot write: No space left on device");
	close(fd);
}
