/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_sieve.h"

#include <string.h>

#include "base/arena.h"

#define ONES 0x0101010101010101U
#define HIGH (ONES * 0x80U)
#define MULTIPLIER 0x9e3779b97f4a7c15U

/* One bit in 16 or fewer is set, and a few hundred bytes stay in the fastest cache. */
#define BITS_FOR_A_KEY 16
#define LOG_BITS_FIRST 12

/* Bytes up to the double quote: control bytes, blanks, '!' and the quote itself.  Of '!' no
 * more is to be said than that no address likes it. */
#define FIRST_PLAIN 0x23U

/* Eight bytes, the first one lowest. */
static uint64_t
load(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* Eight bytes with their ASCII capitals made small. */
static uint64_t
fold_word(uint64_t word)
{
	uint64_t low = word & ~HIGH;
	uint64_t from_a = low + ONES * (0x80U - 'A');
	uint64_t past_z = low + ONES * (0x80U - 'Z' - 1);
	uint64_t capital = from_a & ~past_z & ~word & HIGH;

	return word | capital >> 2;
}

static uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * MULTIPLIER;
	return hash ^ hash >> 29;
}

/* The words of a key are mixed as they come: its length is known last. */
static uint32_t
finish(uint64_t hash, uint64_t last_word, size_t length)
{
	return (uint32_t)(mix(mix(hash, last_word), length) >> 32);
}

static uint64_t
tail_word(const char *bytes, size_t length)
{
	char padded[sizeof(uint64_t)] = { 0 };

	memcpy(padded, bytes, length);
	return load(padded);
}

uint32_t
table_sieve_hash(uint64_t seed, struct text key)
{
	uint64_t hash = seed;
	size_t at = 0;

	for (; key.length - at >= sizeof hash; at += sizeof hash)
		hash = mix(hash, fold_word(load(key.bytes + at)));
	if (at < key.length)
		return finish(
		    hash, fold_word(tail_word(key.bytes + at, key.length - at)), key.length);
	return finish(hash, 0, key.length);
}

struct table_sieve
table_sieve_open(uint64_t seed, size_t count, struct arena *arena)
{
	unsigned log_bits = LOG_BITS_FIRST;

	while (((size_t)1 << log_bits) / BITS_FOR_A_KEY < count && log_bits < 32)
		log_bits++;
	return (struct table_sieve){
		.bits = arena_array(arena, ((size_t)1 << log_bits) / 64, sizeof(uint64_t)),
		.mask = (uint32_t)(((uint64_t)1 << log_bits) - 1),
		.seed = seed,
	};
}

void
table_sieve_add(struct table_sieve *sieve, uint32_t hash)
{
	uint32_t bit = hash & sieve->mask;

	sieve->bits[bit / 64] |= (uint64_t)1 << (bit % 64);
}

static bool
holds(const struct table_sieve *sieve, uint32_t hash)
{
	uint32_t bit = hash & sieve->mask;

	return (sieve->bits[bit / 64] >> (bit % 64) & 1) != 0;
}

/* The high bit of every byte at which a plain key may not go on; exact for the lowest one,
 * those above a match may be marked for nothing. */
static inline uint64_t
find_stops(uint64_t word, char shield)
{
	uint64_t early = word - ONES * FIRST_PLAIN;
	uint64_t other = word ^ (ONES * (unsigned char)shield);

	return ((early & ~word) | ((other - ONES) & ~other) | word) & HIGH;
}

/* May the row at `row` be one that is asked for?  *length: of its key.  Ends at a line end
 * at the latest, which every line has. */
static inline bool
may_be_asked(
    const struct table_sieve *sieve, enum table_sieve_key kind, const char *row, size_t *length)
{
	char stop = kind == TABLE_SIEVE_COLON ? ':' : '\\';
	uint64_t hash = sieve->seed;
	const char *at = row;
	uint64_t word = load(at);
	uint64_t stops = find_stops(word, stop);
	unsigned left;

	while (stops == 0) {
		hash = mix(hash, fold_word(word));
		at += sizeof word;
		word = load(at);
		stops = find_stops(word, stop);
	}
	left = (unsigned)__builtin_ctzll(stops) / 8;
	at += left;
	*length = (size_t)(at - row);
	if (kind == TABLE_SIEVE_COLON ? *at != ':' : !text_blank(*at) || at[-1] == ':')
		return true;
	word &= ((uint64_t)1 << (left * 8)) - 1;
	return holds(sieve, finish(hash, fold_word(word), *length));
}

/* Neither blank nor comment, so that it begins a logical line. */
static inline bool
begins_row(char byte)
{
	return byte != '#' && !text_blank(byte);
}

/* Where the row after the one at `at` begins, given where the latter's key ends; the length
 * of `lines` when that cannot be seen.  *count grows by the lines between. */
static inline size_t
next_row(struct text lines, size_t at, size_t *count)
{
	do {
		const char *end = memchr(lines.bytes + at, '\n', lines.length - at);

		at = (size_t)(end - lines.bytes) + 1;
		(*count)++;
	} while (at < lines.length && !begins_row(lines.bytes[at]));
	return at;
}

static inline size_t
pass(const struct table_sieve *sieve, enum table_sieve_key kind, struct text lines, size_t row_max,
    size_t *count)
{
	size_t at = 0;
	size_t passed = 0;

	while (at < lines.length && begins_row(lines.bytes[at])) {
		size_t counted = passed;
		size_t length;
		size_t next;

		if (may_be_asked(sieve, kind, lines.bytes + at, &length))
			break;
		next = next_row(lines, at + length, &counted);
		if (next == lines.length || next - at > row_max)
			break;
		at = next;
		passed = counted;
	}
	*count = passed;
	return at;
}

size_t
table_sieve_pass(const struct table_sieve *sieve, enum table_sieve_key key, struct text lines,
    size_t row_max, size_t *count)
{
	*count = 0;
	if (sieve->bits == NULL)
		return 0;
	if (key == TABLE_SIEVE_COLON)
		return pass(sieve, TABLE_SIEVE_COLON, lines, row_max, count);
	return pass(sieve, TABLE_SIEVE_BLANK, lines, row_max, count);
}
