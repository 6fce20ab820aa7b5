/* SPDX-License-Identifier: ISC */
/*
 * The record of a delivery for logfile and syslog: one line, or one JSON object, a run.
 */
#ifndef RELAY_FLOW_RECORD_H
#define RELAY_FLOW_RECORD_H

#include "base/failure.h"
#include "flow/plan.h"
#include "mail/message.h"
#include "mail/report.h"

struct arena;
struct buffer;

/*
 * Writes what became of the message where the account's logfile and syslog say.  The text form
 * has the keys of msmtp's line (host, tls, auth, user, from, recipients, mailsize,
 * smtpstatus, smtpmsg, errormsg, exitcode) and msgid; blanks and quotes in values are '_'.  A log
 * that cannot be written adds a warning to `warnings` (may be NULL) and nothing else.
 */
void record_write(const struct plan *plan, const struct message *message,
    const struct report *report, struct arena *arena, struct buffer *warnings);

/* The same for a run that failed before anything was delivered. */
void record_failure(const struct plan *plan, const struct message *message,
    const struct failure *why, struct arena *arena);

#endif
