/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/alias_check.h"

#include "base/arena.h"
#include "table/alias_file.h"
#include "table/alias_target.h"
#include "table/table_keys.h"

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
check_target(const struct alias_rule *rule, const struct alias_target *target, size_t line,
    struct arena *arena, struct table_warnings *warnings)
{
	struct alias_targets inner = { 0 };
	struct failure why;

	if (target->kind == ALIAS_TARGET_FILE)
		table_fault(warnings, line, "names a file: nothing is delivered on this machine");
	if (target->kind == ALIAS_TARGET_COMMAND)
		table_fault(warnings, line, "names a command: nothing is run on this machine");
	if (target->kind == ALIAS_TARGET_INCLUDE
	    && !alias_target_include(target->path, arena, &inner, &why))
		table_fault(warnings, line, "names an :include: file that cannot be used");
	if (target->kind == ALIAS_TARGET_ADDRESS
	    && !address_check(
		completion_recipient(rule->completion, target->address, arena), EX_CONFIG, &why))
		table_fault(warnings, line, "names what is no address");
}

static void
check_row(const struct alias_rule *rule, const struct alias_file_row *row,
    struct table_warnings *warnings)
{
	struct alias_targets targets = { 0 };
	struct arena *arena = arena_open();
	struct failure why;

	if (has_comment(row->value))
		table_warn(warnings, row->line,
		    "a '#' behind text begins no comment: what follows it are addresses");
	if (!alias_target_read(row->value, arena, &targets, &why))
		table_fault(warnings, row->line, "the value is no list of addresses");
	for (size_t i = 0; i < targets.count; i++)
		check_target(rule, &targets.items[i], row->line, arena, warnings);
	arena_close(arena);
}

static bool
check_rows(const struct alias_rule *rule, struct alias_file *file, struct table_keys *names,
    struct table_warnings *warnings, struct failure *why)
{
	for (;;) {
		struct alias_file_row row;
		size_t before = names->count;
		bool found;

		if (!alias_file_next(file, warnings, &row, &found, why))
			return false;
		if (!found)
			return true;
		if (table_keys_add(names, row.name) < before)
			table_warn(warnings, row.line,
			    "the name has a row above, which is the one that counts");
		check_row(rule, &row, warnings);
	}
}

/* Loops and chains that are too long show only when every name is followed. */
static bool
follow_all(const struct alias_rule *rule, const struct table_keys *names, struct arena *arena,
    struct failure *why)
{
	struct envelope_recipients from = { 0 };
	struct alias_rule strict = *rule;
	struct alias_result ignored = { 0 };

	for (size_t i = 0; i < names->count; i++) {
		struct envelope_recipient recipient = {
			.address = { .local = names->items[i].key,
			    .domain = rule->completion->domain },
		};

		recipient.original = recipient.address;
		(void)envelope_add(&from, recipient, arena);
	}
	strict.strict = true;
	return alias_expand(&strict, &from, &ignored, arena, why);
}

static bool
has_fault(const struct table_warnings *warnings)
{
	for (size_t i = 0; i < warnings->count; i++)
		if (warnings->items[i].fault)
			return true;
	return false;
}

bool
alias_check(const struct alias_rule *rule, struct table_warnings *warnings, struct failure *why)
{
	struct alias_file file;
	struct table_keys names;
	struct arena *arena;
	bool checked;

	if (alias_is_absent(rule))
		return true;
	if (!alias_file_open(&file, rule->path, why))
		return false;
	arena = arena_open();
	names = table_keys_open(arena);
	checked = check_rows(rule, &file, &names, warnings, why);
	/* A row that is faulty by itself would be told twice. */
	if (checked && !has_fault(warnings))
		checked = follow_all(rule, &names, arena, why);
	table_keys_close(&names);
	arena_close(arena);
	alias_file_close(&file);
	return checked;
}
