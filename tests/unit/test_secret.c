/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/secret.h"

/* Then the process stays readable for LeakSanitizer. */
#if defined(__has_feature)
#define SANITIZER_FEATURE __has_feature(address_sanitizer)
#else
#define SANITIZER_FEATURE 0
#endif
#ifdef __SANITIZE_ADDRESS__
#define WITH_SANITIZER 1
#else
#define WITH_SANITIZER SANITIZER_FEATURE
#endif

Test(secret, keeps_a_copy_with_a_nul)
{
	char bytes[] = "pass\0word";
	struct secret secret = { 0 };

	secret_keep(&secret, text_make(bytes, 9));
	memset(bytes, 'x', sizeof bytes);
	cr_assert_eq(secret.length, 9);
	cr_assert_eq(memcmp(secret.bytes, "pass\0word", 10), 0);
	secret_wipe(&secret);
}

Test(secret, keeps_an_empty_one)
{
	struct secret secret = { 0 };

	secret_keep(&secret, (struct text){ NULL, 0 });
	cr_assert_eq(secret.length, 0);
	cr_assert_str_empty(secret.bytes);
	secret_wipe(&secret);
}

Test(secret, keeps_a_part_of_itself)
{
	struct secret secret = { 0 };

	secret_keep(&secret, text_of("user:word"));
	secret_keep(&secret, text_make(secret.bytes + 5, 4));
	cr_assert_str_eq(secret.bytes, "word");
	secret_wipe(&secret);
}

Test(secret, keeps_a_token_larger_than_a_page)
{
	struct secret secret = { 0 };
	char token[10000];

	memset(token, 't', sizeof token);
	secret_keep(&secret, text_make(token, sizeof token));
	cr_assert_eq(secret.length, sizeof token);
	cr_assert_eq(memcmp(secret.bytes, token, sizeof token), 0);
	cr_assert_eq(secret.bytes[sizeof token], '\0');
	secret_wipe(&secret);
}

Test(secret, gives_its_memory_back_when_wiped)
{
	struct secret secret = { 0 };
	unsigned char resident;
	void *page;

	secret_keep(&secret, text_of("word"));
	page = secret.bytes;
	cr_assert_eq(mincore(page, 1, &resident), 0, "it is mapped");
	secret_wipe(&secret);
	cr_assert_neq(mincore(page, 1, &resident), 0, "it is not any more");
	cr_assert_null(secret.bytes);
	cr_assert_eq(secret.length, 0);
}

Test(secret, can_be_wiped_twice_and_as_nothing)
{
	struct secret secret = { 0 };

	secret_wipe(NULL);
	secret_wipe(&secret);
	secret_keep(&secret, text_of("word"));
	secret_wipe(&secret);
	secret_wipe(&secret);
	cr_assert_null(secret.bytes);
}

/* F104 */
Test(secret, waits_under_a_veil)
{
	static const char bytes[] =
	    "a\0\377 pass word, rather longer than the pad is, so that it is "
	    "filled anew: 0123456789";
	struct arena *arena = arena_open();
	struct text text = text_make(bytes, sizeof bytes - 1);
	const char *veiled = secret_veil(text, arena);
	struct secret secret = { 0 };

	for (size_t i = 0; i + 8 <= text.length; i++)
		cr_assert_null(memmem(veiled, strlen(veiled), bytes + i, 8), "%zu", i);
	cr_assert_neq(strcmp(veiled, secret_veil(text, arena)), 0, "it is never the same");
	secret_unveil(&secret, veiled);
	cr_assert_eq(secret.length, text.length);
	cr_assert_eq(memcmp(secret.bytes, bytes, text.length), 0);
	secret_unveil(&secret, secret_veil(text_of(NULL), arena));
	cr_assert_eq(secret.length, 0);
	cr_assert_str_empty(secret.bytes);
	secret_unveil(&secret, NULL);
	cr_assert_eq(secret.length, 0);
	secret_wipe(&secret);
	arena_close(arena);
}

/* F104: what a library freed as it was is handed out again without it. */
Test(secret, scrubs_what_was_freed)
{
	static const size_t sizes[] = { 24, 40, 100, 500, 1000, 1800 };

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		char *volatile block = malloc(sizes[i]);
		const char *again;

		memset(block, 'p', sizes[i]);
		free(block);
		secret_scrub();
		again = malloc(sizes[i]);
		for (size_t k = 16; k < sizes[i] - 8; k++)
			cr_assert_neq(again[k], 'p', "%zu of %zu", k, sizes[i]);
		free((void *)(uintptr_t)again);
	}
}

Test(secret, leaves_no_core_of_the_process)
{
	struct rlimit limit;

	secret_protect_process();
	cr_assert_eq(getrlimit(RLIMIT_CORE, &limit), 0);
	cr_assert_eq(limit.rlim_cur, 0);
	cr_assert_eq(limit.rlim_max, 0);
	cr_assert(WITH_SANITIZER || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
}
