/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "flow/explain_route.h"
#include "tests/support/house.h"

static struct house *
planned(const char *relayrc, const char *transport, const char *sasl)
{
	struct house *house = house_open();

	(void)house_file(house, "transport", transport);
	(void)house_file(house, "sasl", sasl);
	(void)house_file(house, "word", "hunter2\n");
	(void)house_relayrc(house, relayrc);
	house_arguments(house, "-f me@here.example x@far.example");
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	return house;
}

static const struct explain_step *
find(const struct explain_steps *steps, const char *name)
{
	for (size_t i = 0; i < steps->count; i++)
		if (strcmp(steps->items[i].name, name) == 0)
			return &steps->items[i];
	return NULL;
}

static struct explain_steps
steps_of(struct house *house)
{
	const struct route *route = &house->plan.routes.items[0];
	struct explain_steps steps = { .arena = house->arena };

	explain_route_steps(&house->plan, route, &route->hops[0], &steps);
	return steps;
}

Test(explain_route, names_the_server)
{
	static const struct {
		const char *transport;
		const char *server;
		bool note;
	} rows[] = {
		{ "* smtp:mail.example\n", "mail.example:587", true },
		{ "* smtps:mail.example\n", "mail.example:465", true },
		{ "* smtp:[mail.example]:25\n", "mail.example:25", false },
		{ "* smtp:[2001:db8::1]:587\n", "[2001:db8::1]:587", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = planned("transport %s/transport\n", rows[i].transport, "");
		struct explain_steps steps = steps_of(house);
		const struct explain_step *step = find(&steps, "server");

		cr_assert_not_null(step);
		cr_expect(text_is(step->results[0], rows[i].server), "%s", rows[i].server);
		cr_expect_eq(step->note != NULL, rows[i].note, "%s", rows[i].transport);
		house_close(house);
	}
}

Test(explain_route, names_the_way_that_the_account_gives)
{
	static const struct {
		const char *relayrc;
		const char *way;
		const char *server;
		const char *words;
	} rows[] = {
		{ "host h\n", "smtp:h:587", "h:587", NULL },
		{ "host h\nport 24\nprotocol lmtp\n", "lmtp:h:24", "h:24", "h:24, by LMTP" },
		{ "socket /run/submit\ntls off\n", "smtp:/run/submit", "/run/submit",
		    "socket /run/submit" },
		{ "socket /run/l\nhost h\nprotocol lmtp\n", "lmtp:/run/l", "/run/l",
		    "socket /run/l, by LMTP" },
		{ "host srv:example.org\n", "srv:example.org", "srv:example.org",
		    "those that DNS names for example.org when the mail goes out" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = planned(rows[i].relayrc, "", "");
		struct explain_steps steps = steps_of(house);
		const struct explain_step *step = find(&steps, "server");
		const char *way = explain_route_way(house->plan.routes.items, house->arena);

		cr_expect_str_eq(way, rows[i].way);
		cr_expect(text_is(step->results[0], rows[i].server), "%s", rows[i].server);
		if (rows[i].words == NULL)
			cr_expect_null(step->words);
		else
			cr_expect_str_eq(step->words, rows[i].words);
		house_close(house);
	}
}

Test(explain_route, uses_socket_and_lmtp_for_no_server_of_a_row)
{
	struct house *house = planned(
	    "host h\nsocket /run/l\nprotocol lmtp\ntls off\ntransport %s/transport\n",
	    "* smtp:h:587\n", "");
	struct explain_steps steps = steps_of(house);

	cr_expect_str_eq(explain_route_way(house->plan.routes.items, house->arena), "smtp:h:587");
	cr_expect_null(find(&steps, "server")->words);
	house_close(house);
}

Test(explain_route, tells_the_source_of_the_credential_and_no_secret)
{
	static const struct {
		const char *relayrc;
		const char *words;
		size_t line;
	} rows[] = {
		{ "host h\nuser u\npassword hunter2\n", "u, by the password in the account", 3 },
		{ "host h\nuser u\npasswordfile %s/word\n", "u, by the password of /", 3 },
		{ "host h\nuser u\npasswordeval echo hunter2\n",
		    "u, by the password of the command 'echo'", 3 },
		{ "host h\nauth external\nuser u\n", "u, and the mechanism needs no password", 2 },
		{ "host h\nauth off\n", "none: auth is off", 2 },
		{ "host h\n", "none: there is no credential, and no sasl_passwd", 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = planned(rows[i].relayrc, "", "");
		struct explain_steps steps = steps_of(house);
		const struct explain_step *step = find(&steps, "login");

		cr_assert_not_null(step->words, "%s", rows[i].relayrc);
		cr_expect(text_starts_fold(text_of(step->words), rows[i].words), "%s", step->words);
		cr_expect_null(strstr(step->words, "hunter2"));
		cr_expect_eq(step->line, rows[i].line, "%s: %zu", rows[i].relayrc, step->line);
		house_close(house);
	}
}

Test(explain_route, tells_the_keys_of_sasl_passwd_that_were_tried)
{
	struct house *house = planned(
	    "transport %s/transport\nsasl_passwd %s/sasl\nsender_dependent_auth on\n",
	    "* smtp:[mail.example]:587\n", "[mail.example]:587 u:hunter2\n");
	struct explain_steps steps = steps_of(house);
	const struct explain_step *step = find(&steps, "login");

	cr_expect(text_is(step->key, "[mail.example]:587"));
	cr_expect_eq(step->line, 1);
	cr_assert_eq(step->tried.count, 3);
	cr_expect(text_is(step->tried.items[0], "me@here.example"));
	cr_expect(text_is(step->tried.items[2], "mail.example"));
	house_close(house);
}

Test(explain_route, says_why_a_near_miss_is_none)
{
	struct house *house = planned("transport %s/transport\nsasl_passwd %s/sasl\n",
	    "* smtp:[mail.example]:587\n", "mail.example:587 u:hunter2\n");
	struct explain_steps steps = steps_of(house);
	const struct explain_step *step = find(&steps, "login");

	cr_expect_str_eq(step->words, "none: no credential for this server");
	cr_assert_eq(step->tried.count, 2);
	cr_expect_null(find(&steps, "mechanism"));
	house_close(house);
}

Test(explain_route, keeps_the_accounts_password_from_other_servers)
{
	struct house *house = planned("host h\nuser u\npassword hunter2\ntransport %s/transport\n",
	    "* smtp:other.example\n", "");
	struct explain_steps steps = steps_of(house);

	cr_expect_str_eq(find(&steps, "login")->words,
	    "none: the account's own password goes to its own host and port only");
	house_close(house);
}

Test(explain_route, lists_mechanisms_in_order)
{
	static const struct {
		const char *relayrc;
		const char *words;
	} rows[] = {
		{ "host h\nuser u\npassword p\nauth login plain\n",
		    "the first that the server offers of LOGIN, PLAIN" },
		{ "host h\nuser u\npassword p\ntls off\n",
		    "the first that the server offers of SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, "
		    "CRAM-MD5, LOGIN" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = planned(rows[i].relayrc, "", "");
		struct explain_steps steps = steps_of(house);

		cr_expect_str_eq(find(&steps, "mechanism")->words, rows[i].words, "%s",
		    find(&steps, "mechanism")->words);
		house_close(house);
	}
}

Test(explain_route, says_that_no_password_crosses_an_open_connection)
{
	static const struct {
		const char *relayrc;
		bool note;
	} rows[] = {
		{ "host h\n", false },
		{ "host h\ntls off\n", true },
		{ "host h\ntls_certcheck off\n", true },
		{ "host srv:h\ntls_certcheck off\n", true },
		{ "host 127.0.0.2\ntls off\n", false },
		{ "host ::1\ntls_certcheck off\n", false },
		{ "host localhost\ntls off\n", false },
		{ "host 127.0.0.1\ntls off\nproxy_host 127.0.0.1\n", true },
		{ "socket /run/submit\ntls off\n", false },
		{ "host h\ntls_certcheck off\ntls_fingerprint "
		  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n",
		    false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena *arena = arena_open();
		struct house *house = planned(
		    arena_print(arena, "%suser u\npassword hunter2\n", rows[i].relayrc), "", "");
		struct explain_steps steps = steps_of(house);

		cr_expect_eq(
		    find(&steps, "login")->note != NULL, rows[i].note, "%s", rows[i].relayrc);
		house_close(house);
		arena_close(arena);
	}
}
