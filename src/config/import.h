/* SPDX-License-Identifier: ISC */
/*
 * --import: other programs' configuration into a relayrc.
 */
#ifndef RELAY_CONFIG_IMPORT_H
#define RELAY_CONFIG_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"

struct arena;
struct buffer;
struct environment;

/*
 * Reads the files (or the files that each directory should hold) and prints a relayrc: an account
 * for each configuration, with what was not kept as comments.  Each loss is a line on
 * `complaints`; passwords go to `output` only.  Files that belong to a named one (revaliases,
 * auth.conf, nullmailer's others) are read from its directory.  Runs nothing and asks no network.
 *
 * Fails, with nothing printed, as import_file_read() and import_row_add(); with EX_NOPERM with
 * privileges, with EX_USAGE for no path, a directory that holds nothing to read, several msmtprc of
 * which one has `defaults`.
 */
bool import_run(const char *const *paths, size_t count, const struct environment *environment,
    struct arena *arena, struct buffer *output, struct buffer *complaints, struct failure *why);

#endif
