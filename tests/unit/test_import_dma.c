/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_dma.h"

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

TestSuite(import_dma, .init = open_imported, .fini = close_imported);

static const char *
written(const char *conf, const char *auth)
{
	struct import_set set = { .peer = IMPORT_DMA };
	const char *first;

	imported_again(imported);
	if (conf != NULL)
		imported_file(imported, &set, "dma.conf", conf);
	if (auth != NULL)
		imported_file(imported, &set, "auth.conf", auth);
	cr_assert(import_dma_write(&set, &imported->writer, &first, &imported->shelf->why));
	cr_assert_str_eq(first, "dma");
	imported_valid(imported, conf == NULL ? auth : conf);
	return imported_settings(imported);
}

#define NEAR "SMARTHOST localhost\n"
#define NEAR_SETTINGS "account dma|host localhost|port 25|tls off"

Test(import_dma, reads_the_words)
{
	static const struct {
		const char *content;
		const char *settings;
	} rows[] = {
		{ "ALIASES /dev/null\n", "aliases /dev/null" },
		{ "MAILNAME h.a.example\n", "domain h.a.example|maildomain h.a.example" },
		{ "MAILNAME /etc/mailname\n", "" },
		{ "MASQUERADE joe@a.example\n", "from joe@a.example|allow_from_override off" },
		{ "MASQUERADE joe@\n", "from joe|allow_from_override off" },
		{ "MASQUERADE a.example\n", "from %U@a.example|allow_from_override off" },
		{ "MASQUERADE @a.example\n", "from %U@a.example|allow_from_override off" },
		{ "MASQUERADE %U@a.example\n", "from %%U@a.example|allow_from_override off" },
		{ "NULLCLIENT\n", "aliases" },
		{ "NULLCLIENT\nALIASES /dev/null\n", "aliases" },
		{ "ALIASES /dev/null\nNULLCLIENT\n", "aliases" },
		{ "FULLBOUNCE\n", "dsn_return full" },
		{ "CERTFILE /dev/null\n", "tls_cert_file /dev/null|tls_key_file /dev/null" },
		{ "#ALIASES /x\n  # y\n\n", "" },
		{ "ALIASES /dev/null # the usual\n", "aliases /dev/null" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(
		    written(arena_print(imported->shelf->arena, NEAR "%s", rows[i].content), NULL),
		    arena_print(imported->shelf->arena, NEAR_SETTINGS "%s%s",
			rows[i].settings[0] == '\0' ? "" : "|", rows[i].settings),
		    "%s", rows[i].content);
}

Test(import_dma, takes_tls_as_dma_reads_it)
{
	static const struct {
		const char *content;
		const char *settings;
		const char *complaint; /* NULL: none */
	} rows[] = {
		{ "SECURETRANSFER\nPORT 465\n", "port 465|tls on|tls_starttls off", NULL },
		{ "SECURETRANSFER\nSTARTTLS\nPORT 587\n", "port 587|tls on|tls_starttls on", NULL },
		{ "SECURETRANSFER\nSTARTTLS\nOPPORTUNISTIC_TLS\n", "port 25|tls on|tls_starttls on",
		    "now it must" },
		{ "STARTTLS\n", "port 25|tls off", "everybody on the way" },
		{ "", "port 25|tls off", "everybody on the way" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert_str_eq(written(arena_print(imported->shelf->arena,
					     "SMARTHOST m.example\n%s", rows[i].content),
				     NULL),
		    arena_print(
			imported->shelf->arena, "account dma|host m.example|%s", rows[i].settings),
		    "%s", rows[i].content);
		if (rows[i].complaint == NULL)
			cr_assert_str_eq(imported_complaints(imported), "");
		else
			cr_assert_not_null(
			    strstr(imported_complaints(imported), rows[i].complaint));
	}
}

Test(import_dma, trusts_the_certificate_that_is_pinned)
{
#define PIN "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"
	cr_assert_str_eq(
	    written("SMARTHOST m\nSECURETRANSFER\nSTARTTLS\nFINGERPRINT " PIN "\n", NULL),
	    "account dma|host m|port 25|tls on|tls_starttls on|tls_fingerprint " PIN);
	cr_assert_null(strstr(imported_output(imported), "verified"));
}

Test(import_dma, finds_the_login_of_the_smarthost)
{
	static const struct {
		const char *auth;
		const char *settings;
	} rows[] = {
		{ "joe|m:secret\n", "user joe|password secret" },
		{ "joe|M:se:cr et\n", "user joe|password se:cr et" },
		{ "joe|m:a#b\n", "user joe|password a#b" },
		{ "joe|m:one\njim|m:two\n", "user jim|password two" },
		{ "joe|m secret\n", "user joe|password secret" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(written("SMARTHOST m\nSECURETRANSFER\nSTARTTLS\n", rows[i].auth),
		    arena_print(imported->shelf->arena,
			"account dma|host m|port 25|tls on|tls_starttls on|%s", rows[i].settings),
		    "%s", rows[i].auth);
}

Test(import_dma, sends_no_password_in_the_clear)
{
	cr_assert_str_eq(written("SMARTHOST m\nINSECURE\n", "joe|m:hunter2\n"),
	    "account dma|host m|port 25|tls on|user joe|password hunter2");
	cr_assert_not_null(strstr(imported_complaints(imported), "password may have gone"));
	cr_assert_null(strstr(imported_complaints(imported), "hunter2"));
}

Test(import_dma, tells_of_logins_it_does_not_keep)
{
	(void)written(NEAR, "# comment\njoe|other:hunter2\nhunter3\n|localhost:hunter4\n");
	cr_assert_str_eq(imported_settings(imported), NEAR_SETTINGS);
	cr_assert_not_null(strstr(imported_output(imported), "#   joe|other:hunter2\n"));
	cr_assert_not_null(
	    strstr(imported_complaints(imported), "auth.conf:2: not kept: this login"));
	cr_assert_not_null(
	    strstr(imported_complaints(imported), "auth.conf:3: not kept: the form"));
	cr_assert_not_null(
	    strstr(imported_complaints(imported), "auth.conf:4: not kept: the form"));
	cr_assert_null(strstr(imported_complaints(imported), "hunter"));
}

Test(import_dma, reads_the_file_that_the_configuration_names)
{
	const char *auth = shelf_file(imported->shelf, "elsewhere", "joe|m:secret\n");

	cr_assert_not_null(strstr(
	    written(arena_print(imported->shelf->arena, "SMARTHOST m\nAUTHPATH %s\n", auth), NULL),
	    "user joe|password secret"));
	(void)written("SMARTHOST m\nAUTHPATH /nonexistent/auth\n", NULL);
	cr_assert_not_null(strstr(imported_complaints(imported), "user and password are missing"));
}

Test(import_dma, takes_the_name_from_a_file)
{
	const char *name = shelf_file(imported->shelf, "name", "h.a.example\nmore\n");

	cr_assert_str_eq(
	    written(arena_print(imported->shelf->arena, NEAR "MAILNAME %s\n", name), NULL),
	    NEAR_SETTINGS "|domain h.a.example|maildomain h.a.example");
	(void)written(NEAR "MAILNAME /nonexistent/name\n", NULL);
	cr_assert_not_null(strstr(imported_complaints(imported), "cannot be read"));
	name = shelf_file(imported->shelf, "name", "root:$6$hash:1:2\n");
	cr_assert_str_eq(
	    written(arena_print(imported->shelf->arena, NEAR "MAILNAME %s\n", name), NULL),
	    NEAR_SETTINGS);
}

Test(import_dma, makes_accounts_of_logins_alone)
{
	cr_assert_str_eq(written(NULL, "joe|m:a\njim|n:b\n"),
	    "account dma|host m|tls on|tls_starttls on|user joe|password a|"
	    "account dma-2|host n|tls on|tls_starttls on|user jim|password b");
}

Test(import_dma, tells_of_what_it_does_not_keep)
{
	static const char *const lines[] = { "SPOOLDIR /var/spool/dma", "DEFER", "INSECURE",
		"DEBUGLOG /tmp/log", "NONSENSE" };

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		(void)written(arena_print(imported->shelf->arena, NEAR "%s\n", lines[i]), NULL);
		cr_assert_not_null(strstr(imported_output(imported),
				       arena_print(imported->shelf->arena, "#   %s\n", lines[i])),
		    "%s", lines[i]);
		cr_assert_not_null(
		    strstr(imported_complaints(imported), "dma.conf:2: "), "%s", lines[i]);
	}
}
