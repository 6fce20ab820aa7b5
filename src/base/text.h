/* SPDX-License-Identifier: ISC */
/*
 * A run of bytes somebody else owns: the form in which message bytes, table
 * rows and replies travel.  May hold any byte; never assumed NUL-terminated.
 * Letter case is ASCII's, whatever the locale.
 */
#ifndef RELAY_BASE_TEXT_H
#define RELAY_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct text {
	const char *bytes;
	size_t length;
};

/* The bytes of a C string; NULL gives an empty text. */
struct text text_of(const char *string);

/* `length` bytes at `bytes`. */
struct text text_make(const char *bytes, size_t length);

/* The part from `start` (included) to `end` (excluded); both are clipped. */
struct text text_slice(struct text text, size_t start, size_t end);

/* Is it exactly the C string?  _fold: ASCII letters of either case are equal. */
bool text_is(struct text text, const char *string);
bool text_is_fold(struct text text, const char *string);
bool text_equal(struct text a, struct text b);
bool text_equal_fold(struct text a, struct text b);
bool text_starts_fold(struct text text, const char *prefix);

/* Is one the other with one letter more, less, other, or two swapped, or both the same?  Letter
 * case does not count. */
bool text_is_near(struct text a, struct text b);

/* Where the first `byte` stands; the length when there is none. */
size_t text_find(struct text text, char byte);

/* Without blanks (space, tab, CR, LF) at both ends. */
struct text text_trim(struct text text);

/* Takes the next word off `*rest` (separated by space, tab, CR, LF or `also`,
 * which may be NUL for none).  Empty when there is none left. */
struct text text_word(struct text *rest, char also);

/* Is there a byte of 0x80 or more?  A control byte (below 0x20, or 0x7f)? */
bool text_has_8bit(struct text text);
bool text_has_control(struct text text);

/* ASCII case rules on single bytes, independent of the locale. */
char text_lower(char byte);
bool text_blank(char byte);

/* Reads a whole decimal, 0x or 0 number as strtoll with base 0, nothing after
 * it, between `min` and `max`.  False leaves `*number` alone. */
bool text_number(struct text text, int64_t min, int64_t max, int64_t *number);

/*
 * Copies into `to` (of `size` bytes, always terminated) what may be shown on a
 * terminal or logged: control bytes (C0, DEL, C1 in UTF-8) and invalid UTF-8
 * become '?', too long is cut at a character.  Returns `to`.
 */
char *text_printable(struct text text, char *to, size_t size);

/* A 64-bit hash of the bytes (FNV-1a), for tables in memory.  It begins with the kernel's random
 * bytes for this process, so that who writes a header cannot choose what falls into one slot:
 * never to be stored. */
uint64_t text_hash(struct text text);
uint64_t text_hash_seed(void);

/* A NUL-terminated copy; belongs to arena. */
char *text_string(struct text text, struct arena *arena);
struct text text_copy(struct text text, struct arena *arena);

/* One behind the other, NUL-terminated; belongs to arena. */
struct text text_join(struct text first, struct text second, struct arena *arena);

#endif
