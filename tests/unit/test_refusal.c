/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "net/refusal.h"
#include "tests/support/certificate.h"

#define DAY ((time_t)86400)

static void
explain(unsigned status, const struct certificate *certificates, size_t count, struct failure *why)
{
	struct chain chain = { .count = count };

	for (size_t i = 0; i < count; i++)
		chain.items[i] = certificates[i].crt;
	cr_expect_not(refusal_explain(status, &chain, "/etc/roots.pem", why));
	cr_expect_eq(why->code, EX_UNAVAILABLE, "%s", why->what);
}

static void
put_date(time_t moment, char text[16])
{
	struct tm parts;

	cr_assert_not_null(gmtime_r(&moment, &parts));
	cr_assert_gt(strftime(text, 16, "%Y-%m-%d", &parts), 0);
}

/* F24, F68 */
Test(refusal, tells_both_dates_of_an_expired_certificate)
{
	const struct certificate_wish wish = { .not_before = 1000000000, .not_after = 1600000000 };
	struct certificate leaf = certificate_make(&wish);
	char today[16];
	char wanted[200];
	struct failure why;

	explain(GNUTLS_CERT_INVALID | GNUTLS_CERT_EXPIRED, &leaf, 1, &why);
	put_date(time(NULL), today);
	(void)snprintf(wanted, sizeof wanted,
	    "the server's certificate expired on 2020-09-13 (today is %s)", today);
	cr_expect_str_eq(why.what, wanted);
	cr_expect(strstr(why.hint, "clock") != NULL, "%s", why.hint);
	certificate_close(&leaf);
}

Test(refusal, names_the_intermediate_that_expired)
{
	const struct certificate_wish old = { .common_name = "Old CA",
		.authority = true,
		.not_before = 1000000000,
		.not_after = 1600000000 };
	struct certificate chain[2];
	struct failure why;

	chain[1] = certificate_make(&old);
	chain[0] = certificate_leaf(&chain[1], "srv.test");
	explain(GNUTLS_CERT_EXPIRED, chain, 2, &why);
	cr_expect(strstr(why.what,
		      "the certificate of 'CN=Old CA' in the server's chain expired on "
		      "2020-09-13")
		!= NULL,
	    "%s", why.what);
	certificate_close(&chain[0]);
	certificate_close(&chain[1]);
}

/* F25, F68 */
Test(refusal, tells_both_dates_of_a_certificate_that_is_too_new)
{
	const struct certificate_wish wish = { .not_before = 4070908800, .not_after = 4073587200 };
	struct certificate leaf = certificate_make(&wish);
	struct failure why;

	explain(GNUTLS_CERT_NOT_ACTIVATED, &leaf, 1, &why);
	cr_expect(strstr(why.what, "is valid only from 2099-01-01 on (today is 20") != NULL, "%s",
	    why.what);
	cr_expect(strstr(why.hint, "clock") != NULL, "%s", why.hint);
	certificate_close(&leaf);
}

/* F29 */
Test(refusal, calls_a_self_signed_certificate_so)
{
	const struct certificate_wish wish = { .common_name = "srv.test", .dns = { "srv.test" } };
	struct certificate leaf = certificate_make(&wish);
	struct failure why;

	explain(GNUTLS_CERT_SIGNER_NOT_FOUND, &leaf, 1, &why);
	cr_expect_str_eq(why.what,
	    "the server's certificate is self-signed ('CN=srv.test'): no "
	    "authority vouches for it");
	cr_expect(strstr(why.hint, "tls_trust_file") != NULL, "%s", why.hint);
	certificate_close(&leaf);
}

/* F30 */
Test(refusal, names_an_authority_that_is_unknown)
{
	struct certificate chain[2];
	struct failure why;

	chain[1] = certificate_authority("Test CA");
	chain[0] = certificate_leaf(&chain[1], "srv.test");
	explain(GNUTLS_CERT_SIGNER_NOT_FOUND, chain, 2, &why);
	cr_expect_str_eq(why.what,
	    "the authority 'CN=Test CA' that signed the server's certificate is "
	    "unknown: it is not in /etc/roots.pem");
	cr_expect(strstr(why.hint, "tls_trust_file") != NULL, "%s", why.hint);
	certificate_close(&chain[0]);
	certificate_close(&chain[1]);
}

/* F31 */
Test(refusal, suspects_an_incomplete_chain)
{
	struct certificate ca = certificate_authority("Test CA");
	struct certificate leaf = certificate_leaf(&ca, "srv.test");
	struct failure why;

	explain(GNUTLS_CERT_SIGNER_NOT_FOUND, &leaf, 1, &why);
	cr_expect(strstr(why.what, "incomplete chain") != NULL, "%s", why.what);
	cr_expect(strstr(why.what, "CN=Test CA") != NULL, "%s", why.what);
	certificate_close(&leaf);
	certificate_close(&ca);
}

/* F33 */
Test(refusal, names_a_weak_signature)
{
	struct certificate ca = certificate_authority("Test CA");
	const struct certificate_wish wish = { .dns = { "srv.test" }, .signer = &ca, .sha1 = true };
	struct certificate leaf = certificate_make(&wish);
	struct failure why;

	explain(GNUTLS_CERT_INSECURE_ALGORITHM, &leaf, 1, &why);
	cr_expect_str_eq(why.what,
	    "the server's certificate uses an insecure algorithm: EC/ECDSA key of "
	    "256 bits, signed with ECDSA-SHA1");
	certificate_close(&leaf);
	certificate_close(&ca);
}

/* F34 */
Test(refusal, names_a_short_key)
{
	const struct certificate_wish wish = { .dns = { "srv.test" }, .rsa_bits = 1024 };
	struct certificate leaf = certificate_make(&wish);
	struct failure why;

	explain(GNUTLS_CERT_INSECURE_ALGORITHM, &leaf, 1, &why);
	cr_expect_str_eq(why.what,
	    "the server's certificate uses an insecure algorithm: RSA key of 1024 "
	    "bits, signed with RSA-SHA256");
	certificate_close(&leaf);
}

Test(refusal, has_a_sentence_for_each_status)
{
	static const struct {
		unsigned status;
		const char *part;
	} rows[] = {
		{ GNUTLS_CERT_REVOKED, "was revoked" },
		{ GNUTLS_CERT_SIGNER_NOT_CA, "may not sign others" },
		{ GNUTLS_CERT_PURPOSE_MISMATCH, "not meant for servers" }, /* F35 */
		{ GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE,
		    "may not vouch for such names" },                                     /* F37 */
		{ GNUTLS_CERT_MISSING_OCSP_STATUS, "stapled OCSP answer and none came" }, /* F70 */
		{ GNUTLS_CERT_INVALID_OCSP_STATUS, "stapled OCSP answer is invalid" },    /* F70 */
		{ GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, "out of date" },
		{ GNUTLS_CERT_SIGNATURE_FAILURE, "signature" },
		{ GNUTLS_CERT_MISMATCH, "not valid" },
		{ 1U << 31, "not valid" }, /* F69 */
		{ GNUTLS_CERT_INVALID, "not valid" },
	};
	struct certificate ca = certificate_authority("Test CA");
	struct certificate leaf = certificate_leaf(&ca, "srv.test");

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why;

		explain(rows[i].status, &leaf, 1, &why);
		cr_expect(
		    strstr(why.what, rows[i].part) != NULL, "%#x: %s", rows[i].status, why.what);
	}
	certificate_close(&leaf);
	certificate_close(&ca);
}
