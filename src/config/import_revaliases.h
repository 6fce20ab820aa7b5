/* SPDX-License-Identifier: ISC */
/*
 * revaliases, the reverse aliases of ssmtp: rows for generic, and accounts for those that name a
 * server of their own.
 */
#ifndef RELAY_CONFIG_IMPORT_REVALIASES_H
#define RELAY_CONFIG_IMPORT_REVALIASES_H

#include "config/import_file.h"
#include "config/import_server.h"
#include "config/import_writer.h"

/* `server` is that of ssmtp.conf, whose account is `parent` (NULL: none). */
void import_revaliases_write(const struct import_file *file, const struct import_server *server,
    const char *parent, struct import_writer *writer);

#endif
