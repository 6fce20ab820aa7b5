/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>

#include "net/host.h"

Test(host, is_read_into_one_form)
{
	static const struct {
		const char *text, *name;
		int family;
		size_t length;
	} rows[] = {
		{ "srv.test", "srv.test", AF_UNSPEC, 0 },
		{ "SRV.Test", "SRV.Test", AF_UNSPEC, 0 },  /* F46 */
		{ "srv.test.", "srv.test", AF_UNSPEC, 0 }, /* F45 */
		{ "mail_relay.test", "mail_relay.test", AF_UNSPEC, 0 },
		{ "127.0.0.1", "127.0.0.1", AF_INET, 4 }, /* F42 */
		{ "[127.0.0.1]", "127.0.0.1", AF_INET, 4 },
		{ "::1", "::1", AF_INET6, 16 },
		{ "[::1]", "::1", AF_INET6, 16 },                 /* F43 */
		{ "fe80::1%eth0", "fe80::1%eth0", AF_INET6, 16 }, /* F43 */
		{ "b\xc3\xbc"
		  "cher.test",
		    "xn--bcher-kva.test", AF_UNSPEC, 0 }, /* F44 */
		{ "1.2.3", "1.2.3", AF_UNSPEC, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		struct host host;

		cr_assert(host_read(rows[i].text, &host, &why), "%s: %s", rows[i].text, why.what);
		cr_expect_str_eq(host.name, rows[i].name, "%s gave %s", rows[i].text, host.name);
		cr_expect_eq(host.family, rows[i].family, "family of %s", rows[i].text);
		cr_expect_eq(host.address_length, rows[i].length, "address of %s", rows[i].text);
	}
}

Test(host, keeps_the_address_without_its_scope)
{
	static const unsigned char wanted[16] = { 0xfe, 0x80, [15] = 1 };
	struct failure why;
	struct host host;

	cr_assert(host_read("[fe80::1%eth0]", &host, &why));
	cr_expect_arr_eq(host.address, wanted, sizeof wanted);
}

Test(host, refuses_what_is_no_host)
{
	static const struct {
		const char *label, *text, *what;
	} rows[] = {
		{ "empty", "", "the host name is empty" },
		{ "nothing", NULL, "the host name is empty" },
		{ "empty brackets", "[]", "the host name is empty" },
		{ "a blank", "srv test",
		    "'srv test' is no host name: it holds a blank or control byte" },
		{ "a line end", "srv\rtest",
		    "'srv?test' is no host name: it holds a blank or control byte" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		struct host host;

		cr_assert_not(host_read(rows[i].text, &host, &why), "%s", rows[i].label);
		cr_expect_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_expect_str_eq(why.what, rows[i].what, "%s: %s", rows[i].label, why.what);
	}
}

/* F44 */
Test(host, refuses_what_idna_refuses)
{
	struct failure why;
	struct host host;

	cr_assert_not(host_read("\xe2\x98\x83\xff.test", &host, &why));
	cr_expect_eq(why.code, EX_CONFIG);
	cr_expect(strstr(why.what, "is no internationalized host name") != NULL, "%s", why.what);
}

Test(host, refuses_a_name_that_is_too_long)
{
	char text[HOST_LENGTH_MAX + 2];
	struct failure why;
	struct host host;

	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	cr_assert_not(host_read(text, &host, &why));
	cr_expect_eq(why.code, EX_CONFIG);
	cr_expect_str_eq(why.what, "the host name is longer than 254 bytes");
	text[HOST_LENGTH_MAX] = '\0';
	cr_expect(host_read(text, &host, &why));
}
