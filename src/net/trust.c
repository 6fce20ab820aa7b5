/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gnutls/crypto.h>

#include "base/arena.h"
#include "base/file.h"
#include "net/bundle.h"
#include "net/chain.h"
#include "net/refusal.h"

#define SHA1_SIZE 20
#define MD5_SIZE 16
#define HEX_SIZE (3 * TRUST_FINGERPRINT_SIZE)

/* Where systems keep what gnutls_certificate_set_x509_system_trust() would load. */
static const char *const system_bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
};

struct trust_store {
	const struct trust *trust;
	gnutls_certificate_credentials_t credentials;
	struct arena *arena;
	struct bundle bundle;
	bool lazy; /* the bundle's roots are not in the credentials yet */
	bool pinned;
	unsigned char pin[TRUST_FINGERPRINT_SIZE];
};

static bool
system_wide(const struct trust *trust)
{
	return strcmp(trust->file, "system") == 0;
}

static bool
refuse_fingerprint(size_t digits, struct failure *why)
{
	fail(why, EX_CONFIG,
	    "the fingerprint is not a SHA-256 one: 64 hexadecimal digits, with or "
	    "without colons between pairs");
	if (digits == (size_t)2 * SHA1_SIZE || digits == (size_t)2 * MD5_SIZE)
		return failure_hint(why,
		    "it has the length of %s one, which can be forged: take the SHA-256 "
		    "fingerprint of the certificate",
		    digits == (size_t)2 * MD5_SIZE ? "an MD5" : "a SHA-1");
	return false;
}

bool
trust_fingerprint(
    const char *text, unsigned char bytes[TRUST_FINGERPRINT_SIZE], struct failure *why)
{
	char digits[2 * TRUST_FINGERPRINT_SIZE + 1];
	unsigned char read[TRUST_FINGERPRINT_SIZE];
	gnutls_datum_t hex = { (unsigned char *)digits, 2 * TRUST_FINGERPRINT_SIZE };
	size_t size = sizeof read;
	size_t count = 0;

	for (const char *at = text; *at != '\0'; at++) {
		if (*at == ':')
			continue;
		if (count < sizeof digits - 1)
			digits[count] = *at;
		count++;
	}
	if (count != sizeof digits - 1 || gnutls_hex_decode(&hex, read, &size) < 0
	    || size != sizeof read)
		return refuse_fingerprint(count, why);
	memcpy(bytes, read, sizeof read);
	return true;
}

static bool
load_system(struct trust_store *store, struct failure *why)
{
	int count = gnutls_certificate_set_x509_system_trust(store->credentials);

	if (count > 0)
		return true;
	fail(why, EX_CONFIG, "this system has no certificates of authorities");
	return failure_hint(why,
	    "install the package ca-certificates, or set tls_trust_file to a file "
	    "with the authority's certificate");
}

static bool
open_system(struct trust_store *store, struct failure *why)
{
	for (size_t i = 0; i < sizeof system_bundles / sizeof system_bundles[0]; i++) {
		struct failure ignored;

		if (access(system_bundles[i], R_OK) == 0
		    && bundle_open(system_bundles[i], store->arena, &store->bundle, &ignored)) {
			store->lazy = true;
			return true;
		}
	}
	return load_system(store, why);
}

static bool
load_uri(struct trust_store *store, struct failure *why)
{
	int count = gnutls_certificate_set_x509_trust_file(
	    store->credentials, store->trust->file, GNUTLS_X509_FMT_PEM);

	if (count > 0)
		return true;
	fail(why, EX_CONFIG, "gives no certificate: %s",
	    count == 0 ? "there is none" : gnutls_strerror(count));
	return failure_at(why, "%s", store->trust->file);
}

static bool
open_authorities(struct trust_store *store, struct failure *why)
{
	const char *file = store->trust->file;

	if (file == NULL) {
		fail(why, EX_CONFIG,
		    "neither an authority nor a fingerprint is set, so no certificate "
		    "could be verified");
		return failure_hint(
		    why, "set tls_trust_file to 'system' or a file, or set tls_fingerprint");
	}
	if (system_wide(store->trust))
		return open_system(store, why);
	if (gnutls_url_is_supported(file) != 0)
		return load_uri(store, why);
	store->lazy = true;
	return bundle_open(file, store->arena, &store->bundle, why);
}

