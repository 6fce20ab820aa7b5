/* SPDX-License-Identifier: ISC */
/*
 * Edits header fields in place: addresses are replaced byte for byte inside the
 * fields that hold any, some fields are left out, all others leave as they came.
 */
#ifndef RELAY_MAIL_REWRITE_H
#define RELAY_MAIL_REWRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"
#include "mail/address.h"
#include "mail/header.h"

struct arena;

/* What an address becomes.  `map` gives the complete new address; equal bytes
 * mean that nothing changes.  The result lives as long as `data` or `arena`, which is
 * short-lived. */
struct rewrite_map {
	struct address (*map)(void *data, struct address address, struct arena *arena);
	void *data;
};

/* Is it a field whose addresses are rewritten: From, Sender, Reply-To, To, Cc,
 * Bcc, Apparently-To, Errors-To, Return-Receipt-To, Disposition-Notification-To,
 * Mail-Followup-To and the Resent- forms?  (Bcc in case that it is kept.) */
bool rewrite_applies(const struct header_field *field);

/* Is it a field that never leaves: Bcc, Resent-Bcc, Return-Path, Content-Length? */
bool rewrite_drops(const struct header_field *field);

/*
 * Every address of the fields to which rewrite_applies(), equal bytes once, for one
 * pass over the tables; not the null one.  A field that cannot be
 * read is passed over (it leaves as it came).  Belongs to arena; NULL for none.
 */
void rewrite_collect(
    const struct header *header, struct arena *arena, struct address **addresses, size_t *count);

/*
 * The value with each address replaced by what the map gives for it.  Only the
 * bytes of an address that changes are replaced, a source route with it; the local
 * part is quoted as needed, and the null address becomes `<>` or, where it stands
 * bare, `""`.  `<>` is not mapped, and what address_check() refuses replaces nothing.
 * Addresses without a comma between them (`root alice`) get one when any changes.
 * *changed tells whether any byte is new.  An unreadable value is returned as it is.
 * Belongs to arena, or is `value`.
 */
struct text rewrite_value(
    struct text value, const struct rewrite_map *map, struct arena *arena, bool *changed);

/*
 * The block without the fields that rewrite_drops() or `drop` (may be NULL) name,
 * addresses rewritten.  keep_bcc leaves Bcc and Resent-Bcc in (remove_bcc_headers
 * off).  Untouched fields are equal to the byte.  Belongs to arena.
 */
struct text rewrite_header(const struct header *header, const struct rewrite_map *map,
    bool (*drop)(const struct header_field *field, void *data), void *data, bool keep_bcc,
    struct arena *arena);

#endif
