/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_warnings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

#define SENTENCE_MAX 1024

static void
tell(struct table_warnings *warnings, size_t line, bool fault, const char *sentence,
    const char *hint)
{
	/* A file that is no table has a fault in every line: none is copied in vain. */
	bool full = warnings == NULL || warnings->count == TABLE_WARNINGS_MAX;
	char shown[SENTENCE_MAX];
	const char *what = full
	    ? NULL
	    : arena_string(warnings->arena, text_printable(text_of(sentence), shown, sizeof shown));

	if (fault)
		table_fault(warnings, line, what);
	else
		table_warn(warnings, line, what);
	if (!full && hint != NULL && hint[0] != '\0')
		warnings->items[warnings->count - 1].hint = arena_string(warnings->arena, hint);
}

void
table_warnings_tell(
    struct table_warnings *warnings, size_t line, bool fault, const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(sentence, sizeof sentence, format, list);
	va_end(list);
	tell(warnings, line, fault, sentence, NULL);
}

void
table_warnings_fail(
    struct table_warnings *warnings, size_t line, const char *prefix, const struct failure *why)
{
	char sentence[SENTENCE_MAX];

	(void)snprintf(sentence, sizeof sentence, "%s%s", prefix, why->what);
	tell(warnings, line, true, sentence, why->hint);
}

void
table_warnings_advise(
    struct table_warnings *warnings, size_t line, bool fault, const char *what, const char *hint)
{
	tell(warnings, line, fault, what, hint);
}

static int
compare(const void *left, const void *right)
{
	const struct table_warning *a = left;
	const struct table_warning *b = right;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

void
table_warnings_sort(struct table_warnings *warnings)
{
	if (warnings->count > 0)
		qsort(warnings->items, warnings->count, sizeof *warnings->items, compare);
}
