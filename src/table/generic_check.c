/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/generic_check.h"

#include "base/arena.h"
#include "table/key_doubt.h"
#include "table/table_keys.h"
#include "table/table_rows.h"
#include "table/table_seen.h"
#include "table/table_warnings.h"

struct work {
	const struct generic_rule *rule;
	struct table_seen seen;
	struct table_warnings *warnings;
};

static void
check_value(struct work *work, const struct table_row *row, struct arena *arena)
{
	struct generic_value value;
	struct failure why;

	if (!generic_read(work->rule->completion, row->value, arena, &value, &why))
		table_warnings_fail(work->warnings, row->line, "", &why);
	else if (value.count > 1)
		table_warnings_tell(work->warnings, row->line, false,
		    "the value holds %zu addresses, of which only the first counts%s", value.count,
		    text_find(row->value, '#') < row->value.length
			? ": a '#' behind text begins no comment"
			: "");
}

static void
check_row(void *data, const struct table_row *row, struct arena *arena)
{
	struct work *work = data;
	const char *doubt = key_doubt_generic(row->key, arena);

	if (doubt != NULL)
		table_warn(work->warnings, row->line, doubt);
	if (table_seen_row(&work->seen, row->key, row->line, work->warnings))
		check_value(work, row, arena);
}

/* The row that answers for a row's result; 0: none. */
static size_t
find_next(struct work *work, const struct generic_value *value, struct arena *arena)
{
	struct table_keys keys = table_keys_open(arena);
	struct table_choices choices = { 0 };
	size_t line = 0;

	if (value->keeps_local)
		table_keys_choose(&keys,
		    text_of(arena_print(arena, "@%.*s", (int)value->address.domain.length,
			value->address.domain.bytes)),
		    false, &choices);
	else
		table_keys_choose_all(&keys, value->address, work->rule->completion, &choices);
	for (size_t i = 0; i < choices.count && line == 0; i++)
		line = table_seen_find(&work->seen, keys.items[choices.items[i].number].key);
	table_keys_close(&keys);
	return line;
}

/* Postfix looks up once, so a row whose result has a row of its own means something else
 * there. */
static void
check_recursion(void *data, const struct table_row *row, struct arena *arena)
{
	struct work *work = data;
	struct generic_value value;
	struct failure ignored;
	size_t line;

	if (table_seen_find(&work->seen, row->key) != row->line
	    || !generic_read(work->rule->completion, row->value, arena, &value, &ignored))
		return;
	line = find_next(work, &value, arena);
	if (line != 0 && line != row->line)
		table_warnings_tell(work->warnings, row->line, false,
		    "the result is looked up again, line %zu: Postfix would stop here", line);
}

bool
generic_check(const struct generic_rule *rule, struct table_warnings *warnings, size_t *rows,
    struct failure *why)
{
	struct work work = { .rule = rule, .seen = table_seen_open(), .warnings = warnings };
	bool checked = table_rows_each(rule->path, false, warnings, check_row, &work, rows, why);

	if (checked && rule->recursion)
		checked = table_rows_each(
		    rule->path, false, NULL, check_recursion, &work, rows, why);
	table_seen_close(&work.seen);
	return checked;
}
