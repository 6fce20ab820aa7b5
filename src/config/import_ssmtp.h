/* SPDX-License-Identifier: ISC */
/*
 * ssmtp.conf and revaliases, as ssmtp 2.64 reads them, into accounts of relayrc.
 */
#ifndef RELAY_CONFIG_IMPORT_SSMTP_H
#define RELAY_CONFIG_IMPORT_SSMTP_H

#include "config/import_file.h"
#include "config/import_writer.h"

/* Writes the accounts of the set; *first is the name of the first one, NULL: none.  Fails as
 * import_row_add(). */
bool import_ssmtp_write(const struct import_set *set, struct import_writer *writer,
    const char **first, struct failure *why);

#endif
