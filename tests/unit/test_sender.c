/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "flow/sender.h"
#include "tests/support/house.h"

static const char *
sender_of(const char *relayrc, const char *arguments, const char *header, char *to, size_t size)
{
	struct house *house = house_open();

	(void)house_relayrc(house, relayrc);
	house_arguments(house, arguments);
	house_message(house, header, "");
	cr_assert(house_plan(house), "%s: %s", arguments, house->why.what);
	(void)text_printable(address_format(house->plan.sender, house->arena), to, size);
	house_close(house);
	return to;
}

Test(sender, is_found_in_order_of_precedence)
{
	static const struct {
		const char *label;
		const char *relayrc;
		const char *arguments;
		const char *sender;
	} rows[] = {
		{ "the user", "host h\n", "x@y", "root@client.example" },
		{ "the account", "host h\nfrom me@h\n", "x@y", "me@h" },
		{ "-f", "host h\nfrom me@h\n", "-f other@h x@y", "other@h" },
		{ "-r", "host h\nfrom me@h\n", "-r other@h x@y", "other@h" },
		{ "a bare name", "host h\n", "-f alice x@y", "alice@client.example" },
		{ "attached", "host h\n", "-ffax x@y", "fax@client.example" },
		{ "null", "host h\nfrom me@h\n", "-f <> x@y", "" },
		{ "a notice", "host h\n", "-f mailer-daemon x@y", "" },
		{ "a notice, in full", "host h\n", "-f MAILER-DAEMON@client.example x@y", "" },
		{ "another's notice", "host h\n", "-f MAILER-DAEMON@h x@y", "MAILER-DAEMON@h" },
		{ "no override", "host h\nfrom me@h\nallow_from_override off\n", "-f o@h x@y",
		    "me@h" },
		{ "a pattern", "host h\nfrom *@h\n", "x@y", "root@client.example" },
		{ "auto_from", "host h\nfrom me@h\nauto_from on\n", "x@y", "root@client.example" },
		{ "auto_from and -f", "host h\nauto_from on\n", "-f o@h x@y",
		    "root@client.example" },
		{ "the header", "host h\n", "--read-envelope-from x@y", "cron@h" },
		{ "%U at %M", "host h\nfrom %U@%M\n", "x@y", "root@client.example" },
	};
	char found[200];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(sender_of(rows[i].relayrc, rows[i].arguments,
				     "From: Cron <cron@h>\n", found, sizeof found),
		    rows[i].sender, "%s: %s", rows[i].label, found);
}

Test(sender, is_refused_at_its_line_when_the_account_holds_none)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host h\nfrom me@h you@h\n");
	cr_assert_not(house_plan(house));
	cr_assert_eq(house->why.code, EX_CONFIG);
	cr_assert_neq(house->why.where[0], '\0');
	house_close(house);
}

Test(sender, tells_who_named_it)
{
	static const struct {
		const char *relayrc;
		const char *arguments;
		enum sender_source source;
		size_t line;
		bool overruled;
	} rows[] = {
		{ "host h\n", "x@y", SENDER_USER, 0, false },
		{ "host h\nfrom me@h\n", "x@y", SENDER_ACCOUNT, 2, false },
		{ "host h\nfrom me@h\n", "-f o@h x@y", SENDER_OPTION, 0, false },
		{ "host h\n", "--read-envelope-from x@y", SENDER_FIELD, 0, false },
		{ "host h\nfrom me@h\nallow_from_override off\n", "-f o@h x@y", SENDER_ACCOUNT, 2,
		    true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		const struct sender *sender = &house->plan.origin;

		(void)house_relayrc(house, rows[i].relayrc);
		house_arguments(house, rows[i].arguments);
		house_message(house, "From: Cron <cron@h>\n", "");
		cr_assert(house_plan(house), "%zu: %s", i, house->why.what);
		cr_expect_eq(sender->source, rows[i].source, "%zu", i);
		cr_expect_eq(sender->overruled, rows[i].overruled, "%zu", i);
		cr_expect_eq(
		    sender->setting == NULL ? 0 : sender->setting->line, rows[i].line, "%zu", i);
		house_close(house);
	}
}

Test(sender, is_no_setting_that_is_no_address)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host h\nfrom bad@@x\n");
	house_arguments(house, "x@y");
	cr_assert_not(house_plan(house));
	cr_assert_eq(house->why.code, EX_CONFIG);
	cr_assert_str_eq(house->why.what, "'bad@@x' is no address: it has more than one '@'");
	cr_assert_neq(house->why.hint[0], '\0');
	house_close(house);
}

Test(sender, may_be_at_a_domain_literal)
{
	struct house *house = house_open();

	(void)house_relayrc(house, "host h\nfrom a@[192.0.2.1]\n");
	house_arguments(house, "x@y");
	cr_assert(house_plan(house), "%s", house->why.what);
	cr_assert_eq(house->plan.origin.source, SENDER_ACCOUNT);
	house_close(house);
}
