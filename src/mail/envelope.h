/* SPDX-License-Identifier: ISC */
/*
 * Who sends and who receives, independent of what the header says.
 */
#ifndef RELAY_MAIL_ENVELOPE_H
#define RELAY_MAIL_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/text.h"
#include "mail/address.h"

struct arena;
struct header;
struct completion;

struct envelope_recipient {
	struct address address;      /* complete */
	struct address original;     /* as first given, complete: what DSN's ORCPT names */
	const char *trail;           /* how it came about: "root: /etc/aliases:3"; NULL: given */
	const char *given;           /* as the caller wrote it, where that was completed; or NULL */
	const struct address *owner; /* sends to it instead of the envelope's sender; or NULL */
};

/* A place in the hash.  What else hashes alike is told without a look at the address. */
struct envelope_slot {
	uint32_t number; /* of the recipient, from 1; 0: free */
	uint32_t hash;
};

/* Distinct recipients in order, found by hash: adding n takes linear time. */
struct envelope_recipients {
	struct envelope_recipient *items;
	size_t count;
	size_t capacity;
	struct envelope_slot *slots;
	size_t slot_count;
};

struct envelope {
	struct address sender; /* null for <> */
	struct envelope_recipients recipients;
	const char *dsn_notify;  /* NOTIFY= value (RFC 3461 4.1) in upper case; NULL: none */
	const char *dsn_return;  /* "FULL" or "HDRS"; NULL: none */
	const char *envelope_id; /* ENVID, before xtext; NULL: none */
};

/* Adds the recipient unless an equal address (case not counted) is there already.
 * True when it was added. */
bool envelope_add(struct envelope_recipients *recipients, struct envelope_recipient recipient,
    struct arena *arena);

/* The place in items of an equal address; count when there is none. */
size_t envelope_find(const struct envelope_recipients *recipients, struct address address);

/*
 * Adds every address of one argument (`a@b, "C" <c@d>`; F170: as a list by itself),
 * completed as a recipient.  Fails with EX_USAGE on what address_list_read() and
 * address_check() refuse, on `<>`, on `|command`, `/file` and `:include:` without a domain
 * or at a local one (F181), past `limit` distinct recipients (0: none).  `where` names
 * the source for messages ("argument 2", "Cc").  An empty list adds none.
 */
bool envelope_add_list(struct envelope_recipients *recipients, struct text list, size_t limit,
    const char *where, const struct completion *completion, struct arena *arena,
    struct failure *why);

/*
 * -t: adds the recipients of the header: To, Cc, Bcc; when any of Resent-To,
 * Resent-Cc, Resent-Bcc is there, only those (relay-tables(5)).  An empty group and `<>`
 * add none.  Fails as envelope_add_list(), with EX_DATAERR.
 */
bool envelope_add_header(struct envelope_recipients *recipients, const struct header *header,
    size_t limit, const struct completion *completion, struct arena *arena, struct failure *why);

#endif
