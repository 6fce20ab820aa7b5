/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/setting_special.h"

#include <criterion/criterion.h>
#include <string.h>
#include <syslog.h>

#include "base/arena.h"

static struct arena *arena;

static void
open_arena(void)
{
	arena = arena_open();
}

static void
close_arena(void)
{
	arena_close(arena);
}

TestSuite(setting_special, .init = open_arena, .fini = close_arena);

/* "text/number", or "!" and the sentence. */
static const char *
outcome(enum setting_id id, struct text argument)
{
	struct failure why = { 0 };
	struct value value = { 0 };

	if (setting_read(setting_row(id), argument, NULL, arena, &value, &why))
		return arena_print(arena, "%s/%lld", value.text == NULL ? "-" : value.text,
		    (long long)value.number);
	cr_assert_eq(why.code, EX_CONFIG);
	return arena_print(arena, "!%s", why.what);
}

struct row {
	const char *argument;
	const char *expected;
};

static void
check(enum setting_id id, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cr_assert_str_eq(outcome(id, text_of(rows[i].argument)), rows[i].expected, "'%s'",
		    rows[i].argument);
}

Test(setting_special, reads_hosts_and_keeps_the_first_port)
{
	static const struct row rows[] = {
		{ "mail.example", "mail.example/0" },
		{ "mail.example:587", "mail.example:587/587" },
		{ "[::1]:465", "[::1]:465/465" },
		{ "2001:db8::1", "2001:db8::1/0" },
		{ "a.example b.example:25", "a.example b.example:25/0" },
		{ "srv:example.org", "srv:example.org/0" },
	};

	check(SETTING_HOST, rows, sizeof rows / sizeof rows[0]);
}

/* F211 */
Test(setting_special, refuses_what_is_no_host)
{
	static const char *const hosts[] = { "", "a%nb", "a:0", "a:65536", "a:587x", "srv:", "," };
	char name[302];

	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		cr_assert_eq(outcome(SETTING_HOST, text_of(hosts[i]))[0], '!', "'%s'", hosts[i]);
	cr_assert_eq(outcome(SETTING_HOST, text_make("a\rb", 3))[0], '!');
	memset(name, 'a', sizeof name);
	cr_assert_eq(outcome(SETTING_HOST, text_make(name, 300))[0], '!');
}

Test(setting_special, reads_timeouts)
{
	static const struct row rows[] = {
		{ "30", "30/30" },
		{ "5m", "5m/300" },
		{ "off", "off/0" },
		{ "0", "!'0' is no time" },
		{ "on", "!'on' is no time" },
		{ "", "!'timeout' needs an argument" },
	};

	check(SETTING_TIMEOUT, rows, sizeof rows / sizeof rows[0]);
}

Test(setting_special, brings_mechanisms_into_one_form)
{
	static const struct row rows[] = {
		{ "", "on/0" },
		{ "on", "on/0" },
		{ "off", "off/0" },
		{ "PLAIN", "plain/0" },
		{ "plain, LOGIN,cram-md5", "plain login cram-md5/0" },
		{ "on !plain !login", "on !plain !login/0" },
		{ "scram-sha-256", "scram-sha-256/0" },
		{ "plain off", "!'off' stands alone, not with mechanisms" },
		{ "pl$ain", "!'pl$ain' is no name of a mechanism" },
		{ "!", "!'!' is no name of a mechanism" },
		{ "plain;x", "!'plain;x' is no name of a mechanism" },
	};

	check(SETTING_AUTH, rows, sizeof rows / sizeof rows[0]);
}

Test(setting_special, reads_notice_conditions_without_blanks)
{
	static const struct row rows[] = {
		{ "off", "-/0" },
		{ "never", "never/0" },
		{ "failure,delay", "failure,delay/0" },
		{ "SUCCESS,Failure,delay", "success,failure,delay/0" },
		{ "failure, delay", "!'failure, delay' is no condition for a notice" },
		{ "never,delay", "!'never,delay' is no condition for a notice" },
		{ "failure,", "!'failure,' is no condition for a notice" },
		{ ",", "!',' is no condition for a notice" },
		{ "", "!'dsn_notify' needs an argument" },
	};

	check(SETTING_DSN_NOTIFY, rows, sizeof rows / sizeof rows[0]);
}

