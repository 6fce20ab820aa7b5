/* SPDX-License-Identifier: ISC */
/*
 * Replies of a server (RFC 5321 4.2), read from a channel and judged as bytes
 * from a stranger.
 */
#ifndef RELAY_SMTP_REPLY_H
#define RELAY_SMTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/deadline.h"
#include "base/failure.h"
#include "base/text.h"
#include "net/channel.h"

struct arena;

#define REPLY_LINE_MAX ((size_t)64 * 1024) /* F109: longer is an attack */
#define REPLY_TEXT_MAX ((size_t)64 * 1024) /* F108: all lines of one reply */
#define REPLY_LINES_MAX 1000

struct reply {
	int code;           /* 200-599 */
	char enhanced[16];  /* RFC 3463 status when the text begins with one of its class */
	struct text *lines; /* text after the code of each line; belongs to arena */
	size_t line_count;
	struct text words; /* all lines joined by blanks, at most 512 bytes, for failures */
};

/* Reads replies one after the other; bytes behind one stay for the next. */
struct reply_reader {
	struct channel *channel; /* borrowed */
	struct buffer input;
	void (*trace)(void *data, struct text line); /* each line as it came; may be NULL */
	void *trace_data;
};

struct reply_reader reply_reader_open(struct channel *channel);
void reply_reader_close(struct reply_reader *reader);

/*
 * Reads one reply, joining continuation lines.  Fails with EX_TEMPFAIL on the deadline or end of
 * input, EX_PROTOCOL on a line without a code, a code that changes, NUL, or past the
 * maxima (F108-F114).  LF alone ends a line too; a bare CR is a byte of the text.
 */
bool reply_read(struct reply_reader *reader, struct deadline deadline, struct arena *arena,
    struct reply *reply, struct failure *why);

/* Have bytes come that no reply_read() has taken (in the buffer or on the channel)?  Does not
 * wait; neither the end of input nor what TLS sends for itself counts. */
bool reply_pending(struct reply_reader *reader);

/* Code and enhanced status of a line with *** for its words; *** alone when it is no reply.
 * Returns `shown`. */
#define REPLY_HIDDEN_MAX 24
const char *reply_hide(struct text line, char shown[REPLY_HIDDEN_MAX]);

/* Is the code of that hundred (2: success, 3: go on, 4: later, 5: never)? */
bool reply_is(const struct reply *reply, int hundred);

/* Makes *why of an unwanted reply: the sentence from `format`, EX_TEMPFAIL for 4xx (421 too),
 * `code` for 5xx, EX_PROTOCOL for a 2xx or 3xx that nobody asked for; the server's words added. */
bool reply_fail(const struct reply *reply, int code, struct failure *why, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
