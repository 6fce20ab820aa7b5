/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_remote.h"

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

TestSuite(import_remote, .init = open_imported, .fini = close_imported);

static struct import_remote
parsed(const char *line)
{
	const struct import_place place = { "remotes", 1, text_of(line) };
	struct import_remote remote;
	bool found;

	cr_assert(import_remote_read(
	    &place, imported->shelf->arena, &remote, &found, &imported->shelf->why));
	cr_assert(found, "%s", line);
	return remote;
}

Test(import_remote, takes_words_as_a_shell_does)
{
	static const struct {
		const char *line;
		const char *host;
		const char *value; /* of the last option */
	} rows[] = {
		{ "m.example smtp pass=secret", "m.example", "secret" },
		{ "m.example smtp --pass=secret", "m.example", "secret" },
		{ "m.example smtp pass='two words'", "m.example", "two words" },
		{ "m.example smtp 'pass=two words'", "m.example", "two words" },
		{ "m.example smtp pass=\"a\\\"b\"", "m.example", "a\"b" },
		{ "m.example smtp pass=a\\ b", "m.example", "a b" },
		{ "m.example smtp pass='a\\b'", "m.example", "a\\b" },
		{ "m.example smtp pass=a'b c'd", "m.example", "ab cd" },
		{ "m.example smtp pass=a=b", "m.example", "a=b" },
		{ "m.example\tsmtp\tpass='open", "m.example", "open" },
		{ "'m.example' smtp pass=''", "m.example", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct import_remote remote = parsed(rows[i].line);
		const struct import_entry *pass = import_row_last(&remote.options, "pass");

		cr_assert(text_is(remote.host, rows[i].host), "%s", rows[i].line);
		cr_assert_not_null(pass, "%s", rows[i].line);
		cr_assert(text_is(pass->value, rows[i].value), "%s", rows[i].line);
	}
}

Test(import_remote, speaks_smtp_unless_told)
{
	cr_assert(text_is(parsed("m.example").protocol, "smtp"));
	cr_assert(text_is(parsed("m.example qmqp").protocol, "qmqp"));
}

Test(import_remote, knows_which_may_share_an_account)
{
	static const struct {
		const char *a;
		const char *b;
		bool like;
	} rows[] = {
		{ "a smtp user=x", "b smtp user=x", true },
		{ "a smtp user=x", "b smtp port=587 user=x", true },
		{ "a smtp user=x", "b smtp user=y", false },
		{ "a smtp user=x", "b smtp user=x starttls", false },
		{ "a", "b smtp", true },
		{ "a", "b qmqp", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct import_remote a = parsed(rows[i].a);
		struct import_remote b = parsed(rows[i].b);

		cr_assert_eq(import_remote_is_like(&a, &b), rows[i].like, "row %zu", i);
	}
}

Test(import_remote, writes_server_and_login)
{
	static const struct {
		const char *line;
		const char *settings;
	} rows[] = {
		{ "m smtp starttls user=joe pass='pa ss'",
		    "host m|port 25|tls on|tls_starttls on|user joe|password pa ss" },
		{ "m smtp --port=465 --ssl --starttls --user=joe --pass=x --auth-login",
		    "host m|port 465|tls on|tls_starttls off|user joe|password x|auth login" },
		{ "m smtp tls", "host m|port 465|tls on|tls_starttls off" },
		{ "m smtp user=joe pass=x port=2525",
		    "host m|port 2525|tls on|user joe|password x" },
		{ "m", "host m|port 25|tls off" },
		{ "m smtp starttls source=192.0.2.1",
		    "host m|port 25|tls on|tls_starttls on|source_ip 192.0.2.1" },
		{ "m smtp tls x509cafile=/dev/null x509crlfile=/dev/null",
		    "host m|port 465|tls on|tls_starttls off|tls_trust_file /dev/null|"
		    "tls_crl_file /dev/null" },
		{ "m smtp tls x509certfile=/dev/null",
		    "host m|port 465|tls on|tls_starttls off|tls_cert_file /dev/null|"
		    "tls_key_file /dev/null" },
		{ "m smtp tls x509keyfile=/dev/zero x509certfile=/dev/null",
		    "host m|port 465|tls on|tls_starttls off|tls_key_file /dev/zero|"
		    "tls_cert_file /dev/null" },
		{ "m smtp tls port=0", "host m|port 465|tls on|tls_starttls off" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct import_remote remote = parsed(rows[i].line);

		imported_again(imported);
		import_remote_write(&remote, 1, &imported->writer);
		cr_assert_str_eq(imported_settings(imported), rows[i].settings, "%s", rows[i].line);
		imported_valid(imported, rows[i].line);
	}
}

Test(import_remote, writes_several_hosts_with_their_ports)
{
	const struct import_remote remotes[] = { parsed("a smtp tls"),
		parsed("b smtp tls port=2465"), parsed("2001:db8::1 smtp tls") };

	import_remote_write(remotes, 3, &imported->writer);
	cr_assert_str_eq(imported_settings(imported),
	    "host a:465 b:2465 [2001:db8::1]:465|tls on|tls_starttls off");
	imported_valid(imported, "several");
}

/* A password with a blank and no quotes becomes an option. */
Test(import_remote, tells_of_what_it_does_not_keep)
{
	static const char *const options[] = { "insecure", "tls-anon-auth", "x509fmtder",
		"source=m.example", "hunter2", "pass=hunter4" };

	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		struct import_remote remote = parsed(
		    arena_print(imported->shelf->arena, "m smtp tls %s", options[i]));

		imported_again(imported);
		import_remote_write(&remote, 1, &imported->writer);
		cr_assert_not_null(
		    strstr(imported_complaints(imported), "remotes:1: "), "%s", options[i]);
		cr_assert_null(strstr(imported_complaints(imported), "hunter"));
	}
}
