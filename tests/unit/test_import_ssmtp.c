/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_ssmtp.h"

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

TestSuite(import_ssmtp, .init = open_imported, .fini = close_imported);

static const char *
written(const char *content)
{
	struct import_set set = { .peer = IMPORT_SSMTP };
	const char *first;

	imported_again(imported);
	imported_file(imported, &set, "ssmtp.conf", content);
	cr_assert(import_ssmtp_write(&set, &imported->writer, &first, &imported->shelf->why));
	cr_assert_str_eq(first, "ssmtp");
	imported_valid(imported, content);
	return imported_settings(imported);
}

#define ANYBODY "FromLineOverride=YES\n"

Test(import_ssmtp, reads_the_words)
{
	static const struct {
		const char *content;
		const char *settings; /* behind the server's */
	} rows[] = {
		{ "rewriteDomain=a.example\n", "maildomain a.example" },
		{ "rewriteDomain=joe@a.example\n", "maildomain a.example" },
		{ "hostname=h.a.example\n", "domain h.a.example|maildomain h.a.example" },
		{ "hostname=h.a.example\nREWRITEDOMAIN = a.example\n",
		    "domain h.a.example|maildomain a.example" },
		{ "hostname=50%.example\n", "domain 50%%.example|maildomain 50%%.example" },
		{ "UseTLSCert=YES\nTLSCert=/dev/null\n",
		    "tls_cert_file /dev/null|tls_key_file /dev/null" },
		{ "UseTLSCert=YES\nTLSCert=/dev/null\nTLSKey=/dev/zero\n",
		    "tls_cert_file /dev/null|tls_key_file /dev/zero" },
		{ "TLSCert=/dev/null\n", "" },
		{ "TLS_CA_File=/dev/null\n", "tls_trust_file /dev/null" },
		{ "# mailhub=other\nnonsense\n", "" },
		{ "UseOldAUTH=NO\nDebug=YES\n", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *content = arena_print(
		    imported->shelf->arena, ANYBODY "mailhub=m\n%s", rows[i].content);
		const char *settings = written(content);

		cr_assert(strncmp(settings, "account ssmtp|host m|port 25|tls off",
			      strlen("account ssmtp|host m|port 25|tls off"))
			== 0,
		    "%s: %s", rows[i].content, settings);
		settings += strlen("account ssmtp|host m|port 25|tls off");
		cr_assert_str_eq(*settings == '|' ? settings + 1 : settings, rows[i].settings, "%s",
		    rows[i].content);
	}
}

Test(import_ssmtp, takes_tls_as_ssmtp_reads_it)
{
	static const struct {
		const char *content;
		const char *settings;
	} rows[] = {
		{ "UseTLS=YES\n", "tls on|tls_starttls off" },
		{ "UseSTARTTLS=YES\n", "tls on|tls_starttls on" },
		{ "UseTLS=Yes\nUseSTARTTLS=yes\n", "tls on|tls_starttls on" },
		{ "UseSTARTTLS=YES\nUseTLS=YES\n", "tls on|tls_starttls on" },
		{ "UseSTARTTLS=YES\nUseTLS=NO\n", "tls off" },
		{ "UseTLS=NO\n", "tls off" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(written(arena_print(imported->shelf->arena,
				     ANYBODY "mailhub=m:465\n%s", rows[i].content)),
		    arena_print(imported->shelf->arena, "account ssmtp|host m|port 465|%s",
			rows[i].settings),
		    "%s", rows[i].content);
}

Test(import_ssmtp, sends_no_password_in_the_clear)
{
	cr_assert_str_eq(written(ANYBODY "mailhub=m\nAuthUser=joe\nAuthPass=a=b:c d\n"
					 "AuthMethod=CRAM-MD5\n"),
	    "account ssmtp|host m|port 25|tls on|user joe|password a=b:c d|auth cram-md5");
	cr_assert_not_null(strstr(imported_complaints(imported), "without TLS") == NULL
		? strstr(imported_complaints(imported), "no TLS")
		: imported_complaints(imported));
	cr_assert_null(strstr(imported_complaints(imported), "a=b:c d"));
	cr_assert(imported->writer.secret);
}

Test(import_ssmtp, takes_the_first_login_of_several)
{
	cr_assert_not_null(
	    strstr(written("mailhub=m\nAuthUser=j\nAuthPass=one\nAuthPass=two\n"), "password one"));
	cr_assert_null(strstr(imported_settings(imported), "two"));
}

Test(import_ssmtp, keeps_no_half_of_a_login)
{
	cr_assert_null(strstr(written("mailhub=m\nAuthPass=hunter2\n"), "password"));
	cr_assert_not_null(strstr(imported_complaints(imported), "there is no AuthUser"));
	cr_assert_not_null(strstr(written("mailhub=m\nAuthUser=joe\n"), "user joe"));
	cr_assert_not_null(strstr(imported_complaints(imported), "the password is missing"));
}

/* ssmtp's comments begin anywhere. */
Test(import_ssmtp, tells_of_a_password_that_is_cut)
{
	cr_assert_not_null(
	    strstr(written("mailhub=m\nAuthUser=j\nAuthPass=one#two\n"), "password one"));
	cr_assert_not_null(strstr(imported_complaints(imported), "at its '#'"));
	cr_assert_null(strstr(imported_complaints(imported), "two"));
}

Test(import_ssmtp, lets_nobody_choose_a_sender_unless_told)
{
	cr_assert_str_eq(written("mailhub=m\n"),
	    "account ssmtp|host m|port 25|tls off|from %U|allow_from_override off|"
	    "set_from_header on");
	cr_assert_null(strstr(written(ANYBODY "mailhub=m\n"), "from"));
	cr_assert_not_null(strstr(imported_complaints(imported), "--read-envelope-from"));
}

Test(import_ssmtp, makes_an_alias_of_root)
{
	(void)written("mailhub=m\nroot=admin@a.example\n");
	cr_assert_not_null(strstr(imported_output(imported), "#   root: admin@a.example\n"));
	cr_assert_not_null(strstr(imported_complaints(imported), "uid 1000"));
	(void)written("mailhub=m\nroot=\n");
	cr_assert_null(strstr(imported_complaints(imported), "uid 1000"));
}

Test(import_ssmtp, tells_of_what_it_does_not_keep)
{
	static const char *const lines[] = { "UseOldAUTH=YES", "TLS_CA_Dir=/etc/ssl",
		"AddHeader=X: y", "AuthMethod=GSSAPI", "nonsense=1" };

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		(void)written(arena_print(
		    imported->shelf->arena, ANYBODY "mailhub=localhost\n%s\n", lines[i]));
		cr_assert_not_null(strstr(imported_output(imported),
				       arena_print(imported->shelf->arena, "#   %s\n", lines[i])),
		    "%s", lines[i]);
		cr_assert_not_null(
		    strstr(imported_complaints(imported), "ssmtp.conf:3: "), "%s", lines[i]);
	}
}

Test(import_ssmtp, tells_of_a_missing_mailhub)
{
	(void)written(ANYBODY);
	cr_assert_not_null(strstr(imported_complaints(imported), "no server is named"));
}

Test(import_ssmtp, has_no_default_of_reverse_aliases_alone)
{
	struct import_set set = { .peer = IMPORT_SSMTP };
	const char *first;

	imported_file(imported, &set, "revaliases", "bob:bob@a.example:m.a.example\n");
	cr_assert(import_ssmtp_write(&set, &imported->writer, &first, &imported->shelf->why));
	cr_assert_null(first);
	cr_assert_str_eq(imported_settings(imported),
	    "account ssmtp-bob|host m.a.example|port 25|from bob@a.example|from bob@%M");
}
