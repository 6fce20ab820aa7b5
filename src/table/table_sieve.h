/* SPDX-License-Identifier: ISC */
/*
 * What tells most rows of a table from those that are asked for by looking at the key
 * alone, so that a file with a million rows is passed over about as fast as it is read.
 *
 * A sieve may hold a row back that nobody asked for, but lets none through that
 * somebody did.  It knows bytes, no files: table and alias_file ask it.
 */
#ifndef RELAY_TABLE_TABLE_SIEVE_H
#define RELAY_TABLE_TABLE_SIEVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct arena;

/* Bytes behind a text that may be read though they are not looked at. */
#define TABLE_SIEVE_SLACK ((size_t)8)

/* What ends the key of a row that needs no closer look. */
enum table_sieve_key {
	TABLE_SIEVE_BLANK, /* generic, transport, sasl_passwd */
	TABLE_SIEVE_COLON  /* aliases */
};

struct table_sieve {
	uint64_t *bits; /* belongs to arena; NULL: nothing is asked for */
	uint32_t mask;  /* number of bits - 1 */
	uint64_t seed;
};

/* An empty sieve for about `count` keys. */
struct table_sieve table_sieve_open(uint64_t seed, size_t count, struct arena *arena);

/* The hash of a key; letter case of ASCII does not count. */
uint32_t table_sieve_hash(uint64_t seed, struct text key);

/* Asks for a folded key, given its hash. */
void table_sieve_add(struct table_sieve *sieve, uint32_t hash);

/*
 * How many bytes of `lines` (whole physical lines, TABLE_SIEVE_SLACK readable bytes behind
 * them, a logical line beginning with the first) are rows that nobody asked for; *count: how
 * many physical lines those are.  Stops before a row that may be asked for, one that needs a
 * closer look (blank or comment first, a quote, a backslash, a control or 8-bit byte in its
 * key, longer than `row_max`), and before the last, for it may go on behind `lines`.
 */
size_t table_sieve_pass(const struct table_sieve *sieve, enum table_sieve_key key,
    struct text lines, size_t row_max, size_t *count);

#endif
