/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/check.h"
#include "tests/support/dials.h"
#include "tests/support/house.h"

#define GREET "LOCAL\nS: 220 hi\nC: EHLO client.example\nS: 250-a\nS: 250 AUTH PLAIN\n"
#define LOGIN "C: AUTH PLAIN AG1lAHNlY3JldA==\n"
#define MAIL "C: MAIL FROM:<me@d.example>\nS: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT\n"
#define RELAYRC "host a.example\ntls off\nfrom me@d.example\nuser me\npassword secret\n"

/* Runs relay with these arguments; the status, and what is printed. */
static int
run(struct house *house, struct dials *dials, const char *relayrc, const char *arguments,
    const char **printed)
{
	const struct dialer dialer = dials_dialer(dials);
	const struct deliver_trace quiet = { 0 };
	const struct check check = { &house->invocation, &house->environment, &dialer, &quiet };
	struct buffer output = buffer_open(0);
	int status;

	dials->arena = house->arena;
	house_arguments(house, arguments);
	house->invocation.config_file = house_relayrc(house, relayrc);
	status = check_run(&check, house->arena, &output);
	*printed = text_string(buffer_text(&output), house->arena);
	cr_expect_null(strstr(*printed, "secret"), "%s", *printed);
	buffer_close(&output);
	dials_end(dials);
	return status;
}

static void
expect(const char *printed, const char *part)
{
	cr_expect_not_null(strstr(printed, part), "'%s' is not in: %s", part, printed);
}

Test(check, looks_at_everything_and_sends_nothing)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { GREET LOGIN "S: 235 ok\n" MAIL },
		.address_count = 1 };
	const char *out;

	cr_expect_eq(run(house, &dials, RELAYRC, "--check", &out), EX_OK, "%s", out);
	expect(out, "this machine\n");
	expect(out, "  ok       clock ");
	expect(out, "\naccount default\n");
	expect(out, "\na.example:25\n");
	expect(out, "  ok       login        as 'me' by PLAIN\n");
	expect(out, "  ok       sender       <me@d.example> is accepted\n");
	expect(out, " 0 failures\n");
	house_close(house);
}

Test(check, ends_with_the_status_of_what_failed_first)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { GREET LOGIN "S: 535 no\nC: QUIT\n" },
		.address_count = 1 };
	const char *out;

	cr_expect_eq(run(house, &dials, RELAYRC, "--check", &out), EX_NOPERM, "%s", out);
	expect(out, "  failure  login ");
	expect(out, "1 failure\n");
	house_close(house);
}

Test(check, asks_for_the_sender_as_generic_names_it)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { GREET LOGIN "S: 235 ok\n" MAIL },
		.address_count = 1 };
	const char *out;

	(void)house_file(house, "generic", "root@client.example me@d.example\n");
	cr_expect_eq(run(house, &dials,
			 "host a.example\ntls off\nuser me\npassword secret\ngeneric %s/generic\n",
			 "--check", &out),
	    EX_OK, "%s", out);
	expect(out, "<me@d.example> (generic: was <root@client.example>)");
	house_close(house);
}

Test(check, goes_to_the_servers_when_a_table_has_a_fault)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { GREET LOGIN "S: 235 ok\nC: QUIT\n" },
		.address_count = 1 };
	const char *out;

	cr_expect_eq(run(house, &dials, RELAYRC "generic %s/none\n", "--check", &out), EX_CONFIG);
	expect(out, "  ok       login ");
	expect(out, "  failure  tables ");
	house_close(house);
}

Test(check, looks_at_the_accounts_that_are_named)
{
	struct house *house = house_open();
	struct dials dials = { .address_count = 0 };
	const char *out;

	cr_expect_eq(run(house, &dials,
			 "host a.example\naccount b\nhost b.example\naccount c\nhost c.example\n",
			 "--check=b c nobody", &out),
	    EX_NOHOST);
	expect(out, "\naccount b\n");
	expect(out, "\nb.example:587\n");
	expect(out, "\nc.example:587\n");
	expect(out, "there is no account 'nobody'");
	cr_expect_null(strstr(out, "a.example"), "%s", out);
	house_close(house);
}

Test(check, stops_at_a_configuration_that_is_not_understood)
{
	struct house *house = house_open();
	struct dials dials = { 0 };
	const char *out;

	cr_expect_eq(run(house, &dials, "host a\ntls yes\n", "--check", &out), EX_CONFIG);
	expect(out, "relayrc.user:2");
	cr_expect_eq(dials.dialled, 0);
	house_close(house);
}

Test(check, of_serverinfo_reads_no_password)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { GREET "C: QUIT\n" }, .address_count = 1 };
	const char *out;

	cr_expect_eq(
	    run(house, &dials,
		"host a.example\ntls off\nuser me\npasswordeval touch %s/asked; echo secret\n",
		"-S", &out),
	    EX_OK, "%s", out);
	cr_expect_eq(strncmp(out, "a.example:25\n", 13), 0, "%s", out);
	expect(out, "  ok       mechanisms   PLAIN\n");
	cr_expect_null(strstr(out, "login"), "%s", out);
	house_close(house);
}

Test(check, prints_an_object_for_programs)
{
	struct house *house = house_open();
	struct dials dials = { .address_count = 0 };
	const char *out;

	cr_expect_eq(run(house, &dials, RELAYRC, "--check --json", &out), EX_NOHOST);
	cr_expect_eq(out[0], '{');
	expect(out, "\"status\": 68");
	house_close(house);
}
