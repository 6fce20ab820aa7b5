/* SPDX-License-Identifier: ISC */
/*
 * The work of newaliases: there is nothing to build, so every row is read and followed.
 */
#ifndef RELAY_TABLE_ALIAS_CHECK_H
#define RELAY_TABLE_ALIAS_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "table/alias.h"
#include "table/table.h"

/*
 * Reads every row as alias_expand() would, counts the rows and collects what is wrong with any,
 * as warnings or faults.  Loops and chains that are too long are faults, too: each is told once,
 * with one way as an example, the first thousand of them.  Keeps every name, and
 * which row leads to which.  The file is a text: a compiled one has no rows to go through.  Fails
 * when it cannot be read.
 */
bool alias_check(const struct alias_rule *rule, struct table_warnings *warnings, size_t *rows,
    struct failure *why);

#endif
