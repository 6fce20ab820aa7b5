/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_server.h"

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

TestSuite(import_server, .init = open_imported, .fini = close_imported);

Test(import_server, never_writes_less_than_relay_does)
{
	static const struct {
		const char *host;
		enum import_server_tls tls;
		bool login;
		const char *settings;
		const char *complaint; /* NULL: none */
	} rows[] = {
		{ "a.example", IMPORT_SERVER_STARTTLS, true, "tls on|tls_starttls on", NULL },
		{ "a.example", IMPORT_SERVER_IMPLICIT, true, "tls on|tls_starttls off", NULL },
		{ "a.example", IMPORT_SERVER_IF_ASKED, false, "tls on|tls_starttls on",
		    "now it must" },
		{ "a.example", IMPORT_SERVER_CLEAR, true, "tls on", "password may have gone" },
		{ "a.example", IMPORT_SERVER_CLEAR, false, "tls off", "everybody on the way" },
		{ "localhost", IMPORT_SERVER_CLEAR, true, "tls off", NULL },
		{ "127.0.0.1", IMPORT_SERVER_CLEAR, false, "tls off", NULL },
		{ "[::1]", IMPORT_SERVER_CLEAR, false, "tls off", NULL },
		{ "localhost a.example", IMPORT_SERVER_CLEAR, true, "tls on",
		    "password may have gone" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct import_server server = { .place = imported->place,
			.host = text_of(rows[i].host),
			.port = 2525,
			.tls = rows[i].tls,
			.login = rows[i].login };

		imported_again(imported);
		import_server_write(&imported->writer, &server);
		cr_assert_str_eq(imported_settings(imported),
		    arena_print(imported->shelf->arena, "host %s|port 2525|%s", rows[i].host,
			rows[i].settings),
		    "row %zu", i);
		if (rows[i].complaint == NULL)
			cr_assert_str_eq(imported_complaints(imported), "", "row %zu", i);
		else
			cr_assert_not_null(
			    strstr(imported_complaints(imported), rows[i].complaint), "row %zu", i);
		imported_valid(imported, rows[i].host);
	}
}

Test(import_server, tells_of_a_certificate_that_nobody_verified)
{
	struct import_server server = { .place = imported->place,
		.host = text_of("a.example"),
		.tls = IMPORT_SERVER_STARTTLS };

	import_server_write(&imported->writer, &server);
	cr_assert_not_null(strstr(imported_output(imported), "was not verified, and is now"));
	imported_again(imported);
	server.verified = true;
	import_server_write(&imported->writer, &server);
	cr_assert_null(strstr(imported_output(imported), "verified"));
}

Test(import_server, tells_of_a_missing_server)
{
	const struct import_server server = { .place = imported->place,
		.tls = IMPORT_SERVER_STARTTLS };

	import_server_write(&imported->writer, &server);
	cr_assert_str_eq(imported_settings(imported), "tls on|tls_starttls on");
	cr_assert_not_null(strstr(imported_complaints(imported), "no server is named"));
}

Test(import_server, splits_host_and_port)
{
	static const struct {
		const char *value;
		const char *host;
		int64_t port;
	} rows[] = {
		{ "a.example", "a.example", 25 },
		{ "a.example:587", "a.example", 587 },
		{ "a.example 587", "a.example", 587 },
		{ "[2001:db8::1]:587", "[2001:db8::1]", 587 },
		{ "[2001:db8::1]", "[2001:db8::1]", 25 },
		{ "a.example:x", "a.example", 25 },
		{ " a.example : 587 ", "a.example", 587 },
		{ ":587", "", 587 },
		{ "", "", 25 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct text host;
		int64_t port = 25;

		import_server_split(text_of(rows[i].value), &host, &port);
		cr_assert(text_is(host, rows[i].host), "%s", rows[i].value);
		cr_assert_eq(port, rows[i].port, "%s", rows[i].value);
	}
}
