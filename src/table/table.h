/* SPDX-License-Identifier: ISC */
/*
 * Postfix's text tables (generic, transport, sasl_passwd) read as they are: the
 * file format of postmap(1), row by row.  Looking keys up is table_keys' work.
 *
 * A table is never held as a whole: a row is borrowed until the next one is read.
 */
#ifndef RELAY_TABLE_TABLE_H
#define RELAY_TABLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"
#include "table/table_sieve.h"

struct arena;

/* Bytes of a physical and of a logical line at most. */
#define TABLE_LINE_MAX ((size_t)1024 * 1024)

/* Warnings kept at most, so that a file that is no table cannot fill the memory. */
#define TABLE_WARNINGS_MAX 10000

/* Logical lines (relay-tables(5)): comments and blank lines vanish, also inside a
 * continued line; a line that begins with a blank continues the one before. */
struct table_reader;

/* A row, borrowed until the next one is read. */
struct table_row {
	struct text key;   /* as written, quotes included */
	struct text value; /* trimmed */
	size_t line;       /* where the logical line begins, from 1 */
};

/* What is wrong with a line that is passed over or surprising; texts are static or belong to
 * the arena of the warnings. */
struct table_warning {
	size_t line;
	size_t number; /* in the order of their making, from 0 */
	const char *what;
	const char *hint; /* NULL: none */
	bool fault;       /* mail for the row's key would be refused for it */
};

struct table_warnings {
	struct table_warning *items; /* belongs to arena */
	size_t count;
	size_t capacity;
	size_t faults;  /* those that were told, kept or not */
	size_t remarks; /* the same of those that are no faults */
	struct arena *arena;
};

/* Opens a text table.  `secret`: it holds passwords, so file_keeps_secret() is
 * asked; buffers are wiped in any case.  Fails as file_open(), but EX_TEMPFAIL instead
 * of EX_NOINPUT, EX_NOPERM and EX_IOERR (F199: a table that cannot be read is not an
 * empty one), and with EX_CONFIG when everybody may change what it says (F201). */
bool table_open(const char *path, bool secret, struct table_reader **reader, struct failure *why);

/* Wipes and frees.  NULL is fine. */
void table_close(struct table_reader *reader);

/* Goes back to the first row of the file that was opened, even if another has its name by
 * now (F200).  Fails with EX_TEMPFAIL. */
bool table_rewind(struct table_reader *reader, struct failure *why);

/* Passes over the rows in memory that nobody asked the sieve for; what is left is for
 * table_next_line(), which goes on in the file.  It makes the pass fast, never complete. */
void table_pass(
    struct table_reader *reader, const struct table_sieve *sieve, enum table_sieve_key key);

/*
 * The next logical line, whole, with its number.  *found false at the end.  A
 * line that begins with a blank is one with nothing before it to continue.
 * Fails with EX_TEMPFAIL, or EX_CONFIG past TABLE_LINE_MAX; where is path:line.
 */
bool table_next_line(struct table_reader *reader, struct text *line, size_t *number, bool *found,
    struct failure *why);

/*
 * Splits a logical line.  Returns what is wrong with it (static), or NULL: only a key,
 * unbalanced quotes, key ending in a colon, and what table_line_problem() says.  Of a
 * malformed line the key is what it seems to be meant for, without that colon; may be
 * empty.
 */
const char *table_split_row(struct text line, struct table_row *row);

/* Fails with EX_CONFIG, at the row's line of the table of that name (table_source), for a malformed
 * row that is asked for: passed over, the mail would go another way and nobody know. */
bool table_refuse_row(
    const char *name, struct text key, size_t line, const char *problem, struct failure *why);

/* The next well-formed row; others are passed over with a warning (warnings may be
 * NULL).  Fails as table_next_line(). */
bool table_next_row(struct table_reader *reader, struct table_warnings *warnings,
    struct table_row *row, bool *found, struct failure *why);

/* What makes a logical line unusable in any format (a blank before it, NUL, invalid
 * UTF-8), static; NULL: nothing. */
const char *table_line_problem(struct text line);

/* Is every byte below 0x80? */
bool table_is_ascii(struct text text);

/* Notes what is wrong with a line; `warnings` may be NULL. */
void table_warn(struct table_warnings *warnings, size_t line, const char *what);

/* The same for what makes mail fail. */
void table_fault(struct table_warnings *warnings, size_t line, const char *what);

#endif
