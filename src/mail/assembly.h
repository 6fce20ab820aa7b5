/* SPDX-License-Identifier: ISC */
/*
 * Makes a message of bytes as they come in: finds where the header ends, normalises
 * line ends, and keeps the body in memory or, when it is large, in an unnamed file.
 *
 * Stands between whatever gives bytes (a descriptor, texts, a re-encoder) and struct
 * message.  Knows no descriptor but that of the file.
 */
#ifndef RELAY_MAIL_ASSEMBLY_H
#define RELAY_MAIL_ASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "mail/message.h"

struct arena;

struct assembly {
	struct message message; /* body and facts so far */
	struct buffer header;   /* field lines, CRLF-ended, the last one may be open */
	size_t line_start;      /* of the header line that is not judged yet */
	struct content before;  /* the facts without that line */
	enum { ASSEMBLY_FIRST_LINE, ASSEMBLY_HEADER, ASSEMBLY_BODY } state;
	bool judged;           /* the open line is known to belong to the header */
	uint64_t size_limit;   /* of header and body; 0: none */
	const char *temporary; /* directory of the file */
	size_t kept;           /* of the body, when the rest is left */
	bool leaves;           /* a large body is left where it is: see assembly_leave() */
};

/* Nothing read yet.  Limits in bytes; 0 means none. */
struct assembly assembly_start(size_t header_limit, uint64_t size_limit, const char *temporary);

/*
 * Takes the next bytes, cut anywhere.  Fails with EX_DATAERR on NUL (F160), a bare
 * CR in the header (F159), a header or message past its limit (F168), EX_TEMPFAIL
 * when the file cannot be made or filled.
 */
bool assembly_feed(struct assembly *assembly, struct text input, struct failure *why);

/*
 * With `leaves` set before the first byte: to be called after each assembly_feed() with the
 * place in the file that the next bytes come from.  From the place on at which the body is
 * larger than MESSAGE_KEPT_MAX it is not kept, but read there again.
 */
void assembly_leave(struct assembly *assembly, int fd, uint64_t place);

/*
 * Ends the last line and hands the message over; its header belongs to arena.  Fails
 * as assembly_feed(), and with EX_DATAERR on MESSAGE_HOPS_MAX Received fields (F192).
 */
bool assembly_finish(
    struct assembly *assembly, struct arena *arena, struct message *message, struct failure *why);

/* Frees and closes what is held.  May be called again, and after assembly_finish(). */
void assembly_close(struct assembly *assembly);

#endif
