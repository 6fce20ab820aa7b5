/* SPDX-License-Identifier: ISC */
/*
 * A line of nullmailer's `remotes`: a server, a protocol and options, quoted as in a shell.
 */
#ifndef RELAY_CONFIG_IMPORT_REMOTE_H
#define RELAY_CONFIG_IMPORT_REMOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/import_row.h"
#include "config/import_server.h"

struct import_remote {
	struct import_place place;
	struct text host;
	struct text protocol;          /* "smtp" when none is given */
	struct import_entries options; /* without `--`; the value is what stands behind '=' */
};

/* Takes the line apart; false: it names no server.  Fails with `*why` filled as
 * import_row_add(). */
bool import_remote_read(const struct import_place *place, struct arena *arena,
    struct import_remote *remote, bool *found, struct failure *why);

/* Do both say the same but for host and port?  (One account can then have both hosts.) */
bool import_remote_is_like(const struct import_remote *a, const struct import_remote *b);

/* The port it connects to. */
int64_t import_remote_port(const struct import_remote *remote);

/* Writes an account's server, TLS and login for remotes that are alike. */
void import_remote_write(
    const struct import_remote *remotes, size_t count, struct import_writer *writer);

#endif
