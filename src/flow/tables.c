/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/tables.h"

#include "base/buffer.h"
#include "config/config.h"
#include "flow/choice.h"
#include "flow/origin.h"
#include "table/alias_check.h"
#include "table/table.h"
#include "table/table_cdb.h"
#include "table/table_source.h"
#include "table/transport.h"

struct work {
	const struct account *account;
	const struct config *config;
	struct completion completion;
	struct arena *arena;
	struct buffer *output;
	struct buffer *complaints;
	int status;
};

static void
complain(struct work *work, const struct failure *why)
{
	failure_format(why, "relay", work->complaints);
	work->status = EX_CONFIG;
}

static void
put_warnings(struct work *work, const char *path, const struct table_warnings *warnings)
{
	for (size_t i = 0; i < warnings->count; i++) {
		const struct table_warning *warning = &warnings->items[i];

		(void)buffer_print(work->complaints, "relay: %s:%zu: %s%s\n", path, warning->line,
		    warning->fault ? "" : "warning: ", warning->what);
		if (warning->fault)
			work->status = EX_CONFIG;
	}
}

static bool
account_exists(const void *data, const char *name)
{
	return account_find(data, name) != NULL;
}

static void
check_transport_value(struct work *work, const char *path, const struct table_row *row)
{
	const struct transport_rule rule = {
		.path = path,
		.completion = &work->completion,
		.account_exists = account_exists,
		.data = &work->config->accounts,
	};
	struct transport ignored;
	struct failure why;

	if (transport_read(row->value, &rule, work->arena, &ignored, &why))
		return;
	failure_at(&why, "%s:%zu", path, row->line);
	complain(work, &why);
}

static bool
check_rows(struct work *work, enum setting_id id, const char *path, struct table_reader *reader,
    struct table_warnings *warnings, size_t *count, struct failure *why)
{
	struct table_row row;
	bool found;

	for (*count = 0;; (*count)++) {
		if (!table_next_row(reader, warnings, &row, &found, why))
			return false;
		if (!found)
			return true;
		if (id == SETTING_TRANSPORT)
			check_transport_value(work, path, &row);
	}
}

/* A compiled table is asked, not read: what can be told is whether it can be, and its age. */
static void
check_compiled(struct work *work, enum setting_id id, const char *path)
{
	const char *text = table_cdb_newer_text(path, work->arena);
	struct table_cdb *cdb;
	struct failure why;

	if (!table_cdb_open(path, id == SETTING_SASL_PASSWD, &cdb, &why)) {
		complain(work, &why);
		return;
	}
	table_cdb_close(cdb);
	if (text != NULL)
		(void)buffer_print(work->complaints,
		    "relay: %s: warning: its text was changed since: %s cdb:%s\n", path,
		    id == SETTING_ALIASES ? "postalias" : "postmap", text);
	(void)buffer_print(work->output, "%s: %s, compiled, not checked row by row\n",
	    setting_row(id)->name, path);
}

static void
check_table(struct work *work, enum setting_id id)
{
	const char *path = account_text(work->account, id);
	struct table_warnings warnings = { .arena = work->arena };
	struct table_reader *reader;
	struct failure why;
	size_t count;
	bool read;

	if (path == NULL)
		return;
	if (table_source_of(path).kind == TABLE_SOURCE_CDB) {
		check_compiled(work, id, table_source_of(path).path);
		return;
	}
	if (!table_open(path, id == SETTING_SASL_PASSWD, &reader, &why)) {
		complain(work, &why);
		return;
	}
	read = check_rows(work, id, path, reader, &warnings, &count, &why);
	table_close(reader);
	if (!read) {
		failure_at(&why, "%s", path);
		complain(work, &why);
	}
	put_warnings(work, path, &warnings);
	(void)buffer_print(work->output, "%s: %s, %zu row%s\n", setting_row(id)->name, path, count,
	    count == 1 ? "" : "s");
}

static void
check_aliases(struct work *work)
{
	struct table_warnings warnings = { .arena = work->arena };
	const struct alias_rule rule = {
		.path = account_text(work->account, SETTING_ALIASES),
		.must_exist = account_is_written(work->account, SETTING_ALIASES),
		.completion = &work->completion,
	};
	struct failure why;

	if (rule.path == NULL)
		return;
	if (table_source_of(rule.path).kind == TABLE_SOURCE_CDB) {
		check_compiled(work, SETTING_ALIASES, table_source_of(rule.path).path);
		return;
	}
	if (!alias_check(&rule, &warnings, &why)) {
		complain(work, &why);
		return;
	}
	put_warnings(work, rule.path, &warnings);
	(void)buffer_print(work->output, "aliases: %s\n", rule.path);
}

static void
put_faults(struct work *work)
{
	for (size_t i = 0; i < work->config->remark_count; i++)
		if (work->config->remarks[i].fault)
			complain(work, &work->config->remarks[i].why);
}

/* A machine where a package was just installed need not have an account yet. */
static const struct account *
choose(const struct invocation *invocation, const struct config *config,
    const struct environment *environment, struct arena *arena)
{
	struct account *account;
	struct choice choice;
	struct failure ignored;

	if (choice_make(invocation, config, environment, NULL, arena, &choice, &ignored))
		return choice.account;
	account = account_new("default", arena);
	account->system = true;
	choice_fill_tables(account, environment, arena);
	return account;
}

int
tables_check(const struct invocation *invocation, const struct environment *environment,
    struct arena *arena, struct buffer *output, struct buffer *complaints)
{
	static const enum setting_id tables[] = { SETTING_TRANSPORT, SETTING_GENERIC,
		SETTING_SASL_PASSWD };
	struct config config = { 0 };
	struct work work = { .config = &config,
		.arena = arena,
		.output = output,
		.complaints = complaints,
		.status = EX_OK };
	struct failure why;

	if (!config_read(environment, invocation->config_file, arena, &config, &why)) {
		put_faults(&work);
		if (config.remark_count == 0)
			complain(&work, &why);
		return work.status;
	}
	work.account = choose(invocation, &config, environment, arena);
	work.completion = origin_completion(work.account, environment, arena);
	check_aliases(&work);
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		check_table(&work, tables[i]);
	(void)buffer_add(output, "nothing to build: the tables are read as text\n");
	return work.status;
}
