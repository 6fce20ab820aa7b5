/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "flow/rule.h"
#include "tests/support/house.h"

static struct house *
ruled(const char *relayrc, struct rule *rule)
{
	struct house *house = house_open();

	(void)house_relayrc(house, relayrc);
	cr_assert(house_plan(house), "%s: %s", house->why.where, house->why.what);
	rule_make(&house->plan, &house->plan.routes.items[0], &house->plan.routes.items[0].hops[0],
	    house->arena, rule);
	return house;
}

Test(rule, makes_starttls_mandatory_by_default)
{
	struct rule rule;
	struct house *house = ruled("host mail.example\n", &rule);

	cr_assert_eq(rule.session.security, SESSION_STARTTLS);
	cr_assert(rule.tls.verify);
	cr_assert_str_eq(rule.tls.host, "mail.example");
	cr_assert_str_eq(rule.tls.trust.file, "system");
	cr_assert_eq(rule.endpoint.port, 587);
	house_close(house);
}

Test(rule, takes_port_465_for_tls_from_the_first_byte)
{
	struct rule rule;
	struct house *house = ruled("host mail.example\nport 465\n", &rule);

	cr_assert_eq(rule.session.security, SESSION_IMPLICIT);
	house_close(house);
}

Test(rule, goes_plain_only_when_told)
{
	struct rule rule;
	struct house *house = ruled("host mail.example\ntls off\n", &rule);

	cr_assert_eq(rule.session.security, SESSION_PLAIN);
	cr_assert_eq(rule.endpoint.port, 25);
	house_close(house);
}

Test(rule, greets_with_a_full_name)
{
	static const struct {
		const char *relayrc;
		const char *host;
		const char *hello;
	} rows[] = {
		{ "host m.example\n", "client.example", "client.example" },
		{ "host m.example\n", "client", "client.example" },
		{ "host m.example\ndomain told.example\n", "client", "told.example" },
		{ "host m.example\nmaildomain my_host\n", "local_host", "[127.0.0.1]" }, /* F148 */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		struct rule rule;

		house->environment.host = rows[i].host;
		(void)house_relayrc(house, rows[i].relayrc);
		cr_assert(house_plan(house), "%s", house->why.what);
		rule_make(&house->plan, &house->plan.routes.items[0],
		    &house->plan.routes.items[0].hops[0], house->arena, &rule);
		cr_assert_str_eq(
		    rule.session.hello, rows[i].hello, "%zu: %s", i, rule.session.hello);
		house_close(house);
	}
}

Test(rule, shortens_every_phase_but_the_last_with_timeout)
{
	struct rule rule;
	struct house *house = ruled("host mail.example\ntimeout 5\n", &rule);

	cr_assert_eq(rule.connect_ms, 5000);
	cr_assert_eq(rule.session.limits.greeting_ms, 5000);
	cr_assert_eq(rule.session.limits.rcpt_ms, 5000);
	cr_assert_eq(rule.session.limits.dot_ms, session_limits_default().dot_ms);
	house_close(house);
}

Test(rule, gives_the_reply_to_the_message_a_limit_of_its_own)
{
	struct rule rule;
	struct house *house = ruled("host mail.example\ntimeout_final 2m\n", &rule);

	cr_assert_eq(rule.session.limits.dot_ms, 120000);
	cr_assert_eq(rule.session.limits.rcpt_ms, session_limits_default().rcpt_ms);
	house_close(house);
}

Test(rule, takes_the_name_for_the_certificate_from_the_override)
{
	struct rule rule;
	struct house *house = ruled("host 127.0.0.1\ntls_host_override mail.example\n", &rule);

	cr_assert_str_eq(rule.tls.host, "mail.example");
	cr_assert_str_eq(rule.endpoint.host, "127.0.0.1");
	house_close(house);
}

/* F66 */
Test(rule, refuses_a_fingerprint_that_is_not_sha256)
{
	struct house *house = house_open();

	(void)house_relayrc(house,
	    "host m.example\ntls_fingerprint 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33\n");
	cr_assert_not(house_plan(house));
	cr_assert_eq(house->why.code, EX_CONFIG);
	cr_assert_not_null(strstr(house->why.where, "relayrc.user:2"), "%s", house->why.where);
	house_close(house);
}

