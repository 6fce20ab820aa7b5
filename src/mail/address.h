/* SPDX-License-Identifier: ISC */
/*
 * Mail addresses: found in the bytes of a list as people and programs write it
 * (RFC 5322 3.4 and its obsolete forms), and as values to look up and send.
 *
 * Stands under message, envelope and the tables.  Knows no domain of ours:
 * completing a bare name is mail/completion's work.
 */
#ifndef RELAY_MAIL_ADDRESS_H
#define RELAY_MAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"

struct arena;

/* Limits of RFC 5321 4.5.3.1, generous by a factor; longer is refused. */
#define ADDRESS_LOCAL_MAX 1024
#define ADDRESS_DOMAIN_MAX 1024

/* An address taken apart.  Both empty: the null address `<>`. */
struct address {
	struct text local;  /* quotes and backslashes resolved: any byte but CR, LF, NUL */
	struct text domain; /* as written, without one trailing dot; empty for a bare name */
};

/* An address found in a list, and the bytes that stand for it there. */
struct address_span {
	struct address address;
	size_t start; /* of the address proper: inside <>, source route included, no comment */
	size_t end;   /* excluded */
	bool angle;   /* it stands between < and > */
	bool grouped; /* it is the member of a group `name: ... ;` */
	size_t comma; /* where the comma is missing that parts it from the one before; 0: none is */
};

struct address_list {
	struct address_span *spans; /* in order; belongs to arena */
	size_t count;
};

/*
 * Finds every address of a list (relay-tables(5)):
 * display names, comments (nested, counted not recursed), quoted strings,
 * groups, folding, source routes `<@a,@b:user@dom>` (dropped from the value,
 * inside the span), domain literals, blanks around `.` and `@`.  Bare words
 * without a comma are separate addresses (`root alice`).  A colon opens a group
 * only when a `;` follows later.  `<>` gives a span with an empty address.
 * Linear time whatever the bytes.  Values belong to arena.
 *
 * Fails with EX_DATAERR on an unclosed quote, comment, angle or literal, a `>` too
 * many, an `@` without a domain, a local part or domain past its maximum, more
 * than `limit` addresses (0: none), a NUL, CR or LF inside an address, or a line
 * break that folds nothing.
 */
bool address_list_read(struct text list, size_t limit, struct arena *arena,
    struct address_list *found, struct failure *why);

/*
 * Reads one argument that must hold exactly one address (as for -f): `user`,
 * `user@dom`, `Name <user@dom>`, `<>` or nothing for the null address.  Fails
 * with EX_USAGE on CR, LF, NUL, other control bytes, a blank inside the address
 * but outside quotes, none, two or a group of addresses, or what
 * address_list_read() and address_check() refuse (F175, F176).
 */
bool address_read(
    struct text argument, struct arena *arena, struct address *address, struct failure *why);

/* The null address? */
bool address_is_null(struct address address);

/* Same local part and domain, letter case not counted. */
bool address_equal(struct address a, struct address b);

/* For tables in memory: equal addresses have equal hashes, in this process. */
uint64_t address_hash(struct address address);

/*
 * As it is written in commands and headers: `local@domain`, the local part
 * quoted only when it must be (RFC 5321 4.1.2); without domain just the local
 * part; "" for the null address.  Belongs to arena.
 */
struct text address_format(struct address address, struct arena *arena);

/* The local part alone, quoted when it must be. */
struct text address_format_local(struct text local, struct arena *arena);

/*
 * May it stand in a command or a field?  Fails with `code` on an empty local
 * part, control bytes (C1 and Unicode's line separators and direction overrides
 * too: F177), invalid UTF-8, a domain with a blank, an empty label or one of
 * `<>()[]@,;:\"` outside a literal, or a length past the maximum.  (The empty
 * domain is allowed.)
 */
bool address_check(struct address address, int code, struct failure *why);

/* Does it need SMTPUTF8 as it is (a byte of 0x80 or more in the local part)?
 * A domain of that kind can travel as A-labels. */
bool address_needs_utf8(struct address address);

/*
 * The address with its domain as A-labels (RFC 5890), itself when it is ASCII.
 * Fails with EX_DATAERR when the domain is no valid name.  Belongs to arena.
 */
bool address_to_ascii(
    struct address address, struct arena *arena, struct address *ascii, struct failure *why);

/*
 * Splits an extension off (relay-tables(5)): at the first byte of the local part
 * that is one of `delimiters` (NULL or "": none).  Not when that leaves an empty
 * name, nor for postmaster, mailer-daemon, double-bounce, nor with '-' for
 * owner-* and *-request.  True when there is one: *base is the part before it.
 */
bool address_base(struct address address, const char *delimiters, struct address *base);

#endif
