/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/choice.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"

#define DEFAULT_ACCOUNT "default"
#define DEFAULT_ALIASES "/etc/aliases"

static const struct {
	enum setting_id id;
	const char *name;
} system_tables[] = {
	{ SETTING_TRANSPORT, "transport" },
	{ SETTING_GENERIC, "generic" },
	{ SETTING_SASL_PASSWD, "sasl_passwd" },
};

/* What may not be looked at is there: reading it then fails, which is better than sending as
 * if there were no table (F199). */
static bool
there(const char *path)
{
	return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

static const char *
system_table(const struct environment *environment, const char *name, struct arena *arena)
{
	return arena_print(arena, "%s/relay/%s", environment->system_directory, name);
}

/* The distribution's places hold for who named no other, and only where a file is. */
void
choice_fill_tables(
    struct account *account, const struct environment *environment, struct arena *arena)
{
	struct value *aliases = &account->values[SETTING_ALIASES];

	if (!account_is_written(account, SETTING_ALIASES) && there(DEFAULT_ALIASES))
		aliases->text = DEFAULT_ALIASES;
	/* A user's own host must not be overruled by a table that he did not name. */
	if (!account->system)
		return;
	for (size_t i = 0; i < sizeof system_tables / sizeof system_tables[0]; i++) {
		struct value *value = &account->values[system_tables[i].id];
		const char *path = system_table(environment, system_tables[i].name, arena);

		if (!account_is_written(account, system_tables[i].id) && there(path))
			value->text = path;
	}
}

/* Every path that was looked at, and what came of it; `read`: what is said of the others. */
static void
put_trials(const struct config *config, const char *read, struct buffer *to)
{
	for (size_t i = 0; i < config->trial_count; i++)
		(void)buffer_print(to, "%s%s (%s)", i == 0 ? "" : ", ", config->trials[i].path,
		    config->trials[i].reason == NULL ? read : config->trials[i].reason);
}

static bool
refuse_none(const struct config *config, struct failure *why)
{
	struct buffer tried = buffer_open(0);

	put_trials(config, "read, no default account", &tried);
	fail(why, EX_CONFIG, "no account to send with");
	failure_hint(why, "looked in: %.*s; write a line 'host SERVER' into one of them",
	    (int)tried.length, tried.length == 0 ? "" : tried.bytes);
	buffer_close(&tried);
	return failure_in(why, FAILURE_CONFIG);
}

static bool
refuse_name(const struct config *config, const char *name, struct failure *why)
{
	struct buffer known = buffer_open(0);

	for (size_t i = 0; i < config->accounts.count; i++)
		(void)buffer_print(
		    &known, "%s%s", i == 0 ? "" : ", ", config->accounts.items[i]->name);
	(void)buffer_add(&known, known.length == 0 ? "looked in: " : "; looked in: ");
	put_trials(config, "read", &known);
	fail(why, EX_CONFIG, "there is no account '%s'", name);
	failure_hint(why, "%s%.*s",
	    config->accounts.count == 0 ? "" : "known accounts: ", (int)known.length, known.bytes);
	buffer_close(&known);
	return failure_in(why, FAILURE_CONFIG);
}

static struct account *
from_variables(const struct environment *environment, struct arena *arena)
{
	struct account *account = account_new(DEFAULT_ACCOUNT, arena);
	struct value *host = &account->values[SETTING_HOST];
	struct value *from = &account->values[SETTING_FROM];

	host->text = arena_string(arena, environment->smtp_server);
	host->set = true;
	if (environment->email != NULL) {
		from->text = arena_string(arena, environment->email);
		from->set = true;
	}
	return account;
}

static struct account *
from_tables(const struct environment *environment, struct arena *arena)
{
	struct account *account;

	if (!there(system_table(environment, "transport", arena)))
		return NULL;
	account = account_new(DEFAULT_ACCOUNT, arena);
	account->system = true;
	return account;
}

/* Neither -a nor --host was given. */
static struct account *
find_implied(const struct config *config, const struct environment *environment,
    const struct address *sender, struct arena *arena, const char **by)
{
	struct account *account = NULL;

	if (sender != NULL && !address_is_null(*sender))
		account = account_match(&config->accounts, *sender, arena);
	*by = "its 'from' matches the sender";
	if (account != NULL)
		return account;
	*by = "it is the default";
	account = account_find(&config->accounts, DEFAULT_ACCOUNT);
	if (account != NULL)
		return account;
	*by = "SMTPSERVER is set";
	if (environment->smtp_server != NULL)
		return from_variables(environment, arena);
	*by = "the system has a transport table";
	return from_tables(environment, arena);
}

static struct account *
find(const struct invocation *invocation, const struct config *config,
    const struct environment *environment, const struct address *sender, struct arena *arena,
    const char **by)
{
	if (invocation->account != NULL) {
		*by = "-a names it";
		return account_find(&config->accounts, invocation->account);
	}
	if (invocation->values[SETTING_HOST].set) {
		*by = "--host was given";
		return account_new("command-line", arena);
	}
	return find_implied(config, environment, sender, arena, by);
}

bool
choice_make(const struct invocation *invocation, const struct config *config,
    const struct environment *environment, const struct address *sender, struct arena *arena,
    struct choice *choice, struct failure *why)
{
	const struct account *found = find(
	    invocation, config, environment, sender, arena, &choice->by);

	choice->account = NULL;
	if (found == NULL && invocation->account != NULL)
		return refuse_name(config, invocation->account, why);
	if (found == NULL)
		return refuse_none(config, why);
	choice->account = arena_zero(arena, sizeof *choice->account);
	*choice->account = *found;
	options_apply(invocation, choice->account);
	choice_fill_tables(choice->account, environment, arena);
	if (!account_settle(choice->account, why))
		return failure_in(why, FAILURE_CONFIG);
	return true;
}
