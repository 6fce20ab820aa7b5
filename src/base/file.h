/* SPDX-License-Identifier: ISC */
/*
 * Files that a person wrote: opened without hanging on a FIFO, judged by the
 * open descriptor, read whole (by lines: base/file_lines).
 */
#ifndef RELAY_BASE_FILE_H
#define RELAY_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/failure.h"
#include "base/text.h"

struct arena;

/*
 * Opens a regular file for reading (close-on-exec, never waiting for a FIFO's
 * writer).  `status` is that of the open descriptor.  Fails with EX_NOINPUT when
 * there is none, EX_NOPERM when it may not be read, EX_CONFIG when it is no
 * regular file, EX_IOERR else; where is the path.
 */
bool file_open(const char *path, int *fd, struct stat *status, struct failure *why);

/*
 * Reads a whole file of at most `limit` bytes; the bytes belong to arena and a
 * NUL follows them.  `status` may be NULL.  Fails as file_open(), or with
 * EX_CONFIG when the file is larger.
 */
bool file_read(const char *path, size_t limit, struct arena *arena, struct text *bytes,
    struct stat *status, struct failure *why);

/*
 * May a literal secret stand in a file of this status?  The owner is the
 * effective user or root, and group and other hold no more than what lets this
 * process read it: mode 0600, or 0640 with one of this process's groups.
 * Fails with EX_CONFIG, naming uid or mode, and the command that mends it.
 */
bool file_keeps_secret(const char *path, const struct stat *status, struct failure *why);

/*
 * An empty file without a name, for reading and writing, in `directory` (NULL:
 * $TMPDIR or /tmp is the caller's choice).  Fails with EX_TEMPFAIL.
 */
bool file_temporary(const char *directory, int *fd, struct failure *why);

/* Writes all of `text`, going on after short writes and EINTR.  Fails with EX_IOERR. */
bool file_write(int fd, struct text text, struct failure *why);

#endif
