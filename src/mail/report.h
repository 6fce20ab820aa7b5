/* SPDX-License-Identifier: ISC */
/*
 * What became of each recipient.  Exit status and queueing are derived here and
 * nowhere else.
 */
#ifndef RELAY_MAIL_REPORT_H
#define RELAY_MAIL_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"

struct arena;
struct buffer;

enum verdict_state {
	VERDICT_OPEN,      /* nothing known yet */
	VERDICT_ACCEPTED,  /* RCPT was accepted; the message is not through yet */
	VERDICT_DELIVERED, /* the server answered 250 to the whole message */
	VERDICT_DEFERRED,  /* may go later */
	VERDICT_REFUSED    /* will not go */
};

struct verdict {
	struct text recipient; /* as in RCPT TO; borrowed */
	enum verdict_state state;
	const struct failure *why; /* for deferred and refused, the whole story; else NULL */
};

struct report {
	struct arena *arena; /* of the first report_add(); holds the failures */
	struct verdict *verdicts;
	size_t count;
	size_t capacity;
	char reply[512]; /* the server's words to the message, last route */
};

/* Adds an open verdict and returns its number. */
size_t report_add(struct report *report, struct text recipient, struct arena *arena);

/* Settles one: refused, or deferred when the failure is temporary. */
void report_fail(struct report *report, size_t number, const struct failure *why);

/* Settles `count` from `first` on that are not settled yet with one failure. */
void report_fail_open(struct report *report, size_t first, size_t count, const struct failure *why);

/* Makes every ACCEPTED one of `count` from `first` on DELIVERED. */
void report_deliver(struct report *report, size_t first, size_t count);

size_t report_count(const struct report *report, enum verdict_state state);

/*
 * sysexits: 0 when all are delivered; else the status of the first refused one's
 * failure when any is refused (67 for 550 and 553 to RCPT with 5.1.x or no enhanced status, else 69
 * unless the failure chose another), else that of the first deferred one (75, or what its failure
 * chose: 68, 69, 77 ... as no queue keeps the mail).
 */
int report_status(const struct report *report);

/*
 * One paragraph a failure as failure_format() writes it, recipients that share a
 * failure named together; a last line "delivered to N of M recipients" when some
 * were.  Nothing when all are delivered.
 */
void report_format(const struct report *report, const char *program, struct buffer *to);

/* Gives every failure of the report to `advise`, which may add its hint. */
void report_advise(struct report *report, void (*advise)(struct failure *why));

#endif
