/* SPDX-License-Identifier: ISC */
/*
 * One message: read from a descriptor to its end before anything else is done,
 * its header in memory, its body in memory to MESSAGE_MEMORY_MAX and in an
 * unnamed file beyond; or beyond in the file it came from, when that stays.  Both
 * are CRLF-normalised; nothing else is changed.
 */
#ifndef RELAY_MAIL_MESSAGE_H
#define RELAY_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "mail/content.h"
#include "mail/header.h"
#include "mail/remainder.h"

struct arena;

#define MESSAGE_MEMORY_MAX ((size_t)1024 * 1024)
#define MESSAGE_KEPT_MAX ((size_t)128 * 1024) /* of a body that stays where it is */

/* So many Received fields mean that the message goes round in a circle (RFC 5321 6.3). */
#define MESSAGE_HOPS_MAX 100

struct message_source {
	int fd;                /* read to its end, not closed */
	bool stays;            /* it is open for as long as the message: a file can be read again */
	bool dot_ends;         /* a line with a lone dot ends the input */
	size_t header_limit;   /* bytes of header at most; 0: 1 MiB */
	uint64_t size_limit;   /* bytes of message at most; 0: none */
	const char *temporary; /* directory for a body past the memory limit */
};

struct message {
	struct header header;          /* as it came in; borrows header_block */
	struct text header_block;      /* field lines, no blank line; belongs to arena */
	struct text edited;            /* the block to send instead; starts equal to header_block */
	struct buffer body;            /* the body, when it is in memory, or its first part */
	struct remainder remainder;    /* what comes behind that part */
	int body_fd;                   /* else the unnamed file; -1 when in memory */
	uint64_t body_size;            /* bytes, normalised */
	struct content header_content; /* facts about the header as it came in */
	struct content body_content;   /* facts about the body */
};

/* A message in memory from texts, for tests and notices: both are normalised. */
bool message_make(struct text header, struct text body, struct arena *arena,
    struct message *message, struct failure *why);

/*
 * Reads the whole source.  A first line `From ...` is dropped (mbox), `>From` at
 * the top too; a first line that is no header field means that there is no
 * header, a later one that the header ends there: the blank line is supplied
 * (F162-F165).  Empty input gives an empty message.
 *
 * Fails with EX_IOERR when reading fails (F183), EX_NOINPUT for a descriptor that is closed
 * or a directory (F184, F185), EX_DATAERR on NUL (F160), a bare CR in the header
 * (F159), a header past its limit (F168), a message past its limit, MESSAGE_HOPS_MAX Received
 * fields (F192), EX_TEMPFAIL when the temporary file cannot be made or filled.  On failure
 * nothing is left open.
 */
bool message_read(const struct message_source *source, struct arena *arena, struct message *message,
    struct failure *why);

/* Bytes of edited header, blank line and body together, as they are sent. */
uint64_t message_size(const struct message *message);

/* Is there 8-bit in what is sent: in the edited header, in the body? */
bool message_header_is_8bit(const struct message *message);
bool message_body_is_8bit(const struct message *message);

/* Does a line of what is sent begin as an SMTP command does (F144)? */
bool message_is_command_like(const struct message *message);

/* Hands out what is sent, piece by piece: edited header, blank line, body. */
struct message_reader {
	const struct message *message;
	uint64_t at; /* bytes handed out */
	char *block; /* for a body in a file; NULL when in memory */
	struct remainder_reader remainder;
};

struct message_reader message_reader_open(const struct message *message);

/*
 * The next piece, at most 256 KiB, borrowed until the next call; empty at the
 * end.  Fails with EX_IOERR.
 */
bool message_reader_next(struct message_reader *reader, struct text *piece, struct failure *why);

void message_reader_close(struct message_reader *reader);

/* Closes the file, frees the body.  May be called again, and on a zeroed message
 * whose body_fd is -1. */
void message_close(struct message *message);

#endif
