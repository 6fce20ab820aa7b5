/* SPDX-License-Identifier: ISC */
/*
 * The parameters of Postfix's main.cf, with $name in their values replaced (postconf(5)).
 */
#ifndef RELAY_CONFIG_IMPORT_PARAMETER_H
#define RELAY_CONFIG_IMPORT_PARAMETER_H

#include <stdbool.h>

#include "config/import_file.h"
#include "config/import_row.h"

/* Bytes of one value, replaced; how deep values may name values; replacements in one file. */
#define IMPORT_PARAMETER_VALUE_MAX ((size_t)16 * 1024)
#define IMPORT_PARAMETER_DEPTH 12
#define IMPORT_PARAMETER_STEPS_MAX ((size_t)10000)

/*
 * Reads the file: `name = value`, goes on where a line begins with a blank, and comments in
 * between.  Of several lines for one name all are kept, the last counts.  Values are replaced
 * already; one that cannot be (an unknown name, an expression, a name that leads to itself) is
 * broken.  `mydestination` gets Postfix's default when `myhostname` is given.  Fails as
 * import_row_add().
 */
bool import_parameter_read(const struct import_file *file, struct import_writer *writer,
    struct import_entries *entries, struct failure *why);

/* The value that counts; `fallback` when there is none or it is broken. */
struct text import_parameter_value(
    const struct import_entries *entries, const char *name, const char *fallback);

/* Is it there and "yes"? */
bool import_parameter_is_yes(const struct import_entries *entries, const char *name);

#endif
