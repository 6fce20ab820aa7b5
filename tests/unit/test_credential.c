/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/credential.h"

#include "tests/support/shelf.h"

#include "base/environment.h"

static struct shelf *shelf;
static struct environment environment;
static struct account *account;
static struct credential credential;
static struct failure why;

static const struct transport_hop hop = {
	.text = "[isp.example]:587", .host = "isp.example", .port = 587, .bracketed = true
};

static void
open_shelf(void)
{
	shelf = shelf_open();
	environment = (struct environment){
		.user = "joe", .home = shelf->directory, .system_directory = shelf->directory
	};
	account = account_new("a", shelf->arena);
}

static void
close_shelf(void)
{
	(void)unlink(shelf_path(shelf, ".netrc"));
	shelf_close(shelf);
}

TestSuite(credential, .init = open_shelf, .fini = close_shelf);

static void
put(enum setting_id id, const char *argument)
{
	struct value *value = &account->values[id];

	cr_assert(setting_read(
		      setting_row(id), text_of(argument), &environment, shelf->arena, value, &why),
	    "%s", why.what);
	value->file = "rc";
	value->line = (size_t)id + 1;
}

static bool
find(bool own_hop)
{
	struct credential_request request = {
		.account = account,
		.hop = &hop,
		.own_hop = own_hop,
		.sender = shelf_address(shelf, "joe@local.example"),
		.completion = &shelf->completion,
		.environment = &environment,
	};

	return credential_find(&request, shelf->arena, &credential, &why);
}

/* "source user where", with - for nothing; or "!" and the sentence. */
static const char *
found(bool own_hop)
{
	static const char *const names[] = { "none", "table", "literal", "file", "systemd",
		"descriptor", "command", "netrc", "keyring", "prompt", "unneeded" };

	if (!find(own_hop))
		return arena_print(shelf->arena, "!%s", why.what);
	return arena_print(shelf->arena, "%s %s %s", names[credential.source],
	    credential.user == NULL ? "-" : credential.user,
	    credential.where == NULL ? "-" : credential.where);
}

static const char *
at(const char *format, const char *name)
{
	struct text both = text_of(format);
	size_t percent = text_find(both, '%');

	return arena_print(shelf->arena, "%s%s%s",
	    text_string(text_slice(both, 0, percent), shelf->arena), shelf_path(shelf, name),
	    text_string(text_slice(both, percent + 1, both.length), shelf->arena));
}

/* Two accounts on one host:port, each with a user of its own */
Test(credential, keeps_an_accounts_own_user_from_a_row_for_somebody_else)
{
	put(SETTING_SASL_PASSWD, shelf_file(shelf, "sasl_passwd", "[isp.example]:587 row:x\n"));
	put(SETTING_USER, "joe");
	cr_assert_not(find(true));
	cr_assert_eq(why.code, EX_CONFIG);
	cr_assert_not_null(strstr(why.what, "'joe'"), "%s", why.what);
	cr_assert_not_null(strstr(why.what, "'row'"), "%s", why.what);
	put(SETTING_USER, "row");
	cr_assert_str_eq(found(true), at("table row %:1", "sasl_passwd"));
}

Test(credential, asks_its_sources_in_order)
{
	put(SETTING_SASL_PASSWD, shelf_file(shelf, "sasl_passwd", "[isp.example]:587 row:x\n"));
	put(SETTING_USER, "joe");
	put(SETTING_PASSWORD, "secret");
	put(SETTING_PASSWORDFILE, "/pw");
	put(SETTING_PASSWORD_CREDENTIAL, "smtp");
	put(SETTING_PASSWORD_FD, "5");
	put(SETTING_PASSWORDEVAL, "pass mail/x");
	shelf_file(shelf, ".netrc", "machine isp.example login joe password x");

	put(SETTING_USER, "");
	cr_assert_str_eq(found(false), at("table row %:1", "sasl_passwd"));
	put(SETTING_USER, "joe");
	put(SETTING_SASL_PASSWD, "");
	cr_assert_str_eq(
	    found(true), arena_print(shelf->arena, "literal joe rc:%d", SETTING_PASSWORD + 1));
	put(SETTING_PASSWORD, "");
	cr_assert_str_eq(found(true), "file joe /pw");
	put(SETTING_PASSWORDFILE, "");
	cr_assert_str_eq(found(true), "systemd joe the credential 'smtp'");
	put(SETTING_PASSWORD_CREDENTIAL, "");
	cr_assert_str_eq(found(true), "descriptor joe descriptor 5");
	put(SETTING_PASSWORD_FD, "");
	cr_assert_str_eq(found(true), "command joe the command 'pass'");
	put(SETTING_PASSWORDEVAL, "");
	cr_assert_str_eq(found(true), at("netrc joe %", ".netrc"));
}

