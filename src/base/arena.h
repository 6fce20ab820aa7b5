/* SPDX-License-Identifier: ISC */
/*
 * Memory that lives as long as one phase of the run and goes all at once.
 *
 * Two arenas exist: the process arena (configuration) and the delivery arena
 * (message, plan, report).  "Belongs to arena" in a contract means: valid until
 * arena_close().  Blocks are wiped when they go, since settings may hold secrets.
 */
#ifndef RELAY_BASE_ARENA_H
#define RELAY_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* Opens an empty arena.  Never NULL: out of memory leaves with EX_TEMPFAIL. */
struct arena *arena_open(void);

/* Wipes and frees every block.  NULL is fine. */
void arena_close(struct arena *arena);

/* Returns `size` bytes set to zero, aligned for any type.  Never NULL. */
void *arena_zero(struct arena *arena, size_t size);

/* Returns count * size zero bytes; an overflow leaves as out of memory does. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/*
 * Makes room for one more element in a growing array of `*capacity` elements
 * of `size` bytes: returns `array` while `count` < `*capacity`, else a copy of
 * twice the size.  The old array stays with the arena.
 */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size);

/* Copies `length` bytes and adds a NUL. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length);

/* Copies a C string; NULL gives NULL. */
char *arena_string(struct arena *arena, const char *string);

/* Formats into the arena. */
char *arena_print(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The end of every failed allocation: one line on descriptor 2, exit 75. */
_Noreturn void arena_exhausted(void);

#endif
