/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config_file.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "config/config.h"

static bool
check_writers(const char *path, const struct stat *status, struct failure *why)
{
	uid_t self = geteuid();

	if (status->st_uid != self && status->st_uid != 0) {
		fail(why, EX_CONFIG, "belongs to uid %u, not to uid %u or root",
		    (unsigned)status->st_uid, (unsigned)self);
		failure_at(why, "%s", path);
		return failure_hint(why, "chown it to the user who runs this program");
	}
	if ((status->st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return true;
	fail(why, EX_CONFIG, "has mode %04o, which lets others write it",
	    (unsigned)status->st_mode & 07777U);
	failure_at(why, "%s", path);
	return failure_hint(why, "chmod go-w %s", path);
}

bool
config_file_read(
    const char *path, struct arena *arena, struct config_file *file, struct failure *why)
{
	struct config_file read = { .path = arena_string(arena, path) };
	struct stat status;

	if (!file_read(path, CONFIG_FILE_MAX, arena, &read.bytes, &status, why)
	    || !check_writers(path, &status, why))
		return failure_in(why, FAILURE_CONFIG);
	read.secrets_safe = file_keeps_secret(path, &status, &read.exposed);
	*file = read;
	return true;
}
