/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/tables.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/config.h"
#include "flow/choice.h"
#include "flow/origin.h"
#include "flow/route.h"
#include "flow/tables_notes.h"
#include "table/alias_check.h"
#include "table/generic_check.h"
#include "table/password_check.h"
#include "table/table_cdb.h"
#include "table/table_source.h"
#include "table/transport_check.h"

/* A table that was checked: accounts share them. */
struct checked {
	enum setting_id id;
	const char *path;
	const char *against; /* settings that it was held against; "" for its rows */
};

struct work {
	const struct account *account;
	const struct config *config;
	struct completion completion;
	struct arena *arena;
	struct tables_notes notes;
	struct checked *checked;
	size_t checked_count;
	size_t checked_capacity;
	bool compiled; /* a table was */
};

/* Is the table new, or what it is held against?  Then both count as checked from now on. */
static bool
is_new(struct work *work, enum setting_id id, const char *path, const char *against)
{
	for (size_t i = 0; i < work->checked_count; i++)
		if (work->checked[i].id == id && strcmp(work->checked[i].path, path) == 0
		    && strcmp(work->checked[i].against, against) == 0)
			return false;
	work->checked = arena_grow(work->arena, work->checked, work->checked_count,
	    &work->checked_capacity, sizeof *work->checked);
	work->checked[work->checked_count++] =
	    (struct checked){ .id = id, .path = path, .against = against };
	return true;
}

/* What of the account decides what the table's rows mean. */
static const char *
settings_of(const struct work *work, enum setting_id id)
{
	const enum setting_id ids[] = { SETTING_LOCAL_DOMAINS, SETTING_RECIPIENT_DELIMITER,
		id == SETTING_GENERIC         ? SETTING_GENERIC_RECURSION
		    : id == SETTING_TRANSPORT ? SETTING_SASL_PASSWD
					      : SETTING_SENDER_DEPENDENT_AUTH };
	size_t count = id == SETTING_ALIASES ? 2 : 3;
	const char *all = text_string(work->completion.domain, work->arena);

	for (size_t i = 0; i < count; i++) {
		const char *text = account_text(work->account, ids[i]);

		all = arena_print(work->arena, "%s\n%s", all, text == NULL ? "" : text);
	}
	return all;
}

static void
report(struct work *work, enum setting_id id, size_t rows, struct table_warnings *warnings,
    const struct failure *why)
{
	const char *path = account_text(work->account, id);

	tables_notes_writers(&work->notes, path);
	tables_notes_warnings(&work->notes, path, warnings);
	if (why != NULL)
		tables_notes_complain(&work->notes, why);
	else if (is_new(work, id, path, ""))
		tables_notes_summary(&work->notes, id, path, rows, warnings);
}

/* A compiled table is asked, not read: what can be told is whether it can be, and its age. */
static void
check_compiled(struct work *work, enum setting_id id, const char *path)
{
	const char *text = table_cdb_newer_text(path, work->arena);
	struct table_cdb *cdb;
	struct failure why;

	if (!table_cdb_open(path, id == SETTING_SASL_PASSWD, &cdb, &why)) {
		tables_notes_complain(&work->notes, &why);
		return;
	}
	table_cdb_close(cdb);
	tables_notes_writers(&work->notes, path);
	if (text != NULL)
		(void)buffer_print(work->notes.complaints,
		    "relay: %s: warning: its text was changed since: %s cdb:%s\n", path,
		    id == SETTING_ALIASES ? "postalias" : "postmap", text);
	(void)buffer_print(work->notes.output, "%s: %s, compiled, not checked row by row\n",
	    setting_row(id)->name, path);
}

/* The account's table when there is one, it was not checked before, and it is a text; a compiled
 * one is checked here. */
