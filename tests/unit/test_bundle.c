/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/bundle.h"
#include "tests/support/certificate.h"

static char directory[64];
static char path[100];
static struct arena *arena;

static void
set_up(void)
{
	(void)snprintf(directory, sizeof directory, "/tmp/relay-bundle.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	(void)snprintf(path, sizeof path, "%s/roots.pem", directory);
	arena = arena_open();
}

static void
tear_down(void)
{
	arena_close(arena);
	(void)unlink(path);
	(void)rmdir(directory);
}

TestSuite(bundle, .init = set_up, .fini = tear_down);

static void
put(const char *text)
{
	FILE *file = fopen(path, "a");

	cr_assert_not_null(file);
	cr_assert_geq(fputs(text, file), 0);
	cr_assert_eq(fclose(file), 0);
}

static void
put_certificate(const struct certificate *certificate)
{
	gnutls_datum_t pem;
	FILE *file = fopen(path, "a");

	cr_assert_not_null(file);
	cr_assert_geq(gnutls_x509_crt_export2(certificate->crt, GNUTLS_X509_FMT_PEM, &pem), 0);
	cr_assert_eq(fwrite(pem.data, 1, pem.size, file), pem.size);
	cr_assert_eq(fclose(file), 0);
	gnutls_free(pem.data);
}

static size_t
count_named(const struct certificate *leaf)
{
	gnutls_certificate_credentials_t credentials;
	struct failure why = { 0 };
	struct bundle bundle;
	size_t count;

	cr_assert(bundle_open(path, arena, &bundle, &why), "%s", why.what);
	cr_assert_geq(gnutls_certificate_allocate_credentials(&credentials), 0);
	count = bundle_add_named(&bundle, &leaf->crt, 1, credentials);
	gnutls_certificate_free_credentials(credentials);
	return count;
}

Test(bundle, adds_only_the_root_that_is_named)
{
	struct certificate first = certificate_authority("First CA");
	struct certificate second = certificate_authority("Second CA");
	struct certificate third = certificate_authority("Third CA");
	struct certificate leaf = certificate_leaf(&second, "srv.test");
	struct certificate stranger = certificate_leaf(&leaf, "other.test");

	put("# Roots\n");
	put_certificate(&first);
	put_certificate(&second);
	put("some words between\n");
	put_certificate(&third);
	cr_expect_eq(count_named(&leaf), 1);
	cr_expect_eq(count_named(&stranger), 0);
	certificate_close(&first);
	certificate_close(&second);
	certificate_close(&third);
	certificate_close(&leaf);
	certificate_close(&stranger);
}

/* Whoever edits a bundle elsewhere brings other line ends; none may cost its authority. */
Test(bundle, finds_the_root_whatever_the_lines)
{
	static const struct {
		const char *label, *line_end;
		size_t width;
	} rows[] = {
		{ "CRLF", "\r\n", 64 },
		{ "76 digits a line", "\n", 76 },
		{ "one long line", "\n", 100000 },
		{ "one digit a line", "\n", 1 },
	};
	struct certificate root = certificate_authority("Test CA");
	struct certificate leaf = certificate_leaf(&root, "srv.test");
	gnutls_datum_t der, digits;

	cr_assert_geq(gnutls_x509_crt_export2(root.crt, GNUTLS_X509_FMT_DER, &der), 0);
	cr_assert_geq(gnutls_base64_encode2(&der, &digits), 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char line[4096];

		(void)unlink(path);
		(void)snprintf(
		    line, sizeof line, "-----BEGIN CERTIFICATE-----%s", rows[i].line_end);
		put(line);
		for (size_t at = 0; at < digits.size; at += rows[i].width) {
			(void)snprintf(line, sizeof line, "%.*s%s", (int)rows[i].width,
			    (const char *)digits.data + at, rows[i].line_end);
			put(line);
		}
		put("-----END CERTIFICATE-----\n");
		cr_expect_eq(count_named(&leaf), 1, "%s", rows[i].label);
	}
	gnutls_free(der.data);
	gnutls_free(digits.data);
	certificate_close(&root);
	certificate_close(&leaf);
}

/* It is looked through in windows: a root may stand across the border of two. */
Test(bundle, finds_the_root_wherever_it_stands)
{
	struct certificate root = certificate_authority("Test CA");
	struct certificate other = certificate_authority("Other CA");
	struct certificate leaf = certificate_leaf(&root, "srv.test");

	for (size_t before = 31000; before < 33000; before += 37) {
		char *filler = calloc(before + 1, 1);

		cr_assert_not_null(filler);
		memset(filler, '#', before);
		(void)unlink(path);
		/* Words behind a certificate belong to its block, words at the top to none. */
		if (before % 2 == 0)
			put_certificate(&other);
		put(filler);
		put("\n");
		put_certificate(&root);
		cr_expect_eq(count_named(&leaf), 1, "behind %zu bytes", before);
		free(filler);
	}
	certificate_close(&root);
	certificate_close(&other);
	certificate_close(&leaf);
}

Test(bundle, passes_over_what_is_no_certificate)
{
	struct certificate root = certificate_authority("Test CA");
	struct certificate leaf = certificate_leaf(&root, "srv.test");

	put("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
	put("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	put_certificate(&root);
	put("-----BEGIN CERTIFICATE-----\nAAAA");
	cr_expect_eq(count_named(&leaf), 1);
	certificate_close(&root);
	certificate_close(&leaf);
}

/* F64 */
Test(bundle, refuses_a_file_without_certificates)
{
	static const struct {
		const char *label, *text;
	} rows[] = {
		{ "empty", "" },
		{ "words", "no certificate here\n" },
		{ "broken", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
		{ "only a beginning", "-----BEGIN CERTIFICATE-----" },
		{ "a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		struct bundle bundle;

		(void)unlink(path);
		put(rows[i].text);
		cr_assert_not(bundle_open(path, arena, &bundle, &why), "%s", rows[i].label);
		cr_expect_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_expect_str_eq(why.what, "holds no certificate", "%s", rows[i].label);
		cr_expect_str_eq(why.where, path, "%s", rows[i].label);
		cr_expect_str_not_empty(why.hint);
	}
}

/* F64 */
Test(bundle, refuses_a_file_that_cannot_be_read)
{
	const struct {
		const char *label, *path, *what;
	} rows[] = {
		{ "missing", path, "cannot open the file: No such file or directory" },
		{ "a directory", directory, "not a regular file" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		struct bundle bundle;

		cr_assert_not(bundle_open(rows[i].path, arena, &bundle, &why), "%s", rows[i].label);
		cr_expect_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_expect_not(why.temporary, "%s", rows[i].label);
		cr_expect_str_eq(why.what, rows[i].what, "%s: %s", rows[i].label, why.what);
		cr_expect_str_eq(why.where, rows[i].path, "%s", rows[i].label);
	}
}

Test(bundle, adds_all_of_them)
{
	struct certificate first = certificate_authority("First CA");
	struct certificate second = certificate_authority("Second CA");
	gnutls_certificate_credentials_t credentials;
	struct failure why = { 0 };
	struct bundle bundle;

	put_certificate(&first);
	put_certificate(&second);
	cr_assert(bundle_open(path, arena, &bundle, &why));
	cr_assert_geq(gnutls_certificate_allocate_credentials(&credentials), 0);
	cr_expect(bundle_add_all(&bundle, credentials, &why), "%s", why.what);
	gnutls_certificate_free_credentials(credentials);
	certificate_close(&first);
	certificate_close(&second);
}
