/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/bundle.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"

#define FILE_MAX ((size_t)16 * 1024 * 1024)
#define NAMED_MAX 64
#define BEGIN "-----BEGIN "

static size_t
find(struct text text, size_t from, const char *words)
{
	struct text rest = text_slice(text, from, text.length);
	const char *at = rest.length == 0 ? NULL
					  : memmem(rest.bytes, rest.length, words, strlen(words));

	return at == NULL ? text.length : (size_t)(at - text.bytes);
}

static bool
starts(struct text text, const char *words)
{
	return text.length >= strlen(words) && memcmp(text.bytes, words, strlen(words)) == 0;
}

/* Takes the next PEM block that is a certificate off `*rest`; false: there is none. */
static bool
next_block(struct text *rest, struct text *block)
{
	size_t start = find(*rest, 0, BEGIN);

	while (start < rest->length) {
		size_t end = find(*rest, start + 1, BEGIN);

		*block = text_slice(*rest, start, end);
		if (starts(*block, BEGIN "CERTIFICATE-----")
		    || starts(*block, BEGIN "X509 CERTIFICATE-----")) {
			*rest = text_slice(*rest, end, rest->length);
			return true;
		}
		start = end;
	}
	return false;
}

/* GnuTLS's datum has no const, and reads only. */
static gnutls_datum_t
datum(struct text text)
{
	union {
		const char *given;
		unsigned char *wanted;
	} bytes = { .given = text.bytes };

	return (gnutls_datum_t){ .data = bytes.wanted,
		.size = text.length > UINT_MAX ? 0 : (unsigned)text.length };
}

static bool
import(struct text block, gnutls_x509_crt_t *certificate)
{
	gnutls_datum_t pem = datum(block);

	if (gnutls_x509_crt_init(certificate) < 0)
		arena_exhausted();
	if (gnutls_x509_crt_import(*certificate, &pem, GNUTLS_X509_FMT_PEM) >= 0)
		return true;
	gnutls_x509_crt_deinit(*certificate);
	return false;
}

static bool
holds_one(struct text rest)
{
	struct text block;

	while (next_block(&rest, &block)) {
		gnutls_x509_crt_t certificate;

		if (import(block, &certificate)) {
			gnutls_x509_crt_deinit(certificate);
			return true;
		}
	}
	return false;
}

bool
bundle_open(const char *path, struct arena *arena, struct bundle *bundle, struct failure *why)
{
	struct text pem;

	if (!file_read(path, FILE_MAX, arena, &pem, NULL, why)) {
		/* Whatever keeps it from being read, sending is what the configuration forbids. */
		why->code = EX_CONFIG;
		why->temporary = false;
		return failure_hint(
		    why, "tls_trust_file must name a file of certificates in PEM form");
	}
	if (!holds_one(pem)) {
		fail(why, EX_CONFIG, "holds no certificate");
		failure_at(why, "%s", path);
		return failure_hint(
		    why, "tls_trust_file must name a file of certificates in PEM form");
	}
	bundle->pem = pem;
	return true;
}

/*
 * The name stands in the certificate as the same bytes, so searching them spares parsing it;
 * a name in another encoding is missed here and found when all are added.
 */
static bool
names_any(struct text block, const gnutls_datum_t *issuers, size_t count)
{
	gnutls_datum_t pem = datum(block);
	gnutls_datum_t der;
	bool found = false;

	if (gnutls_pem_base64_decode2(NULL, &pem, &der) < 0)
		return false;
	for (size_t i = 0; i < count && !found; i++)
		found = memmem(der.data, der.size, issuers[i].data, issuers[i].size) != NULL;
	gnutls_free(der.data);
	return found;
}

static size_t
read_issuers(const gnutls_x509_crt_t *chain, size_t count, gnutls_datum_t issuers[NAMED_MAX])
{
	size_t read = 0;

	for (size_t i = 0; i < count && read < NAMED_MAX; i++)
		if (gnutls_x509_crt_get_raw_issuer_dn(chain[i], &issuers[read]) >= 0)
			read++;
	return read;
}

size_t
bundle_add_named(const struct bundle *bundle, const gnutls_x509_crt_t *chain, size_t count,
    gnutls_certificate_credentials_t credentials)
{
	gnutls_datum_t issuers[NAMED_MAX];
	size_t issuer_count = read_issuers(chain, count, issuers);
	struct text rest = bundle->pem;
	struct text block;
	size_t added = 0;

	while (added < NAMED_MAX && next_block(&rest, &block)) {
		gnutls_x509_crt_t root;

		if (!names_any(block, issuers, issuer_count) || !import(block, &root))
			continue;
		if (gnutls_certificate_set_x509_trust(credentials, &root, 1) >= 0)
			added++;
		gnutls_x509_crt_deinit(root);
	}
	for (size_t i = 0; i < issuer_count; i++)
		gnutls_free(issuers[i].data);
	return added;
}

bool
bundle_add_all(
    const struct bundle *bundle, gnutls_certificate_credentials_t credentials, struct failure *why)
{
	gnutls_datum_t pem = datum(bundle->pem);
	int result = gnutls_certificate_set_x509_trust_mem(credentials, &pem, GNUTLS_X509_FMT_PEM);

	if (result > 0)
		return true;
	return fail(why, EX_CONFIG, "cannot read the certificates of the trust file: %s",
	    result == 0 ? "there is none" : gnutls_strerror(result));
}
