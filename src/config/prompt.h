/* SPDX-License-Identifier: ISC */
/*
 * A password typed by the person at the terminal: the last source of all.
 */
#ifndef RELAY_CONFIG_PROMPT_H
#define RELAY_CONFIG_PROMPT_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/secret.h"

#define PROMPT_LIMIT_MS ((int64_t)120 * 1000)
#define PROMPT_MAX ((size_t)1024)

/*
 * Asks on the controlling terminal, with its echo off until the line is complete, the time is
 * over or a signal comes; then the terminal is as it was.  Standard input is not touched: the
 * message is there.  Fails with EX_TEMPFAIL: no terminal, nobody answered, a signal, a line of
 * more than PROMPT_MAX bytes.
 */
bool prompt_read(const char *user, const char *host, struct secret *secret, struct failure *why);

#endif
