/* SPDX-License-Identifier: ISC */
/*
 * msmtprc into relayrc: nearly the same lines, and what relay would take otherwise made explicit.
 */
#ifndef RELAY_CONFIG_IMPORT_MSMTP_H
#define RELAY_CONFIG_IMPORT_MSMTP_H

#include "config/import_file.h"
#include "config/import_writer.h"

/* Does it have a `defaults` section, so that it must be the last of what is printed? */
bool import_msmtp_has_defaults(const struct import_file *file);

/* As import_ssmtp_write(); *first is NULL when the file says itself what the default is.
 * Nothing is run: `eval` and `passwordeval` are copied. */
bool import_msmtp_write(const struct import_set *set, struct import_writer *writer,
    const char **first, struct failure *why);

#endif
