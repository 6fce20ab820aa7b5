/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/tables.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/file_guard.h"
#include "config/config.h"
#include "flow/choice.h"
#include "flow/origin.h"
#include "flow/route.h"
#include "table/alias_check.h"
#include "table/generic_check.h"
#include "table/password_check.h"
#include "table/table_cdb.h"
#include "table/table_source.h"
#include "table/table_warnings.h"
#include "table/transport_check.h"

/* A table that was checked: accounts share them. */
struct checked {
	enum setting_id id;
	const char *path;
};

struct work {
	const struct account *account;
	const struct config *config;
	struct completion completion;
	struct arena *arena;
	struct buffer *output;
	struct buffer *complaints;
	int status;
	struct checked *checked;
	size_t checked_count;
	size_t checked_capacity;
};

static void
complain(struct work *work, const struct failure *why)
{
	failure_format(why, "relay", work->complaints);
	work->status = EX_CONFIG;
}

static void
put_warnings(struct work *work, const char *path, struct table_warnings *warnings)
{
	table_warnings_sort(warnings);
	for (size_t i = 0; i < warnings->count; i++) {
		const struct table_warning *warning = &warnings->items[i];

		(void)buffer_print(work->complaints, "relay: %s:%zu: %s%s\n", path, warning->line,
		    warning->fault ? "" : "warning: ", warning->what);
		if (warning->hint != NULL)
			(void)buffer_print(work->complaints, "  hint: %s\n", warning->hint);
	}
	if (warnings->faults > 0)
		work->status = EX_CONFIG;
}

static void
put_count(struct work *work, const char *before, size_t count, const char *what)
{
	(void)buffer_print(work->output, "%s%zu %s%s", before, count, what, count == 1 ? "" : "s");
}

/* "aliases: /etc/aliases, 12 rows, 1 warning" */
static void
put_summary(struct work *work, enum setting_id id, const char *path, size_t rows,
    const struct table_warnings *warnings)
{
	(void)buffer_print(work->output, "%s: %s", setting_row(id)->name, path);
	put_count(work, ", ", rows, "row");
	if (warnings->faults > 0)
		put_count(work, ", ", warnings->faults, "fault");
	if (warnings->remarks > 0)
		put_count(work, ", ", warnings->remarks, "warning");
	(void)buffer_byte(work->output, '\n');
}

/* Is the table of that name new?  Then it counts as checked from now on. */
static bool
is_new(struct work *work, enum setting_id id, const char *path)
{
	for (size_t i = 0; i < work->checked_count; i++)
		if (work->checked[i].id == id && strcmp(work->checked[i].path, path) == 0)
			return false;
	work->checked = arena_grow(work->arena, work->checked, work->checked_count,
	    &work->checked_capacity, sizeof *work->checked);
	work->checked[work->checked_count++] = (struct checked){ .id = id, .path = path };
	return true;
}

/* Who writes a table decides where mail goes, so who may is worth a word, even where it is not
 * refused. */
static void
warn_of_writers(struct work *work, const char *path)
{
	struct failure why;
	struct stat status;
	int fd;

	if (!file_open(path, &fd, &status, &why))
		return;
	close(fd);
	if (!file_guard_check(path, &status, FILE_GUARD_GROUP, &why)
	    || file_guard_check(path, &status, FILE_GUARD_OWNER, &why))
		return;
	(void)buffer_print(
	    work->complaints, "relay: %s: warning: %s\n  hint: %s\n", path, why.what, why.hint);
}

static void
report(struct work *work, enum setting_id id, size_t rows, struct table_warnings *warnings,
    const struct failure *why)
{
	const char *path = account_text(work->account, id);

	warn_of_writers(work, path);
	put_warnings(work, path, warnings);
	if (why != NULL)
		complain(work, why);
	else
		put_summary(work, id, path, rows, warnings);
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
	warn_of_writers(work, path);
	if (text != NULL)
		(void)buffer_print(work->complaints,
		    "relay: %s: warning: its text was changed since: %s cdb:%s\n", path,
		    id == SETTING_ALIASES ? "postalias" : "postmap", text);
	(void)buffer_print(work->output, "%s: %s, compiled, not checked row by row\n",
	    setting_row(id)->name, path);
}

/* The account's table when there is one, it was not checked before, and it is a text; a compiled
 * one is checked here. */
static const char *
new_text(struct work *work, enum setting_id id)
{
	const char *path = account_text(work->account, id);

	if (path == NULL || !is_new(work, id, path))
		return NULL;
	if (table_source_of(path).kind == TABLE_SOURCE_TEXT)
		return path;
	check_compiled(work, id, table_source_of(path).path);
	return NULL;
}

static void
check_aliases(struct work *work, const char *path)
{
	struct table_warnings warnings = { .arena = work->arena };
	const struct alias_rule rule = {
		.path = path,
		.must_exist = account_is_written(work->account, SETTING_ALIASES),
		.completion = &work->completion,
	};
	struct failure why;
	size_t rows = 0;
	bool read = alias_check(&rule, &warnings, &rows, &why);

	report(work, SETTING_ALIASES, rows, &warnings, read ? NULL : &why);
}