static bool
open_revocations(struct trust_store *store, struct failure *why)
{
	const char *file = store->trust->crl_file;
	struct text pem;
	gnutls_datum_t datum;
	int count;

	if (file == NULL)
		return true;
	if (!file_read(file, (size_t)64 * 1024 * 1024, store->arena, &pem, NULL, why)) {
		why->code = EX_CONFIG;
		why->temporary = false;
		return failure_hint(
		    why, "tls_crl_file must name a file of revocation lists in PEM form");
	}
	datum = (gnutls_datum_t){ (unsigned char *)arena_copy(store->arena, pem.bytes, pem.length),
		(unsigned)pem.length };
	count = gnutls_certificate_set_x509_crl_mem(
	    store->credentials, &datum, GNUTLS_X509_FMT_PEM);
	if (count > 0)
		return true;
	fail(why, EX_CONFIG, "holds no revocation list");
	return failure_at(why, "%s", file);
}

static bool
fill(struct trust_store *store, struct failure *why)
{
	if (store->trust->fingerprint != NULL) {
		store->pinned = true;
		return trust_fingerprint(store->trust->fingerprint, store->pin, why);
	}
	return open_authorities(store, why) && open_revocations(store, why);
}

bool
trust_open(const struct trust *trust, gnutls_certificate_credentials_t credentials,
    struct trust_store **store, struct failure *why)
{
	struct trust_store *made = calloc(1, sizeof *made);

	if (made == NULL)
		arena_exhausted();
	made->trust = trust;
	made->credentials = credentials;
	made->arena = arena_open();
	if (!fill(made, why)) {
		trust_close(made);
		return false;
	}
	*store = made;
	return true;
}

void
trust_close(struct trust_store *store)
{
	if (store == NULL)
		return;
	arena_close(store->arena);
	free(store);
}

static void
put_hex(const unsigned char bytes[TRUST_FINGERPRINT_SIZE], char text[HEX_SIZE])
{
	for (size_t i = 0; i < TRUST_FINGERPRINT_SIZE; i++)
		(void)snprintf(text + 3 * i, HEX_SIZE - 3 * i, "%02X%s", bytes[i],
		    i + 1 < TRUST_FINGERPRINT_SIZE ? ":" : "");
}

static bool
judge_pin(const struct trust_store *store, const struct chain *chain, struct failure *why)
{
	unsigned char found[TRUST_FINGERPRINT_SIZE];
	size_t size = sizeof found;
	char found_hex[HEX_SIZE];
	char pin_hex[HEX_SIZE];
	int result = gnutls_x509_crt_get_fingerprint(
	    chain->items[0], GNUTLS_DIG_SHA256, found, &size);

	if (result < 0 || size != sizeof found)
		return fail(why, EX_UNAVAILABLE, "cannot take the certificate's fingerprint: %s",
		    gnutls_strerror(result));
	if (memcmp(found, store->pin, sizeof found) == 0)
		return true;
	put_hex(found, found_hex);
	put_hex(store->pin, pin_hex);
	fail(why, EX_UNAVAILABLE,
	    "the server's certificate has the fingerprint %s, not the %s of "
	    "tls_fingerprint",
	    found_hex, pin_hex);
	return failure_hint(why,
	    "ask the server's operator whether the certificate was renewed, and only "
	    "then set tls_fingerprint anew");
}

/* An error, a status and a sound chain are three things: an error is never a 0 (F69). */
static bool
verify(gnutls_session_t session, unsigned *status, struct failure *why)
{
	static unsigned char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
	gnutls_typed_vdata_st data = { GNUTLS_DT_KEY_PURPOSE_OID, purpose, 0 };
	int result = gnutls_certificate_verify_peers(session, &data, 1, status);

	if (result < 0)
		return fail(why, EX_UNAVAILABLE,
		    "the server's certificate could not be verified: %s", gnutls_strerror(result));
	return true;
}

static bool
load_rest(struct trust_store *store, struct failure *why)
{
	store->lazy = false;
	if (system_wide(store->trust))
		return load_system(store, why);
	if (bundle_add_all(&store->bundle, store->credentials, why))
		return true;
	return failure_at(why, "%s", store->trust->file);
}

static bool
judge_chain(struct trust_store *store, gnutls_session_t session, const struct chain *chain,
    struct failure *why)
{
	unsigned status = ~0U;

	if (store->lazy)
		(void)bundle_add_named(
		    &store->bundle, chain->items, chain->count, store->credentials);
	if (!verify(session, &status, why))
		return false;
	if (status != 0 && store->lazy) {
		if (!load_rest(store, why) || !verify(session, &status, why))
			return false;
	}
	if (status == 0)
		return true;
	return refusal_explain(status, chain,
	    system_wide(store->trust) ? "the system's authorities" : store->trust->file, why);
}

bool
trust_judge(
    struct trust_store *store, gnutls_session_t session, const char *host, struct failure *why)
{
	struct chain chain;
	bool sound;

	if (!chain_open(session, &chain, why))
		return false;
	if (store->pinned)
		sound = judge_pin(store, &chain, why);
	else
		sound = judge_chain(store, session, &chain, why) && chain_names(&chain, host, why);
	chain_close(&chain);
	return sound;
}
