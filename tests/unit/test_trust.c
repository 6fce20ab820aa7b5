/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "net/tls.h"
#include "net/trust.h"
#include "tests/support/certificate.h"
#include "tests/support/pipe.h"

#define DAY ((time_t)86400)

static char directory[64];
static char roots[100];
static char lists[100];
static struct certificate ca;

static void
set_up(void)
{
	(void)snprintf(directory, sizeof directory, "/tmp/relay-trust.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	(void)snprintf(roots, sizeof roots, "%s/roots.pem", directory);
	(void)snprintf(lists, sizeof lists, "%s/lists.pem", directory);
	ca = certificate_authority("Test CA");
	certificate_write(&ca, directory, "roots");
}

static void
tear_down(void)
{
	certificate_close(&ca);
	(void)unlink(roots);
	(void)unlink(lists);
	(void)rmdir(directory);
}

TestSuite(trust, .init = set_up, .fini = tear_down);

/* Does the client trust a server at srv.test with this chain? */
static bool
trusted(
    const struct trust *trust, const struct certificate *chain, size_t count, struct failure *why)
{
	const struct pipe_wish wish = { .chain = chain, .count = count, .pipes = true };
	const struct tls_rule rule = { .trust = *trust, .host = "srv.test", .verify = true };
	struct pipe_peer *peer = pipe_open(&wish);
	struct channel *channel = pipe_channel(peer);
	bool started = tls_start(&channel, &rule, deadline_after(20000), why);

	if (started)
		cr_expect_eq(channel->privacy, CHANNEL_VERIFIED);
	else
		cr_expect_null(channel);
	channel_close(channel);
	pipe_close(peer);
	return started;
}

static bool
trusted_by_file(const struct certificate_wish *wish, struct failure *why)
{
	const struct trust trust = { .file = roots };
	struct certificate leaf = certificate_make(wish);
	bool started = trusted(&trust, &leaf, 1, why);

	certificate_close(&leaf);
	return started;
}

Test(trust, reads_a_fingerprint)
{
	static const char digits[] = "00112233445566778899AABBCCDDEEFF"
				     "00112233445566778899aabbccddeeff";
	static const char colons[] = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
				     "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff";
	unsigned char plain[TRUST_FINGERPRINT_SIZE];
	unsigned char paired[TRUST_FINGERPRINT_SIZE];
	struct failure why = { 0 };

	cr_assert(trust_fingerprint(digits, plain, &why), "%s", why.what);
	cr_assert(trust_fingerprint(colons, paired, &why), "%s", why.what);
	cr_expect_arr_eq(plain, paired, sizeof plain);
	cr_expect_eq(plain[1], 0x11);
	cr_expect_eq(plain[31], 0xff);
}

/* F66 */
Test(trust, refuses_what_is_no_sha256_fingerprint)
{
	static const struct {
		const char *label, *text, *hint;
	} rows[] = {
		{ "empty", "", NULL },
		{ "SHA-1", "00112233445566778899AABBCCDDEEFF00112233", "a SHA-1 one" },
		{ "SHA-1 with colons",
		    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33", "a SHA-1 one" },
		{ "MD5", "00112233445566778899AABBCCDDEEFF", "an MD5 one" },
		{ "one digit short",
		    "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEF", NULL },
		{ "one digit long",
		    "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF0", NULL },
		{ "no digits", "zz112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF",
		    NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned char bytes[TRUST_FINGERPRINT_SIZE] = { 77 };
		struct failure why = { 0 };

		cr_assert_not(trust_fingerprint(rows[i].text, bytes, &why), "%s", rows[i].label);
		cr_expect_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_expect(strstr(why.what, "not a SHA-256 one") != NULL, "%s", why.what);
		cr_expect_eq(bytes[0], 77, "%s", rows[i].label);
		if (rows[i].hint == NULL)
			cr_expect_str_empty(why.hint, "%s", rows[i].label);
		else
			cr_expect(strstr(why.hint, rows[i].hint) != NULL, "%s: %s", rows[i].label,
			    why.hint);
	}
}

/* F64 */
Test(trust, refuses_what_cannot_vouch_for_anybody)
{
	const struct {
		const char *label;
		struct trust trust;
		const char *where, *what;
	} rows[] = {
		{ "nothing at all", { .file = NULL }, "",
		    "neither an authority nor a fingerprint is set, so no certificate could be "
		    "verified" },
		{ "missing", { .file = "/nonexistent/ca.pem" }, "/nonexistent/ca.pem",
		    "cannot open the file: No such file or directory" },
		{ "a directory", { .file = directory }, directory, "not a regular file" },
		{ "a device", { .file = "/dev/null" }, "/dev/null", "not a regular file" },
		{ "no revocation list", { .file = roots, .crl_file = roots }, roots,
		    "holds no revocation list" },
		{ "missing revocation list", { .file = roots, .crl_file = "/nonexistent/crl.pem" },
		    "/nonexistent/crl.pem", "cannot open the file: No such file or directory" },
		{ "a bad pin", { .file = roots, .fingerprint = "00" }, "",
		    "the fingerprint is not a SHA-256 one: 64 hexadecimal digits, with or without "
		    "colons "
		    "between pairs" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		gnutls_certificate_credentials_t credentials;
		struct trust_store *store = NULL;
		struct failure why = { 0 };

		cr_assert_geq(gnutls_certificate_allocate_credentials(&credentials), 0);
		cr_assert_not(
		    trust_open(&rows[i].trust, credentials, &store, &why), "%s", rows[i].label);
		cr_expect_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_expect_not(why.temporary, "%s", rows[i].label);
		cr_expect_str_eq(why.what, rows[i].what, "%s: %s", rows[i].label, why.what);
		cr_expect_str_eq(why.where, rows[i].where, "%s: %s", rows[i].label, why.where);
		cr_expect_null(store, "%s", rows[i].label);
		gnutls_certificate_free_credentials(credentials);
	}
}

Test(trust, takes_a_certificate_of_its_authority)
{
	const struct certificate_wish wish = {
		.dns = { "srv.test" }, .signer = &ca, .purpose = GNUTLS_KP_TLS_WWW_SERVER
	};
	struct failure why = { 0 };

	cr_expect(trusted_by_file(&wish, &why), "%s", why.what);
}

/* F36 */
Test(trust, takes_a_certificate_without_key_purpose)
{
	const struct certificate_wish wish = { .dns = { "srv.test" }, .signer = &ca };
	struct failure why = { 0 };

	cr_expect(trusted_by_file(&wish, &why), "%s", why.what);
}

Test(trust, refuses_with_the_reason)
{
	const time_t now = time(NULL);
	const struct {
		const char *label;
		struct certificate_wish wish;
		const char *part;
	} rows[] = {
		{ "expired F24",
		    { .dns = { "srv.test" },
			.signer = &ca,
			.not_before = now - 3 * DAY,
			.not_after = now - 2 * DAY },
		    "the server's certificate expired on " },
		{ "not yet valid F25",
		    { .dns = { "srv.test" }, .signer = &ca, .not_before = now + 2 * DAY },
		    "the server's certificate is valid only from " },
		{ "name mismatch F26", { .dns = { "other.test" }, .signer = &ca },
		    "the server's certificate is for 'other.test', not for 'srv.test'" },
		{ "CN of the host F27",
		    { .common_name = "srv.test", .dns = { "other.test" }, .signer = &ca },
		    "the server's certificate is for 'other.test', not for 'srv.test'" },
		{ "CN only F28", { .common_name = "srv.test", .signer = &ca },
		    "the server's certificate has no alternative name" },
		{ "self-signed F29", { .common_name = "srv.test", .dns = { "srv.test" } },
		    "the server's certificate is self-signed ('CN=srv.test')" },
		{ "SHA-1 F33", { .dns = { "srv.test" }, .signer = &ca, .sha1 = true },
		    "the server's certificate uses an insecure algorithm" },
		{ "RSA of 1024 bits F34",
		    { .dns = { "srv.test" }, .signer = &ca, .rsa_bits = 1024 },
		    "the server's certificate uses an insecure algorithm: RSA key of 1024 bits" },
		{ "for clients F35",
		    { .dns = { "srv.test" }, .signer = &ca, .purpose = GNUTLS_KP_TLS_WWW_CLIENT },
		    "not meant for servers" },
		{ "must staple F70", { .dns = { "srv.test" }, .signer = &ca, .must_staple = true },
		    "demands a stapled OCSP answer and none came" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };

		cr_assert_not(trusted_by_file(&rows[i].wish, &why), "%s", rows[i].label);
		cr_expect_eq(why.code, EX_UNAVAILABLE, "%s", rows[i].label);
		cr_expect_eq(why.stage, FAILURE_TLS, "%s", rows[i].label);
		cr_expect_str_eq(why.where, "srv.test:587", "%s", rows[i].label);
		cr_expect(
		    strstr(why.what, rows[i].part) != NULL, "%s: %s", rows[i].label, why.what);
	}
}

/* F30 */
Test(trust, refuses_an_authority_it_does_not_know)
{
	const struct trust trust = { .file = roots };
	struct certificate chain[2];
	struct failure why = { 0 };

	chain[1] = certificate_authority("Other CA");
	chain[0] = certificate_leaf(&chain[1], "srv.test");
	cr_assert_not(trusted(&trust, chain, 2, &why));
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	cr_expect(strstr(why.what,
		      "the authority 'CN=Other CA' that signed the server's certificate is "
		      "unknown")
		!= NULL,
	    "%s", why.what);
	cr_expect(strstr(why.what, roots) != NULL, "%s", why.what);
	certificate_close(&chain[0]);
	certificate_close(&chain[1]);
}

/* An authority of the right name and another key: the name finds it, the signature does not. */
Test(trust, refuses_an_authority_of_the_same_name)
{
	const struct trust trust = { .file = roots };
	struct certificate impostor = certificate_authority("Test CA");
	struct certificate leaf = certificate_leaf(&impostor, "srv.test");
	struct failure why = { 0 };

	cr_assert_not(trusted(&trust, &leaf, 1, &why));
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	certificate_close(&leaf);
	certificate_close(&impostor);
}

struct branch {
	struct certificate middle;
	struct certificate leaf;
};

static struct branch
branch(const char *excluded)
{
	const struct certificate_wish middle = { .common_name = "Middle CA",
		.authority = true,
		.signer = &ca,
		.excluded_dns = excluded };
	struct branch made = { .middle = certificate_make(&middle) };

	made.leaf = certificate_leaf(&made.middle, "srv.test");
	return made;
}

static void
branch_close(struct branch *made)
{
	certificate_close(&made->leaf);
	certificate_close(&made->middle);
}

Test(trust, follows_an_intermediate)
{
	const struct trust trust = { .file = roots };
	struct branch made = branch(NULL);
	const struct certificate chain[] = { made.leaf, made.middle };
	struct failure why = { 0 };

	cr_expect(trusted(&trust, chain, 2, &why), "%s", why.what);
	branch_close(&made);
}

/* F31 */
Test(trust, misses_an_intermediate)
{
	const struct trust trust = { .file = roots };
	struct branch made = branch(NULL);
	struct failure why = { 0 };

	cr_assert_not(trusted(&trust, &made.leaf, 1, &why));
	cr_expect(strstr(why.what, "incomplete chain") != NULL, "%s", why.what);
	cr_expect(strstr(why.what, "CN=Middle CA") != NULL, "%s", why.what);
	branch_close(&made);
}

/* F37, F38 */
Test(trust, keeps_to_name_constraints)
{
	static const char *const excluded[] = { "srv.test", "test", "SRV.Test" };
	const struct trust trust = { .file = roots };

	for (size_t i = 0; i < sizeof excluded / sizeof excluded[0]; i++) {
		struct branch made = branch(excluded[i]);
		const struct certificate chain[] = { made.leaf, made.middle };
		struct failure why = { 0 };

		cr_expect_not(trusted(&trust, chain, 2, &why), "%s", excluded[i]);
		cr_expect_eq(why.code, EX_UNAVAILABLE, "%s", excluded[i]);
		branch_close(&made);
	}
}

/* A leaf that another leaf signed. */
Test(trust, refuses_a_signer_that_is_no_authority)
{
	const struct trust trust = { .file = roots };
	struct certificate chain[2];
	struct failure why = { 0 };

	chain[1] = certificate_leaf(&ca, "owner.test");
	chain[0] = certificate_leaf(&chain[1], "srv.test");
	cr_assert_not(trusted(&trust, chain, 2, &why));
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	certificate_close(&chain[0]);
	certificate_close(&chain[1]);
}

Test(trust, takes_a_server_whose_own_certificate_is_in_the_file)
{
	const struct certificate_wish wish = { .common_name = "srv.test", .dns = { "srv.test" } };
	const struct trust trust = { .file = roots };
	struct certificate leaf = certificate_make(&wish);
	struct failure why = { 0 };

	certificate_write(&leaf, directory, "roots");
	cr_expect(trusted(&trust, &leaf, 1, &why), "%s", why.what);
	certificate_close(&leaf);
}

static void
write_revocation(const struct certificate *revoked)
{
	gnutls_x509_crl_t list;
	gnutls_datum_t pem;
	FILE *file = fopen(lists, "w");
	time_t now = time(NULL);

	cr_assert_not_null(file);
	cr_assert_geq(gnutls_x509_crl_init(&list), 0);
	cr_assert_geq(gnutls_x509_crl_set_version(list, 2), 0);
	cr_assert_geq(gnutls_x509_crl_set_this_update(list, now - DAY), 0);
	cr_assert_geq(gnutls_x509_crl_set_next_update(list, now + DAY), 0);
	cr_assert_geq(gnutls_x509_crl_set_number(list, "\1", 1), 0);
	if (revoked != NULL)
		cr_assert_geq(gnutls_x509_crl_set_crt(list, revoked->crt, now - DAY), 0);
	cr_assert_geq(gnutls_x509_crl_sign2(list, ca.crt, ca.key, GNUTLS_DIG_SHA256, 0), 0);
	cr_assert_geq(gnutls_x509_crl_export2(list, GNUTLS_X509_FMT_PEM, &pem), 0);
	cr_assert_eq(fwrite(pem.data, 1, pem.size, file), pem.size);
	cr_assert_eq(fclose(file), 0);
	gnutls_free(pem.data);
	gnutls_x509_crl_deinit(list);
}

Test(trust, refuses_a_revoked_certificate)
{
	const struct trust trust = { .file = roots, .crl_file = lists };
	struct certificate leaf = certificate_leaf(&ca, "srv.test");
	struct failure why = { 0 };

	write_revocation(&leaf);
	cr_assert_not(trusted(&trust, &leaf, 1, &why));
	cr_expect_str_eq(why.what, "the server's certificate was revoked");
	certificate_close(&leaf);
}

Test(trust, takes_a_certificate_that_the_list_does_not_hold)
{
	const struct trust trust = { .file = roots, .crl_file = lists };
	struct certificate leaf = certificate_leaf(&ca, "srv.test");
	struct failure why = { 0 };

	write_revocation(&ca);
	cr_expect(trusted(&trust, &leaf, 1, &why), "%s", why.what);
	certificate_close(&leaf);
}

/* The pin is the whole judgement: name, dates and authority do not matter. */
Test(trust, takes_a_pinned_certificate)
{
	const struct certificate_wish wish = {
		.common_name = "whoever", .not_before = 1000000000, .not_after = 1600000000
	};
	struct certificate leaf = certificate_make(&wish);
	char hex[CERTIFICATE_HEX_SIZE];
	const struct trust trust = { .fingerprint = hex };
	struct failure why = { 0 };

	certificate_fingerprint(&leaf, hex);
	cr_expect(trusted(&trust, &leaf, 1, &why), "%s", why.what);
	certificate_close(&leaf);
}

/* F65: a good certificate, and not the one. */
Test(trust, refuses_another_certificate_than_the_pinned)
{
	struct certificate pinned = certificate_leaf(&ca, "srv.test");
	struct certificate leaf = certificate_leaf(&ca, "srv.test");
	char pinned_hex[CERTIFICATE_HEX_SIZE];
	char leaf_hex[CERTIFICATE_HEX_SIZE];
	char wanted[400];
	const struct trust trust = { .file = roots, .fingerprint = pinned_hex };
	struct failure why = { 0 };

	certificate_fingerprint(&pinned, pinned_hex);
	certificate_fingerprint(&leaf, leaf_hex);
	cr_assert_not(trusted(&trust, &leaf, 1, &why));
	(void)snprintf(wanted, sizeof wanted,
	    "the server's certificate has the fingerprint %s, not the "
	    "%s of tls_fingerprint",
	    leaf_hex, pinned_hex);
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	cr_expect_str_eq(why.what, wanted);
	cr_expect_str_not_empty(why.hint);
	certificate_close(&leaf);
	certificate_close(&pinned);
}

static time_t
long_ago(time_t *moment)
{
	if (moment != NULL)
		*moment = 1000;
	return 1000;
}

/* F68 */
Test(trust, suspects_a_clock_that_is_wrong)
{
	const struct trust trust = { .file = roots };
	struct certificate leaf = certificate_leaf(&ca, "srv.test");
	struct failure why = { 0 };

	gnutls_global_set_time_function(long_ago);
	cr_assert_not(trusted(&trust, &leaf, 1, &why));
	cr_expect_eq(why.code, EX_UNAVAILABLE);
	cr_expect(strstr(why.what, "is valid only from") != NULL, "%s", why.what);
	cr_expect(strstr(why.hint, "clock") != NULL, "%s", why.hint);
	certificate_close(&leaf);
}

Test(trust, does_not_take_a_private_authority_for_the_system_s)
{
	const struct trust trust = { .file = "system" };
	struct certificate leaf = certificate_leaf(&ca, "srv.test");
	struct failure why = { 0 };

	cr_assert_not(trusted(&trust, &leaf, 1, &why));
	/* A machine without ca-certificates says that instead. */
	if (why.code == EX_CONFIG)
		cr_expect(strstr(why.hint, "ca-certificates") != NULL, "%s", why.hint);
	else
		cr_expect(strstr(why.what, "it is not in the system's authorities") != NULL, "%s",
		    why.what);
	certificate_close(&leaf);
}
