/* SPDX-License-Identifier: ISC */
/*
 * What newaliases says of configuration and tables, each thing once: several accounts may have
 * the same table.
 */
#ifndef RELAY_FLOW_TABLES_NOTES_H
#define RELAY_FLOW_TABLES_NOTES_H

#include <stddef.h>

#include "base/failure.h"
#include "config/setting.h"
#include "table/table.h"
#include "table/table_seen.h"

struct buffer;

struct tables_notes {
	struct buffer *output;
	struct buffer *complaints;
	struct table_seen told; /* closed by who opened it */
	int status;             /* EX_OK until something is at fault */
};

/* Puts a complaint; takes the words. */
void tables_notes_put(struct tables_notes *notes, struct buffer *words);

/* Puts a failure, with advice where it has none: the status is EX_CONFIG from then on. */
void tables_notes_complain(struct tables_notes *notes, const struct failure *why);

/* Puts warnings and faults of a table in the order of their lines; faults make the status
 * EX_CONFIG. */
void tables_notes_warnings(
    struct tables_notes *notes, const char *path, struct table_warnings *warnings);

/* "aliases: /etc/aliases, 12 rows, 1 warning" */
void tables_notes_summary(struct tables_notes *notes, enum setting_id id, const char *path,
    size_t rows, const struct table_warnings *warnings);

/* Warns of who, besides root and the caller, may write a table. */
void tables_notes_writers(struct tables_notes *notes, const char *path);

#endif
