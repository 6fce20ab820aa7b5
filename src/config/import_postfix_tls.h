/* SPDX-License-Identifier: ISC */
/*
 * What becomes of Postfix's certificates, authorities and fingerprints: the `write` of rows in
 * config/import_postfix_rows; `data` is the parameters.
 */
#ifndef RELAY_CONFIG_IMPORT_POSTFIX_TLS_H
#define RELAY_CONFIG_IMPORT_POSTFIX_TLS_H

#include "config/import_row.h"

void import_postfix_tls_authorities(
    struct import_writer *writer, const struct import_entry *entry, const void *data);
void import_postfix_tls_authority_file(
    struct import_writer *writer, const struct import_entry *entry, const void *data);
void import_postfix_tls_certificate(
    struct import_writer *writer, const struct import_entry *entry, const void *data);
void import_postfix_tls_fingerprint(
    struct import_writer *writer, const struct import_entry *entry, const void *data);
void import_postfix_tls_versions(
    struct import_writer *writer, const struct import_entry *entry, const void *data);

#endif
