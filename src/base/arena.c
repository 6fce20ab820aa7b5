/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define BLOCK_SIZE ((size_t)32 * 1024)

struct block {
	struct block *next;
	size_t size;
	size_t used;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *blocks;
};

_Noreturn void
arena_exhausted(void)
{
	static const char words[] = "relay: out of memory, the message stays with the caller\n";

	if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
		_exit(EX_TEMPFAIL);
	_exit(EX_TEMPFAIL);
}

static struct block *
block_open(struct arena *arena, size_t size)
{
	struct block *block;

	if (size > SIZE_MAX - sizeof *block)
		arena_exhausted();
	block = calloc(1, sizeof *block + size);
	if (block == NULL)
		arena_exhausted();
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

static size_t
aligned(size_t size)
{
	const size_t unit = _Alignof(max_align_t);

	if (size > SIZE_MAX - unit)
		arena_exhausted();
	return (size + unit - 1) / unit * unit;
}

struct arena *
arena_open(void)
{
	struct arena *arena = calloc(1, sizeof *arena);

	if (arena == NULL)
		arena_exhausted();
	return arena;
}

void
arena_close(struct arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->blocks != NULL) {
		struct block *block = arena->blocks;

		arena->blocks = block->next;
		explicit_bzero(block->bytes, block->used);
		free(block);
	}
	free(arena);
}

void *
arena_zero(struct arena *arena, size_t size)
{
	size_t need = aligned(size);
	struct block *block = arena->blocks;
	void *bytes;

	if (block == NULL || block->size - block->used < need)
		block = block_open(arena, need > BLOCK_SIZE / 4 ? need : BLOCK_SIZE);
	bytes = block->bytes + block->used;
	block->used += need;
	/* A block of its own must not hide the room left in the one before it. */
	if (block->used == block->size && block->next != NULL && block == arena->blocks) {
		arena->blocks = block->next;
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	}
	return bytes;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		arena_exhausted();
	return arena_zero(arena, total);
}

void *
arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
	size_t wanted = *capacity < 8 ? 8 : *capacity * 2;
	void *larger;

	if (count < *capacity)
		return array;
	larger = arena_array(arena, wanted, size);
	if (count > 0)
		memcpy(larger, array, count * size);
	*capacity = wanted;
	return larger;
}

char *
arena_copy(struct arena *arena, const void *bytes, size_t length)
{
	char *copy;

	if (length == SIZE_MAX)
		arena_exhausted();
	copy = arena_zero(arena, length + 1);
	if (length > 0)
		memcpy(copy, bytes, length);
	return copy;
}

char *
arena_string(struct arena *arena, const char *string)
{
	return string == NULL ? NULL : arena_copy(arena, string, strlen(string));
}

char *
arena_print(struct arena *arena, const char *format, ...)
{
	va_list again;
	va_list list;
	char *text;
	int length;

	va_start(list, format);
	va_copy(again, list);
	length = vsnprintf(NULL, 0, format, list);
	va_end(list);
	if (length < 0)
		arena_exhausted();
	text = arena_zero(arena, (size_t)length + 1);
	(void)vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}
