/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_postfix.h"

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

TestSuite(import_postfix, .init = open_imported, .fini = close_imported);

static const char *
written(const char *content)
{
	struct import_set set = { .peer = IMPORT_POSTFIX };
	const char *first;

	imported_again(imported);
	imported_file(imported, &set, "main.cf", content);
	cr_assert(import_postfix_write(&set, &imported->writer, &first, &imported->shelf->why));
	cr_assert_str_eq(first, "postfix");
	imported_valid(imported, content);
	return imported_settings(imported);
}

Test(import_postfix, takes_tls_as_postfix_reads_it)
{
	static const struct {
		const char *content;
		const char *settings;
	} rows[] = {
		{ "", "tls off" },
		{ "smtp_tls_security_level = none\n", "tls off" },
		{ "smtp_tls_security_level = may\n", "tls on|tls_starttls on" },
		{ "smtp_tls_security_level = encrypt\n", "tls on|tls_starttls on" },
		{ "smtp_tls_security_level = secure\n", "tls on|tls_starttls on" },
		{ "smtp_tls_security_level = dane\n", "tls on|tls_starttls on" },
		{ "smtp_use_tls = yes\n", "tls on|tls_starttls on" },
		{ "smtp_enforce_tls = yes\n", "tls on|tls_starttls on" },
		{ "smtp_tls_security_level =\nsmtp_use_tls = yes\n", "tls on|tls_starttls on" },
		{ "smtp_tls_security_level = none\nsmtp_use_tls = yes\n", "tls off" },
		{ "smtp_tls_wrappermode = yes\nsmtp_tls_security_level = encrypt\n",
		    "tls on|tls_starttls off" },
		{ "smtp_tls_wrappermode = no\nsmtp_tls_security_level = encrypt\n",
		    "tls on|tls_starttls on" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(written(arena_print(imported->shelf->arena,
				     "relayhost = [m.example]:465\n%s", rows[i].content)),
		    arena_print(imported->shelf->arena,
			"account postfix|host [m.example]:465|%s|auth off", rows[i].settings),
		    "%s", rows[i].content);
}

Test(import_postfix, says_which_certificates_were_not_verified)
{
	static const struct {
		const char *content;
		bool verified;
	} rows[] = {
		{ "smtp_tls_security_level = encrypt\n", false },
		{ "smtp_tls_security_level = may\n", false },
		{ "smtp_tls_security_level = verify\n", true },
		{ "smtp_enforce_tls = yes\n", true },
		{ "smtp_enforce_tls = yes\nsmtp_tls_enforce_peername = no\n", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)written(rows[i].content);
		cr_assert_eq(strstr(imported_output(imported), "was not verified") == NULL,
		    rows[i].verified, "%s", rows[i].content);
	}
}

Test(import_postfix, keeps_the_relayhost_as_it_is_written)
{
	static const struct {
		const char *host;
		const char *settings;
		const char *complaint; /* NULL: none */
	} rows[] = {
		{ "[m.example]:587", "host [m.example]:587", NULL },
		{ "[m.example]:submission", "host [m.example]:submission", NULL },
		{ "[m.example]", "host [m.example]|port 25", NULL },
		{ "m.example:587", "host m.example:587", "mail exchanger of 'm.example'" },
		{ "192.0.2.1", "host 192.0.2.1|port 25", NULL },
		{ "[a.example]:587, [b.example]:587", "host [a.example]:587, [b.example]:587",
		    NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert_str_eq(
		    written(arena_print(imported->shelf->arena,
			"smtp_tls_security_level = secure\nrelayhost = %s\n", rows[i].host)),
		    arena_print(imported->shelf->arena,
			"account postfix|%s|tls on|tls_starttls on|auth off", rows[i].settings),
		    "%s", rows[i].host);
		if (rows[i].complaint == NULL)
			cr_assert_str_eq(imported_complaints(imported), "", "%s", rows[i].host);
		else
			cr_assert_not_null(
			    strstr(imported_complaints(imported), rows[i].complaint));
	}
}

#define LOGIN \
	"relayhost = [m.example]:587\nsmtp_tls_security_level = secure\n" \
	"smtp_sasl_auth_enable = yes\n"
#define LOGIN_SETTINGS "account postfix|host [m.example]:587|tls on|tls_starttls on"

Test(import_postfix, logs_in_as_postfix_does)
{
	static const struct {
		const char *content;
		const char *settings;
	} rows[] = {
		{ "smtp_sasl_password_maps = hash:/dev/null\n", "|sasl_passwd /dev/null" },
		{ "smtp_sasl_password_maps = static:joe:pa:ss\n", "|user joe|password pa:ss" },
		{ "smtp_sasl_password_maps = hash:/dev/null\n"
		  "smtp_sender_dependent_authentication = yes\n",
		    "|sasl_passwd /dev/null|sender_dependent_auth on" },
		{ "smtp_sasl_mechanism_filter = PLAIN, LOGIN, CRAM-MD5\n",
		    "|auth plain login cram-md5" },
		{ "smtp_sasl_mechanism_filter = !gssapi, !login, static:all\n",
		    "|auth on !gssapi !login" },
		{ "smtp_sasl_mechanism_filter = plain, /etc/postfix/mechanisms\n", "|auth plain" },
		{ "smtp_sasl_security_options = noanonymous\n", "" },
		{ "smtp_sasl_security_options = noplaintext, noanonymous\n",
		    "|auth on !plain !login" },
		{ "smtp_sasl_security_options = noplaintext\nsmtp_sasl_tls_security_options =\n",
		    "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(
		    written(arena_print(imported->shelf->arena, LOGIN "%s", rows[i].content)),
		    arena_print(imported->shelf->arena, LOGIN_SETTINGS "%s", rows[i].settings),
		    "%s", rows[i].content);
}

Test(import_postfix, sends_no_password_in_the_clear)
{
	cr_assert_str_eq(written("relayhost = [m.example]\nsmtp_sasl_auth_enable = yes\n"
				 "smtp_sasl_password_maps = static:joe:hunter2\n"),
	    "account postfix|host [m.example]|port 25|tls on|user joe|password hunter2");
	cr_assert_not_null(strstr(imported_complaints(imported), "password may have gone"));
	cr_assert_null(strstr(imported_complaints(imported), "hunter2"));
}

Test(import_postfix, uses_no_login_that_is_switched_off)
{
	cr_assert_null(
	    strstr(written("smtp_sasl_password_maps = hash:/dev/null\n"), "sasl_passwd"));
	cr_assert_not_null(strstr(imported_settings(imported), "auth off"));
}

Test(import_postfix, tells_that_no_server_is_named)
{
	(void)written("smtp_tls_security_level = encrypt\n");
	cr_assert_not_null(strstr(imported_complaints(imported), "no server is named"));
}