/* F97 F98 */
Test(credential, falls_back_to_the_account_when_the_table_has_no_row)
{
	put(SETTING_SASL_PASSWD, shelf_file(shelf, "sasl_passwd", "isp.example:25 row:x\n"));
	put(SETTING_USER, "joe");
	put(SETTING_PASSWORDFILE, "/pw");
	cr_assert_str_eq(found(true), "file joe /pw");
}

/* A foreign next hop must not get the account's own password. */
Test(credential, keeps_the_accounts_own_password_from_other_hops)
{
	put(SETTING_USER, "joe");
	put(SETTING_PASSWORD, "secret");
	cr_assert_str_eq(found(false), "none - -");
	put(SETTING_AUTH, "on");
	cr_assert_str_eq(
	    found(false), "!auth is on and there is no credential for '[isp.example]:587'");
	cr_assert_eq(why.code, EX_CONFIG);
	cr_assert_not_null(
	    strstr(why.hint, "a row '[isp.example]:587 USER:PASSWORD' in sasl_passwd"));
	shelf_file(shelf, ".netrc", "machine isp.example login net password x");
	cr_assert_str_eq(found(false), at("netrc net %", ".netrc"));
}

Test(credential, needs_none_when_nothing_asks_for_one)
{
	cr_assert_str_eq(found(true), "none - -");
	cr_assert_str_eq(found(false), "none - -");
}

Test(credential, logs_in_nowhere_with_auth_off)
{
	put(SETTING_SASL_PASSWD, shelf_file(shelf, "sasl_passwd", "isp.example row:x\n"));
	put(SETTING_USER, "joe");
	put(SETTING_PASSWORD, "secret");
	put(SETTING_AUTH, "off");
	cr_assert_str_eq(found(true), "none - -");
}

Test(credential, refuses_to_go_on_without_what_was_asked_for)
{
	static const struct {
		const char *label;
		const char *auth; /* NULL: not written */
		const char *user; /* NULL: not written */
		const char *what;
		enum setting_id place;
	} rows[] = {
		{ "auth on", "on", NULL,
		    "auth is on and there is no credential for "
		    "'[isp.example]:587'",
		    SETTING_AUTH },
		{ "a mechanism", "plain", NULL,
		    "auth is on and there is no credential for "
		    "'[isp.example]:587'",
		    SETTING_AUTH },
		{ "a user alone", NULL, "joe",
		    "there is no password for user 'joe' at "
		    "'[isp.example]:587'",
		    SETTING_USER },
		{ "both", "on", "joe",
		    "there is no password for user 'joe' at "
		    "'[isp.example]:587'",
		    SETTING_AUTH },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		account = account_new("a", shelf->arena);
		if (rows[i].auth != NULL)
			put(SETTING_AUTH, rows[i].auth);
		if (rows[i].user != NULL)
			put(SETTING_USER, rows[i].user);
		cr_assert(!find(true), "%s", rows[i].label);
		cr_assert_str_eq(why.what, rows[i].what, "%s", rows[i].label);
		cr_assert_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_assert_eq(why.stage, FAILURE_CONFIG, "%s", rows[i].label);
		cr_assert_str_eq(why.where, arena_print(shelf->arena, "rc:%d", rows[i].place + 1));
		cr_assert_not_null(strstr(why.hint, "passwordeval, passwordfile or password"), "%s",
		    rows[i].label);
	}
}

/* F96 */
Test(credential, refuses_a_password_without_a_user)
{
	put(SETTING_PASSWORDFILE, "/pw");
	cr_assert_str_eq(found(true), "!there is a passwordfile and no user");
	cr_assert_eq(why.code, EX_CONFIG);
	put(SETTING_AUTH, "off");
	cr_assert_str_eq(found(true), "none - -");
}

static bool
somebody(void)
{
	return true;
}

static bool
nobody(void)
{
	return false;
}

