/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "flow/deliver.h"
#include "tests/support/house.h"
#include "tests/support/script.h"

#define PLAIN "tls off\nmaildomain client.example\ntransport %s/transport\n"
#define GREET "LOCAL\nS: 220 ready\nC: EHLO client.example\nS: 250-host\nS: 250 PIPELINING\n"

/* Servers in the order in which they are dialled; NULL refuses the connection. */
struct exchange {
	const char *transcripts[4];
	struct script *scripts[4];
	struct endpoint endpoints[4];
	size_t dialled;
	struct arena *arena;
};

static bool
dial(void *data, const struct endpoint *endpoint, struct deadline deadline,
    struct channel **channel, struct failure *why)
{
	struct exchange *exchange = data;
	size_t number = exchange->dialled++;

	(void)deadline;
	cr_assert(number < 4, "too many connections");
	exchange->endpoints[number] = *endpoint;
	if (exchange->transcripts[number] == NULL) {
		fail(why, EX_TEMPFAIL, "connection refused");
		return failure_in(why, FAILURE_CONNECT);
	}
	exchange->scripts[number] = script_open(
	    text_of(exchange->transcripts[number]), exchange->arena);
	*channel = &exchange->scripts[number]->channel;
	return true;
}

static void
deliver(struct house *house, struct exchange *exchange, struct report *report)
{
	const struct dialer dialer = { .open = dial, .data = exchange };
	const struct deliver_trace quiet = { 0 };

	exchange->arena = house->arena;
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	deliver_run(&house->plan, &house->message, &dialer, &quiet, house->arena, report);
	for (size_t i = 0; i < exchange->dialled; i++) {
		if (exchange->scripts[i] == NULL)
			continue;
		cr_assert_str_eq(script_problem(exchange->scripts[i]), "", "connection %zu: %s", i,
		    script_problem(exchange->scripts[i]));
		script_close(exchange->scripts[i]);
	}
}

/* A house with one recipient and this transport table. */
static struct house *
house_with(const char *transport)
{
	struct house *house = house_open();

	(void)house_relayrc(house, PLAIN);
	(void)house_file(house, "transport", transport);
	house_arguments(house, "x@a.example");
	return house;
}

#define ACCEPT(address) \
	GREET "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<" address ">\nC: DATA\n" \
	      "S: 250 ok\nS: 250 ok\nS: 354 go\nC: <data>\nS: 250 2.0.0 kept as 17\nC: QUIT\n"

/* F22: nothing is shared between accounts, so no session serves two settings */
Test(deliver, sends_each_route_in_a_session_of_its_own)
{
	struct house *house = house_open();
	struct exchange exchange = { .transcripts = {
					 ACCEPT("x@a.example"), ACCEPT("y@b.example") } };
	struct report report = { 0 };

	(void)house_relayrc(house, PLAIN);
	(void)house_file(house, "transport", "a.example smtp:one:25\nb.example smtp:two:26\n");
	house_arguments(house, "x@a.example y@b.example");
	deliver(house, &exchange, &report);
	cr_assert_eq(report_status(&report), EX_OK);
	cr_assert_eq(exchange.dialled, 2);
	cr_assert_str_eq(exchange.endpoints[1].host, "two");
	cr_assert_eq(exchange.endpoints[1].port, 26);
	cr_assert_str_eq(report.reply, "2.0.0 kept as 17", "%s", report.reply);
	house_close(house);
}

Test(deliver, refuses_the_unlisted_before_anything_is_dialled)
{
	struct house *house = house_open();
	struct exchange exchange = { 0 };
	struct report report = { 0 };

	(void)house_relayrc(house, PLAIN);
	(void)house_file(house, "transport", "a.example smtp:one:25\n");
	house_arguments(house, "x@elsewhere.example");
	deliver(house, &exchange, &report);
	cr_assert_eq(exchange.dialled, 0);
	cr_assert_eq(report_status(&report), EX_UNAVAILABLE);
	cr_assert_str_eq(report.verdicts[0].why->what, "no transport for 'x@elsewhere.example'");
	house_close(house);
}

Test(deliver, tries_the_next_host_when_one_does_not_answer)
{
	struct house *house = house_open();
	struct exchange exchange = { .transcripts = { NULL, ACCEPT("x@a.example") } };
	struct report report = { 0 };

	(void)house_relayrc(house, PLAIN);
	(void)house_file(house, "transport", "* smtp:one:25,two:25\n");
	house_arguments(house, "x@a.example");
	deliver(house, &exchange, &report);
	cr_assert_eq(exchange.dialled, 2);
	cr_assert_eq(report_status(&report), EX_OK);
	house_close(house);
}

Test(deliver, tries_the_next_host_when_one_puts_the_sender_off)
{
	struct house *house = house_with("* smtp:one:25,two:25\n");
	struct exchange exchange = {
		.transcripts = { GREET
		    "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<x@a.example>\nC: DATA\n"
		    "S: 450 later\nS: 503 no\nS: 503 no\nC: QUIT\n",
		    ACCEPT("x@a.example") }
	};
	struct report report = { 0 };

	deliver(house, &exchange, &report);
	cr_assert_eq(exchange.dialled, 2);
	cr_assert_eq(report_status(&report), EX_OK);
	house_close(house);
}

