/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/account.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/environment.h"

static struct arena *arena;

static void
open_arena(void)
{
	arena = arena_open();
}

static void
close_arena(void)
{
	arena_close(arena);
}

TestSuite(account, .init = open_arena, .fini = close_arena);

/* Writes a setting as a line of relayrc would; line 0: as an option would. */
static void
put(struct account *account, enum setting_id id, const char *argument, size_t line)
{
	const struct environment environment = { .home = "/home/joe" };
	struct failure why = { 0 };
	struct value *value = &account->values[id];

	cr_assert(
	    setting_read(setting_row(id), text_of(argument), &environment, arena, value, &why),
	    "%s %s: %s", setting_row(id)->name, argument, why.what);
	if (line > 0)
		value->file = "rc";
	value->line = line;
}

Test(account, begins_with_the_defaults)
{
	static const struct {
		enum setting_id id;
		const char *text; /* NULL: none */
	} rows[] = {
		{ SETTING_TLS, "on" },
		{ SETTING_TLS_STARTTLS, "on" },
		{ SETTING_TLS_TRUST_FILE, "system" },
		{ SETTING_TLS_CERTCHECK, "on" },
		{ SETTING_AUTH, NULL },
		{ SETTING_PORT, NULL },
		{ SETTING_TIMEOUT, NULL },
		{ SETTING_GENERIC_RECURSION, "on" },
		{ SETTING_SET_FROM_HEADER, "auto" },
		{ SETTING_REMOVE_BCC_HEADERS, "on" },
		{ SETTING_HEADER_SIZE_LIMIT, "1M" },
		{ SETTING_RECIPIENT_LIMIT, "100000" },
		{ SETTING_ALIASES, NULL },
		{ SETTING_NETRC, NULL },
		{ SETTING_QUEUE, NULL },
		{ SETTING_PUBLIC_SECRETS, "off" },
	};
	struct account *account = account_new("x", arena);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *text = account_text(account, rows[i].id);

		if (rows[i].text == NULL)
			cr_assert_null(text, "%s", setting_row(rows[i].id)->name);
		else
			cr_assert(text != NULL && strcmp(text, rows[i].text) == 0, "%s",
			    setting_row(rows[i].id)->name);
	}
	for (size_t i = 0; i < SETTING_COUNT; i++)
		cr_assert(!account->values[i].set, "%s", setting_row((enum setting_id)i)->name);
}

Test(account, takes_over_defaults_without_marking_them_as_set)
{
	struct account *defaults = account_new("defaults", arena);
	struct account *account;

	put(defaults, SETTING_PORT, "25", 3);
	account = account_from(defaults, "a", arena);
	cr_assert_str_eq(account->name, "a");
	cr_assert_eq(account_number(account, SETTING_PORT), 25);
	cr_assert(!account->values[SETTING_PORT].set);
	cr_assert(defaults->values[SETTING_PORT].set);
}

Test(account, inherits_what_a_parent_has_set_and_not_its_defaults)
{
	struct account *defaults = account_new("defaults", arena);
	struct account *parent;
	struct account *child;
	struct account *grandchild;

	put(defaults, SETTING_PORT, "25", 1);
	parent = account_from(defaults, "parent", arena);
	put(parent, SETTING_USER, "joe", 4);
	put(defaults, SETTING_PORT, "26", 6);
	child = account_from(defaults, "child", arena);
	account_inherit(child, parent);
	grandchild = account_from(defaults, "grandchild", arena);
	account_inherit(grandchild, child);
	cr_assert_eq(account_number(child, SETTING_PORT), 26);
	cr_assert_str_eq(account_text(grandchild, SETTING_USER), "joe");
}

Test(account, tells_where_a_value_was_written)
{
	struct account *account = account_new("a", arena);

	put(account, SETTING_PORT, "25", 7);
	put(account, SETTING_USER, "joe", 0);
	cr_assert_str_eq(account_where(account, SETTING_PORT, arena), "rc:7");
	cr_assert_str_eq(account_where(account, SETTING_USER, arena), "the command line");
	cr_assert_str_eq(account_where(account, SETTING_TLS, arena), "default");
}

