/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/secret.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
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

static size_t
pages(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (size > SIZE_MAX - page)
		arena_exhausted();
	return (size + page - 1) / page * page;
}

void
secret_keep(struct secret *secret, struct text text)
{
	size_t mapped = pages(text.length + 1);
	void *bytes = mmap(
	    NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (bytes == MAP_FAILED)
		arena_exhausted();
	(void)madvise(bytes, mapped, MADV_DONTDUMP);
	/* The limit on locked memory is small for ordinary users: not having it
	 * is no reason to refuse their mail. */
	(void)mlock(bytes, mapped);
	if (text.length > 0)
		memcpy(bytes, text.bytes, text.length);
	secret_wipe(secret);
	*secret = (struct secret){ .bytes = bytes, .length = text.length, .mapped = mapped };
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

void
secret_protect_process(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	/* LeakSanitizer looks at its own process as a debugger would. */
	if (!BUILT_WITH_SANITIZER)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
