/* SPDX-License-Identifier: ISC */
/*
 * Who else may change what a file says: judged by the open file and the directories that it
 * was reached through.
 */
#ifndef RELAY_BASE_FILE_GUARD_H
#define RELAY_BASE_FILE_GUARD_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/failure.h"

enum file_guard {
	FILE_GUARD_OWNER, /* nobody but root and the effective user */
	FILE_GUARD_GROUP  /* also the owner, whoever that is, and a group: not everybody */
};

/*
 * `status` is that of the descriptor that was opened at `path`.  Fails with EX_CONFIG, naming
 * uid or mode and the command that mends it, when somebody whom the guard does not allow may
 * write the file, or its directory, where another file could be put in its place (unless the
 * directory is sticky, as /tmp); for a symbolic link its own directory and that of the file count.
 * Fails with EX_TEMPFAIL when a directory cannot be looked at.  where is the path.  Directories
 * further up are not looked at.
 */
bool file_guard_check(
    const char *path, const struct stat *status, enum file_guard guard, struct failure *why);

#endif
