/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_postfix_rows.h"

#include "tests/support/imported.h"

static struct imported *imported;

static void
open_imported(void)
{
	imported = imported_open();
}

static void
close_imported(void)
{
	imported_close(imported);
}

TestSuite(import_postfix_rows, .init = open_imported, .fini = close_imported);

#include "config/import_parameter.h"

static const char *
written(const char *content)
{
	struct import_file file = { .path = "main.cf", .bytes = text_of(content) };
	struct import_entries entries = { 0 };

	imported_again(imported);
	cr_assert(import_parameter_read(&file, &imported->writer, &entries, &imported->shelf->why));
	import_row_write(import_postfix_rows(), &entries, &entries, &imported->writer);
	imported_valid(imported, content);
	return imported_settings(imported);
}

Test(import_postfix_rows, keeps_what_relay_has_too)
{
	static const struct {
		const char *content;
		const char *settings;
	} rows[] = {
		{ "myhostname = h.a.example\nmydestination = $myhostname\n",
		    "domain h.a.example|maildomain h.a.example|local_domains h.a.example" },
		{ "myhostname = h.a.example\nmyorigin = a.example\n",
		    "domain h.a.example|maildomain a.example|"
		    "local_domains h.a.example localhost.a.example localhost" },
		{ "myorigin = /etc/mailname\n", "" },
		{ "smtp_helo_name = h.a.example\n", "domain h.a.example" },
		{ "mydestination = a.example, /etc/postfix/more, hash:/x b.example\n",
		    "local_domains a.example b.example" },
		{ "mydestination =\nalias_maps = hash:/etc/aliases\n", "aliases" },
		{ "alias_maps = hash:/dev/null\n", "aliases /dev/null" },
		{ "alias_maps =\n", "aliases" },
		{ "transport_maps = hash:/dev/null\n", "transport /dev/null" },
		{ "smtp_generic_maps = hash:/dev/null\n",
		    "generic /dev/null|generic_recursion off" },
		{ "canonical_maps = hash:/dev/null\n", "generic /dev/null" },
		{ "sender_canonical_maps = hash:/dev/null\n", "generic /dev/null" },
		{ "canonical_maps = hash:/dev/null\nsender_canonical_maps = hash:/dev/zero\n",
		    "generic /dev/null" },
		{ "canonical_maps = hash:/dev/zero\nsmtp_generic_maps = hash:/dev/null\n",
		    "generic /dev/null|generic_recursion off" },
		{ "recipient_delimiter = +-\n", "recipient_delimiter +-" },
		{ "recipient_delimiter =\n", "" },
		{ "smtp_bind_address = 192.0.2.1\nsmtp_bind_address6 = 2001:db8::1\n",
		    "source_ip 192.0.2.1" },
		{ "smtp_bind_address6 = 2001:db8::1\n", "source_ip 2001:db8::1" },
		{ "header_size_limit = 102400\nmessage_size_limit = 10240000\n",
		    "header_size_limit 102400|message_size_limit 10240000" },
		{ "message_size_limit = 0\n", "" },
		{ "maximal_queue_lifetime = 5\ndelay_warning_time = 4\n",
		    "queue_lifetime 5d|queue_warning 4h" },
		{ "maximal_queue_lifetime = 1w\ndelay_warning_time = 0h\n", "queue_lifetime 7d" },
		{ "maximal_queue_lifetime = 12h\n", "queue_lifetime 12h" },
		{ "inet_protocols = all\n", "" },
		{ "default_transport = smtp\n", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(written(rows[i].content), rows[i].settings, "%s", rows[i].content);
}

Test(import_postfix_rows, tells_of_what_it_does_not_keep)
{
	static const char *const lines[] = {
		"inet_protocols = ipv4",
		"default_transport = error:no",
		"relay_transport = smtp:[m]",
		"virtual_alias_maps = hash:/dev/null",
		"recipient_canonical_maps = hash:/dev/null",
		"masquerade_domains = a.example",
		"append_dot_mydomain = yes",
		"always_bcc = boss@a.example",
		"header_checks = regexp:/x",
		"sender_dependent_relayhost_maps = hash:/x",
		"smtp_tls_policy_maps = hash:/x",
		"smtp_header_checks = regexp:/x",
		"smtp_connect_timeout = 5",
		"smtp_fallback_relay = b.example",
		"smtp_bind_address = $nowhere",
		"transport_maps = ldap:/x",
		"myorigin = /nonexistent/origin",
		"maximal_queue_lifetime = soon",
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		cr_assert_str_eq(written(lines[i]), "", "%s", lines[i]);
		cr_assert_not_null(strstr(imported_output(imported),
				       arena_print(imported->shelf->arena, "#   %s\n", lines[i])),
		    "%s", lines[i]);
		cr_assert_not_null(
		    strstr(imported_complaints(imported), "main.cf:1: "), "%s", lines[i]);
	}
}

Test(import_postfix_rows, names_the_setting_that_does_nearly_the_same)
{
	(void)written("smtp_fallback_relay = b.example\nsmtp_connect_timeout = 5\n");
	cr_assert_not_null(strstr(imported_complaints(imported), "second server behind 'host'"));
	cr_assert_not_null(strstr(imported_complaints(imported), "'timeout' sets a limit"));
}

Test(import_postfix_rows, lists_what_is_not_about_sending)
{
	cr_assert_str_eq(written("smtpd_banner = x\nbiff = no\nmailbox_size_limit = 0\n"
				 "append_dot_mydomain = no\nsmtp_sasl_type = cyrus\n"
				 "smtp_tls_session_cache_database = btree:x\n"),
	    "");
	cr_assert_str_eq(imported_complaints(imported), "");
	cr_assert_not_null(strstr(imported_output(imported),
	    "# Not about sending, or done anyway: smtpd_banner, biff, mailbox_size_limit,"));
}

/* In Postfix the short keys hold for myorigin, too. */
Test(import_postfix_rows, tells_of_keys_that_would_not_match)
{
	(void)written("myorigin = a.example\nmydestination = localhost\n"
		      "smtp_generic_maps = hash:/dev/null\n");
	cr_assert_not_null(strstr(imported_complaints(imported), "add '@a.example' to it"));
	(void)written("myorigin = a.example\nmydestination = localhost A.example\n"
		      "smtp_generic_maps = hash:/dev/null\n");
	cr_assert_str_eq(imported_complaints(imported), "");
}

Test(import_postfix_rows, takes_the_origin_from_a_file)
{
	const char *path = shelf_file(imported->shelf, "origin", "a.example\n");

	cr_assert_str_eq(written(arena_print(imported->shelf->arena, "myorigin = %s\n", path)),
	    "maildomain a.example");
}
