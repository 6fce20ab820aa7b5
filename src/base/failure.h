/* SPDX-License-Identifier: ISC */
/*
 * What went wrong, as a value: filled where it is known, handed up to main,
 * which alone prints and exits.
 *
 * A function that can fail is `bool f(..., struct failure *why)`; on false
 * *why is filled, on true it is untouched.  Every function below that returns
 * bool returns false, so that a failing function ends in one expression.
 */
#ifndef RELAY_BASE_FAILURE_H
#define RELAY_BASE_FAILURE_H

#include <stdbool.h>
#include <sysexits.h>

#include "base/text.h"

struct buffer;

/* Where in the flow it happened; FAILURE_SOMEWHERE until somebody says. */
enum failure_stage {
	FAILURE_SOMEWHERE,
	FAILURE_USAGE,
	FAILURE_CONFIG,
	FAILURE_TABLE,
	FAILURE_INPUT,
	FAILURE_PLAN,
	FAILURE_CONNECT,
	FAILURE_GREETING,
	FAILURE_TLS,
	FAILURE_AUTH,
	FAILURE_SENDER,
	FAILURE_RECIPIENT,
	FAILURE_DATA,
	FAILURE_STAGE_COUNT
};

/* What a queue does about it: bounce, hold the account, or back off. */
enum failure_class { FAILURE_MESSAGE, FAILURE_ACCOUNT, FAILURE_NETWORK };

struct failure {
	enum failure_stage stage;
	int code;          /* sysexits.h; what the program exits with */
	bool temporary;    /* the same call may succeed later */
	bool uncertain;    /* the final dot was sent and no reply came */
	int smtp_code;     /* of the server's reply; 0 when it said nothing */
	char enhanced[16]; /* RFC 3463 status of that reply, or empty */
	char reply[512];   /* the server's words, printable, one line */
	char what[768];    /* what happened */
	char where[320];   /* host:port or file:line, or empty */
	char hint[512];    /* the next thing to do, or empty */
};

/*
 * Begins a failure: clears *why, sets the exit status and the sentence (lower
 * case, no full stop, names quoted 'like this'; control bytes are made '?').
 * EX_TEMPFAIL, EX_NOHOST and EX_OSERR count as temporary.
 */
bool fail(struct failure *why, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As fail() with ": " and the text of errno value `number` behind it. */
bool failure_errno(struct failure *why, int code, int number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds the place, unless a deeper function named one already. */
bool failure_at(struct failure *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the advice, unless a deeper function gave one already. */
bool failure_hint(struct failure *why, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Names the stage, unless a deeper function did. */
bool failure_in(struct failure *why, enum failure_stage stage);

/* Adds the server's words.  A 4xx code makes the failure temporary. */
bool failure_reply(struct failure *why, int smtp_code, const char *enhanced, struct text words);

/* message, account or network: from stage, exit status and reply. */
enum failure_class failure_class(const struct failure *why);

/* The stage in one word ("connect", "tls"), for logs. */
const char *failure_stage_name(enum failure_stage stage);

/*
 * Writes the failure as main shows it: "PROGRAM: WHERE: WHAT", then a line
 * "  server: CODE ENHANCED WORDS" and a line "  hint: ADVICE" where there are.
 */
void failure_format(const struct failure *why, const char *program, struct buffer *to);

#endif
