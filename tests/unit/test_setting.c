/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/setting.h"

#include <criterion/criterion.h>
#include <string.h>

Test(setting, has_a_row_with_name_and_help_for_every_id)
{
	for (int i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = setting_row((enum setting_id)i);

		cr_assert_eq((int)setting->id, i, "row %d", i);
		cr_assert_not_null(setting->name, "row %d", i);
		cr_assert_not_null(setting->help, "%s", setting->name);
		cr_assert_eq(setting->type == SETTING_IS_CHOICE, setting->choices != NULL, "%s",
		    setting->name);
		cr_assert_eq(setting->type == SETTING_IS_SPECIAL, setting->read != NULL, "%s",
		    setting->name);
		cr_assert_eq(setting_find(text_of(setting->name)), setting, "%s", setting->name);
	}
}

Test(setting, gives_no_two_settings_one_option)
{
	for (int i = 0; i < SETTING_COUNT; i++)
		for (int k = 0; k < i; k++) {
			const struct setting *a = setting_row((enum setting_id)i);
			const struct setting *b = setting_row((enum setting_id)k);

			cr_assert(
			    a->flag == NULL || b->flag == NULL || strcmp(a->flag, b->flag) != 0,
			    "%s", a->flag);
			cr_assert(a->letter == 0 || a->letter != b->letter, "-%c", a->letter);
		}
}

/* F101 */
Test(setting, gives_no_secret_an_option)
{
	for (int i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = setting_row((enum setting_id)i);

		if (setting->type == SETTING_IS_SECRET)
			cr_assert(
			    setting->flag == NULL && setting->letter == 0, "%s", setting->name);
	}
	cr_assert_eq(setting_row(SETTING_PASSWORD)->type, SETTING_IS_SECRET);
}

Test(setting, knows_every_command_of_the_manual)
{
	static const char *const commands[] = { "host", "port", "timeout", "timeout_final", "protocol", "domain",
		"source_ip", "socket", "proxy_host", "proxy_port", "auth", "user", "password",
		"passwordeval", "ntlmdomain", "tls", "tls_starttls", "tls_trust_file",
		"tls_crl_file", "tls_fingerprint", "tls_key_file", "tls_cert_file", "tls_certcheck",
		"tls_priorities", "tls_host_override", "tls_min_dh_prime_bits", "from",
		"from_full_name", "allow_from_override", "set_from_header", "set_date_header",
		"set_msgid_header", "set_to_header", "undisclosed_recipients", "remove_bcc_headers",
		"dsn_notify", "dsn_return", "logfile", "logfile_time_format", "syslog", "aliases",
		"auto_from", "maildomain", "generic", "transport", "sasl_passwd", "local_domains",
		"recipient_delimiter", "sender_dependent_auth", "generic_recursion",
		"public_secrets", "passwordfile", "password_credential", "password_fd", "netrc",
		"queue", "queue_account_faults", "queue_directory", "queue_lifetime",
		"queue_warning", "queue_max_size", "header_size_limit", "recipient_limit",
		"message_size_limit", "log_format" };

	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		cr_assert_not_null(setting_find(text_of(commands[i])), "%s", commands[i]);
	cr_assert_eq(sizeof commands / sizeof commands[0], SETTING_COUNT);
	cr_assert_null(setting_find(text_of("Port")));
	cr_assert_null(setting_find(text_of("")));
}

Test(setting, turns_old_names_into_todays)
{
	static const struct {
		const char *name;
		const char *argument;
		const char *today; /* NULL: no old name, or not with this argument */
		const char *argument_today;
	} rows[] = {
		{ "connect_timeout", "5", "timeout", "5" },
		{ "keepbcc", "", "remove_bcc_headers", "off" },
		{ "keepbcc", "on", "remove_bcc_headers", "off" },
		{ "keepbcc", "off", "remove_bcc_headers", "on" },
		{ "keepbcc", "x", "remove_bcc_headers", "x" },
		{ "add_missing_from_header", "", "set_from_header", "auto" },
		{ "add_missing_from_header", "off", "set_from_header", "off" },
		{ "add_missing_date_header", "on", "set_date_header", "auto" },
		{ "tls_nocertcheck", "", "tls_certcheck", "off" },
		{ "tls_nostarttls", "", "tls_starttls", "off" },
		{ "tls_nocertcheck", "off", NULL, NULL },
		{ "tls_nostarttls", "on", NULL, NULL },
		{ "tls_force_sslv3", "on", "", "on" },
		{ "port", "25", NULL, NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct text name = text_of(rows[i].name);
		struct text argument = text_of(rows[i].argument);
		bool old = setting_modernize(&name, &argument);

		cr_assert_eq(old, rows[i].today != NULL, "%s %s", rows[i].name, rows[i].argument);
		if (!old)
			continue;
		cr_assert(text_is(name, rows[i].today), "%s", rows[i].name);
		cr_assert(text_is(argument, rows[i].argument_today), "%s %s", rows[i].name,
		    rows[i].argument);
	}
}

Test(setting, finds_the_name_that_was_meant)
{
	static const struct {
		const char *written;
		const char *meant; /* NULL: nothing near */
	} rows[] = {
		{ "Port", "port" },
		{ "por", "port" },
		{ "ports", "port" },
		{ "pork", "port" },
		{ "prot", "port" },
		{ "HOST", "host" },
		{ "hots", "host" },
		{ "tls_start_tls", "tls_starttls" },
		{ "acount", "account" },
		{ "Defaults", "defaults" },
		{ "includes", "include" },
		{ "pt", NULL },
		{ "wholly_other", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *found = setting_nearest(text_of(rows[i].written));

		if (rows[i].meant == NULL)
			cr_assert_null(found, "%s", rows[i].written);
		else
			cr_assert(found != NULL && strcmp(found, rows[i].meant) == 0, "%s",
			    rows[i].written);
	}
}
