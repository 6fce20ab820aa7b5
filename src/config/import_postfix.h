/* SPDX-License-Identifier: ISC */
/*
 * Postfix's main.cf, as far as it is about sending, into an account of relayrc.  Its tables stay
 * files.
 */
#ifndef RELAY_CONFIG_IMPORT_POSTFIX_H
#define RELAY_CONFIG_IMPORT_POSTFIX_H

#include "config/import_file.h"
#include "config/import_writer.h"

/* As import_ssmtp_write(). */
bool import_postfix_write(const struct import_set *set, struct import_writer *writer,
    const char **first, struct failure *why);

#endif
