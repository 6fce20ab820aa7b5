/* SPDX-License-Identifier: ISC */
/*
 * Brings an address to full form, as Postfix's trivial-rewrite does for mail
 * submitted on the machine (RFC 6409 section 8.2 allows a submitter that).
 */
#ifndef RELAY_MAIL_COMPLETION_H
#define RELAY_MAIL_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "mail/address.h"

struct completion {
	struct text domain;               /* appended to bare names: myorigin */
	const struct text *local_domains; /* domains whose users are ours */
	size_t local_count;
	const char *delimiters; /* of address extensions; NULL: none */
};

/* Is the domain one of ours (case not counted; the empty one is), or the literal
 * of a loopback address (`[127.0.0.1]`, `[IPv6:::1]`)? */
bool completion_is_local(const struct completion *completion, struct text domain);

/*
 * Without `@`: `host!user` becomes user@host, else the last `%` becomes `@`, else
 * the domain is appended.  The null address stays.  Letter case stays.
 */
struct address completion_apply(const struct completion *completion, struct address address);

/*
 * As completion_apply(), and for recipients: while the domain is local and the
 * local part still holds `@`, `!` or `%`, the domain is dropped and the rest read
 * and completed anew (at most 16 times; what cannot be read stays as it is).
 * Values belong to arena or to the input.
 */
struct address completion_recipient(
    const struct completion *completion, struct address address, struct arena *arena);

#endif
