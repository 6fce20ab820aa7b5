/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"

Test(arena, gives_zeroed_aligned_blocks_that_do_not_overlap)
{
	struct arena *arena = arena_open();
	unsigned char *last = NULL;
	size_t last_size = 0;

	for (size_t size = 1; size < 70000; size += 1 + size / 3) {
		unsigned char *bytes = arena_zero(arena, size);

		cr_assert_eq((uintptr_t)bytes % _Alignof(max_align_t), 0, "%zu bytes", size);
		for (size_t i = 0; i < size; i++)
			cr_assert_eq(bytes[i], 0, "byte %zu of %zu", i, size);
		memset(bytes, 0xff, size);
		cr_assert(last == NULL || bytes >= last + last_size || bytes + size <= last);
		last = bytes;
		last_size = size;
	}
	arena_close(arena);
}

Test(arena, keeps_small_blocks_together_beside_large_ones)
{
	struct arena *arena = arena_open();
	const char *first = arena_zero(arena, 16);
	const char *second;

	(void)arena_zero(arena, 100000);
	second = arena_zero(arena, 16);
	cr_assert_eq(second, first + 16, "the room left before the large block is used");
	arena_close(arena);
}

Test(arena, copies_bytes_and_adds_a_nul)
{
	struct arena *arena = arena_open();
	const char *copy = arena_copy(arena, "a\0b", 3);

	cr_assert_eq(memcmp(copy, "a\0b", 4), 0);
	cr_assert_str_empty(arena_copy(arena, NULL, 0));
	arena_close(arena);
}

Test(arena, copies_strings_and_keeps_null)
{
	struct arena *arena = arena_open();

	cr_assert_str_eq(arena_string(arena, "word"), "word");
	cr_assert_null(arena_string(arena, NULL));
	arena_close(arena);
}

Test(arena, formats_text_of_any_length)
{
	struct arena *arena = arena_open();
	const char *long_one = arena_print(arena, "%0*d", 50000, 7);

	cr_assert_str_eq(arena_print(arena, "%s-%d", "a", 5), "a-5");
	cr_assert_eq(strlen(long_one), 50000);
	cr_assert_eq(long_one[49999], '7');
	arena_close(arena);
}

Test(arena, grows_arrays_and_keeps_what_is_in_them)
{
	struct arena *arena = arena_open();
	size_t capacity = 0;
	size_t *numbers = NULL;

	for (size_t i = 0; i < 1000; i++) {
		numbers = arena_grow(arena, numbers, i, &capacity, sizeof *numbers);
		cr_assert_gt(capacity, i);
		numbers[i] = i;
	}
	for (size_t i = 0; i < 1000; i++)
		cr_assert_eq(numbers[i], i);
	cr_assert_eq(
	    arena_grow(arena, numbers, 1, &capacity, sizeof *numbers), numbers, "there is room");
	arena_close(arena);
}

Test(arena, closes_null)
{
	arena_close(NULL);
}

/* What the child says on descriptor 2 and how it ends. */
static int
run_out(void (*use)(struct arena *arena), char *words, size_t size)
{
	int ends[2];
	int status;
	ssize_t got;
	pid_t child;

	cr_assert_eq(pipe(ends), 0);
	child = fork();
	cr_assert_geq(child, 0);
	if (child == 0) {
		(void)dup2(ends[1], STDERR_FILENO);
		use(arena_open());
		_exit(0);
	}
	close(ends[1]);
	got = read(ends[0], words, size - 1);
	words[got > 0 ? got : 0] = '\0';
	close(ends[0]);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
overflow_array(struct arena *arena)
{
	(void)arena_array(arena, SIZE_MAX / 2, 3);
}

static void
overflow_copy(struct arena *arena)
{
	(void)arena_copy(arena, "", SIZE_MAX);
}

static void
overflow_alignment(struct arena *arena)
{
	(void)arena_zero(arena, SIZE_MAX - 3);
}

Test(arena, leaves_with_75_on_a_size_that_overflows)
{
	static void (*const uses[])(
	    struct arena *) = { overflow_array, overflow_copy, overflow_alignment };

	for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
		char words[200];

		cr_assert_eq(run_out(uses[i], words, sizeof words), EX_TEMPFAIL, "case %zu", i);
		cr_assert_str_eq(words, "relay: out of memory, the message stays with the caller\n",
		    "case %zu", i);
	}
}
