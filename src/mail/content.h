/* SPDX-License-Identifier: ISC */
/*
 * Line ends: whatever the caller wrote becomes CRLF lines (RFC 5321 2.3.8), and
 * what a transfer must know of the bytes is counted on the way.
 */
#ifndef RELAY_MAIL_CONTENT_H
#define RELAY_MAIL_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/text.h"

struct buffer;

/* A longer line may not be sent as it is (RFC 5321 4.5.3.1.6, without CRLF). */
#define CONTENT_LINE_MAX 998

#define CONTENT_WORD_MAX 8

/* The first word of a line, as far as it is known: letters in lower case. */
struct content_word {
	char bytes[CONTENT_WORD_MAX];
	unsigned char length;
	bool over; /* nothing more belongs to it */
};

struct content {
	uint64_t size_bytes; /* after normalising */
	uint64_t lines;
	uint64_t longest;        /* bytes of the longest line, without CRLF */
	uint64_t longest_number; /* which line that is, from 1 */
	uint64_t current;        /* bytes of the line that is not yet ended */
	bool eight_bit;          /* a byte of 0x80 or more was seen */
	bool after_cr;           /* the last byte was a CR whose CRLF is written already */
	bool bare_cr;            /* a CR without LF was seen (and became CRLF) */
	bool command_like;       /* a line begins as an SMTP command does (F144) */
	struct content_word word;
};

/* Nothing seen yet. */
struct content content_start(void);

/*
 * Appends `input` to `output` with LF, CRLF and a bare CR each as one CRLF;
 * input may be cut at any byte.  Fails with EX_DATAERR on a NUL (F158, F160).
 * A buffer that is full is an EX_DATAERR too.
 */
bool content_feed(
    struct content *content, struct text input, struct buffer *output, struct failure *why);

/* Ends the last line with CRLF when it has no end (F166). */
bool content_finish(struct content *content, struct buffer *output, struct failure *why);

/* Has one of these CRLF lines a first word that is an SMTP command?  Blanks before it do not
 * count: there are servers that pass over them. */
bool content_command_like(struct text lines);

#endif
