/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/setting_read.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/environment.h"
#include "base/secret.h"

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

TestSuite(setting_read, .init = open_arena, .fini = close_arena);

/* What a value says; a secret is kept veiled. */
static const char *
plain(const struct setting *row, const struct value *value)
{
	struct secret secret = { 0 };
	const char *words;

	if (value->text == NULL)
		return "-";
	if (row->type != SETTING_IS_SECRET)
		return value->text;
	secret_unveil(&secret, value->text);
	words = arena_print(arena, "%s", secret.bytes);
	secret_wipe(&secret);
	return words;
}

/* "text/number", "-/0" without a text, or "!" and the sentence. */
static const char *
outcome(const char *name, struct text argument, const char *home)
{
	const struct environment environment = { .home = home };
	struct failure why = { 0 };
	struct value value = { 0 };

	if (setting_read(
		setting_find(text_of(name)), argument, &environment, arena, &value, &why)) {
		cr_assert(value.set && value.file == NULL && value.next == NULL, "%s", name);
		return arena_print(arena, "%s/%lld", plain(setting_find(text_of(name)), &value),
		    (long long)value.number);
	}
	cr_assert_eq(why.code, EX_CONFIG, "%s", name);
	cr_assert(!why.temporary, "%s", name);
	return arena_print(arena, "!%s", why.what);
}

struct row {
	const char *name;
	const char *argument;
	const char *expected;
};

static void
check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cr_assert_str_eq(outcome(rows[i].name, text_of(rows[i].argument), "/home/joe"),
		    rows[i].expected, "%s '%s'", rows[i].name, rows[i].argument);
}

Test(setting_read, reads_switches_in_lower_case_only)
{
	static const struct row rows[] = {
		{ "tls", "on", "on/1" },
		{ "tls", "off", "off/0" },
		{ "tls", "", "on/1" },
		{ "allow_from_override", "", "on/1" },
		{ "tls", "yes", "!'yes' is neither on nor off" },
		{ "tls", "no", "!'no' is neither on nor off" },
		{ "tls", "true", "!'true' is neither on nor off" },
		{ "tls", "ON", "!'ON' is neither on nor off" },
		{ "tls", "on # really", "!'on # really' is neither on nor off" },
	};

	check(rows, sizeof rows / sizeof rows[0]);
}

Test(setting_read, advises_on_and_off_for_yes)
{
	struct failure why;
	struct value value;

	cr_assert(
	    !setting_read(setting_row(SETTING_TLS), text_of("yes"), NULL, arena, &value, &why));
	cr_assert_str_eq(why.hint, "write on or off, in lower case");
	cr_assert_eq(why.stage, FAILURE_CONFIG);
}

/* F211 */
Test(setting_read, reads_numbers_whole_and_in_range)
{
	static const struct row rows[] = {
		{ "port", "587", "587/587" },
		{ "port", "0x19", "25/25" },
		{ "port", "010", "8/8" },
		{ "port", "65535", "65535/65535" },
		{ "port", " 26", "26/26" },
		{ "port", "", "!'port' needs an argument" },
		{ "port", "0", "!'0' is not a number from 1 to 65535" },
		{ "port", "65536", "!'65536' is not a number from 1 to 65535" },
		{ "port", "587x", "!'587x' is not a number from 1 to 65535" },
		{ "port", "-1", "!'-1' is not a number from 1 to 65535" },
		{ "port", "99999999999999999999",
		    "!'99999999999999999999' is not a number from 1 to "
		    "65535" },
		{ "port", "smtp", "!'smtp' is not a number from 1 to 65535" },
		{ "proxy_port", "", "-/0" },
		{ "tls_min_dh_prime_bits", "", "-/0" },
		{ "tls_min_dh_prime_bits", "2048", "2048/2048" },
		{ "password_fd", "2", "!'2' is not a number from 3 to 1048576" },
		{ "recipient_limit", "0", "!'0' is not a number from 1 to 1000000000" },
	};

	check(rows, sizeof rows / sizeof rows[0]);
}

Test(setting_read, reads_sizes_and_times_with_units)
{
	static const struct row rows[] = {
		{ "header_size_limit", "1M", "1M/1048576" },
		{ "header_size_limit", "2k", "2k/2048" },
		{ "header_size_limit", "0x10", "0x10/16" },
		{ "queue_max_size", "1G", "1G/1073741824" },
		{ "queue_max_size", "8589934591G", "8589934591G/9223372035781033984" },
		{ "queue_max_size", "8589934592G", "!'8589934592G' is no size" },
		{ "queue_max_size", "0", "!'0' is no size" },
		{ "queue_max_size", "G", "!'G' is no size" },
		{ "queue_max_size", "1T", "!'1T' is no size" },
		{ "queue_max_size", "1 M", "!'1 M' is no size" },
		{ "message_size_limit", "none", "-/0" },
		{ "message_size_limit", "off", "-/0" },
		{ "message_size_limit", "", "-/0" },
		{ "header_size_limit", "none", "!'none' is no size" },
		{ "queue_lifetime", "5d", "5d/432000" },
		{ "queue_lifetime", "90s", "90s/90" },
		{ "queue_lifetime", "2m", "2m/120" },
		{ "queue_warning", "4H", "4H/14400" },
		{ "queue_warning", "0x1d", "0x1d/29" },
		{ "queue_lifetime", "99999d", "!'99999d' is no time" },
		{ "queue_lifetime", "5d ", "!'5d ' is no time" },
	};

	check(rows, sizeof rows / sizeof rows[0]);
}

