/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import.h"

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

TestSuite(import, .init = open_imported, .fini = close_imported);

static bool
run(const char *const *paths)
{
	size_t count = 0;

	while (paths[count] != NULL)
		count++;
	imported_again(imported);
	return import_run(paths, count, &imported->environment, imported->shelf->arena,
	    &imported->output, &imported->complaints, &imported->shelf->why);
}

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *
file(const char *name, const char *content)
{
	return shelf_file(imported->shelf, name, content);
}

Test(import, names_the_files_and_the_default)
{
	const char *path = file("ssmtp.conf", "mailhub=localhost\nFromLineOverride=YES\n");

	cr_assert(run(PATHS(path)));
	cr_assert_str_eq(imported_output(imported),
	    arena_print(imported->shelf->arena,
		"# relayrc, made by relay --import of\n#   %s\n\naccount ssmtp\n"
		"host                 localhost\nport                 25\n"
		"tls                  off\n"
		"# the envelope sender was taken from the From field: relay does that with the\n"
		"# option --read-envelope-from only\n\naccount default : ssmtp\n",
		path));
}

Test(import, says_how_to_keep_a_password)
{
	cr_assert(run(PATHS(file("msmtprc", "host localhost\npassword x\nauth on\n"))));
	cr_assert_not_null(strstr(imported_output(imported), "# It holds a password: chmod 600"));
	cr_assert(run(PATHS(file("msmtprc", "host localhost\n"))));
	cr_assert_null(strstr(imported_output(imported), "chmod"));
}

Test(import, reads_what_lies_beside_a_file)
{
	(void)file("revaliases", "root:a@a.example\n");
	(void)file("me", "h.a.example\n");
	cr_assert(run(PATHS(file("ssmtp.conf", "mailhub=localhost\n"))));
	cr_assert_not_null(strstr(imported_output(imported), "#   root   a@a.example\n"));
	cr_assert_null(strstr(imported_output(imported), "h.a.example"));
	cr_assert(run(PATHS(file("remotes", "localhost\n"))));
	cr_assert_not_null(strstr(imported_settings(imported), "maildomain h.a.example"));
}

Test(import, reads_a_directory)
{
	(void)file("ssmtp.conf", "mailhub=localhost\n");
	(void)file("revaliases", "root:a@a.example\n");
	(void)file("main.cf", "relayhost = localhost\n");
	(void)file("other", "x\n");
	cr_assert(run(PATHS(imported->shelf->directory)));
	cr_assert_not_null(strstr(imported_settings(imported), "account ssmtp|"));
	cr_assert_not_null(strstr(imported_settings(imported), "account postfix|"));
	cr_assert_not_null(strstr(imported_settings(imported), "account default : ssmtp"));
	imported_valid(imported, "directory");
}

Test(import, puts_files_together_that_belong_together)
{
	const char *conf = file("my-dma", "SMARTHOST m\nSECURETRANSFER\nSTARTTLS\n");
	const char *auth = file("my-auth", "joe|m:secret\n");

	cr_assert(run(PATHS(auth, conf)));
	cr_assert_str_eq(imported_settings(imported),
	    "account dma|host m|port 25|tls on|tls_starttls on|user joe|password secret|"
	    "account default : dma");
}

/* Its defaults would hold for what follows. */
Test(import, puts_msmtp_last)
{
	const char *first = file("msmtprc", "defaults\ntimeout 10\naccount dma\nhost localhost\n");
	const char *second = file("dma.conf", "SMARTHOST localhost\n");

	cr_assert(run(PATHS(first, second)));
	cr_assert_str_eq(imported_settings(imported),
	    "account dma|host localhost|port 25|tls off|defaults|timeout 10|account dma-2|"
	    "host localhost|tls off|auth off|account default : dma");
	imported_valid(imported, "two");
}

Test(import, leaves_the_default_of_an_msmtprc_alone)
{
	cr_assert(run(PATHS(file("msmtprc", "account a\nhost localhost\n"))));
	cr_assert_null(strstr(imported_settings(imported), "default"));
	cr_assert(run(
	    PATHS(file("msmtprc", "host localhost\n"), file("ssmtp.conf", "mailhub=localhost\n"))));
	cr_assert_not_null(strstr(imported_settings(imported), "|account default|host localhost"));
	cr_assert_null(strstr(imported_settings(imported), "default :"));
}

Test(import, takes_one_msmtprc_with_defaults)
{
	const char *first = file("msmtprc", "defaults\ntls on\naccount a\nhost localhost\n");
	const char *second = file("other", "account a\nhost localhost\n");

	cr_assert(!run(PATHS(first, second)));
	cr_assert_eq(imported->shelf->why.code, EX_USAGE);
	cr_assert_str_eq(imported_output(imported), "");
	first = file("msmtprc", "account a\nhost localhost\n");
	cr_assert(run(PATHS(first, second)));
	cr_assert_not_null(strstr(imported_settings(imported), "account a-2"));
}

Test(import, prints_nothing_when_it_fails)
{
	const char *good = file("ssmtp.conf", "mailhub=localhost\n");
	const struct {
		const char *path;
		int code;
	} rows[] = {
		{ "/nonexistent/main.cf", EX_NOINPUT },
		{ file("notes", "dear diary\n"), EX_USAGE },
		{ file("master.cf", "smtp inet n - y - - smtpd\n"), EX_USAGE },
		{ "/dev/null", EX_CONFIG },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert(!run(PATHS(good, rows[i].path)), "%s", rows[i].path);
		cr_assert_eq(imported->shelf->why.code, rows[i].code, "%s", rows[i].path);
		cr_assert_str_eq(imported_output(imported), "");
	}
}

Test(import, wants_a_file)
{
	cr_assert(!run(PATHS(NULL)));
	cr_assert_eq(imported->shelf->why.code, EX_USAGE);
	cr_assert_not_null(strstr(imported->shelf->why.hint, "relay --import"));
}

Test(import, tells_of_a_directory_without_anything)
{
	cr_assert(!run(PATHS(imported->shelf->directory)));
	cr_assert_eq(imported->shelf->why.code, EX_USAGE);
	cr_assert_not_null(strstr(imported->shelf->why.hint, "main.cf"));
}

/* Who runs it with another's rights would be shown files that he may not read. */
Test(import, does_nothing_with_privileges)
{
	imported->environment.privileged = true;
	cr_assert(!run(PATHS(file("ssmtp.conf", "mailhub=localhost\n"))));
	cr_assert_eq(imported->shelf->why.code, EX_NOPERM);
}