static const char *
new_text(struct work *work, enum setting_id id)
{
	const char *path = account_text(work->account, id);

	if (path == NULL || !is_new(work, id, path, settings_of(work, id)))
		return NULL;
	if (table_source_of(path).kind == TABLE_SOURCE_TEXT)
		return path;
	work->compiled = true;
	if (is_new(work, id, path, ""))
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

static const char *
account_near(const void *data, struct text name)
{
	return account_nearest(data, name);
}

static void
check_transport(struct work *work, const char *path, struct password_check *passwords)
{
	struct table_warnings warnings = { .arena = work->arena };
	const struct transport_rule rule = {
		.path = path,
		.completion = &work->completion,
		.account_exists = account_exists,
		.account_near = account_near,
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
		size_t line = transport_check_unlike(passwords, &hop,
		    (unsigned)account_number(work->account, SETTING_PORT), work->arena);
		struct buffer words = buffer_open(0);

		if (line != 0)
			(void)buffer_print(&words,
			    "relay: %s: warning: '%s' finds no password: %s:%zu is about that "
			    "host, but written in another way; write both alike, brackets and "
			    "port included\n",
			    account_where(work->account, SETTING_HOST, work->arena), hop.text,
			    passwords->path, line);
		tables_notes_put(&work->notes, &words);
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

	if (is_new(work, SETTING_SASL_PASSWD, path, settings_of(work, SETTING_SASL_PASSWD)))
		report(work, SETTING_SASL_PASSWD, rows, &warnings, read ? NULL : &why);
	return read;
}

/* The passwords' table is read first, since transport is held against it. */
static void
check_servers(struct work *work, bool settled)
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
	/* Of an account that contradicts itself no port is known. */
	if (has_passwords && settled)
		check_host(work, &passwords);
	transport = new_text(work, SETTING_TRANSPORT);
	if (transport != NULL)
		check_transport(work, transport, has_passwords ? &passwords : NULL);
	if (path != NULL)
		password_check_close(&passwords);
}

static void
check_account(struct work *work, const struct account *account,
    const struct environment *environment, bool settled)
{
	const char *aliases;
	const char *generic;

	work->account = account;
	work->completion = origin_completion(account, environment, work->arena);
	aliases = new_text(work, SETTING_ALIASES);
	if (aliases != NULL)
		check_aliases(work, aliases);
	check_servers(work, settled);
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
		struct failure why;
		bool settled;

		if (chosen != NULL && strcmp(other->name, chosen->name) == 0)
			continue;
		account = arena_zero(work->arena, sizeof *account);
		*account = *other;
		choice_fill_tables(account, environment, work->arena);
		settled = account_settle(account, &why);
		if (!settled)
			tables_notes_complain(&work->notes, &why);
		check_account(work, account, environment, settled);
	}
}

static void
put_faults(struct work *work)
{
	for (size_t i = 0; i < work->config->remark_count; i++)
		if (work->config->remarks[i].fault)
			tables_notes_complain(&work->notes, &work->config->remarks[i].why);
}

/* A machine where a package was just installed need not have an account yet. */
static struct account *
invent(const struct environment *environment, struct arena *arena)
{
	struct account *account = account_new("default", arena);

	account->system = true;
	choice_fill_tables(account, environment, arena);
	return account;
}

static void
check_accounts(
    struct work *work, const struct invocation *invocation, const struct environment *environment)
{
	bool all = invocation->account == NULL && !invocation->values[SETTING_HOST].set;
	struct choice choice;
	struct failure why;
	bool made = choice_make(
	    invocation, work->config, environment, NULL, work->arena, &choice, &why);

	/* None needs to be the default. */
	if (!made && (choice.account != NULL || !all))
		tables_notes_complain(&work->notes, &why);
	else if (!made && work->config->accounts.count == 0)
		choice.account = invent(environment, work->arena);
	if (choice.account != NULL)
		check_account(work, choice.account, environment, made);
	if (all)
		check_others(work, choice.account, environment);
}

int
tables_check(const struct invocation *invocation, const struct environment *environment,
    struct arena *arena, struct buffer *output, struct buffer *complaints)
{
	struct config config = { 0 };
	struct work work = {
		.config = &config,
		.arena = arena,
		.notes = { .output = output,
		    .complaints = complaints,
		    .told = table_seen_open(),
		    .status = EX_OK },
	};
	struct failure why;

	if (!config_read(environment, invocation->config_file, arena, &config, &why)) {
		put_faults(&work);
		if (config.remark_count == 0)
			tables_notes_complain(&work.notes, &why);
		table_seen_close(&work.notes.told);
		return config.remark_count == 0 ? why.code : work.notes.status;
	}
	check_accounts(&work, invocation, environment);
	table_seen_close(&work.notes.told);
	if (!work.compiled)
		(void)buffer_add(output, "nothing to build: the tables are read as text\n");
	return work.notes.status;
}