Test(credential, asks_the_person_last)
{
	static const struct {
		const char *bus;
		bool (*terminal)(void);
		const char *found;
	} rows[] = {
		{ NULL, somebody, "prompt joe a prompt on the terminal" },
		{ "unix:path=/x", somebody,
		    "keyring joe the keyring, else a prompt on the terminal" },
		{ "unix:path=/x", nobody, "keyring joe the keyring" },
		{ NULL, nobody, "!there is no password for user 'joe' at '[isp.example]:587'" },
	};

	put(SETTING_USER, "joe");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		environment.session_bus = rows[i].bus;
		environment.terminal = rows[i].terminal;
		if (rows[i].bus != NULL && !KEYRING)
			continue;
		cr_assert_str_eq(found(true), rows[i].found);
	}
	environment.terminal = somebody;
	cr_assert_str_eq(found(false), "none - -");
	put(SETTING_USER, "");
	cr_assert_str_eq(found(true), "none - -");
	put(SETTING_USER, "joe");
	shelf_file(shelf, ".netrc", "machine isp.example login joe password x");
	cr_assert_str_eq(found(true), at("netrc joe %", ".netrc"));
}

Test(credential, needs_no_password_for_mechanisms_without_one)
{
	static const struct {
		const char *auth;
		bool unneeded;
	} rows[] = {
		{ "external", true },
		{ "gssapi", true },
		{ "external gssapi !plain", true },
		{ "external plain", false },
		{ "!external", false },
		{ "on", false },
	};

	put(SETTING_USER, "joe");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		put(SETTING_AUTH, rows[i].auth);
		cr_assert_eq(find(true), rows[i].unneeded, "%s", rows[i].auth);
		if (!rows[i].unneeded)
			continue;
		cr_assert_eq(credential.source, CREDENTIAL_UNNEEDED, "%s", rows[i].auth);
		cr_assert_str_eq(credential.user, "joe");
		cr_assert(find(false));
		cr_assert_null(credential.user, "%s", rows[i].auth);
	}
}

Test(credential, looks_into_the_usual_files_of_netrc)
{
	shelf_file(shelf, "netrc", "machine isp.example login system password x");
	cr_assert_str_eq(found(true), at("netrc system %", "netrc"));
	shelf_file(shelf, ".netrc", "machine isp.example login home password x");
	cr_assert_str_eq(found(true), at("netrc home %", ".netrc"));
	environment.privileged = true;
	cr_assert_str_eq(found(true), at("netrc system %", "netrc"));
	environment.privileged = false;
	put(SETTING_NETRC, "");
	cr_assert_str_eq(found(true), "none - -");
	put(SETTING_NETRC, shelf_file(shelf, "mine", "machine isp.example login mine password x"));
	cr_assert_str_eq(found(true), at("netrc mine %", "mine"));
	put(SETTING_USER, "other");
	cr_assert_str_eq(
	    found(true), "!there is no password for user 'other' at '[isp.example]:587'");
}

Test(credential, fails_with_a_table_that_cannot_be_read)
{
	put(SETTING_SASL_PASSWD, shelf_path(shelf, "missing"));
	cr_assert(!find(true));
	cr_assert_eq(why.code, EX_TEMPFAIL);
	cr_assert_eq(why.stage, FAILURE_TABLE);
}

/* F101: what is shown of a source is never the secret. */
Test(credential, shows_no_secret_in_where)
{
	put(SETTING_USER, "joe");
	put(SETTING_PASSWORD, "hunter2");
	cr_assert_null(strstr(found(true), "hunter2"));
	put(SETTING_PASSWORD, "");
	put(SETTING_PASSWORDEVAL, "echo hunter2");
	cr_assert_null(strstr(found(true), "hunter2"));
}

/* The own user beat the sender's row, without a word. */
Test(credential, lets_the_senders_row_win_over_the_own_user)
{
	static const struct {
		const char *label;
		const char *depends;
		const char *rows;
		const char *found;
	} cases[] = {
		{ "sender's row", "on", "joe@local.example other:p\n", "table other" },
		{ "switched off", "off", "joe@local.example other:p\n", "literal me" },
		{ "another's row", "on", "jane@local.example other:p\n", "literal me" },
		{ "the server's row", "on", "isp.example other:p\n", "literal me" },
		{ "both", "on", "isp.example h:p\njoe s:p\n", "table s" },
		{ "the server's row is wrong", "on", "isp.example nocolon\n", "literal me" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put(SETTING_USER, "me");
		put(SETTING_PASSWORD, "p");
		put(SETTING_SENDER_DEPENDENT_AUTH, cases[i].depends);
		put(SETTING_SASL_PASSWD, shelf_file(shelf, "sasl_passwd", cases[i].rows));
		cr_expect_not_null(
		    strstr(found(true), cases[i].found), "%s: %s", cases[i].label, found(true));
	}
}
