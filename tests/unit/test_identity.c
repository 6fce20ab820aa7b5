/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/identity.h"
#include "tests/support/certificate.h"

static char directory[64];
static char cert_file[100];
static char key_file[100];

static void
write_identity(const char *name)
{
	struct certificate ca = certificate_authority("Test CA");
	struct certificate leaf = certificate_leaf(&ca, "client.test");

	certificate_write_chain(&leaf, &ca, directory, name);
	certificate_close(&leaf);
	certificate_close(&ca);
}

static void
set_up(void)
{
	(void)snprintf(directory, sizeof directory, "/tmp/relay-identity.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	(void)snprintf(cert_file, sizeof cert_file, "%s/client.pem", directory);
	(void)snprintf(key_file, sizeof key_file, "%s/client.key", directory);
	write_identity("client");
}

static void
tear_down(void)
{
	static const char *const names[] = { "client.pem", "client.key", "other.pem", "other.key" };
	char path[100];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", directory, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(directory);
}

TestSuite(identity, .init = set_up, .fini = tear_down);

static bool
load(const char *certificate, const char *key, struct failure *why)
{
	gnutls_certificate_credentials_t credentials;
	bool loaded;

	cr_assert_geq(gnutls_certificate_allocate_credentials(&credentials), 0);
	loaded = identity_load(certificate, key, credentials, why);
	gnutls_certificate_free_credentials(credentials);
	return loaded;
}

Test(identity, loads_a_certificate_and_its_key)
{
	struct failure why = { 0 };

	cr_expect(load(cert_file, key_file, &why), "%s", why.what);
}

/* F67 */
Test(identity, refuses_a_key_that_others_can_read)
{
	struct failure why = { 0 };

	cr_assert_eq(chmod(key_file, 0644), 0);
	cr_assert_not(load(cert_file, key_file, &why));
	cr_expect_eq(why.code, EX_CONFIG);
	cr_expect(strstr(why.what, "the private key is open to others") != NULL, "%s", why.what);
	cr_expect(strstr(why.what, "0644") != NULL, "%s", why.what);
	cr_expect_str_eq(why.where, key_file);
	cr_expect(strstr(why.hint, "chmod 600") != NULL, "%s", why.hint);
}

/* F67 */
Test(identity, refuses_files_that_cannot_be_read)
{
	const struct {
		const char *label, *certificate, *key, *where, *what;
	} rows[] = {
		{ "no certificate", "/nonexistent/c.pem", key_file, "/nonexistent/c.pem",
		    "cannot open the file: No such file or directory" },
		{ "no key", cert_file, "/nonexistent/c.key", "/nonexistent/c.key",
		    "cannot open the file: No such file or directory" },
		{ "a directory", cert_file, directory, directory, "not a regular file" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };

		cr_assert_not(load(rows[i].certificate, rows[i].key, &why), "%s", rows[i].label);
		cr_expect_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_expect_not(why.temporary, "%s", rows[i].label);
		cr_expect_str_eq(why.where, rows[i].where, "%s", rows[i].label);
		cr_expect_str_eq(why.what, rows[i].what, "%s: %s", rows[i].label, why.what);
	}
}

Test(identity, refuses_a_key_of_another_certificate)
{
	char other[100];
	char wanted[250];
	struct failure why = { 0 };

	write_identity("other");
	(void)snprintf(other, sizeof other, "%s/other.key", directory);
	cr_assert_not(load(cert_file, other, &why));
	(void)snprintf(wanted, sizeof wanted,
	    "the private key does not belong to the certificate '%s'", cert_file);
	cr_expect_eq(why.code, EX_CONFIG);
	cr_expect_str_eq(why.what, wanted);
	cr_expect_str_eq(why.where, other);
}

Test(identity, refuses_what_is_no_key)
{
	struct failure why = { 0 };
	FILE *file = fopen(key_file, "w");

	cr_assert_not_null(file);
	cr_assert_geq(fputs("hello\n", file), 0);
	cr_assert_eq(fclose(file), 0);
	cr_assert_not(load(cert_file, key_file, &why));
	cr_expect_eq(why.code, EX_CONFIG);
	cr_expect(strstr(why.what, "cannot use the client certificate") != NULL, "%s", why.what);
	cr_expect_str_eq(why.where, key_file);
}

Test(identity, refuses_a_certificate_without_a_key)
{
	struct failure why = { 0 };

	cr_assert_not(load(cert_file, NULL, &why));
	cr_expect_eq(why.code, EX_CONFIG);
	cr_expect_str_eq(why.what, "a client certificate is set without its key");
}

/* F102 */
Test(identity, shows_no_pin)
{
	static const char *const rows[][2] = {
		{ "/etc/key.pem", "/etc/key.pem" },
		{ "pkcs11:object=a?pin-value=1234", "pkcs11:object=a?pin-value=***" },
		{ "pkcs11:object=a?pin-value=1234&module-name=m",
		    "pkcs11:object=a?pin-value=***&module-name=m" },
		{ "PKCS11:a?PIN-value=1234", "PKCS11:a?PIN-value=***" },
		{ "pkcs11:a?pin-value=1&pin-value=2", "pkcs11:a?pin-value=***&pin-value=***" },
		{ "pkcs11:a?pin-source=/run/pin", "pkcs11:a?pin-source=/run/pin" },
		{ "pkcs11:a?pin-value=", "pkcs11:a?pin-value=***" },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(identity_shown(rows[i][0], arena), rows[i][1]);
	cr_assert_null(identity_shown(NULL, arena));
	arena_close(arena);
}
