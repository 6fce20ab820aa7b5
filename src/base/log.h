/* SPDX-License-Identifier: ISC */
/*
 * Where the record of a run goes: a file or syslog.  A log that fails never changes
 * the outcome of the run.
 */
#ifndef RELAY_BASE_LOG_H
#define RELAY_BASE_LOG_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/text.h"

/*
 * Appends `line` and a line end to the file in one write under a lock; "-" is standard
 * output.  Made with mode 0600; FIFOs, devices and symbolic links to others' files are no reason to
 * wait.  Fails with EX_CANTCREAT or EX_IOERR.
 */
bool log_append(const char *path, struct text line, struct failure *why);

/* Could log_append() write there?  Makes no file.  Fails with EX_CANTCREAT. */
bool log_check(const char *path, struct failure *why);

/* Hands one line to syslog: a facility of syslog(3), level error or info. */
void log_syslog(int facility, bool error, struct text line);

#endif