static void
check_generic(struct work *work, const char *path)
{
	struct table_warnings warnings = { .arena = work->arena };
	const struct generic_rule rule = {
		.path = path,
		.recursion = account_switch(work->account, SETTING_GENERIC_RECURSION),
		.completion = &work->completion,
	};
	struct failure why;
	size_t rows = 0;
	bool read = generic_check(&rule, &warnings, &rows, &why);

	report(work, SETTING_GENERIC, rows, &warnings, read ? NULL : &why);
}

static bool
account_exists(const void *data, const char *name)
{
	return account_find(data, name) != NULL;
}

static void
check_transport(struct work *work, const char *path, struct password_check *passwords)
{
	struct table_warnings warnings = { .arena = work->arena };
	const struct transport_rule rule = {
		.path = path,
		.completion = &work->completion,
		.account_exists = account_exists,
		.data = &work->config->accounts,
	};
	struct failure why;
	size_t rows = 0;
	bool read = transport_check(&rule, passwords, &warnings, &rows, &why);

	report(work, SETTING_TRANSPORT, rows, &warnings, read ? NULL : &why);
}

/* The account's own host is a key, too; with a user of its own it needs no row. */
static void
check_host(struct work *work, struct password_check *passwords)
{
	const char *host = account_text(work->account, SETTING_HOST);
	struct transport_hops hops;
	struct failure why;

	if (host == NULL || account_text(work->account, SETTING_USER) != NULL
	    || !transport_hops_read(text_of(host), work->arena, &hops, &why))
		return;
	for (size_t i = 0; i < hops.count; i++) {
		struct transport_hop hop = route_own_server(
		    work->account, &hops.items[i], work->arena);
		size_t line = transport_check_unlike(passwords, &hop);

		if (line != 0)
			(void)buffer_print(work->complaints,
			    "relay: %s: warning: '%s' finds no password: %s:%zu is about that "
			    "host, but written in another way; write both alike, brackets and "
			    "port included\n",
			    account_where(work->account, SETTING_HOST, work->arena), hop.text,
			    passwords->path, line);
	}
}

static bool
check_passwords(struct work *work, const char *path, struct password_check *passwords)
{
	struct table_warnings warnings = { .arena = work->arena };
	const struct password_rule rule = {
		.path = path,
		.sender_dependent = account_switch(work->account, SETTING_SENDER_DEPENDENT_AUTH),
		.completion = &work->completion,
	};
	struct failure why;
	size_t rows = 0;
	bool read = password_check(&rule, &warnings, passwords, &rows, &why);

	if (is_new(work, SETTING_SASL_PASSWD, path))
		report(work, SETTING_SASL_PASSWD, rows, &warnings, read ? NULL : &why);
	return read;
}

/* The passwords' table is read first, since transport is held against it. */
static void
check_servers(struct work *work)
{
	const char *path = account_text(work->account, SETTING_SASL_PASSWD);
	const char *transport;
	struct password_check passwords = { 0 };
	bool has_passwords;

	if (path != NULL && table_source_of(path).kind != TABLE_SOURCE_TEXT) {
		(void)new_text(work, SETTING_SASL_PASSWD);
		path = NULL;
	}
	has_passwords = path != NULL && check_passwords(work, path, &passwords);
	if (has_passwords)
		check_host(work, &passwords);
	transport = new_text(work, SETTING_TRANSPORT);
	if (transport != NULL)
		check_transport(work, transport, has_passwords ? &passwords : NULL);
	if (path != NULL)
		password_check_close(&passwords);
}

static void
check_account(
    struct work *work, const struct account *account, const struct environment *environment)
{
	const char *aliases;
	const char *generic;

	work->account = account;
	work->completion = origin_completion(account, environment, work->arena);
	aliases = new_text(work, SETTING_ALIASES);
	if (aliases != NULL)
		check_aliases(work, aliases);
	check_servers(work);
	generic = new_text(work, SETTING_GENERIC);
	if (generic != NULL)
		check_generic(work, generic);
}

/* The accounts besides the chosen one may name tables of their own. */
static void
check_others(struct work *work, const struct account *chosen, const struct environment *environment)
{
	for (size_t i = 0; i < work->config->accounts.count; i++) {
		const struct account *other = work->config->accounts.items[i];
		struct account *account;

		if (strcmp(other->name, chosen->name) == 0)
			continue;
		account = arena_zero(work->arena, sizeof *account);
		*account = *other;
		choice_fill_tables(account, environment, work->arena);
		check_account(work, account, environment);
	}
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
	struct config config = { 0 };
	struct work work = { .config = &config,
		.arena = arena,
		.output = output,
		.complaints = complaints,
		.status = EX_OK };
	const struct account *chosen;
	struct failure why;

	if (!config_read(environment, invocation->config_file, arena, &config, &why)) {
		put_faults(&work);
		if (config.remark_count == 0)
			complain(&work, &why);
		return work.status;
	}
	chosen = choose(invocation, &config, environment, arena);
	check_account(&work, chosen, environment);
	if (invocation->account == NULL && !invocation->values[SETTING_HOST].set)
		check_others(&work, chosen, environment);
	(void)buffer_add(output, "nothing to build: the tables are read as text\n");
	return work.status;
}
