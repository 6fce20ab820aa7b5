/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_msmtp.h"

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

TestSuite(import_msmtp, .init = open_imported, .fini = close_imported);

static const char *
written(const char *content)
{
	struct import_set set = { .peer = IMPORT_MSMTP };
	const char *first = "set";

	imported_file(imported, &set, "msmtprc", content);
	cr_assert(import_msmtp_write(&set, &imported->writer, &first, &imported->shelf->why));
	cr_assert_null(first);
	imported_valid(imported, content);
	return imported_output(imported);
}

Test(import_msmtp, keeps_the_lines)
{
	cr_assert_str_eq(written("# mine\r\ndefaults\nauth on\ntls on\n\n# home\naccount home\n"
				 "  host m.a.example\nport 587\nfrom me@a.example\nuser me\n"
				 "password \" x \"\n\naccount default : home"),
	    "\n# mine\ndefaults\nauth on\ntls on\n\n# home\naccount home\n"
	    "host m.a.example\nport 587\nfrom me@a.example\nuser me\n"
	    "password \" x \"\n\naccount default : home\n");
	cr_assert_str_eq(imported_complaints(imported), "");
	cr_assert(imported->writer.secret);
}

Test(import_msmtp, makes_explicit_what_relay_takes_otherwise)
{
	cr_assert_str_eq(written("host m.a.example\nfrom me@a.example\n# the end\n"),
	    "\nhost m.a.example\nfrom me@a.example\n"
	    "# account default has no TLS, as before: everybody on the way can read its\n"
	    "# mail\n"
	    "tls                  off\nauth                 off\n# the end\n");
}

/* What was made explicit for the parent must not outdo the defaults of the child. */
Test(import_msmtp, inherits_as_msmtp_does)
{
	(void)written("account a\nhost m.a.example\ndefaults\ntls on\nport 587\nauth on\n"
		      "account b : a\npassword x\n");
	cr_assert_str_eq(imported_settings(imported),
	    "account a|host m.a.example|tls off|auth off|defaults|tls on|port 587|auth on|"
	    "account b : a|password x|tls on|auth on");
}

Test(import_msmtp, keeps_commands_without_running_them)
{
	const char *made = shelf_path(imported->shelf, "made");

	(void)written(arena_print(imported->shelf->arena,
	    "account a\nhost m.a.example\ntls on\nauth on\npasswordeval touch %s\n", made));
	cr_assert_not_null(strstr(imported_output(imported), "passwordeval touch "));
	cr_assert_neq(access(made, F_OK), 0);
}

Test(import_msmtp, copies_an_eval)
{
	struct import_set set = { .peer = IMPORT_MSMTP };
	const char *made = shelf_path(imported->shelf, "made");
	const char *first;

	imported_file(imported, &set, "msmtprc",
	    arena_print(imported->shelf->arena, "eval touch %s\n", made));
	cr_assert(import_msmtp_write(&set, &imported->writer, &first, &imported->shelf->why));
	cr_assert_not_null(strstr(imported_output(imported), "eval touch "));
	cr_assert_neq(access(made, F_OK), 0);
}

Test(import_msmtp, tells_of_what_it_does_not_keep)
{
	static const struct {
		const char *line;
		const char *complaint;
	} rows[] = {
		{ "tls_certcheck off", "'tls_certcheck' is not kept" },
		{ "tls_nocertcheck", "'tls_certcheck' is not kept" },
		{ "tls_trust_file", "'tls_trust_file' is not kept" },
		{ "tls_fingerprint 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
		    "'tls_fingerprint' is not kept" },
		{ "auth ntlm", "'auth' is not kept" },
		{ "port 0", "'port' is not kept" },
		{ "hunter2", "msmtp has no such command" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		imported_again(imported);
		(void)written(arena_print(
		    imported->shelf->arena, "host localhost\npassword x\n%s\n", rows[i].line));
		cr_assert_not_null(
		    strstr(imported_output(imported),
			arena_print(imported->shelf->arena, "#   %s\n", rows[i].line)),
		    "%s", rows[i].line);
		cr_assert_not_null(
		    strstr(imported_complaints(imported), rows[i].complaint), "%s", rows[i].line);
		cr_assert_not_null(strstr(imported_complaints(imported), "msmtprc:3: "));
		cr_assert_null(strstr(imported_complaints(imported), "hunter2"));
	}
}

Test(import_msmtp, replaces_ntlm_by_what_the_server_offers)
{
	(void)written("host localhost\nauth ntlm\npassword x\n");
	cr_assert_str_eq(imported_settings(imported), "host localhost|auth on|password x|tls off");
}

Test(import_msmtp, makes_comments_of_an_account_it_refuses)
{
	static const char *const heads[] = { "account", "account a : nobody", "account first",
		"account x,y" };

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		imported_again(imported);
		(void)written(arena_print(imported->shelf->arena,
		    "account first\nhost localhost\n%s\npassword hunter2\naccount b\n"
		    "host localhost\n",
		    heads[i]));
		cr_assert_str_eq(imported_settings(imported),
		    "account first|host localhost|tls off|auth off|"
		    "account b|host localhost|tls off|auth off",
		    "%s", heads[i]);
		cr_assert_not_null(strstr(imported_complaints(imported), "account is not kept"));
		cr_assert_null(strstr(imported_complaints(imported), "hunter2"));
	}
}

Test(import_msmtp, gives_way_to_names_that_are_taken)
{
	(void)import_writer_name(&imported->writer, "a");
	(void)import_writer_name(&imported->writer, "default");
	(void)written("host localhost\naccount a\nhost localhost\naccount b : a, default\n");
	cr_assert_str_eq(imported_settings(imported),
	    "account default-2|host localhost|tls off|auth off|"
	    "account a-2|host localhost|tls off|auth off|account b : a-2, default-2");
}

Test(import_msmtp, knows_files_with_defaults)
{
	struct import_file file = { .bytes = text_of("host x\n  defaults\n") };

	cr_assert(import_msmtp_has_defaults(&file));
	file.bytes = text_of("host defaults\n# defaults\n");
	cr_assert(!import_msmtp_has_defaults(&file));
}