Test(rule, refuses_priorities_before_anything_is_connected)
{
	struct house *house = house_open();

	(void)house_relayrc(
	    house, "host m.example\ntls_priorities NORMAL:-VERS-ALL:+VERS-TLS9.9\n");
	cr_assert_not(house_plan(house));
	cr_assert_eq(house->why.code, EX_CONFIG);
	cr_assert_str_eq(house->why.what, "tls_priorities is not understood at '+VERS-TLS9.9'");
	cr_assert_not_null(strstr(house->why.where, "relayrc.user:2"), "%s", house->why.where);
	house_close(house);
}

Test(rule, takes_port_465_of_any_server_for_tls_from_the_first_byte)
{
	static const struct {
		const char *relayrc;
		enum session_security security;
	} rows[] = {
		{ "host m.example:465\n", SESSION_IMPLICIT },
		{ "transport %s/transport\n", SESSION_IMPLICIT },
		{ "transport %s/transport\ntls_starttls on\n", SESSION_STARTTLS },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct house *house = house_open();
		struct rule rule;

		(void)house_relayrc(house, rows[i].relayrc);
		(void)house_file(house, "transport", "* smtp:m.example:465\n");
		cr_assert(house_plan(house), "%s", house->why.what);
		rule_make(&house->plan, &house->plan.routes.items[0],
		    &house->plan.routes.items[0].hops[0], house->arena, &rule);
		cr_assert_eq(rule.session.security, rows[i].security, "%s", rows[i].relayrc);
		house_close(house);
	}
}

/* Else who holds the account's own certificate would be given every other server's password. */
Test(rule, keeps_the_accounts_name_pin_and_certificate_from_other_servers)
{
	struct house *house = house_open();
	struct rule rule;

	(void)house_relayrc(house,
	    "host own.example\ntransport %s/transport\ntls_host_override own-name.example\n"
	    "tls_fingerprint 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
	    "tls_cert_file /c\ntls_key_file /k\n");
	(void)house_file(house, "transport", "* smtp:other.example\n");
	cr_assert(house_plan(house), "%s", house->why.what);
	rule_make(&house->plan, &house->plan.routes.items[0], &house->plan.routes.items[0].hops[0],
	    house->arena, &rule);
	cr_assert_str_eq(rule.tls.host, "other.example");
	cr_assert_null(rule.tls.trust.fingerprint);
	cr_assert_null(rule.tls.cert_file);
	cr_assert_null(rule.tls.key_file);
	house_close(house);
}

/* F64 */
Test(rule, tells_of_missing_files_before_anything_is_connected)
{
	static const char *const lines[] = { "tls_trust_file /nonexistent/ca.pem\n",
		"tls_crl_file /nonexistent/crl.pem\n",
		"tls_cert_file /nonexistent/c.pem\ntls_key_file /nonexistent/k.pem\n",
		"source_ip nowhere\n" };

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct house *house = house_open();
		char relayrc[200];

		(void)snprintf(relayrc, sizeof relayrc, "host m.example\n%s", lines[i]);
		(void)house_relayrc(house, relayrc);
		cr_assert_not(house_plan(house), "%s", lines[i]);
		cr_assert_eq(house->why.code, EX_CONFIG, "%s", lines[i]);
		cr_assert_not_null(strstr(house->why.where, "relayrc.user:2"), "%s: %s", lines[i],
		    house->why.where);
		house_close(house);
	}
}

Test(rule, does_not_carry_port_465_of_the_account_to_another_server)
{
	struct house *house = house_open();
	struct rule rule;

	(void)house_relayrc(house, "host mx.example\nport 465\ntransport %s/transport\n");
	(void)house_file(house, "transport", "* smtp:other.example:587\n");
	cr_assert(house_plan(house), "%s", house->why.what);
	rule_make(&house->plan, &house->plan.routes.items[0], &house->plan.routes.items[0].hops[0],
	    house->arena, &rule);
	cr_assert_eq(rule.session.security, SESSION_STARTTLS);
	house_close(house);
}

Test(rule, names_the_mode_of_tls)
{
	static const struct {
		const char *relayrc;
		const char *mode;
	} rows[] = {
		{ "host mail.example\n", "starttls" },
		{ "host mail.example\nport 465\n", "implicit" },
		{ "host mail.example\ntls off\n", "off" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct rule rule;
		struct house *house = ruled(rows[i].relayrc, &rule);
		const struct route *route = &house->plan.routes.items[0];

		cr_expect_str_eq(rule_tls_mode(route, &route->hops[0]), rows[i].mode);
		house_close(house);
	}
}
