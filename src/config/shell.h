/* SPDX-License-Identifier: ISC */
/*
 * Commands that relayrc names (passwordeval, eval): what one prints first.  The
 * command is the configuration's word, never made from mail.
 */
#ifndef RELAY_CONFIG_SHELL_H
#define RELAY_CONFIG_SHELL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/secret.h"

struct arena;

#define SHELL_LIMIT_MS ((int64_t)60 * 1000)
#define SHELL_OUTPUT_MAX ((size_t)64 * 1024)

/*
 * Runs `/bin/sh -c COMMAND` and keeps the first line of its output (without LF or
 * CRLF; may be empty; line->bytes is NULL when nothing at all was printed).  Its own standard input
 * is /dev/null, no other descriptor but output and error is open in it, it leads a session of its
 * own without a terminal.  Its process group is killed when `limit_ms` have passed, and ended with
 * this program by the signals of interrupt_catch().
 *
 * Fails with EX_TEMPFAIL: not started, over time, a status other than 0 (with the
 * first bytes of its standard error), more than SHELL_OUTPUT_MAX bytes, a NUL in the
 * line.  The sentence shows shell_name(), never what was printed on standard output.
 */
bool shell_first_line(
    const char *command, int64_t limit_ms, struct secret *line, struct failure *why);

/* The command as it may be shown: its first word, since what follows may hold a
 * secret; "..." when that word may too.  Belongs to arena. */
const char *shell_name(const char *command, struct arena *arena);

#endif
