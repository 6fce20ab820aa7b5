/* SPDX-License-Identifier: ISC */
/*
 * The rows of an alias file, `name: value`, one borrowed at a time.
 */
#ifndef RELAY_TABLE_ALIAS_FILE_H
#define RELAY_TABLE_ALIAS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/text.h"
#include "table/table.h"

struct alias_file {
	struct table_reader *reader;
	struct buffer scratch;
};

/* Borrowed until the next row is read. */
struct alias_file_row {
	struct text name;  /* quotes and backslashes resolved, not folded */
	struct text value; /* trimmed */
	size_t line;
};

/* Fails as table_open(). */
bool alias_file_open(struct alias_file *file, const char *path, struct failure *why);
void alias_file_close(struct alias_file *file);

/* As table_rewind() and table_pass(). */
bool alias_file_rewind(struct alias_file *file, struct failure *why);
void alias_file_pass(struct alias_file *file, const struct table_sieve *sieve);

/*
 * The next well-formed row; others are passed over with a warning: no name, more
 * than one, one with '@' or '%', no colon, no value, and what table_line_problem()
 * says.  Fails as table_next_line().
 */
bool alias_file_next(struct alias_file *file, struct table_warnings *warnings,
    struct alias_file_row *row, bool *found, struct failure *why);

#endif
