/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <string.h>

#include "net/chain.h"
#include "tests/support/certificate.h"

/* Makes the certificate and asks whether it is one for `host`. */
static bool
named(const struct certificate_wish *wish, const char *host, struct failure *why)
{
	struct certificate certificate = certificate_make(wish);
	const struct chain chain = { .items = { certificate.crt }, .count = 1 };
	bool matched = chain_names(&chain, host, why);

	certificate_close(&certificate);
	return matched;
}

Test(chain, takes_names_as_rfc_9525_does)
{
	static const struct {
		const char *label;
		struct certificate_wish wish;
		const char *host;
		bool matches;
	} rows[] = {
		{ "the name", { .dns = { "srv.test" } }, "srv.test", true },
		{ "another name F26", { .dns = { "other.test" } }, "srv.test", false },
		{ "one of several", { .dns = { "a.test", "b.test", "srv.test" } }, "srv.test",
		    true },
		{ "CN and another name F27", { .common_name = "srv.test", .dns = { "other.test" } },
		    "srv.test", false },
		{ "CN alone F28", { .common_name = "srv.test" }, "srv.test", false },
		{ "CN and a URI F39", { .common_name = "srv.test", .uri = "https://srv.test/" },
		    "srv.test", false },
		{ "CN and an address", { .common_name = "srv.test", .ip = { "127.0.0.1" } },
		    "srv.test", false },
		{ "wildcard one label up F40", { .dns = { "*.test" } }, "srv.test", false },
		{ "wildcard two labels up F40", { .dns = { "*.test" } }, "a.srv.test", false },
		{ "wildcard F40", { .dns = { "*.sub.test" } }, "a.sub.test", true },
		{ "wildcard over two labels F40", { .dns = { "*.sub.test" } }, "a.b.sub.test",
		    false },
		{ "NUL in the name F41", { .raw_dns = "srv.test\0.evil", .raw_dns_length = 14 },
		    "srv.test", false },
		{ "NUL and a CN F41",
		    { .common_name = "srv.test",
			.raw_dns = "srv.test\0.evil",
			.raw_dns_length = 14 },
		    "srv.test", false },
		{ "IPv4 F42", { .ip = { "127.0.0.1" } }, "127.0.0.1", true },
		{ "IPv4 as a dNSName F42", { .dns = { "127.0.0.1" } }, "127.0.0.1", false },
		{ "IPv4 as CN F42", { .common_name = "127.0.0.1" }, "127.0.0.1", false },
		{ "another IPv4", { .ip = { "127.0.0.2" } }, "127.0.0.1", false },
		{ "IPv6 in brackets F43", { .ip = { "::1" } }, "[::1]", true },
		{ "IPv6 with scope F43", { .ip = { "fe80::1" } }, "fe80::1%eth0", true },
		{ "IDN F44", { .dns = { "xn--bcher-kva.test" } },
		    "b\xc3\xbc"
		    "cher.test",
		    true },
		{ "trailing dot F45", { .dns = { "srv.test" } }, "srv.test.", true },
		{ "upper-case host F46", { .dns = { "srv.test" } }, "SRV.Test", true },
		{ "upper-case certificate F46", { .dns = { "SRV.TEST" } }, "srv.test", true },
		{ "nothing", { .common_name = NULL }, "srv.test", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		bool matched = named(&rows[i].wish, rows[i].host, &why);

		cr_expect_eq(matched, rows[i].matches, "%s: %s", rows[i].label, why.what);
		cr_expect_eq(why.code, rows[i].matches ? 0 : EX_UNAVAILABLE, "%s", rows[i].label);
	}
}

Test(chain, lists_the_names_that_the_certificate_has)
{
	const struct certificate_wish wish = { .dns = { "a.test", "*.b.test" },
		.ip = { "192.0.2.1" } };
	struct failure why;

	cr_assert_not(named(&wish, "srv.test", &why));
	cr_expect_str_eq(why.what,
	    "the server's certificate is for 'a.test', '*.b.test', '192.0.2.1', "
	    "not for 'srv.test'");
	cr_expect(strstr(why.hint, "tls_host_override") != NULL, "%s", why.hint);
}

/* F28 */
Test(chain, explains_that_a_common_name_does_not_count)
{
	const struct certificate_wish wish = { .common_name = "srv.test" };
	struct failure why;

	cr_assert_not(named(&wish, "srv.test", &why));
	cr_expect_str_eq(why.what,
	    "the server's certificate has no alternative name, so it is not for "
	    "'srv.test'");
	cr_expect(strstr(why.hint, "RFC 9525") != NULL, "%s", why.hint);
}

/* F39 */
Test(chain, refuses_an_oversized_name_beside_the_right_one)
{
	char large[5000];
	const struct certificate_wish wish = {
		.common_name = "srv.test",
		.raw_dns = large,
		.raw_dns_length = sizeof large,
	};
	struct failure why;

	memset(large, 'a', sizeof large);
	cr_assert_not(named(&wish, "srv.test", &why));
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	cr_expect(strstr(why.what, "a name that cannot be read") != NULL, "%s", why.what);
}

Test(chain, lists_no_more_names_than_fit)
{
	static const char a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test";
	const struct certificate_wish wish = { .dns = { a, a, a, a, a, a, a, a } };
	struct failure why;

	cr_assert_not(named(&wish, "srv.test", &why));
	cr_expect(strstr(why.what, "not for 'srv.test'") != NULL, "%s", why.what);
}

Test(chain, does_not_let_a_name_write_to_the_terminal)
{
	const struct certificate_wish wish = { .raw_dns = "\x1b[2J.test", .raw_dns_length = 9 };
	struct failure why;

	cr_assert_not(named(&wish, "srv.test", &why));
	cr_expect_str_eq(
	    why.what, "the server's certificate is for '?[2J.test', not for 'srv.test'");
}

Test(chain, tells_subject_and_issuer)
{
	struct certificate ca = certificate_authority("Test CA");
	struct certificate leaf = certificate_leaf(&ca, "srv.test");
	char text[CHAIN_NAME_SIZE];

	chain_subject(leaf.crt, text);
	cr_expect_str_eq(text, "CN=srv.test");
	chain_issuer(leaf.crt, text);
	cr_expect_str_eq(text, "CN=Test CA");
	certificate_close(&leaf);
	certificate_close(&ca);
}
