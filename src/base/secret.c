/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/secret.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"

#ifdef __SANITIZE_ADDRESS__
#define BUILT_WITH_SANITIZER true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BUILT_WITH_SANITIZER true
#endif
#endif
#ifndef BUILT_WITH_SANITIZER
#define BUILT_WITH_SANITIZER false
#endif

#define VEIL_SIZE ((size_t)4) /* digits for a byte */
#define PAD_SIZE 64
#define SCRUB_SIZE ((size_t)2048)
#define SCRUB_STEP ((size_t)16) /* no allocator has finer classes */
#define SCRUB_COUNT 12          /* of each size: more than an allocator keeps apart */

static size_t
pages(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (size > SIZE_MAX - page)
		arena_exhausted();
	return (size + page - 1) / page * page;
}

/* Room for that many bytes and a NUL. */
static struct secret
keep(size_t length)
{
	size_t mapped = pages(length + 1);
	void *bytes = mmap(
	    NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (bytes == MAP_FAILED)
		arena_exhausted();
	(void)madvise(bytes, mapped, MADV_DONTDUMP);
	/* The limit on locked memory is small for ordinary users: not having it
	 * is no reason to refuse their mail. */
	(void)mlock(bytes, mapped);
	return (struct secret){ .bytes = bytes, .length = length, .mapped = mapped };
}

void
secret_keep(struct secret *secret, struct text text)
{
	struct secret kept = keep(text.length);

	if (text.length > 0)
		memcpy(kept.bytes, text.bytes, text.length);
	secret_wipe(secret);
	*secret = kept;
}

static char
digit(unsigned value)
{
	return "0123456789abcdef"[value & 0xFU];
}

static unsigned
value_of(char digit)
{
	return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10) & 0xFU;
}

/* Bytes that nobody can foresee; that they are not to be had is no reason to refuse mail. */
static void
make_pad(unsigned char pad[PAD_SIZE])
{
	if (getrandom(pad, PAD_SIZE, 0) != PAD_SIZE)
		memset(pad, 0xA5, PAD_SIZE);
}

/* Two digits that hide and two that are hidden for each byte. */
char *
secret_veil(struct text text, struct arena *arena)
{
	char *veiled = arena_zero(arena, text.length * VEIL_SIZE + 1);
	unsigned char pad[PAD_SIZE];

	for (size_t i = 0; i < text.length; i++) {
		char *at = veiled + i * VEIL_SIZE;
		unsigned byte = (unsigned char)text.bytes[i];

		if (i % PAD_SIZE == 0)
			make_pad(pad);
		at[0] = digit(pad[i % PAD_SIZE] >> 4);
		at[1] = digit(pad[i % PAD_SIZE]);
		at[2] = digit((byte ^ pad[i % PAD_SIZE]) >> 4);
		at[3] = digit(byte ^ pad[i % PAD_SIZE]);
	}
	return veiled;
}

void
secret_unveil(struct secret *secret, const char *veiled)
{
	struct text text = text_of(veiled);
	size_t length = text.length / VEIL_SIZE;
	struct secret kept = keep(length);

	for (size_t i = 0; i < length; i++) {
		const char *at = veiled + i * VEIL_SIZE;

		kept.bytes[i] = (char)((value_of(at[0]) ^ value_of(at[2])) << 4
		    | (value_of(at[1]) ^ value_of(at[3])));
	}
	secret_wipe(secret);
	*secret = kept;
}

void
secret_wipe(struct secret *secret)
{
	if (secret == NULL || secret->bytes == NULL)
		return;
	explicit_bzero(secret->bytes, secret->mapped);
	(void)munmap(secret->bytes, secret->mapped);
	*secret = (struct secret){ 0 };
}

static void
scrub_blocks(size_t size)
{
	void *blocks[SCRUB_COUNT];

	for (size_t i = 0; i < SCRUB_COUNT; i++) {
		blocks[i] = malloc(size);
		if (blocks[i] != NULL)
			explicit_bzero(blocks[i], size);
	}
	for (size_t i = 0; i < SCRUB_COUNT; i++)
		free(blocks[i]);
}

void
secret_scrub(void)
{
	for (size_t size = SCRUB_STEP / 2; size <= SCRUB_SIZE; size += SCRUB_STEP)
		scrub_blocks(size);
}

void
secret_protect_process(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	/* LeakSanitizer looks at its own process as a debugger would. */
	if (!BUILT_WITH_SANITIZER)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
