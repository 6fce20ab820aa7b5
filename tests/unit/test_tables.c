/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/tables.h"
#include "tests/support/house.h"

static int
checked(struct house *house, const char *relayrc, struct buffer *output, struct buffer *complaints)
{
	int status;

	house_arguments(
	    house, arena_print(house->arena, "-bi -C %s", house_relayrc(house, relayrc)));
	*output = buffer_open(0);
	*complaints = buffer_open(0);
	status = tables_check(
	    &house->invocation, &house->environment, house->arena, output, complaints);
	(void)buffer_byte(output, '\0');
	(void)buffer_byte(complaints, '\0');
	return status;
}

Test(tables, counts_the_rows_of_good_tables)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "transport", "a.example smtp:h\nb.example smtp:h\n");
	(void)house_file(house, "aliases", "root: a@b\n");
	cr_assert_eq(
	    checked(house, "transport %s/transport\naliases %s/aliases\n", &output, &complaints),
	    EX_OK, "%s", complaints.bytes);
	cr_assert_not_null(strstr(output.bytes, "2 rows"), "%s", output.bytes);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, name_the_line_of_a_bad_transport)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "transport", "# ok\na.example h:587\n");
	cr_assert_eq(checked(house, "transport %s/transport\n", &output, &complaints), EX_CONFIG);
	cr_assert_not_null(strstr(complaints.bytes, "transport:2: "), "%s", complaints.bytes);
	cr_assert_not_null(strstr(complaints.bytes, "smtp:h:587"), "%s", complaints.bytes);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, fail_when_a_named_file_is_missing)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	cr_assert_eq(checked(house, "generic %s/nowhere\n", &output, &complaints), EX_CONFIG);
	cr_assert_not_null(strstr(complaints.bytes, "nowhere"), "%s", complaints.bytes);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, fail_for_lines_that_would_stop_mail)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "generic", "root me@there\nlonely\n");
	cr_assert_eq(checked(house, "generic %s/generic\n", &output, &complaints), EX_CONFIG);
	cr_assert_not_null(strstr(complaints.bytes, "generic:2: "), "%s", complaints.bytes);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, warn_without_failing_of_what_only_surprises)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "aliases", "root: a@b # and c@d\n");
	cr_assert_eq(checked(house, "aliases %s/aliases\n", &output, &complaints), EX_OK, "%s",
	    complaints.bytes);
	cr_assert_not_null(
	    strstr(complaints.bytes, "aliases:1: warning: "), "%s", complaints.bytes);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, sums_up_each_table_in_a_line)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(
	    house, "generic", "root me@isp.example\nROOT x@y.example\nroot@ x@y.example\nbad @\n");
	(void)house_file(house, "transport", "a.example smtp:h\n");
	cr_assert_eq(
	    checked(house, "generic %s/generic\ntransport %s/transport\n", &output, &complaints),
	    EX_CONFIG);
	cr_assert_not_null(
	    strstr(output.bytes, "/generic, 4 rows, 1 fault, 2 warnings\n"), "%s", output.bytes);
	cr_assert_not_null(strstr(output.bytes, "/transport, 1 row\n"), "%s", output.bytes);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

/* The likeliest slip of all; nothing of a password is shown. */
Test(tables, hold_servers_against_passwords)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "transport", "a.example smtp:[mail.example]:587\n");
	(void)house_file(house, "sasl_passwd", "mail.example:587 ann:hush\n");
	cr_assert_eq(checked(house,
			 "host [mail.example]\ntransport %s/transport\n"
			 "sasl_passwd %s/sasl_passwd\n",
			 &output, &complaints),
	    EX_OK, "%s", complaints.bytes);
	cr_assert_not_null(
	    strstr(complaints.bytes, "transport:1: warning: '[mail.example]:587' finds no"), "%s",
	    complaints.bytes);
	cr_assert_not_null(
	    strstr(complaints.bytes, "relayrc.user:1: warning: '[mail.example]:587' finds no"),
	    "%s", complaints.bytes);
	cr_assert_null(strstr(complaints.bytes, "hush"));
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, of_every_account_are_read_once)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;
	const char *first;

	(void)house_file(house, "one", "root me@isp.example\n");
	(void)house_file(house, "two", "root @\n");
	cr_assert_eq(checked(house,
			 "account default\nhost h\ngeneric %s/one\naccount b\nhost h\n"
			 "generic %s/one\naccount c\nhost h\ngeneric %s/two\n",
			 &output, &complaints),
	    EX_CONFIG);
	cr_assert_not_null(strstr(complaints.bytes, "two:1: "), "%s", complaints.bytes);
	first = strstr(output.bytes, "/one, ");
	cr_assert_not_null(first, "%s", output.bytes);
	cr_assert_null(strstr(first + 1, "/one, "), "%s", output.bytes);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

