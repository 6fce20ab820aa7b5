/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/file_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What may be looked through need not be readable. */
#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

#define PATH_SIZE 4096

static bool
is_trusted(uid_t owner)
{
	return owner == 0 || owner == geteuid();
}

static mode_t
forbidden(enum file_guard guard)
{
	return guard == FILE_GUARD_OWNER ? S_IWGRP | S_IWOTH : S_IWOTH;
}

static const char *
remedy(enum file_guard guard)
{
	return guard == FILE_GUARD_OWNER ? "go-w" : "o-w";
}

static bool
check_file(const char *path, const struct stat *status, enum file_guard guard, struct failure *why)
{
	if (guard == FILE_GUARD_OWNER && !is_trusted(status->st_uid)) {
		fail(why, EX_CONFIG, "belongs to uid %u, not to uid %u or root",
		    (unsigned)status->st_uid, (unsigned)geteuid());
		return failure_hint(why, "chown it to the user who runs this program");
	}
	if ((status->st_mode & forbidden(guard)) == 0)
		return true;
	fail(why, EX_CONFIG, "has mode %04o, which lets others write it",
	    (unsigned)status->st_mode & 07777U);
	return failure_hint(why, "chmod %s %s", remedy(guard), path);
}

/* In a sticky directory others may add files, but not put one in the place of ours. */
static bool
check_directory(
    const char *directory, const struct stat *status, enum file_guard guard, struct failure *why)
{
	if (guard == FILE_GUARD_OWNER && !is_trusted(status->st_uid)) {
		fail(why, EX_CONFIG,
		    "its directory '%s' belongs to uid %u, who may put another file there",
		    directory, (unsigned)status->st_uid);
		return failure_hint(
		    why, "keep it in a directory of uid %u or of root", (unsigned)geteuid());
	}
	if ((status->st_mode & forbidden(guard)) == 0 || (status->st_mode & S_ISVTX) != 0)
		return true;
	fail(why, EX_CONFIG,
	    "its directory '%s' has mode %04o, which lets others put another file there", directory,
	    (unsigned)status->st_mode & 07777U);
	return failure_hint(why, "chmod %s %s", remedy(guard), directory);
}

/* The directory of a path and the name in it; false when the path is too long. */
static bool
split(const char *path, char directory[PATH_SIZE], const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t length = slash == NULL ? 0 : (size_t)(slash - path);

	*name = slash == NULL ? path : slash + 1;
	if (length >= PATH_SIZE)
		return false;
	memcpy(directory, path, length);
	directory[length] = '\0';
	if (length == 0)
		memcpy(directory, slash == NULL ? "." : "/", sizeof ".");
	return true;
}

/* Judges the directory that the path names; *link tells whether the file is reached from there
 * by a symbolic link. */
static bool
check_parent(const char *path, enum file_guard guard, bool *link, struct failure *why)
{
	char directory[PATH_SIZE];
	const char *name;
	struct stat parent;
	struct stat entry;
	bool looked;
	int fd;

	if (!split(path, directory, &name))
		return fail(why, EX_CONFIG, "its path is longer than %d bytes", PATH_SIZE);
	fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	looked = fd >= 0 && fstat(fd, &parent) == 0;
	if (!looked)
		failure_errno(why, EX_TEMPFAIL, errno, "cannot look at its directory");
	/* That it is gone by now is no fault: tables are replaced while mail is sent. */
	*link = looked && fstatat(fd, name, &entry, AT_SYMLINK_NOFOLLOW) == 0
	    && S_ISLNK(entry.st_mode);
	if (fd >= 0)
		close(fd);
	return looked && check_directory(directory, &parent, guard, why);
}

/* Links of /proc/self/fd may lead to what has no path any more: nobody can replace that. */
static bool
check_target(const char *path, enum file_guard guard, struct failure *why)
{
	char *real = realpath(path, NULL);
	bool link;
	bool checked;

	if (real == NULL)
		return true;
	checked = check_parent(real, guard, &link, why);
	free(real);
	return checked;
}

bool
file_guard_check(
    const char *path, const struct stat *status, enum file_guard guard, struct failure *why)
{
	bool link;

	if (!check_file(path, status, guard, why) || !check_parent(path, guard, &link, why)
	    || (link && !check_target(path, guard, why)))
		return failure_at(why, "%s", path);
	return true;
}
