/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_writer.h"

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

TestSuite(import_writer, .init = open_imported, .fini = close_imported);

Test(import_writer, quotes_what_relay_would_trim)
{
	static const struct {
		const char *value;
		const char *line;
	} rows[] = {
		{ "plain", "password             plain\n" },
		{ " front", "password             \" front\"\n" },
		{ "tail ", "password             \"tail \"\n" },
		{ "\"both\"", "password             \"\"both\"\"\n" },
		{ "\"", "password             \"\n" },
		{ "", "password\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		imported_again(imported);
		cr_assert(import_writer_word(
		    &imported->writer, &imported->place, SETTING_PASSWORD, rows[i].value));
		cr_assert_str_eq(imported_output(imported), rows[i].line);
		cr_assert(imported->writer.secret);
		imported_valid(imported, rows[i].value);
	}
}

Test(import_writer, loses_a_value_that_the_setting_does_not_take)
{
	cr_assert(!import_writer_word(&imported->writer, &imported->place, SETTING_PORT, "70000"));
	cr_assert_str_eq(imported_settings(imported), "");
	cr_assert_not_null(strstr(imported_output(imported), "#   the line\n"));
	cr_assert_not_null(strstr(imported_complaints(imported), "relay: file:7: not kept"));
}

Test(import_writer, writes_no_line_end_into_a_value)
{
	cr_assert(!import_writer_word(
	    &imported->writer, &imported->place, SETTING_PASSWORD, "hunter2\nhost evil"));
	cr_assert_str_eq(imported_settings(imported), "");
	cr_assert_null(strstr(imported_complaints(imported), "hunter2"));
	cr_assert(!imported->writer.secret);
}

Test(import_writer, doubles_the_percent_sign)
{
	cr_assert(text_is(import_writer_literal(&imported->writer, text_of("a%Ub%")), "a%%Ub%%"));
}

Test(import_writer, takes_a_domain_that_is_one)
{
	cr_assert(import_writer_domain(
	    &imported->writer, &imported->place, SETTING_MAILDOMAIN, text_of("a.example")));
	cr_assert(!import_writer_domain(
	    &imported->writer, &imported->place, SETTING_MAILDOMAIN, text_of("root:$6$x,y")));
	cr_assert(!import_writer_domain(
	    &imported->writer, &imported->place, SETTING_MAILDOMAIN, text_of("")));
	cr_assert_str_eq(imported_settings(imported), "maildomain a.example");
}

Test(import_writer, takes_a_sender_that_is_an_address)
{
	cr_assert(
	    import_writer_word(&imported->writer, &imported->place, SETTING_FROM, "%U@a.example"));
	cr_assert(!import_writer_word(
	    &imported->writer, &imported->place, SETTING_FROM, "joe@a.exam ple"));
	cr_assert_str_eq(imported_settings(imported), "from %U@a.example");
}

Test(import_writer, says_that_a_file_is_not_there)
{
	cr_assert(import_writer_file(
	    &imported->writer, &imported->place, SETTING_GENERIC, text_of("/nonexistent/generic")));
	cr_assert_str_eq(imported_settings(imported), "generic /nonexistent/generic");
	cr_assert_not_null(strstr(imported_complaints(imported), "there is no '/nonexistent"));
}

Test(import_writer, gives_every_account_a_name_of_its_own)
{
	cr_assert_str_eq(import_writer_name(&imported->writer, "dma"), "dma");
	cr_assert_str_eq(import_writer_name(&imported->writer, "dma"), "dma-2");
	cr_assert_str_eq(import_writer_name(&imported->writer, "dma"), "dma-3");
}

Test(import_writer, wraps_comments_and_keeps_control_bytes_out)
{
	import_writer_comment(&imported->writer,
	    "%s and more words than one line of eighty columns has room for, as one sees here",
	    "a\nhost evil");
	cr_assert_str_eq(imported_output(imported),
	    "# a?host evil and more words than one line of eighty columns has room for, as\n"
	    "# one sees here\n");
	imported_again(imported);
	import_writer_quote(&imported->writer, text_of("a\x1b[31m"));
	cr_assert_str_eq(imported_output(imported), "#   a?[31m\n");
}

Test(import_writer, ends_its_complaints_but_not_its_comments)
{
	size_t lines = 0;

	for (int i = 0; i < 300; i++)
		import_writer_note(&imported->writer, &imported->place, "note %d", i);
	for (const char *at = imported_complaints(imported); *at != '\0'; at++)
		lines += *at == '\n';
	cr_assert_eq(lines, IMPORT_WRITER_COMPLAINTS_MAX + 1);
	cr_assert_not_null(strstr(imported_complaints(imported), "more follows"));
	cr_assert_not_null(strstr(imported_output(imported), "# note 299\n"));
}

Test(import_writer, complains_of_a_whole_file_without_a_line)
{
	const struct import_place place = { "file", 0, text_of(NULL) };

	import_writer_note(&imported->writer, &place, "it is empty");
	cr_assert_str_eq(imported_complaints(imported), "relay: file: it is empty\n");
}
