/* SPDX-License-Identifier: ISC */
/*
 * Makes a message fit to travel when it does not as it is: lines over 998 bytes,
 * or 8-bit where the server does not offer 8BITMIME (RFC 6152).  Text is
 * re-encoded quoted-printable (RFC 2045 6.7), header fields are folded and their
 * 8-bit text becomes encoded words.
 */
#ifndef RELAY_MAIL_ENCODING_H
#define RELAY_MAIL_ENCODING_H

#include <stdbool.h>

#include "base/failure.h"
#include "mail/message.h"

struct arena;

/* Does the message travel as it is, given what the server offers?  Header and body are
 * judged (F140).  A body that calls itself binary never does (F194). */
bool encoding_fits(const struct message *message, bool offers_8bitmime);

/*
 * Makes `*fit` of a message that does not fit.  Header lines over 998 bytes are folded at
 * blanks; without 8BITMIME the fields are made ASCII (field_to_ascii()).  A body that has to
 * change and is a single text part becomes quoted-printable, one of another type base64; what
 * is decoded equals the input.  Content-Transfer-Encoding is set, and so is what is missing of
 * MIME-Version and Content-Type (`text/plain; charset=utf-8`, us-ascii when it is).  A body
 * file is made in `temporary`.
 *
 * Fails with EX_DATAERR, naming line number and length, for what it may not touch:
 * multipart, signed, encrypted or already encoded bodies that have to change, header fields
 * without a blank to fold at, and what field_to_ascii() refuses; otherwise as message_read().
 * The new message is the caller's to close.
 */
bool encoding_apply(const struct message *message, bool offers_8bitmime, const char *temporary,
    struct arena *arena, struct message *fit, struct failure *why);

#endif
