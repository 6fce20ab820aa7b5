/* SPDX-License-Identifier: ISC */
/*
 * A password or token: in memory of its own that is not dumped, wiped when it
 * is no longer needed.  Nothing prints one.
 */
#ifndef RELAY_BASE_SECRET_H
#define RELAY_BASE_SECRET_H

#include <stddef.h>

#include "base/text.h"

struct arena;

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
 * For a secret that has to wait in memory of an arena until it is needed, if ever: a string of
 * printable bytes that neither holds it nor a part of it (F104).  It keeps who finds a piece of
 * memory from reading, not who has all of it and this source.
 */
char *secret_veil(struct text text, struct arena *arena);

/* Keeps what was veiled.  Empty for what is none. */
void secret_unveil(struct secret *secret, const char *veiled);

/*
 * Overwrites what libraries freed without wiping it, in blocks of at most 2 KiB: such blocks are
 * handed out again first, so they are asked for and given back.  For the moment after a library
 * had a secret; takes some 100 microseconds.
 */
void secret_scrub(void);

/*
 * Makes this process leave no secret behind: no core dump, memory not readable
 * through /proc by other processes of the same user.  First thing in main.
 */
void secret_protect_process(void);

#endif