Test(setting_special, reads_facilities_of_the_system_log)
{
	struct failure why;
	struct value value = { 0 };

	cr_assert_str_eq(outcome(SETTING_SYSLOG, text_of("off")), "-/0");
	cr_assert_str_eq(
	    outcome(SETTING_SYSLOG, text_of("mail")), "!'mail' is no facility of the system log");
	cr_assert(
	    setting_read(setting_row(SETTING_SYSLOG), text_of(""), NULL, arena, &value, &why));
	cr_assert_str_eq(value.text, "LOG_USER");
	cr_assert(setting_read(
	    setting_row(SETTING_SYSLOG), text_of("LOG_LOCAL7"), NULL, arena, &value, &why));
	cr_assert_eq(value.number, LOG_LOCAL7);
}

/* A name with a slash would leave the service manager's directory. */
#define DIGITS_16 "00112233445566fF"

Test(setting_special, takes_sha256_fingerprints_only)
{
	static const struct row rows[] = {
		{ DIGITS_16 DIGITS_16 DIGITS_16 DIGITS_16,
		    DIGITS_16 DIGITS_16 DIGITS_16 DIGITS_16 "/0" },
		{ DIGITS_16 DIGITS_16 ":" DIGITS_16 DIGITS_16,
		    DIGITS_16 DIGITS_16 ":" DIGITS_16 DIGITS_16 "/0" },
		{ "", "-/0" },
		{ DIGITS_16 DIGITS_16,
		    "!the fingerprint has 32 hexadecimal digits, not the 64 of SHA-256" },
		{ "00:11", "!the fingerprint has 4 hexadecimal digits, not the 64 of SHA-256" },
		{ "xy", "!'xy' is no fingerprint in hexadecimal" },
	};

	check(SETTING_TLS_FINGERPRINT, rows, sizeof rows / sizeof rows[0]);
}

Test(setting_special, refuses_credential_names_that_are_paths)
{
	static const struct row rows[] = {
		{ "smtp", "smtp/0" },
		{ "", "-/0" },
		{ "../../etc/shadow", "!'../../etc/shadow' is no name of a credential" },
		{ "..", "!'..' is no name of a credential" },
		{ "a/b", "!'a/b' is no name of a credential" },
	};

	check(SETTING_PASSWORD_CREDENTIAL, rows, sizeof rows / sizeof rows[0]);
}

Test(setting_special, refuses_a_list_of_mechanisms_that_leaves_none)
{
	static const struct row rows[] = {
		{ "plain !plain", "!leaves out every mechanism that it names" },
		{ "!login plain, login,!PLAIN", "!leaves out every mechanism that it names" },
		{ "scram-sha-1 !scram", "!leaves out every mechanism that it names" },
		{ "plain login !plain", "plain login !plain/0" },
		{ "!plain", "!plain/0" },
		{ "on !plain", "on !plain/0" },
	};

	check(SETTING_AUTH, rows, sizeof rows / sizeof rows[0]);
}

Test(setting_special, takes_as_a_domain_what_fits_into_a_greeting)
{
	static const struct row rows[] = {
		{ "me.example", "me.example/0" },
		{ "[192.0.2.1]", "[192.0.2.1]/0" },
		{ "%H", "%H/0" },
		{ "", "-/0" },
		{ "a b", "!'a b' is no name for the greeting" },
		{ "caf\303\251.example", "!'caf\303\251.example' is no name for the greeting" },
	};

	check(SETTING_DOMAIN, rows, sizeof rows / sizeof rows[0]);
}

Test(setting_special, asks_no_address_for_services)
{
	static const struct row rows[] = {
		{ "srv:192.0.2.1", "!'srv:' takes a domain, not an address" },
		{ "srv:[::1]", "!'srv:' takes a domain, not an address" },
		{ "srv:isp.example", "srv:isp.example/0" },
	};

	check(SETTING_HOST, rows, sizeof rows / sizeof rows[0]);
}