Test(setting_read, reads_choices_and_what_nothing_means)
{
	static const struct row rows[] = {
		{ "set_from_header", "", "auto/1" },
		{ "set_from_header", "on", "on/2" },
		{ "set_from_header", "off", "off/0" },
		{ "set_date_header", "", "auto/1" },
		{ "set_date_header", "on", "!'on' is none of auto|off" },
		{ "set_msgid_header", "Auto", "!'Auto' is none of auto|off" },
		{ "queue", "", "on/1" },
		{ "queue", "only", "only/2" },
		{ "protocol", "lmtp", "lmtp/1" },
		{ "protocol", "", "!'protocol' needs an argument" },
		{ "dsn_return", "full", "full/2" },
		{ "dsn_return", "headers", "headers/1" },
		{ "dsn_return", "hdrs", "!'hdrs' is none of off|headers|full" },
		{ "log_format", "json", "json/1" },
	};

	check(rows, sizeof rows / sizeof rows[0]);
}

Test(setting_read, takes_the_home_directory_for_a_leading_tilde)
{
	static const struct row rows[] = {
		{ "aliases", "~/a b", "/home/joe/a b/0" },
		{ "logfile", "~", "/home/joe/0" },
		{ "logfile", "-", "-/0" },
		{ "aliases", "~joe/a", "~joe/a/0" },
		{ "aliases", "/x/~/y", "/x/~/y/0" },
		{ "aliases", "hash:~/a b", "/home/joe/a b/0" },
		{ "generic", "cdb:~/a", "cdb:/home/joe/a.cdb/0" },
		{ "transport", "cdb:a.cdb", "cdb:a.cdb/0" },
		{ "sasl_passwd", "lmdb:/x/~/y", "/x/~/y/0" },
		{ "logfile", "hash:/x", "hash:/x/0" },
		{ "aliases", "rel/x", "rel/x/0" },
		{ "aliases", "", "-/0" },
		{ "passwordeval", "~/bin/pass", "~/bin/pass/0" },
		{ "queue_directory", "", "!'queue_directory' needs an argument" },
	};

	check(rows, sizeof rows / sizeof rows[0]);
}

/* F212 */
Test(setting_read, refuses_a_tilde_without_a_home_directory)
{
	cr_assert_str_eq(outcome("aliases", text_of("~/a"), NULL),
	    "!'~' stands for a home directory, and none is known");
}

/* F204 F214 */
Test(setting_read, refuses_control_characters_where_they_would_be_sent)
{
	static const char *const names[] = { "user", "from", "domain", "maildomain", "aliases",
		"tls_host_override", "passwordeval", "source_ip" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		cr_assert_str_eq(outcome(names[i], text_make("a\rb", 3), "/"),
		    "!holds a control character", "%s", names[i]);
		cr_assert_str_eq(outcome(names[i], text_make("a\0b", 3), "/"),
		    "!holds a control character", "%s", names[i]);
	}
	cr_assert_str_eq(outcome("passwordeval", text_of("a\tb"), "/"), "a\tb/0");
}

/* F95, F104: every byte, and not to be read there. */
Test(setting_read, keeps_a_password_as_it_is_written)
{
	static const char written[] = " a\"b:c\\ \xc3\xa9 ";
	const struct row nothing = { "password", "", "-/0" };
	struct secret secret = { 0 };
	struct value value;
	struct failure why;

	cr_assert(setting_read(
	    setting_row(SETTING_PASSWORD), text_of(written), NULL, arena, &value, &why));
	cr_assert_null(strstr(value.text, "a\"b"));
	secret_unveil(&secret, value.text);
	cr_assert_str_eq(secret.bytes, written);
	secret_wipe(&secret);
	check(&nothing, 1);
}

Test(setting_read, leaves_the_value_alone_when_it_fails)
{
	struct value value = { .text = "before", .number = 7 };
	struct failure why;

	cr_assert(
	    !setting_read(setting_row(SETTING_PORT), text_of("x"), NULL, arena, &value, &why));
	cr_assert_str_eq(value.text, "before");
	cr_assert(value.number == 7 && !value.set);
}

Test(setting_read, says_which_settings_may_stand_without_an_argument)
{
	static const struct {
		enum setting_id id;
		bool may;
	} rows[] = {
		{ SETTING_TLS, true },
		{ SETTING_AUTH, true },
		{ SETTING_SYSLOG, true },
		{ SETTING_SET_FROM_HEADER, true },
		{ SETTING_PROTOCOL, false },
		{ SETTING_HOST, false },
		{ SETTING_USER, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_eq(setting_read_has_usual(setting_row(rows[i].id)), rows[i].may, "%s",
		    setting_row(rows[i].id)->name);
}
