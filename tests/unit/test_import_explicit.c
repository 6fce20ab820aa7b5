/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_explicit.h"

#include "tests/support/imported.h"

static struct imported *imported;

static void
open_imported(void)
{
	imported = imported_open();
}

static void
close_imported(void)
{
	imported_close(imported);
}

TestSuite(import_explicit, .init = open_imported, .fini = close_imported);

static struct import_explicit account;

/* Both read the setting, as from the file. */
static void
give(enum setting_id id, const char *word)
{
	struct failure why;

	cr_assert(setting_read(setting_row(id), text_of(word), &imported->environment,
	    imported->shelf->arena, &account.theirs->values[id], &why));
	account.ours->values[id] = account.theirs->values[id];
}

static void
begin(const char *host)
{
	imported_again(imported);
	account = import_explicit_open(imported->shelf->arena);
	account.place = imported->place;
	if (host != NULL)
		give(SETTING_HOST, host);
}

static const char *
settled(void)
{
	import_explicit_settle(&account, &imported->writer);
	return imported_settings(imported);
}

Test(import_explicit, writes_the_defaults_of_msmtp)
{
	begin("m.example");
	cr_assert_str_eq(settled(), "tls off|auth off");
	cr_assert_not_null(strstr(imported_complaints(imported), "can read its mail"));
	begin("localhost");
	cr_assert_str_eq(settled(), "tls off|auth off");
	cr_assert_str_eq(imported_complaints(imported), "");
	begin(NULL);
	cr_assert_str_eq(settled(), "");
}

Test(import_explicit, writes_the_port_that_msmtp_takes)
{
	static const struct {
		const char *starttls; /* NULL: not given */
		const char *port;
		const char *settings;
	} rows[] = {
		{ NULL, NULL, "port 25|auth off" },
		{ "on", NULL, "port 25|auth off" },
		{ "off", NULL, "auth off" },
		{ NULL, "587", "auth off" },
		{ NULL, "465", "auth off" },
		{ "off", "2465", "auth off" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin("m.example");
		give(SETTING_TLS, "on");
		if (rows[i].starttls != NULL)
			give(SETTING_TLS_STARTTLS, rows[i].starttls);
		if (rows[i].port != NULL)
			give(SETTING_PORT, rows[i].port);
		cr_assert_str_eq(settled(), rows[i].settings, "row %zu", i);
		cr_assert_str_eq(imported_complaints(imported), "", "row %zu", i);
	}
}

Test(import_explicit, needs_tls_for_a_login)
{
	begin("m.example");
	give(SETTING_AUTH, "plain");
	give(SETTING_PASSWORD, "hunter2");
	cr_assert_str_eq(settled(), "port 25");
	cr_assert_not_null(strstr(imported_complaints(imported), "logged in without TLS"));
	begin("m.example");
	give(SETTING_TLS, "off");
	give(SETTING_AUTH, "on");
	give(SETTING_PASSWORD, "hunter2");
	cr_assert_str_eq(settled(), "tls on|port 25");
	begin("127.0.0.1");
	give(SETTING_AUTH, "plain");
	give(SETTING_PASSWORD, "hunter2");
	cr_assert_str_eq(settled(), "tls off");
}

Test(import_explicit, tells_of_a_login_without_a_password)
{
	begin("m.example");
	give(SETTING_TLS, "on");
	give(SETTING_AUTH, "on");
	(void)settled();
	cr_assert_not_null(strstr(imported_complaints(imported), "has no password in the file"));
	begin("m.example");
	give(SETTING_TLS, "on");
	give(SETTING_AUTH, "on");
	give(SETTING_PASSWORDEVAL, "pass mail");
	(void)settled();
	cr_assert_str_eq(imported_complaints(imported), "");
}

Test(import_explicit, lets_ours_have_what_it_writes)
{
	begin("m.example");
	(void)settled();
	imported_again(imported);
	cr_assert_str_eq(settled(), "");
	cr_assert(account.ours->values[SETTING_AUTH].set);
}

Test(import_explicit, refuses_what_would_be_less_safe)
{
	static const struct {
		enum setting_id id;
		const char *word;
		bool refused;
	} rows[] = {
		{ SETTING_TLS_CERTCHECK, "off", true },
		{ SETTING_TLS_CERTCHECK, "on", false },
		{ SETTING_TLS_TRUST_FILE, "", true },
		{ SETTING_TLS_TRUST_FILE, "/dev/null", false },
		{ SETTING_TLS_FINGERPRINT,
		    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", false },
		{ SETTING_AUTH, "ntlm", true },
		{ SETTING_AUTH, "plain", false },
	};

	begin(NULL);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		give(rows[i].id, rows[i].word);
		cr_assert_eq(import_explicit_refusal(
				 setting_row(rows[i].id), &account.theirs->values[rows[i].id])
			!= NULL,
		    rows[i].refused, "row %zu", i);
	}
}