/* F131: nobody else may get it once the final dot is out */
Test(deliver, tries_no_other_host_after_the_final_dot)
{
	struct house *house = house_with("* smtp:one:25,two:25\n");
	struct exchange exchange = {
		.transcripts = { GREET
		    "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<x@a.example>\nC: DATA\n"
		    "S: 250 ok\nS: 250 ok\nS: 354 go\nC: <data>\nCLOSE\n",
		    ACCEPT("x@a.example") }
	};
	struct report report = { 0 };

	deliver(house, &exchange, &report);
	cr_assert_eq(exchange.dialled, 1);
	cr_assert_eq(report_status(&report), EX_TEMPFAIL);
	cr_assert(report.verdicts[0].why->uncertain);
	house_close(house);
}

Test(deliver, tries_no_other_host_when_the_recipient_is_refused)
{
	struct house *house = house_with("* smtp:one:25,two:25\n");
	struct exchange exchange = {
		.transcripts = { GREET
		    "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<x@a.example>\nC: DATA\n"
		    "S: 250 ok\nS: 550 5.1.1 no such user\nS: 554 no recipients\nC: QUIT\n" }
	};
	struct report report = { 0 };

	deliver(house, &exchange, &report);
	cr_assert_eq(exchange.dialled, 1);
	cr_assert_eq(report_status(&report), EX_NOUSER);
	cr_assert_str_eq(report.verdicts[0].why->reply, "5.1.1 no such user");
	house_close(house);
}

/* F137: it took what came first of the flight and threw the rest away */
Test(deliver, tries_once_more_without_pipelining)
{
	struct house *house = house_with("* smtp:one:25\n");
	struct exchange exchange = {
		.transcripts = { GREET
		    "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<x@a.example>\nC: DATA\n"
		    "S: 250 ok\nSTALL\n",
		    GREET "C: MAIL FROM:<root@client.example>\nS: 250 ok\n"
			  "C: RCPT TO:<x@a.example>\nS: 250 ok\nC: DATA\nS: 354 go\nC: <data>\n"
			  "S: 250 2.0.0 kept\nC: QUIT\n" }
	};
	struct report report = { 0 };

	deliver(house, &exchange, &report);
	cr_assert_eq(exchange.dialled, 2);
	cr_assert_eq(report_status(&report), EX_OK);
	house_close(house);
}

/* F137: a server that says nothing at all says nothing without it, either */
Test(deliver, tries_no_more_where_nothing_was_answered)
{
	struct house *house = house_with("* smtp:one:25\n");
	struct exchange exchange = {
		.transcripts = { GREET
		    "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<x@a.example>\nC: DATA\nSTALL\n" }
	};
	struct report report = { 0 };

	deliver(house, &exchange, &report);
	cr_assert_eq(exchange.dialled, 1);
	cr_assert_eq(report_status(&report), EX_TEMPFAIL);
	house_close(house);
}

#define FEW(first, second, end) \
	GREET "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<" first ">\n" \
	      "C: RCPT TO:<" second ">\nC: DATA\nS: 250 ok\nS: 250 ok\n" \
	      "S: 452 4.5.3 too many\nS: 354 go\nC: <data>\n" end

/* F150: in a session of its own each, none twice */
Test(deliver, comes_back_for_those_that_a_server_left_unserved)
{
	static const char *const ends[] = { "S: 250 kept\nC: MAIL FROM:<root@client.example>\n"
					    "C: RCPT TO:<y@a.example>\nC: DATA\nCLOSE\n",
		"S: 250 kept\nC: MAIL FROM:<root@client.example>\nC: RCPT TO:<y@a.example>\n"
		"C: DATA\nS: 421 one at a time\nCLOSE\n" };
	char first[1000];

	for (size_t i = 0; i < 2; i++) {
		struct house *house = house_with("* smtp:one:25\n");
		struct exchange exchange = { .transcripts = { first, ACCEPT("y@a.example") } };
		struct report report = { 0 };

		(void)snprintf(
		    first, sizeof first, "%s%s", FEW("x@a.example", "y@a.example", ""), ends[i]);
		house_arguments(house, "x@a.example y@a.example");
		deliver(house, &exchange, &report);
		cr_assert_eq(exchange.dialled, 2, "%zu", i);
		cr_assert_eq(report_status(&report), EX_OK, "%zu", i);
		house_close(house);
	}
}

/* F150: no session follows one that served nobody */
Test(deliver, does_not_come_back_for_ever)
{
	struct house *house = house_with("* smtp:one:25\n");
	struct exchange exchange = { .transcripts = {
					 FEW("x@a.example", "y@a.example",
					     "S: 250 kept\nC: MAIL FROM:<root@client.example>\n"
					     "C: RCPT TO:<y@a.example>\nC: DATA\nCLOSE\n"),
					 "LOCAL\nS: 421 no more\nCLOSE\n" } };
	struct report report = { 0 };

	house_arguments(house, "x@a.example y@a.example");
	deliver(house, &exchange, &report);
	cr_assert_eq(exchange.dialled, 2);
	cr_assert_eq(report_status(&report), EX_TEMPFAIL);
	cr_assert_eq(report.verdicts[0].state, VERDICT_DELIVERED);
	house_close(house);
}

