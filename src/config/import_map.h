/* SPDX-License-Identifier: ISC */
/*
 * Postfix's lists of maps (hash:/etc/postfix/generic, ...): the one text file that relay reads
 * instead.
 */
#ifndef RELAY_CONFIG_IMPORT_MAP_H
#define RELAY_CONFIG_IMPORT_MAP_H

#include "config/import_row.h"

/*
 * Writes the first map of the list that has a text as `setting`; the others, those of another kind
 * (ldap:, regexp:, ...) and a text that is not there are told.  False: nothing was written.
 */
bool import_map_write(
    struct import_writer *writer, const struct import_entry *entry, enum setting_id setting);

/* `static:user:password`: the value behind `static:`; false: the list is something else. */
bool import_map_static(struct text list, struct text *value);

#endif
