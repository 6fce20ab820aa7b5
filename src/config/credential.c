/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/credential.h"

#include <string.h>

#include "base/arena.h"
#include "base/environment.h"
#include "config/keyring.h"
#include "config/netrc.h"
#include "config/shell.h"
#include "table/password_book.h"
#include "table/table_source.h"

#define SYSTEM_NETRC "netrc"

/* What is being looked for. */
struct search {
	const struct credential_request *request;
	const struct account *account;
	const char *user; /* the account's, when the hop is its own; NULL: none */
	const char *auth; /* NULL: not written */
	struct arena *arena;
};

static bool
is_unneeded(struct text word)
{
	return text_is(word, "external") || text_is(word, "gssapi");
}

/* Are only mechanisms named that need no password? */
static bool
needs_none(const char *auth)
{
	struct text rest = text_of(auth);
	bool named = false;

	for (;;) {
		struct text word = text_word(&rest, '\0');

		if (word.length == 0)
			return named;
		if (word.bytes[0] == '!')
			continue;
		if (!is_unneeded(word))
			return false;
		named = true;
	}
}

static struct password_rule
rule_of(const struct credential_request *request)
{
	return (struct password_rule){
		.path = account_text(request->account, SETTING_SASL_PASSWD),
		.sender_dependent = account_switch(request->account, SETTING_SENDER_DEPENDENT_AUTH),
		.completion = request->completion,
	};
}

static bool
ask_table(const struct search *search, const struct password_rule *rule, struct password_row *row,
    struct failure *why)
{
	const struct credential_request *request = search->request;

	if (request->book == NULL)
		return password_find(rule, request->sender, request->hop, search->arena, row, why);
	return password_book_find(request->book, rule, request->sender, request->hop, row, why);
}

static bool
find_row(const struct search *search, bool sender_only, struct credential *credential,
    struct failure *why)
{
	struct password_rule rule = rule_of(search->request);

	credential->rule = rule;
	rule.sender_only = sender_only;
	if (rule.path == NULL)
		return true;
	if (!ask_table(search, &rule, &credential->row, why))
		return failure_in(why, FAILURE_TABLE);
	if (!credential->row.found)
		return true;
	credential->source = CREDENTIAL_TABLE;
	credential->user = credential->row.user;
	credential->where = table_source_place(
	    credential->rule.path, credential->row.line, search->arena);
	return true;
}

static const char *
where_literal(const struct search *search)
{
	return account_where(search->account, SETTING_PASSWORD, search->arena);
}

static const char *
where_file(const struct search *search)
{
	return account_text(search->account, SETTING_PASSWORDFILE);
}

static const char *
where_systemd(const struct search *search)
{
	return arena_print(search->arena, "the credential '%s'",
	    account_text(search->account, SETTING_PASSWORD_CREDENTIAL));
}

static const char *
where_descriptor(const struct search *search)
{
	return arena_print(
	    search->arena, "descriptor %s", account_text(search->account, SETTING_PASSWORD_FD));
}

static const char *
where_command(const struct search *search)
{
	return arena_print(search->arena, "the command '%s'",
	    shell_name(account_text(search->account, SETTING_PASSWORDEVAL), search->arena));
}

/* The account's own sources, in the order in which they are asked. */
static const struct own_source {
	enum setting_id id;
	enum credential_source source;
	const char *(*where)(const struct search *search);
} own_sources[] = {
	{ SETTING_PASSWORD, CREDENTIAL_LITERAL, where_literal },
	{ SETTING_PASSWORDFILE, CREDENTIAL_FILE, where_file },
	{ SETTING_PASSWORD_CREDENTIAL, CREDENTIAL_SYSTEMD, where_systemd },
	{ SETTING_PASSWORD_FD, CREDENTIAL_DESCRIPTOR, where_descriptor },
	{ SETTING_PASSWORDEVAL, CREDENTIAL_COMMAND, where_command },
};

static bool
refuse_nobody(const struct search *search, enum setting_id id, struct failure *why)
{
	fail(why, EX_CONFIG, "there is a %s and no user", setting_row(id)->name);
	failure_at(why, "%s", account_where(search->account, id, search->arena));
	failure_hint(why, "add a line 'user NAME', or 'auth off'");
	return failure_in(why, FAILURE_CONFIG);
}

static bool
find_own(const struct search *search, struct credential *credential, struct failure *why)
{
	for (size_t i = 0; i < sizeof own_sources / sizeof own_sources[0]; i++) {
		const struct own_source *own = own_sources + i;

		if (!account_has(search->account, own->id))
			continue;
		if (search->user == NULL)
			return refuse_nobody(search, own->id, why);
		credential->source = own->source;
		credential->user = search->user;
		credential->where = own->where(search);
		return true;
	}
	return true;
}

static bool
ask_netrc(const struct search *search, const char *path, struct credential *credential,
    struct failure *why)
{
	const char *host = search->request->hop->host;
	const char *login;
	bool found;

	if (!netrc_find(path, host, search->user, search->arena, &found, &login, NULL, why))
		return false;
	if (!found)
		return true;
	credential->source = CREDENTIAL_NETRC;
	credential->user = login;
	credential->where = path;
	credential->netrc_file = path;
	credential->host = arena_string(search->arena, host);
	return true;
}

/* One of the usual files: that it may not be read is the same as that it is not there. */
static bool
ask_usual_netrc(const struct search *search, const char *directory, const char *name,
    struct credential *credential, struct failure *why)
{
	struct failure told;

