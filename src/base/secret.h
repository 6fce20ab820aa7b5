/* SPDX-License-Identifier: ISC */
/*
 * A password or token: in memory of its own that is not dumped, wiped when it
 * is no longer needed.  Nothing prints one.
 */
#ifndef RELAY_BASE_SECRET_H
#define RELAY_BASE_SECRET_H

#include <stddef.h>

#include "base/text.h"

struct secret {
	char *bytes; /* NUL-terminated for libraries that want that */
	size_t length;
	size_t mapped;
};

/* Keeps a copy of `text`, wiping what it held.  Out of memory leaves with 75. */
void secret_keep(struct secret *secret, struct text text);

/* Overwrites and frees.  NULL and empty are fine; may be called again. */
void secret_wipe(struct secret *secret);

/*
 * Makes this process leave no secret behind: no core dump, memory not readable
 * through /proc by other processes of the same user.  First thing in main.
 */
void secret_protect_process(void);

#endif
