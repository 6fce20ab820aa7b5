/* SPDX-License-Identifier: ISC */
/*
 * The work of newaliases on generic: every row is judged, whoever may ask for it.
 */
#ifndef RELAY_TABLE_GENERIC_CHECK_H
#define RELAY_TABLE_GENERIC_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "table/generic.h"
#include "table/table.h"

/*
 * Reads the table through and counts its rows.  A value for which generic_resolve() would fail
 * is a fault; more than one address, a key that matches nothing or stands in a row above is
 * told; with recursion so is every row whose result another row is about, in a second pass.
 * Keeps every key in memory.  Fails as table_open() and table_next_line().
 */
bool generic_check(const struct generic_rule *rule, struct table_warnings *warnings, size_t *rows,
    struct failure *why);

#endif