	if (directory == NULL || credential->source != CREDENTIAL_NONE
	    || ask_netrc(
		search, arena_print(search->arena, "%s/%s", directory, name), credential, &told)
	    || told.code == EX_NOPERM)
		return true;
	*why = told;
	return false;
}

static bool
find_netrc(const struct search *search, struct credential *credential, struct failure *why)
{
	const struct environment *environment = search->request->environment;
	const struct value *netrc = &search->account->values[SETTING_NETRC];
	const char *home = environment->privileged ? NULL : environment->home;
	const char *system = environment->system_directory;

	if (netrc->text != NULL)
		return ask_netrc(search, netrc->text, credential, why);
	if (netrc->set || netrc->file != NULL)
		return true;
	return ask_usual_netrc(search, home, ".netrc", credential, why)
	    && ask_usual_netrc(search, system, SYSTEM_NETRC, credential, why);
}

/* Who has named a user and no password wants to be asked, as far as somebody is there. */
static void
find_person(const struct search *search, struct credential *credential)
{
	const struct environment *environment = search->request->environment;
	bool terminal = environment->terminal != NULL && environment->terminal();
	bool keyring = keyring_is_there(environment);

	if (search->user == NULL || (!terminal && !keyring))
		return;
	credential->source = keyring ? CREDENTIAL_KEYRING : CREDENTIAL_PROMPT;
	credential->user = search->user;
	credential->host = arena_string(search->arena, search->request->hop->host);
	if (!keyring)
		credential->where = "a prompt on the terminal";
	else
		credential->where = terminal ? "the keyring, else a prompt on the terminal"
					     : "the keyring";
}

static bool
refuse_none(const struct search *search, struct failure *why)
{
	const char *hop = search->request->hop->text;
	enum setting_id id = search->auth != NULL ? SETTING_AUTH : SETTING_USER;

	if (search->user != NULL)
		fail(why, EX_CONFIG, "there is no password for user '%s' at '%s'", search->user,
		    hop);
	else
		fail(why, EX_CONFIG, "auth is on and there is no credential for '%s'", hop);
	failure_at(why, "%s", account_where(search->account, id, search->arena));
	if (search->request->own_hop)
		failure_hint(why,
		    "give user and passwordeval, passwordfile or password, a row "
		    "'%s USER:PASSWORD' in sasl_passwd, or 'auth off'",
		    hop);
	else
		failure_hint(why,
		    "give a row '%s USER:PASSWORD' in sasl_passwd: the account's own "
		    "password goes to its own host and port only",
		    hop);
	return failure_in(why, FAILURE_CONFIG);
}

/* The account names one user and the only password is another's. */
static bool
refuse_other(const struct search *search, const struct credential *credential, struct failure *why)
{
	fail(why, EX_CONFIG, "the account's user is '%s' and %s is for '%s'", search->user,
	    credential->where, credential->user);
	failure_at(why, "%s", account_where(search->account, SETTING_USER, search->arena));
	failure_hint(why, "remove the 'user' line, or give its password in the account");
	return failure_in(why, FAILURE_CONFIG);
}

static bool
find_any(const struct search *search, struct credential *credential, struct failure *why)
{
	/* Who lets the sender choose means it for the account's own host, too. */
	if (account_switch(search->account, SETTING_SENDER_DEPENDENT_AUTH)
	    && !find_row(search, true, credential, why))
		return false;
	if (credential->source == CREDENTIAL_TABLE)
		return true;
	/* Two accounts with different users on one host:port must not be mixed by a row of the
	 * table that both of them read. */
	if (search->user != NULL && !find_own(search, credential, why))
		return false;
	if (credential->source == CREDENTIAL_NONE && !find_row(search, false, credential, why))
		return false;
	if (credential->source == CREDENTIAL_TABLE && search->user != NULL
	    && strcmp(search->user, credential->user) != 0)
		return refuse_other(search, credential, why);
	if (credential->source == CREDENTIAL_NONE && search->request->own_hop
	    && !find_own(search, credential, why))
		return false;
	if (credential->source == CREDENTIAL_NONE && !find_netrc(search, credential, why))
		return false;
	if (credential->source == CREDENTIAL_NONE)
		find_person(search, credential);
	if (credential->source == CREDENTIAL_NONE && (search->auth != NULL || search->user != NULL))
		return refuse_none(search, why);
	return true;
}

void
credential_note(const struct credential_request *request)
{
	const char *auth = account_text(request->account, SETTING_AUTH);
	const struct password_rule rule = rule_of(request);

	if (auth == NULL || (strcmp(auth, "off") != 0 && !needs_none(auth)))
		password_book_add(request->book, &rule, request->sender, request->hop);
}

bool
credential_find(const struct credential_request *request, struct arena *arena,
    struct credential *credential, struct failure *why)
{
	const struct account *account = request->account;
	struct search search = {
		.request = request,
		.account = account,
		.user = request->own_hop ? account_text(account, SETTING_USER) : NULL,
		.auth = account_text(account, SETTING_AUTH),
		.arena = arena,
	};
	struct credential found = { .source = CREDENTIAL_NONE, .account = account };

	if (search.auth != NULL && needs_none(search.auth)) {
		found.source = CREDENTIAL_UNNEEDED;
		found.user = search.user;
		found.where = account_where(account, SETTING_AUTH, arena);
	} else if (search.auth == NULL || strcmp(search.auth, "off") != 0) {
		if (!find_any(&search, &found, why))
			return false;
	}
	*credential = found;
	return true;
}
