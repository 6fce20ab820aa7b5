/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_file.h"

#include <string.h>

#include "table/table_warnings.h"

bool
alias_file_open(struct alias_file *file, const char *path, struct failure *why)
{
	if (!table_open(path, false, &file->reader, why))
		return false;
	file->scratch = buffer_open(TABLE_LINE_MAX);
	return true;
}

void
alias_file_close(struct alias_file *file)
{
	table_close(file->reader);
	buffer_close(&file->scratch);
	file->reader = NULL;
}

bool
alias_file_rewind(struct alias_file *file, struct failure *why)
{
	return table_rewind(file->reader, why);
}

void
alias_file_pass(struct alias_file *file, const struct table_sieve *sieve)
{
	table_pass(file->reader, sieve, TABLE_SIEVE_COLON);
}

/* Bytes that a bare name cannot hold.  A table, since this is asked of every byte of a
 * file with a million rows. */
enum misfit { FITS, PARTS, ROUTES };

static const unsigned char misfits[256] = {
	[' '] = PARTS,
	['\t'] = PARTS,
	['\r'] = PARTS,
	['"'] = PARTS,
	[','] = PARTS,
	['@'] = ROUTES,
	['%'] = ROUTES,
};

static const char no_name[] = "there is no name before the colon";
static const char foreign[] = "the name holds '@' or '%': aliases are for names of this machine";

static const char *
judge_bare(struct text name)
{
	enum misfit worst = FITS;

	for (size_t i = 0; i < name.length && worst != PARTS; i++) {
		enum misfit found = misfits[(unsigned char)name.bytes[i]];

		if (found != FITS)
			worst = found;
	}
	if (worst == PARTS)
		return "more than one name stands before the colon";
	if (worst == ROUTES)
		return foreign;
	return name.length == 0 ? no_name : NULL;
}

/* A bare name ends at the colon; only blanks may stand between. */
static const char *
read_bare(struct text line, struct text *name, size_t *end)
{
	size_t colon = text_find(line, ':');

	if (colon == line.length)
		return "there is no colon behind the name";
	*name = text_trim(text_slice(line, 0, colon));
	*end = colon;
	return judge_bare(*name);
}

static const char *
read_quoted(struct text line, struct buffer *scratch, struct text *name, size_t *end)
{
	size_t at = 1;

	scratch->length = 0;
	for (; at < line.length && line.bytes[at] != '"'; at++) {
		if (line.bytes[at] == '\\' && at + 1 < line.length)
			at++;
		(void)buffer_byte(scratch, line.bytes[at]);
	}
	if (at == line.length)
		return "a double quote is not closed";
	for (at++; at < line.length && text_blank(line.bytes[at]); at++)
		continue;
	if (at == line.length || line.bytes[at] != ':')
		return "there is no colon behind the name";
	*name = buffer_text(scratch);
	*end = at;
	if (text_find(*name, '@') < name->length || text_find(*name, '%') < name->length)
		return foreign;
	return name->length == 0 ? no_name : NULL;
}

/* The name that a malformed line seems to be meant for. */
static struct text
likely_name(struct text line)
{
	size_t end = 0;

	line = text_trim(line);
	if (line.length > 0 && line.bytes[0] == '"')
		line = text_slice(line, 1, line.length);
	while (end < line.length && !text_blank(line.bytes[end])
	    && memchr(":,\"", line.bytes[end], 3) == NULL)
		end++;
	line = text_slice(line, 0, end);
	/* No mail asks for such a one. */
	return judge_bare(line) == NULL ? line : text_of("");
}

/* Splits a line; what is wrong with it, or NULL. */
static const char *
split_row(struct text line, struct buffer *scratch, struct alias_file_row *row)
{
	const char *problem = table_line_problem(line);
	size_t colon = 0;

	if (problem == NULL && line.bytes[0] == '"')
		problem = read_quoted(line, scratch, &row->name, &colon);
	else if (problem == NULL)
		problem = read_bare(line, &row->name, &colon);
	if (problem != NULL) {
		row->name = likely_name(line);
		row->value = text_of("");
		return problem;
	}
	row->value = text_trim(text_slice(line, colon + 1, line.length));
	return row->value.length == 0 ? "a name without a value" : NULL;
}

bool
alias_file_any(
    struct alias_file *file, struct alias_file_row *row, bool *found, struct failure *why)
{
	struct text line;

	if (!table_next_line(file->reader, &line, &row->line, found, why))
		return false;
	if (*found)
		row->problem = split_row(line, &file->scratch, row);
	return true;
}

bool
alias_file_next(struct alias_file *file, struct table_warnings *warnings,
    struct alias_file_row *row, bool *found, struct failure *why)
{
	for (;;) {
		if (!alias_file_any(file, row, found, why))
			return false;
		if (!*found || row->problem == NULL)
			return true;
		table_warnings_advise(
		    warnings, row->line, row->name.length > 0, row->problem, ALIAS_FILE_ADVICE);
	}
}
