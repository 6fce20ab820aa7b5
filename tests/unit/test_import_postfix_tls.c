/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_postfix_tls.h"

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

TestSuite(import_postfix_tls, .init = open_imported, .fini = close_imported);

#include "config/import_parameter.h"

static struct import_entries entries;

/* The entry of that name in such a main.cf. */
static const struct import_entry *
entry(const char *content, const char *name)
{
	struct import_file file = { .path = "main.cf", .bytes = text_of(content) };

	imported_again(imported);
	entries = (struct import_entries){ 0 };
	cr_assert(import_parameter_read(&file, &imported->writer, &entries, &imported->shelf->why));
	cr_assert_not_null(import_row_last(&entries, name));
	return import_row_last(&entries, name);
}

Test(import_postfix_tls, takes_a_certificate_with_its_key)
{
	import_postfix_tls_certificate(&imported->writer,
	    entry("smtp_tls_cert_file = /dev/null\n", "smtp_tls_cert_file"), &entries);
	cr_assert_str_eq(
	    imported_settings(imported), "tls_cert_file /dev/null|tls_key_file /dev/null");
	import_postfix_tls_certificate(&imported->writer,
	    entry("smtp_tls_cert_file = /dev/null\nsmtp_tls_key_file = /dev/zero\n",
		"smtp_tls_cert_file"),
	    &entries);
	cr_assert_str_eq(
	    imported_settings(imported), "tls_cert_file /dev/null|tls_key_file /dev/zero");
	import_postfix_tls_certificate(&imported->writer,
	    entry("smtp_tls_cert_file = none\n", "smtp_tls_cert_file"), &entries);
	cr_assert_str_eq(imported_settings(imported), "");
}

Test(import_postfix_tls, takes_authorities_from_one_file)
{
	import_postfix_tls_authority_file(
	    &imported->writer, entry("smtp_tls_CAfile = /dev/null\n", "smtp_tls_CAfile"), &entries);
	cr_assert_str_eq(imported_settings(imported), "tls_trust_file /dev/null");
	import_postfix_tls_authority_file(
	    &imported->writer, entry("smtp_tls_CAfile =\n", "smtp_tls_CAfile"), &entries);
	cr_assert_str_eq(imported_settings(imported), "");
	import_postfix_tls_authorities(&imported->writer,
	    entry("smtp_tls_CApath = /etc/ssl/certs/\n", "smtp_tls_CApath"), &entries);
	cr_assert_str_eq(imported_complaints(imported), "");
	import_postfix_tls_authorities(
	    &imported->writer, entry("smtp_tls_CApath = /etc/mine\n", "smtp_tls_CApath"), &entries);
	cr_assert_not_null(strstr(imported_complaints(imported), "'smtp_tls_CApath' is not kept"));
}

#define PIN \
	"01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF"

Test(import_postfix_tls, takes_one_fingerprint_of_sha256)
{
	static const struct {
		const char *content;
		const char *settings;
		bool lost;
	} rows[] = {
		{ "smtp_tls_security_level = fingerprint\n", "tls_fingerprint " PIN, false },
		{ "smtp_tls_security_level = fingerprint\nsmtp_tls_fingerprint_digest = sha256\n",
		    "tls_fingerprint " PIN, false },
		{ "smtp_tls_security_level = fingerprint\nsmtp_tls_fingerprint_digest = md5\n", "",
		    true },
		{ "smtp_tls_security_level = encrypt\n", "", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		import_postfix_tls_fingerprint(&imported->writer,
		    entry(arena_print(imported->shelf->arena,
			      "%ssmtp_tls_fingerprint_cert_match = " PIN "\n", rows[i].content),
			"smtp_tls_fingerprint_cert_match"),
		    &entries);
		cr_assert_str_eq(imported_settings(imported), rows[i].settings, "row %zu", i);
		cr_assert_eq(imported_complaints(imported)[0] != '\0', rows[i].lost, "row %zu", i);
	}
	import_postfix_tls_fingerprint(&imported->writer,
	    entry("smtp_tls_security_level = fingerprint\n"
		  "smtp_tls_fingerprint_cert_match = " PIN "|" PIN "\n",
		"smtp_tls_fingerprint_cert_match"),
	    &entries);
	cr_assert_str_eq(imported_settings(imported), "");
}

Test(import_postfix_tls, tells_of_versions_it_does_not_ask_for)
{
	import_postfix_tls_versions(&imported->writer,
	    entry("smtp_tls_protocols = !SSLv2, !SSLv3\n", "smtp_tls_protocols"), &entries);
	cr_assert_str_eq(imported_complaints(imported), "");
	import_postfix_tls_versions(&imported->writer,
	    entry("smtp_tls_protocols = >=TLSv1.3\n", "smtp_tls_protocols"), &entries);
	cr_assert_not_null(strstr(imported_complaints(imported), "tls_priorities"));
}
