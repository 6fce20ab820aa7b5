/* SPDX-License-Identifier: ISC */
/*
 * The control files of nullmailer 2.2 into accounts of relayrc.
 */
#ifndef RELAY_CONFIG_IMPORT_NULLMAILER_H
#define RELAY_CONFIG_IMPORT_NULLMAILER_H

#include "config/import_file.h"
#include "config/import_writer.h"

/* As import_ssmtp_write(). */
bool import_nullmailer_write(const struct import_set *set, struct import_writer *writer,
    const char **first, struct failure *why);

#endif
