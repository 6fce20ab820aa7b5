/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_file.h"

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

TestSuite(import_file, .init = open_imported, .fini = close_imported);

Test(import_file, knows_a_file_by_its_name)
{
	static const struct {
		const char *name;
		enum import_peer peer;
	} rows[] = {
		{ "msmtprc", IMPORT_MSMTP },
		{ ".msmtprc", IMPORT_MSMTP },
		{ "ssmtp.conf", IMPORT_SSMTP },
		{ "revaliases", IMPORT_SSMTP },
		{ "dma.conf", IMPORT_DMA },
		{ "auth.conf", IMPORT_DMA },
		{ "remotes", IMPORT_NULLMAILER },
		{ "adminaddr", IMPORT_NULLMAILER },
		{ "main.cf", IMPORT_POSTFIX },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct import_file file;

		cr_assert(import_file_read(shelf_file(imported->shelf, rows[i].name, ""),
			      imported->shelf->arena, &file, &imported->shelf->why),
		    "%s", rows[i].name);
		cr_assert_eq(file.peer, rows[i].peer, "%s", rows[i].name);
		cr_assert_str_eq(file.name, rows[i].name);
		cr_assert_eq(unlink(file.path), 0);
	}
}

Test(import_file, knows_a_file_by_its_content)
{
	static const struct {
		const char *content;
		const char *name;
	} rows[] = {
		{ "# x\n\ndefaults\n", "msmtprc" },
		{ "host mail.example\n", "msmtprc" },
		{ "account x\n", "msmtprc" },
		{ "root=postmaster\n", "ssmtp.conf" },
		{ "MailHub = mail\n", "ssmtp.conf" },
		{ "SMARTHOST mail.example\n", "dma.conf" },
		{ "STARTTLS\n", "dma.conf" },
		{ "joe|mail.example:secret\n", "auth.conf" },
		{ "mail.example smtp --port=587\n", "remotes" },
		{ "biff = no\nrelayhost = [mail]\n", "main.cf" },
		{ "smtp_tls_security_level=may\n", "main.cf" },
		{ "\xef\xbb\xbfhost mail\r\n", "msmtprc" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct import_file file;

		cr_assert(import_file_read(shelf_file(imported->shelf, "copy", rows[i].content),
			      imported->shelf->arena, &file, &imported->shelf->why),
		    "%s", rows[i].content);
		cr_assert_str_eq(file.name, rows[i].name, "%s", rows[i].content);
	}
}

Test(import_file, refuses_others_with_the_list_of_what_is_read)
{
	struct import_file file;

	cr_assert(
	    !import_file_read(shelf_file(imported->shelf, "passwd", "root:x:0:0::/root:/bin/sh\n"),
		imported->shelf->arena, &file, &imported->shelf->why));
	cr_assert_eq(imported->shelf->why.code, EX_USAGE);
	cr_assert_not_null(strstr(imported->shelf->why.hint, "revaliases"));
}

Test(import_file, refuses_a_nul_and_an_endless_line)
{
	char *line = arena_zero(imported->shelf->arena, CONFIG_LINE_MAX + 2);
	struct import_file file;

	cr_assert(!import_file_read(shelf_bytes(imported->shelf, "msmtprc", "a\n\0b\n", 5),
	    imported->shelf->arena, &file, &imported->shelf->why));
	cr_assert_eq(imported->shelf->why.code, EX_CONFIG);
	cr_assert_not_null(strstr(imported->shelf->why.where, "msmtprc:2"));
	memset(line, 'x', CONFIG_LINE_MAX + 1);
	cr_assert(!import_file_read(shelf_file(imported->shelf, "msmtprc", line),
	    imported->shelf->arena, &file, &imported->shelf->why));
	cr_assert_not_null(strstr(imported->shelf->why.what, "longer than"));
}

Test(import_file, hands_out_lines_with_their_numbers)
{
	struct import_line line = { .rest = text_of("a\r\n\n b") };

	cr_assert(import_file_next(&line));
	cr_assert(text_is(line.text, "a"));
	cr_assert(import_file_next(&line));
	cr_assert(text_is(line.text, ""));
	cr_assert(import_file_next(&line));
	cr_assert(text_is(line.text, " b"));
	cr_assert_eq(line.number, 3);
	cr_assert(!import_file_next(&line));
}

Test(import_file, names_the_directory)
{
	struct arena *arena = imported->shelf->arena;

	cr_assert_str_eq(import_file_directory("/etc/ssmtp/ssmtp.conf", arena), "/etc/ssmtp");
	cr_assert_str_eq(import_file_directory("ssmtp.conf", arena), ".");
	cr_assert_str_eq(import_file_directory("/ssmtp.conf", arena), "/");
}
