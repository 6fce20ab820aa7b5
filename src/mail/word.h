/* SPDX-License-Identifier: ISC */
/*
 * Encoded words: text beyond ASCII as a header may hold it (RFC 2047, Q).
 */
#ifndef RELAY_MAIL_WORD_H
#define RELAY_MAIL_WORD_H

#include <stddef.h>

#include "base/text.h"

struct buffer;

/* Bytes of a line that holds an encoded word at most (RFC 2047 section 2). */
#define WORD_LINE_MAX 76

/* Bytes that the shortest encoded word of any character needs. */
#define WORD_SIZE_MIN 24

/*
 * Appends the text as encoded words, one a line, in a form that may stand in place of
 * unstructured text, in a comment and in a phrase.  The first begins where the last line of
 * `to` ends.  The charset is utf-8, a character never cut in two; for what is not valid
 * UTF-8 unknown-8bit (RFC 1428), so that no byte is lost.  The text is not empty.
 */
void word_encode(struct text text, struct buffer *to);

/* Bytes of the buffer's last line so far; of a line over WORD_LINE_MAX just more than that, so
 * that asking often costs little. */
size_t word_column(const struct buffer *to);

#endif
