/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/tables_notes.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/file_guard.h"
#include "flow/advice.h"
#include "table/table_warnings.h"

/* Takes the words. */
void
tables_notes_put(struct tables_notes *notes, struct buffer *words)
{
	if (table_seen_add(&notes->told, buffer_text(words), 1) == 0)
		(void)buffer_append(notes->complaints, buffer_text(words));
	buffer_close(words);
}

void
tables_notes_complain(struct tables_notes *notes, const struct failure *why)
{
	struct buffer words = buffer_open(0);
	struct failure advised = *why;

	advice_add(&advised);
	failure_format(&advised, "relay", &words);
	tables_notes_put(notes, &words);
	notes->status = EX_CONFIG;
}

static void
put_warning(struct tables_notes *notes, const char *path, const struct table_warning *warning)
{
	struct buffer words = buffer_open(0);
	const char *hint = warning->hint;

	if (hint == NULL && warning->fault)
		hint = "see relay-tables(5)";
	(void)buffer_print(&words, "relay: %s:%zu: %s%s\n", path, warning->line,
	    warning->fault ? "" : "warning: ", warning->what);
	if (hint != NULL)
		(void)buffer_print(&words, "  hint: %s\n", hint);
	tables_notes_put(notes, &words);
}

void
tables_notes_warnings(struct tables_notes *notes, const char *path, struct table_warnings *warnings)
{
	table_warnings_sort(warnings);
	for (size_t i = 0; i < warnings->count; i++)
		put_warning(notes, path, &warnings->items[i]);
	if (warnings->faults > 0)
		notes->status = EX_CONFIG;
}

static void
put_count(struct tables_notes *notes, const char *before, size_t count, const char *what)
{
	(void)buffer_print(notes->output, "%s%zu %s%s", before, count, what, count == 1 ? "" : "s");
}

/* "aliases: /etc/aliases, 12 rows, 1 warning" */
void
tables_notes_summary(struct tables_notes *notes, enum setting_id id, const char *path, size_t rows,
    const struct table_warnings *warnings)
{
	(void)buffer_print(notes->output, "%s: %s", setting_row(id)->name, path);
	put_count(notes, ", ", rows, "row");
	if (warnings->faults > 0)
		put_count(notes, ", ", warnings->faults, "fault");
	if (warnings->remarks > 0)
		put_count(notes, ", ", warnings->remarks, "warning");
	(void)buffer_byte(notes->output, '\n');
}

/* Who writes a table decides where mail goes, so who may is worth a word, even where it is not
 * refused. */
void
tables_notes_writers(struct tables_notes *notes, const char *path)
{
	struct failure why;
	struct buffer words;
	struct stat status;
	int fd;

	if (!file_open(path, &fd, &status, &why))
		return;
	close(fd);
	if (!file_guard_check(path, &status, FILE_GUARD_GROUP, &why)
	    || file_guard_check(path, &status, FILE_GUARD_OWNER, &why))
		return;
	words = buffer_open(0);
	(void)buffer_print(
	    &words, "relay: %s: warning: %s\n  hint: %s\n", path, why.what, why.hint);
	tables_notes_put(notes, &words);
}