Test(account, is_found_by_its_exact_name)
{
	struct account_list list = { 0 };

	account_add(&list, account_new("one", arena), arena);
	account_add(&list, account_new("two", arena), arena);
	cr_assert_eq(account_find(&list, "two"), list.items[1]);
	cr_assert_null(account_find(&list, "Two"));
	cr_assert_null(account_find(&list, ""));
}

static struct account *
sending_as(const char *name, const char *from, const char *second)
{
	struct account *account = account_new(name, arena);
	struct value *more = arena_zero(arena, sizeof *more);

	put(account, SETTING_FROM, from, 1);
	more->text = second;
	account->values[SETTING_FROM].next = more;
	return account;
}

Test(account, is_chosen_by_the_sender)
{
	static const struct {
		const char *local;
		const char *domain;
		const char *account; /* NULL: none */
	} rows[] = {
		{ "joe", "isp.example", "plain" },
		{ "JOE", "ISP.Example", "plain" },
		{ "joe+list", "isp.example", "plain" },
		{ "sales", "work.example", "pattern" },
		{ "sales+x", "work.example", "pattern" },
		{ "sales", "WORK.example", NULL },
		{ "tag+x", "tags.example", "tagged" },
		{ "tag+y", "tags.example", NULL },
		{ "other", "two.example", "pattern" },
		{ "nobody", "isp.example", NULL },
		{ "+joe", "isp.example", NULL },
		{ "joe", "", NULL },
		{ "joe+x", "dept.one.example", NULL },
		{ "joe+a+b", "isp.example", "plain" },
		{ "root", "", "bare" },
		{ "", "", NULL },
		{ "joe", "[192.0.2.1]", "literal" },
		{ "joe", "1", NULL },
	};
	struct account_list list = { 0 };

	account_add(&list, account_new("none", arena), arena);
	account_add(&list, sending_as("pattern", "*@work.example", "other@two.example"), arena);
	account_add(&list, sending_as("wild", "joe@*.one.example", NULL), arena);
	account_add(&list, sending_as("plain", "Joe@isp.example", NULL), arena);
	account_add(&list, sending_as("tagged", "tag+x@tags.example", NULL), arena);
	account_add(&list, sending_as("bare", "root", NULL), arena);
	account_add(&list, sending_as("literal", "joe@[192.0.2.1]", NULL), arena);
	account_add(&list, sending_as("second", "joe@isp.example", NULL), arena);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct address sender = { text_of(rows[i].local), text_of(rows[i].domain) };
		const struct account *found = account_match(&list, sender, arena);

		cr_assert_eq(
		    found == NULL, rows[i].account == NULL, "%s@%s", rows[i].local, rows[i].domain);
		if (found != NULL)
			cr_assert_str_eq(
			    found->name, rows[i].account, "%s@%s", rows[i].local, rows[i].domain);
	}
}

struct written {
	enum setting_id id;
	const char *argument; /* NULL: no more */
};

static struct account *
settled(const struct written *written, struct failure *why)
{
	struct account *account = account_new("a", arena);
	size_t line = 0;

	account->file = "rc";
	for (; written->argument != NULL; written++)
		put(account, written->id, written->argument, ++line);
	return account_settle(account, why) ? account : NULL;
}

