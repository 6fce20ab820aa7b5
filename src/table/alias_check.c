/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_check.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "table/alias_file.h"
#include "table/alias_graph.h"
#include "table/alias_includes.h"
#include "table/alias_loop.h"
#include "table/table_rows.h"
#include "table/table_seen.h"
#include "table/table_warnings.h"

/* Names that are expanded to tell what is wrong with the way they lead. */
#define SUSPECTS_MAX ((size_t)1000)

#define COMMENTED "a '#' behind text begins no comment: what follows it are addresses"

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

static void
check_targets(const struct work *work, const struct alias_targets *targets,
    const struct alias_file_row *row, struct arena *arena)
{
	for (size_t i = 0; i < targets->count; i++) {
		const struct alias_target *target = &targets->items[i];
		struct address address;
		struct failure why;

		if (target->commented)
			table_warnings_tell(work->warnings, row->line, false,
			    "line %zu of the included file '%s': " COMMENTED, target->included,
			    target->path);
		if (!alias_includes_address(
			target, row->name, work->rule->completion, arena, &address, &why))
			table_warnings_fail(work->warnings, row->line,
			    target->kind == ALIAS_TARGET_ADDRESS ? "names what is no address: "
								 : "",
			    &why);
	}
}

/* As for a message to that name alone. */
static void
read_targets(const struct alias_file_row *row, struct alias_targets *targets, struct arena *arena)
{
	struct alias_includes includes = { 0 };

	alias_includes_read(&includes, row->name, row->value, arena, targets);
}

static void
check_row(struct work *work, const struct alias_file_row *row, struct arena *arena)
{
	struct alias_targets targets = { 0 };

	if (!table_seen_row(&work->names, row->name, row->line, work->warnings))
		return;
	if (alias_target_has_comment(row->value))
		table_warn(work->warnings, row->line, COMMENTED);
	read_targets(row, &targets, arena);
	check_targets(work, &targets, row, arena);
}

/* Where the row leads to, if it is the one that counts for its name. */
static void
add_steps(struct work *work, const struct alias_file_row *row, struct arena *arena)
{
	struct alias_targets targets = { 0 };

	if (table_seen_find(&work->names, row->name) != row->line)
		return;
	read_targets(row, &targets, arena);
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

/* Of the loop that begins at `first` (0: of none), found on the way of names in the file? */
static bool
is_of(const struct work *work, const struct alias_refusal *refusal, size_t first)
{
	return refusal->edge != NULL && refusal->edge->astray == refusal->why
	    && alias_loop_first(&work->loop, line_of(refusal->why)) == first;
}

/* The ways are many; one is enough to find the loop by. */
static void
tell_suspect(struct work *work, const struct alias_refusal *refusals, size_t count, size_t line)
{
	size_t first = alias_loop_first(&work->loop, line);

	for (size_t i = 0; i < count; i++) {
		if (!is_of(work, &refusals[i], first))
			continue;
		table_warnings_fail(work->warnings, line_of(refusals[i].why), "", refusals[i].why);
		return;
	}
	/* Others came first, more than are told. */
	if (first != 0 && count >= ALIAS_ASTRAY_MAX)
		table_fault(work->warnings, line, "the name leads back to itself");
}

static void
tell_refusals(struct work *work, const struct alias_result *result)
{
	size_t at = 0;

	for (size_t i = 0; i < work->next_suspect; i++) {
		size_t start = at;

		while (at < result->refusal_count && result->refusals[at].number == i + 1)
			at++;
		tell_suspect(work, result->refusals + start, at - start, work->suspects[i]);
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
	if (checked)
		checked = check_loops(&work, why);
	table_seen_close(&work.names);
	arena_close(work.arena);
	return checked;
}
