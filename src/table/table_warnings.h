/* SPDX-License-Identifier: ISC */
/*
 * What checks of whole tables add to table_warn(): sentences with a name or a number in
 * them, failures with their hint, and the order of the lines.
 */
#ifndef RELAY_TABLE_TABLE_WARNINGS_H
#define RELAY_TABLE_TABLE_WARNINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "table/table.h"

/* As table_warn() and table_fault(), `warnings` may be NULL; the text belongs to
 * warnings->arena, control bytes in it are made '?'. */
void table_warnings_tell(struct table_warnings *warnings, size_t line, bool fault,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* As table_fault(), with the sentence and hint of a failure; `prefix` stands before the
 * sentence. */
void table_warnings_fail(
    struct table_warnings *warnings, size_t line, const char *prefix, const struct failure *why);

/* As table_warn() or table_fault(), with the next thing to do. */
void table_warnings_advise(
    struct table_warnings *warnings, size_t line, bool fault, const char *what, const char *hint);

/* Puts them in the order of their lines; those of one line stay in the order of their making. */
void table_warnings_sort(struct table_warnings *warnings);

#endif
