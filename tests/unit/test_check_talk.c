/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "flow/check_talk.h"
#include "tests/support/dials.h"
#include "tests/support/house.h"

#define RELAYRC "host one.example\nport 25\ntls off\n"
#define EHLO "C: EHLO client.example\n"

/* Runs the transcripts one after the other over the same talk. */
static struct check_list
talk_to(struct house *house, const char *relayrc, struct dials *dials, size_t times)
{
	const struct dialer dialer = dials_dialer(dials);
	const struct deliver_trace quiet = { 0 };
	struct check_list list = check_list_open(house->arena);
	struct check_talk talk = { .list = &list,
		.plan = &house->plan,
		.dialer = &dialer,
		.trace = &quiet,
		.login = true };

	(void)house_relayrc(house, relayrc);
	cr_assert(house_plan(house), "%s", house->why.what);
	talk.route = &house->plan.routes.items[0];
	talk.hop = &talk.route->hops[0];
	dials->arena = house->arena;
	for (size_t i = 0; i < times; i++)
		check_talk_run(&talk);
	dials_end(dials);
	return list;
}

static const struct check_finding *
last(const struct check_list *list)
{
	cr_assert(list->count > 0);
	return &list->items[list->count - 1];
}

Test(check_talk, names_the_step_that_failed)
{
	static const struct {
		const char *label;
		const char *relayrc;
		const char *transcript;
		const char *area;
		int code;
	} rows[] = {
		{ "nobody listens", RELAYRC, NULL, "connect", EX_TEMPFAIL },
		{ "closed at once", RELAYRC, "CLOSE\n", "greeting", EX_TEMPFAIL },
		{ "silent", RELAYRC, "STALL\n", "greeting", EX_TEMPFAIL },
		{ "no SMTP", RELAYRC, "S: HTTP/1.1 400\n", "greeting", EX_PROTOCOL },
		{ "TLS at once", RELAYRC, "S| \\x15\\x03\\x01\\x00\\x02\\x02\\x0a\nCLOSE\n",
		    "greeting", EX_PROTOCOL },
		{ "refused", RELAYRC, "S: 554 no\nC: QUIT\n", "greeting", EX_UNAVAILABLE },
		{ "refused EHLO", "host one.example\n", "S: 220 hi\n" EHLO "S: 550 no\nC: QUIT\n",
		    "hello", EX_UNAVAILABLE },
		{ "silent after EHLO", RELAYRC, "S: 220 hi\n" EHLO "STALL\n", "hello",
		    EX_TEMPFAIL },
		{ "no STARTTLS", "host one.example\n", "S: 220 hi\n" EHLO "S: 250 a\nC: QUIT\n",
		    "starttls", EX_UNAVAILABLE },
		{ "refused STARTTLS", "host one.example\n",
		    "S: 220 hi\n" EHLO "S: 250-a\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 later\nC: "
		    "QUIT\n",
		    "starttls", EX_TEMPFAIL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		struct dials dials = { .transcripts = { rows[i].transcript } };
		const struct check_list list = talk_to(house, rows[i].relayrc, &dials, 1);

		cr_expect_eq(last(&list)->result, CHECK_FAILURE, "%s", rows[i].label);
		cr_expect_str_eq(last(&list)->area, rows[i].area, "%s", rows[i].label);
		cr_expect_eq(
		    last(&list)->code, rows[i].code, "%s: %d", rows[i].label, last(&list)->code);
		cr_expect_neq(last(&list)->hint[0], '\0', "%s", rows[i].label);
		cr_expect_eq(check_list_status(&list), rows[i].code, "%s", rows[i].label);
		house_close(house);
	}
}

Test(check_talk, tells_each_step)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = {
				   "LOCAL\nS: 220 a.example ready\n" EHLO "S: 250 a\nC: QUIT\n" } };
	const struct check_list list = talk_to(house, RELAYRC, &dials, 1);

	cr_assert(list.count > 3);
	cr_expect_str_eq(list.items[0].area, "connect");
	cr_expect_not_null(strstr(list.items[0].what, "one.example:25 in "));
	cr_expect_str_eq(list.items[1].area, "greeting");
	cr_expect_str_eq(list.items[1].what, "a.example ready");
	cr_expect_eq(check_list_status(&list), EX_OK);
	house_close(house);
}

/* A password that is wrong is wrong once: some servers count. */
Test(check_talk, logs_in_at_the_first_address_alone)
{
	static const char first[] = "LOCAL\nS: 220 hi\n" EHLO
				    "S: 250-a\nS: 250 AUTH PLAIN\nC: QUIT\n";
	struct house *house = house_open();
	struct dials dials = { .transcripts = { NULL, first, first } };
	const struct check_list list = talk_to(house, RELAYRC, &dials, 3);

	cr_expect_str_eq(last(&list)->what, "as the connection before");
	cr_expect_eq(dials.dialled, 3);
	house_close(house);
}

/* Escape sequences are for terminals that trust who writes to them. */
Test(check_talk, shows_nothing_of_a_broken_server_but_its_words)
{
	struct house *house = house_open();
	struct dials dials = { .transcripts = { "S: 421 4.3.2 \\x1b[2Jbusy\n" } };
	const struct check_list list = talk_to(house, RELAYRC, &dials, 1);

	cr_expect_str_eq(last(&list)->server, "421 4.3.2 ?[2Jbusy");
	house_close(house);
}

/* The state of the connection counts, not a setting. */
Test(check_talk, warns_of_a_connection_that_others_can_read)
{
	static const struct {
		const char *transcript;
		enum check_result result;
	} rows[] = {
		{ "S: 220 hi\n" EHLO "S: 250 a\nC: QUIT\n", CHECK_WARNING },
		{ "LOCAL\nS: 220 hi\n" EHLO "S: 250 a\nC: QUIT\n", CHECK_OK },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		struct dials dials = { .transcripts = { rows[i].transcript } };
		const struct check_list list = talk_to(house, RELAYRC, &dials, 1);

		cr_expect_str_eq(list.items[2].area, "tls");
		cr_expect_eq(list.items[2].result, rows[i].result, "%zu", i);
		house_close(house);
	}
}