Test(deliver, settles_error_retry_and_discard_rows_without_a_server)
{
	static const struct {
		const char *row;
		int status;
	} rows[] = {
		{ "* error:5.7.1 not from here\n", EX_UNAVAILABLE },
		{ "* retry:4.3.0 come back\n", EX_TEMPFAIL },
		{ "* discard:gone\n", EX_OK },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		struct exchange exchange = { 0 };
		struct report report = { 0 };

		(void)house_relayrc(house, PLAIN);
		(void)house_file(house, "transport", rows[i].row);
		house_arguments(house, "x@a.example");
		deliver(house, &exchange, &report);
		cr_assert_eq(exchange.dialled, 0, "%s", rows[i].row);
		cr_assert_eq(report_status(&report), rows[i].status, "%s", rows[i].row);
		house_close(house);
	}
}

Test(deliver, names_the_place_of_the_password_when_the_login_is_refused)
{
	struct house *house = house_open();
	struct exchange
	    exchange = { .transcripts = {
			     "LOCAL\nS: 220 ready\nC: EHLO client.example\nS: 250-host\nS: 250 AUTH PLAIN\n"
			     "C: AUTH PLAIN AG1lAHdyb25n\nS: 535 5.7.8 no\nC: QUIT\n" } };
	struct report report = { 0 };

	(void)house_relayrc(house, PLAIN "sasl_passwd %s/sasl\n");
	(void)house_file(house, "transport", "* smtp:one:25\n");
	(void)house_file(house, "sasl", "one:25 me:wrong\n");
	house_arguments(house, "x@a.example");
	deliver(house, &exchange, &report);
	cr_assert_eq(report_status(&report), EX_NOPERM, "%s", report.verdicts[0].why->what);
	cr_assert_not_null(
	    strstr(report.verdicts[0].why->hint, "/sasl:1"), "%s", report.verdicts[0].why->hint);
	house_close(house);
}

#define CHUNKS \
	"LOCAL\nS: 220 ready\nC: EHLO client.example\nS: 250-host\nS: 250-CHUNKING\nS: 250 PIPELINING\n"

/* F144 */
Test(deliver, comes_again_without_bdat_when_the_server_does_not_know_it)
{
	struct house *house = house_open();
	struct exchange exchange = {
		.transcripts = { CHUNKS
		    "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<x@a.example>\nC: BDAT <any>\n"
		    "C: <chunk>\nS: 250 ok\nS: 250 ok\nS: 500 what\n",
		    CHUNKS "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<x@a.example>\nC: DATA\n"
			   "S: 250 ok\nS: 250 ok\nS: 354 go\nC: <data>\nS: 250 kept\nC: QUIT\n" }
	};
	struct report report = { 0 };

	(void)house_relayrc(house, PLAIN);
	(void)house_file(house, "transport", "* smtp:one:25\n");
	house_arguments(house, "x@a.example");
	deliver(house, &exchange, &report);
	cr_assert_eq(exchange.dialled, 2);
	cr_assert_eq(report_status(&report), EX_OK);
	house_close(house);
}

Test(deliver, names_the_key_it_looked_for_when_the_server_wants_a_login)
{
	struct house *house = house_open();
	struct exchange exchange = {
		.transcripts = { GREET
		    "C: MAIL FROM:<root@client.example>\nC: RCPT TO:<x@a.example>\nC: DATA\n"
		    "S: 530 5.7.0 log in\nS: 503 no\nS: 503 no\nC: QUIT\n" }
	};
	struct report report = { 0 };

	(void)house_relayrc(house, PLAIN "sasl_passwd %s/sasl\n");
	(void)house_file(house, "transport", "* smtp:[one]:25\n");
	(void)house_file(house, "sasl", "one:25 me:secret\n");
	house_arguments(house, "x@a.example");
	deliver(house, &exchange, &report);
	cr_assert_not_null(
	    strstr(report.verdicts[0].why->hint, "'[one]:25'"), "%s", report.verdicts[0].why->hint);
	house_close(house);
}

Test(deliver, tells_of_every_host_that_it_tried)
{
	struct house *house = house_open();
	struct exchange exchange = { .transcripts = { NULL, NULL } };
	struct report report = { 0 };

	(void)house_relayrc(house, PLAIN);
	(void)house_file(house, "transport", "* smtp:one:25,two:26\n");
	house_arguments(house, "x@a.example");
	deliver(house, &exchange, &report);
	cr_assert_str_eq(report.verdicts[0].why->what,
	    "connection refused; before that: one:25: connection refused", "%s",
	    report.verdicts[0].why->what);
	cr_assert_str_eq(report.verdicts[0].why->where, "two:26");
	house_close(house);
}
