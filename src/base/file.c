/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"

#define READ_STEP ((size_t)16 * 1024)

static int
open_status(int number)
{
	if (number == ENOENT || number == ENOTDIR)
		return EX_NOINPUT;
	if (number == EACCES || number == EPERM)
		return EX_NOPERM;
	return EX_IOERR;
}

static bool
refuse_open(const char *path, int number, struct failure *why)
{
	failure_errno(why, open_status(number), number, "cannot open the file");
	failure_at(why, "%s", path);
	if (number == EACCES)
		failure_hint(why,
		    "look at its owner, group and mode (ls -l), at the directories "
		    "above it, and at a security module's log");
	return false;
}

static bool
refuse_irregular(const char *path, struct failure *why)
{
	fail(why, EX_CONFIG, "not a regular file");
	failure_at(why, "%s", path);
	return failure_hint(why, "name a file: no directory, device, pipe or socket is read");
}

bool
file_open(const char *path, int *fd, struct stat *status, struct failure *why)
{
	struct stat found;
	int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (opened < 0)
		return refuse_open(path, errno, why);
	if (fstat(opened, &found) != 0 || !S_ISREG(found.st_mode)) {
		close(opened);
		return refuse_irregular(path, why);
	}
	*fd = opened;
	if (status != NULL)
		*status = found;
	return true;
}

/* One read(); 0 at the end. */
static bool
read_once(int fd, char *bytes, size_t room, size_t *got, struct failure *why)
{
	ssize_t result;

	do
		result = read(fd, bytes, room);
	while (result < 0 && errno == EINTR);
	if (result < 0)
		return failure_errno(why, EX_IOERR, errno, "cannot read the file");
	*got = (size_t)result;
	return true;
}

/* What is more than fstat() said: a file may grow, and those of /proc have no size. */
static bool
read_growth(int fd, size_t limit, struct text start, struct arena *arena, struct text *bytes,
    struct failure *why)
{
	struct buffer content = buffer_open(0);
	size_t got = start.length;
	bool read = true;

	(void)buffer_append(&content, start);
	while (read && got > 0 && content.length <= limit) {
		(void)buffer_room(&content, READ_STEP);
		read = read_once(fd, content.bytes + content.length, READ_STEP, &got, why);
		content.length += read ? got : 0;
	}
	if (read && content.length > limit)
		read = fail(why, EX_CONFIG, "larger than %zu bytes", limit);
	if (read)
		*bytes = text_copy(buffer_text(&content), arena);
	buffer_close(&content);
	return read;
}

/* Straight to where it stays: a copy of a large file would be seen in time and memory. */
static bool
read_limited(
    int fd, size_t size, size_t limit, struct arena *arena, struct text *bytes, struct failure *why)
{
	size_t room = (size <= limit ? size : 0) + 1;
	char *held = arena_zero(arena, room + 1);
	size_t length = 0;
	size_t got;

	do {
		if (!read_once(fd, held + length, room - length, &got, why))
			return false;
		length += got;
	} while (got > 0 && length < room);
	*bytes = text_make(held, length);
	return got == 0 || read_growth(fd, limit, *bytes, arena, bytes, why);
}

bool
file_read(const char *path, size_t limit, struct arena *arena, struct text *bytes,
    struct stat *status, struct failure *why)
{
	struct stat found;
	bool read;
	int fd;

	if (!file_open(path, &fd, &found, why))
		return false;
	read = read_limited(fd, (size_t)found.st_size, limit, arena, bytes, why);
	close(fd);
	if (!read)
		return failure_at(why, "%s", path);
	if (status != NULL)
		*status = found;
	return true;
}

bool
file_keeps_secret(const char *path, const struct stat *status, struct failure *why)
{
	uid_t self = geteuid();

	if (status->st_uid != self && status->st_uid != 0) {
		fail(why, EX_CONFIG,
		    "holds a password and belongs to uid %u, not to uid %u or "
		    "root",
		    (unsigned)status->st_uid, (unsigned)self);
		failure_at(why, "%s", path);
		return failure_hint(why, "chown it to the user who runs this program");
	}
	if ((status->st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) != 0
	    || ((status->st_mode & S_IRGRP) != 0 && status->st_uid == self && self != 0)) {
		fail(why, EX_CONFIG,
		    "holds a password and has mode %04o, which lets others at it%s",
		    (unsigned)status->st_mode & 07777U,
		    status->st_uid == 0 ? " (640 with a group of its own will do, too)" : "");
		failure_at(why, "%s", path);
		return failure_hint(why, "chmod 600 %s", path);
	}
	return true;
}

bool
file_temporary(const char *directory, int *fd, struct failure *why)
{
	char path[4096];
	int length;

	if (directory == NULL)
		directory = "/tmp";
	*fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
	if (*fd >= 0)
		return true;
	/* Not every file system knows O_TMPFILE (overlayfs before 6.1, NFS). */
	length = snprintf(path, sizeof path, "%s/relay.XXXXXX", directory);
	if (length < 0 || (size_t)length >= sizeof path)
		return fail(why, EX_TEMPFAIL, "the name of the temporary directory is too long");
	*fd = mkostemp(path, O_CLOEXEC);
	if (*fd < 0) {
		failure_errno(why, EX_TEMPFAIL, errno, "cannot make a temporary file");
		failure_at(why, "%s", directory);
		return failure_hint(why, "set TMPDIR to a directory with room");
	}
	(void)unlink(path);
	return true;
}

bool
file_write(int fd, struct text text, struct failure *why)
{
	while (text.length > 0) {
		ssize_t put = write(fd, text.bytes, text.length);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return failure_errno(why, EX_IOERR, errno, "cannot write");
		text = text_slice(text, (size_t)put, text.length);
	}
	return true;
}
