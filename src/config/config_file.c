/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/config_file.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/file_guard.h"
#include "config/config.h"

bool
config_file_read(
    const char *path, struct arena *arena, struct config_file *file, struct failure *why)
{
	struct config_file read = { .path = arena_string(arena, path) };
	struct stat status;

	if (!file_read(path, CONFIG_FILE_MAX, arena, &read.bytes, &status, why)
	    || !file_guard_check(path, &status, FILE_GUARD_OWNER, why))
		return failure_in(why, FAILURE_CONFIG);
	read.secrets_safe = file_keeps_secret(path, &status, &read.exposed);
	*file = read;
	return true;
}

void
config_file_wipe(struct config_file *file)
{
	/* file_read() gave them for this file alone; nobody but readers is meant by the const. */
	if (file->bytes.length > 0)
		explicit_bzero((char *)(uintptr_t)file->bytes.bytes, file->bytes.length);
	file->bytes.length = 0;
}