/* F201 */
Test(tables, warn_of_who_else_may_write)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;
	const char *path = house_file(house, "generic", "root me@isp.example\n");

	cr_assert_eq(chmod(path, 0664), 0);
	cr_assert_eq(checked(house, "generic %s/generic\n", &output, &complaints), EX_OK, "%s",
	    complaints.bytes);
	cr_assert_not_null(
	    strstr(complaints.bytes, "/generic: warning: has mode 0664"), "%s", complaints.bytes);
	buffer_close(&output);
	buffer_close(&complaints);
	cr_assert_eq(chmod(path, 0666), 0);
	cr_assert_eq(checked(house, "generic %s/generic\n", &output, &complaints), EX_CONFIG);
	cr_assert_null(strstr(complaints.bytes, "warning"), "%s", complaints.bytes);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

static void
expect(const struct buffer *words, const char *needle, size_t count)
{
	const char *at = words->bytes;
	size_t found = 0;

	for (at = strstr(at, needle); at != NULL; at = strstr(at + 1, needle))
		found++;
	cr_expect_eq(found, count, "'%s' %zu times: %s", needle, found, words->bytes);
}

Test(tables, take_another_port_for_another_server)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "transport", "a.example smtp:mail.example:2525\n");
	(void)house_file(house, "sasl_passwd", "mail.example:587 ann:hush\n");
	cr_assert_eq(checked(house,
			 "host mail.example\nport 2526\ntransport %s/transport\n"
			 "sasl_passwd %s/sasl_passwd\n",
			 &output, &complaints),
	    EX_OK, "%s", complaints.bytes);
	expect(&complaints, "finds no password", 0);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, of_an_account_that_contradicts_itself_are_checked_with_it)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "generic", "root @\n");
	cr_assert_eq(
	    checked(house, "host h\nprotocol lmtp\ngeneric %s/generic\n", &output, &complaints),
	    EX_CONFIG);
	expect(&complaints, "relayrc.user:2: protocol lmtp has no usual port", 1);
	expect(&complaints, "generic:1: ", 1);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, need_no_default_account)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "generic", "root me@isp.example\n");
	cr_assert_eq(
	    checked(house, "account a\nhost h\ngeneric %s/generic\n", &output, &complaints), EX_OK,
	    "%s", complaints.bytes);
	expect(&output, "generic: ", 1);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, of_an_unknown_account_are_a_fault)
{
	struct house *house = house_open();
	struct buffer complaints = buffer_open(0);
	struct buffer output = buffer_open(0);

	house_arguments(
	    house, arena_print(house->arena, "-bi -a nix -C %s", house_relayrc(house, "host h\n")));
	cr_expect_eq(tables_check(&house->invocation, &house->environment, house->arena, &output,
			 &complaints),
	    EX_CONFIG);
	(void)buffer_byte(&complaints, '\0');
	expect(&complaints, "there is no account 'nix'", 1);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, know_the_port_of_every_account)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "sasl_passwd", "mail.example:587 ann:hush\n");
	cr_assert_eq(checked(house,
			 "account default\nhost h\nuser u\naccount b\nhost mail.example\n"
			 "sasl_passwd %s/sasl_passwd\n",
			 &output, &complaints),
	    EX_OK, "%s", complaints.bytes);
	expect(&complaints, "finds no password", 0);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, are_held_against_the_passwords_of_each_account)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(
	    house, "transport", "a.example smtp:[mail.example]:587\nlonely\n@b.example smtp:h\n");
	(void)house_file(house, "one", "[mail.example]:587 ann:hush\n");
	(void)house_file(house, "two", "mail.example:587 ann:hush\n");
	cr_assert_eq(checked(house,
			 "account default\nhost h\nuser u\ntransport %s/transport\n"
			 "sasl_passwd %s/one\naccount b\nhost h\nuser u\n"
			 "transport %s/transport\nsasl_passwd %s/two\n",
			 &output, &complaints),
	    EX_CONFIG, "%s", complaints.bytes);
	expect(&complaints, "'[mail.example]:587' finds no password", 1);
	expect(&complaints, "transport:2: a key without a value\n  hint: write a blank and the value behind the key", 1);
	expect(&complaints, "transport:3: warning", 1);
	expect(&output, "transport: ", 1);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, give_advice_with_every_fault)
{
	struct house *house = house_open();
	struct buffer complaints;
	struct buffer output;

	(void)house_file(house, "generic", "root a..b@\n");
	(void)house_file(house, "aliases", "root me@isp.example\n");
	(void)house_file(house, "sasl_passwd", "h nobody\ni :hush\n");
	cr_assert_eq(checked(house,
			 "host h\ngeneric %s/generic\naliases %s/aliases\n"
			 "sasl_passwd %s/sasl_passwd\ntransport %s/missing\n",
			 &output, &complaints),
	    EX_CONFIG, "%s", complaints.bytes);
	expect(&complaints, "relay: ", 5);
	expect(&complaints, "  hint: ", 5);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}

Test(tables, answer_for_a_missing_relayrc_as_mail_does)
{
	struct house *house = house_open();
	struct buffer complaints = buffer_open(0);
	struct buffer output = buffer_open(0);

	house_arguments(house, "-bi -C /nonexistent/relayrc");
	cr_expect_eq(tables_check(&house->invocation, &house->environment, house->arena, &output,
			 &complaints),
	    EX_NOINPUT);
	(void)buffer_byte(&complaints, '\0');
	expect(&complaints, "  hint: ", 1);
	buffer_close(&output);
	buffer_close(&complaints);
	house_close(house);
}
