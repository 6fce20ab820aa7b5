/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_check.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "table/alias_file.h"
#include "table/alias_loop.h"
#include "table/alias_target.h"
#include "table/table_rows.h"
#include "table/table_seen.h"
#include "table/table_warnings.h"

/* Names that are expanded to tell what is wrong with the way they lead. */
#define SUSPECTS_MAX ((size_t)1000)

struct work {
	const struct alias_rule *rule;
	struct table_warnings *warnings;
	struct table_seen names;
	struct arena *arena;

	/* Of the search for loops. */
	struct alias_loop loop;
	size_t *suspects; /* lines */
	size_t suspect_count;
	size_t next_suspect;
	struct envelope_recipients suspected;
};

/* Blank and `#`: msmtp's comment, Postfix's addresses. */
static bool
has_comment(struct text value)
{
	for (size_t i = 1; i < value.length; i++)
		if (value.bytes[i] == '#' && text_blank(value.bytes[i - 1]))
			return true;
	return false;
}

static void
check_address(const struct work *work, struct address address, size_t line, struct arena *arena)
{
	struct failure why;

	if (!address_check(
		completion_recipient(work->rule->completion, address, arena), EX_CONFIG, &why))
		table_warnings_fail(work->warnings, line, "names what is no address: ", &why);
}

static void
check_targets(
    const struct work *work, const struct alias_targets *targets, size_t line, struct arena *arena)
{
	for (size_t i = 0; i < targets->count; i++) {
		const struct alias_target *target = &targets->items[i];

		if (target->kind == ALIAS_TARGET_FILE)
			table_fault(work->warnings, line,
			    "names a file: nothing is delivered on this machine");
		if (target->kind == ALIAS_TARGET_COMMAND)
			table_fault(work->warnings, line,
			    "names a command: nothing is run on this machine");
		if (target->kind == ALIAS_TARGET_ADDRESS)
			check_address(work, target->address, line, arena);
	}
}

/* What the row names, and what the files that it includes name.  *broken counts those that
 * cannot be used; `warnings` NULL: nothing is told. */
static bool
read_targets(const struct alias_file_row *row, struct table_warnings *warnings,
    struct alias_targets *targets, size_t *broken, struct arena *arena)
{
	struct failure why;
	size_t named;

	*broken = 0;
	if (!alias_target_read(row->value, arena, targets, &why)) {
		table_warnings_fail(warnings, row->line, "", &why);
		return false;
	}
	named = targets->count;
	for (size_t i = 0; i < named; i++) {
		size_t before = targets->count;

		if (targets->items[i].kind != ALIAS_TARGET_INCLUDE
		    || alias_target_include(targets->items[i].path, arena, targets, &why))
			continue;
		/* What stands before the line that is wrong would be judged, too. */
		targets->count = before;
		(*broken)++;
		table_warnings_fail(
		    warnings, row->line, "names an :include: file that cannot be used: ", &why);
	}
	return true;
}

/* Neither an address nor /dev/null: the mail would vanish, so it is refused. */
static bool
names_nobody(const struct alias_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		if (targets->items[i].kind != ALIAS_TARGET_INCLUDE)
			return false;
	return true;
}

static void
check_row(struct work *work, const struct alias_file_row *row, struct arena *arena)
{
	struct alias_targets targets = { 0 };
	size_t broken;

	if (!table_seen_row(&work->names, row->name, row->line, work->warnings))
		return;
	if (has_comment(row->value))
		table_warn(work->warnings, row->line,
		    "a '#' behind text begins no comment: what follows it are addresses");
	if (!read_targets(row, work->warnings, &targets, &broken, arena))
		return;
	check_targets(work, &targets, row->line, arena);
	if (broken == 0 && names_nobody(&targets))
		table_fault(work->warnings, row->line,
		    "names no address: write /dev/null if its mail is to be thrown away");
}

