/* SPDX-License-Identifier: ISC */
/*
 * The work of newaliases: there is nothing to build, so every row is read and followed.
 */
#ifndef RELAY_TABLE_ALIAS_CHECK_H
#define RELAY_TABLE_ALIAS_CHECK_H

#include <stdbool.h>

#include "base/failure.h"
#include "table/alias.h"
#include "table/table.h"

/*
 * Reads every row as alias_expand() would and collects what is wrong with any, as warnings or
 * faults.  When no row is at fault by itself, every name is followed to its end.  Keeps every
 * name, to tell of doubles.  Fails when the file cannot be read, and at file:line for the first
 * loop or chain that is too long.  The file is a text: a compiled one has no rows to go through.
 */
bool alias_check(
    const struct alias_rule *rule, struct table_warnings *warnings, struct failure *why);

#endif
