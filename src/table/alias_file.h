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
	const char *problem; /* what is wrong with it (static); NULL: nothing */
};

/* What to do about a malformed row. */
#define ALIAS_FILE_ADVICE "a row is a name of this machine, a colon, and addresses"

/* Fails as table_open(). */
bool alias_file_open(struct alias_file *file, const char *path, struct failure *why);
void alias_file_close(struct alias_file *file);

/* As table_rewind() and table_pass(). */
bool alias_file_rewind(struct alias_file *file, struct failure *why);
void alias_file_pass(struct alias_file *file, const struct table_sieve *sieve);

/*
 * The next row, malformed ones, too: no name, more than one, one with '@' or '%', no colon, no
 * value, and what table_line_problem() says.  Of those the name is what they seem to be meant
 * for, empty when that cannot be guessed, and there is no value.  Fails as table_next_line().
 */
bool alias_file_any(
    struct alias_file *file, struct alias_file_row *row, bool *found, struct failure *why);

/* The next well-formed row.  Others are told: a fault when there is a name to guess, since mail
 * that asks for it is refused, else a warning. */
bool alias_file_next(struct alias_file *file, struct table_warnings *warnings,
    struct alias_file_row *row, bool *found, struct failure *why);

#endif