Test(account, settles_port_and_kind_of_tls_together)
{
	static const struct {
		const char *label;
		struct written written[4];
		int port;
		bool starttls;
	} rows[] = {
		{ "nothing written", { { 0 } }, 587, true },
		{ "tls_starttls off", { { SETTING_TLS_STARTTLS, "off" } }, 465, false },
		{ "tls off", { { SETTING_TLS, "off" } }, 25, true },
		{ "port 465 alone", { { SETTING_PORT, "465" } }, 465, false },
		{ "port 465 with tls_starttls on",
		    { { SETTING_PORT, "465" }, { SETTING_TLS_STARTTLS, "on" } }, 465, true },
		{ "port 465 with tls off", { { SETTING_PORT, "465" }, { SETTING_TLS, "off" } }, 465,
		    true },
		{ "host with port 465", { { SETTING_HOST, "h:465" } }, 465, false },
		{ "host with port 465 and a port",
		    { { SETTING_HOST, "h:465" }, { SETTING_PORT, "587" } }, 587, true },
		{ "another port", { { SETTING_PORT, "2525" } }, 2525, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		struct account *account = settled(rows[i].written, &why);

		cr_assert_not_null(account, "%s: %s", rows[i].label, why.what);
		cr_assert_eq(
		    account_number(account, SETTING_PORT), rows[i].port, "%s", rows[i].label);
		cr_assert_eq(account_switch(account, SETTING_TLS_STARTTLS), rows[i].starttls, "%s",
		    rows[i].label);
		cr_assert(account_settle(account, &why), "%s, again", rows[i].label);
		cr_assert_eq(account_number(account, SETTING_PORT), rows[i].port, "%s, again",
		    rows[i].label);
	}
}

#define DIGITS_32 "0123456789abcdef0123456789abcdef"

Test(account, accepts_what_goes_together)
{
	static const struct {
		const char *label;
		struct written written[4];
	} rows[] = {
		{ "certificate and key",
		    { { SETTING_TLS_CERT_FILE, "c" }, { SETTING_TLS_KEY_FILE, "k" } } },
		{ "SHA-256 fingerprint", { { SETTING_TLS_FINGERPRINT, DIGITS_32 DIGITS_32 } } },
		{ "fingerprint instead of authorities",
		    { { SETTING_TLS_TRUST_FILE, "" },
			{ SETTING_TLS_FINGERPRINT,
			    "01:23:" DIGITS_32 "0123456789abcdef0123456789ab" } } },
		{ "no authorities, nothing checked",
		    { { SETTING_TLS_TRUST_FILE, "" }, { SETTING_TLS_CERTCHECK, "off" } } },
		{ "no authorities, no tls",
		    { { SETTING_TLS_TRUST_FILE, "" }, { SETTING_TLS, "off" } } },
		{ "lmtp with a socket",
		    { { SETTING_PROTOCOL, "lmtp" }, { SETTING_SOCKET, "/run/lmtp" } } },
		{ "lmtp with a port", { { SETTING_PROTOCOL, "lmtp" }, { SETTING_PORT, "24" } } },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };

		cr_assert_not_null(
		    settled(rows[i].written, &why), "%s: %s", rows[i].label, why.what);
	}
}

Test(account, names_contradictions_and_their_lines)
{
	static const struct {
		struct written written[4];
		const char *what;
		const char *where;
	} rows[] = {
		{ { { SETTING_USER, "x" }, { SETTING_TLS_CERT_FILE, "c" } },
		    "tls_cert_file needs tls_key_file", "rc:2" },
		{ { { SETTING_TLS_KEY_FILE, "k" } }, "tls_key_file needs tls_cert_file", "rc:1" },
		{ { { SETTING_TLS_CRL_FILE, "k" }, { SETTING_TLS_TRUST_FILE, "" } },
		    "tls_crl_file needs tls_trust_file", "rc:1" },
		{ { { SETTING_TLS_TRUST_FILE, "" } }, "nothing says which certificates to trust",
		    "rc:1" },
		{ { { SETTING_PROTOCOL, "lmtp" } },
		    "protocol lmtp has no usual port, and none is given", "rc:1" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };

		cr_assert_null(settled(rows[i].written, &why), "%s", rows[i].what);
		cr_assert_str_eq(why.what, rows[i].what);
		cr_assert_str_eq(why.where, rows[i].where, "%s", rows[i].what);
		cr_assert_eq(why.code, EX_CONFIG, "%s", rows[i].what);
		cr_assert_eq(why.stage, FAILURE_CONFIG, "%s", rows[i].what);
	}
}

Test(account, expands_what_stands_for_user_and_host)
{
	const struct environment environment = { .user = "joe",
		.host = "box.example",
		.mailname = "mail.example",
		.full_name = "Joe Doe" };
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
		{ "%U@%M", "joe@mail.example" },
		{ "%H", "box.example" },
		{ "%C", "box.example" },
		{ "%F", "Joe Doe" },
		{ "%%U", "%joe" },
		{ "%x%", "%x%" },
		{ "plain@x", "plain@x" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(account_expand(rows[i].text, &environment, arena),
		    rows[i].expected, "%s", rows[i].text);
	cr_assert_null(account_expand(NULL, &environment, arena));
}

Test(account, believes_the_variable_about_the_host)
{
	const struct environment environment = { .host = "box", .host_variable = "said.example" };

	cr_assert_str_eq(account_expand("%H %C", &environment, arena), "said.example said.example");
}
