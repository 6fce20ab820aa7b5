/* SPDX-License-Identifier: ISC */
/*
 * A file of configuration: its bytes, and whether it may be believed and may hold secrets.
 */
#ifndef RELAY_CONFIG_CONFIG_FILE_H
#define RELAY_CONFIG_CONFIG_FILE_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/text.h"

struct arena;

struct config_file {
	const char *path;       /* belongs to arena */
	struct text bytes;      /* belongs to arena */
	bool secrets_safe;      /* a literal secret may stand in it */
	struct failure exposed; /* why not, when it may not */
};

/*
 * Reads the file.  Fails as file_read(), and with EX_CONFIG when somebody else than root and the
 * effective user may change what it says (file_guard_check()): it names commands that are run
 * and servers that get passwords (F201).  The open descriptor is judged, so what a symbolic link
 * points to counts (F202).
 */
bool config_file_read(
    const char *path, struct arena *arena, struct config_file *file, struct failure *why);

/* Overwrites the bytes once they are read: passwords stand among them (F104). */
void config_file_wipe(struct config_file *file);

#endif
