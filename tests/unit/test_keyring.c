/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/keyring.h"

#include <criterion/criterion.h>

#include "base/arena.h"

Test(keyring, is_there_where_a_session_is)
{
	static const struct {
		const char *bus;
		bool privileged;
		bool there;
	} rows[] = {
		{ NULL, false, false },
		{ "unix:path=/run/user/1000/bus", false, KEYRING },
		{ "unix:path=/run/user/1000/bus", true, false },
		{ "/", false, KEYRING },
		{ "/nonexistent/bus", false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct environment environment = {
			.session_bus = rows[i].bus,
			.privileged = rows[i].privileged,
		};

		cr_assert_eq(keyring_is_there(&environment), rows[i].there, "%zu", i);
	}
}

/* Neither with the library nor without it is there anything to be found behind a bus that is
 * none: what libraries answer is the scenario's. */
Test(keyring, finds_nothing_without_a_bus)
{
	struct secret secret = { 0 };
	struct failure why;
	bool found = true;

	cr_assert_eq(setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1), 0);
	if (!keyring_find("mail.example", "joe", &found, &secret, &why))
		cr_assert_eq(why.code, EX_TEMPFAIL);
	cr_assert_not(found);
	cr_assert_null(secret.bytes);
}