/* Where the row leads to, if it is the one that counts for its name. */
static void
add_steps(struct work *work, const struct alias_file_row *row, struct arena *arena)
{
	struct alias_targets targets = { 0 };
	size_t broken;

	if (table_seen_find(&work->names, row->name) == row->line
	    && read_targets(row, NULL, &targets, &broken, arena))
		alias_loop_add(&work->loop, row->name, row->line, &targets, arena);
}

/* Rows come in the order of the suspected lines: the name of one becomes a recipient. */
static void
add_suspect(struct work *work, const struct alias_file_row *row, struct arena *arena)
{
	struct envelope_recipient recipient = { 0 };

	(void)arena;
	if (work->next_suspect == work->suspect_count
	    || work->suspects[work->next_suspect] != row->line)
		return;
	work->next_suspect++;
	recipient.address.local = text_copy(row->name, work->arena);
	recipient.address.domain = work->rule->completion->domain;
	recipient.original = recipient.address;
	(void)envelope_add(&work->suspected, recipient, work->arena);
}

static bool
each_row(struct work *work, struct table_warnings *warnings,
    void (*visit)(struct work *work, const struct alias_file_row *row, struct arena *arena),
    size_t *count, struct failure *why)
{
	struct alias_file file;
	struct arena *arena = NULL;
	bool found = true;
	bool read = true;

	if (!alias_file_open(&file, work->rule->path, why))
		return false;
	for (*count = 0; read && found;) {
		struct alias_file_row row;

		read = alias_file_next(&file, warnings, &row, &found, why);
		if (!read || !found)
			continue;
		arena = table_rows_arena(arena, (*count)++);
		visit(work, &row, arena);
	}
	arena_close(arena);
	alias_file_close(&file);
	return read;
}

/* The line of a failure at file:line. */
static size_t
line_of(const struct failure *why)
{
	const char *colon = strrchr(why->where, ':');
	int64_t line;

	if (colon == NULL || !text_number(text_of(colon + 1), 1, INT64_MAX, &line))
		return 0;
	return (size_t)line;
}

static bool
was_told(const struct table_warnings *warnings, size_t first, size_t line)
{
	for (size_t i = first; i < warnings->count; i++)
		if (warnings->items[i].line == line)
			return true;
	return false;
}

/* Each fault once, though every name of a loop leads there. */
static void
tell_refusals(struct work *work, const struct alias_result *result)
{
	size_t first = work->warnings->count;

	for (size_t i = 0; i < result->refusal_count; i++) {
		const struct failure *why = &result->refusals[i].why;
		size_t line = line_of(why);

		if (!was_told(work->warnings, first, line))
			table_warnings_fail(work->warnings, line, "", why);
	}
}

/* Loops and chains that are too long show only when names are followed. */
static bool
check_loops(struct work *work, struct failure *why)
{
	struct alias_result result = { 0 };
	struct alias_rule rule = *work->rule;
	size_t ignored;

	if (!each_row(work, NULL, add_steps, &ignored, why))
		return false;
	work->suspects = arena_array(work->arena, SUSPECTS_MAX, sizeof *work->suspects);
	work->suspect_count = alias_loop_suspects(&work->loop, work->suspects, SUSPECTS_MAX);
	if (work->suspect_count == 0)
		return true;
	rule.strict = false;
	rule.limit = 0;
	if (!each_row(work, NULL, add_suspect, &ignored, why)
	    || !alias_expand(&rule, &work->suspected, &result, work->arena, why))
		return false;
	tell_refusals(work, &result);
	return true;
}

bool
alias_check(const struct alias_rule *rule, struct table_warnings *warnings, size_t *rows,
    struct failure *why)
{
	struct work work = { .rule = rule, .warnings = warnings };
	bool checked;

	*rows = 0;
	if (alias_is_absent(rule))
		return true;
	work.arena = arena_open();
	work.names = table_seen_open();
	work.loop = (struct alias_loop){ .rule = rule, .names = &work.names, .arena = work.arena };
	checked = each_row(&work, warnings, check_row, rows, why);
	/* What is wrong with a row by itself would be told twice. */
	if (checked && warnings->faults == 0)
		checked = check_loops(&work, why);
	table_seen_close(&work.names);
	arena_close(work.arena);
	return checked;
}
