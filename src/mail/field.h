/* SPDX-License-Identifier: ISC */
/*
 * A header field with bytes beyond ASCII, made fit for a server that takes none.
 */
#ifndef RELAY_MAIL_FIELD_H
#define RELAY_MAIL_FIELD_H

#include <stdbool.h>

#include "base/failure.h"
#include "mail/header.h"

struct buffer;

/*
 * Appends the field, its CRLF included, with 8-bit text as encoded words (mail/word):
 * words of unstructured fields (Subject, Comments, unknown ones), and in fields of
 * addresses display names and comments.  What a reader decodes is the text as it was; all
 * other bytes stay.  Linear time.
 *
 * Fails with EX_DATAERR, naming the field, on 8-bit that no encoded word may stand for:
 * in an address, the name of a group, a display name with a comment inside, behind a backslash
 * in a comment, or in a structured field such as Content-Type.
 */
bool field_to_ascii(const struct header_field *field, struct buffer *to, struct failure *why);

#endif
