/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "tests/support/certificate.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509-ext.h>

#define DAY ((time_t)86400)
#define CHAIN_MAX 16

#define MUST(call) must((call), #call)

static void
must(int result, const char *call)
{
	if (result >= 0)
		return;
	(void)fprintf(stderr, "certificate: %s: %s\n", call, gnutls_strerror(result));
	abort();
}

static void
make_key(const struct certificate_wish *wish, struct certificate *made)
{
	MUST(gnutls_x509_privkey_init(&made->key));
	if (wish->rsa_bits > 0)
		MUST(gnutls_x509_privkey_generate(made->key, GNUTLS_PK_RSA, wish->rsa_bits, 0));
	else
		MUST(gnutls_x509_privkey_generate(made->key, GNUTLS_PK_ECDSA,
		    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
}

static void
set_serial(gnutls_x509_crt_t crt)
{
	unsigned char serial[12];

	MUST(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial));
	serial[0] = (unsigned char)((serial[0] & 0x7fU) | 0x01U);
	MUST(gnutls_x509_crt_set_serial(crt, serial, sizeof serial));
}

static void
set_basics(const struct certificate_wish *wish, const struct certificate *made)
{
	const char *name = wish->common_name == NULL ? "nobody" : wish->common_name;
	time_t now = time(NULL);
	unsigned char id[20];
	size_t size = sizeof id;

	MUST(gnutls_x509_crt_set_version(made->crt, 3));
	set_serial(made->crt);
	MUST(gnutls_x509_crt_set_key(made->crt, made->key));
	MUST(gnutls_x509_crt_set_dn_by_oid(
	    made->crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name)));
	MUST(gnutls_x509_crt_set_activation_time(
	    made->crt, wish->not_before != 0 ? wish->not_before : now - DAY));
	MUST(gnutls_x509_crt_set_expiration_time(
	    made->crt, wish->not_after != 0 ? wish->not_after : now + 10 * DAY));
	MUST(gnutls_x509_crt_get_key_id(made->crt, 0, id, &size));
	MUST(gnutls_x509_crt_set_subject_key_id(made->crt, id, size));
}

static void
add_name(
    gnutls_x509_crt_t crt, gnutls_x509_subject_alt_name_t type, const void *bytes, size_t length)
{
	MUST(gnutls_x509_crt_set_subject_alt_name(
	    crt, type, bytes, (unsigned)length, GNUTLS_FSAN_APPEND));
}

static void
add_address(gnutls_x509_crt_t crt, const char *literal)
{
	unsigned char address[16];

	if (inet_pton(AF_INET, literal, address) == 1)
		add_name(crt, GNUTLS_SAN_IPADDRESS, address, 4);
	else if (inet_pton(AF_INET6, literal, address) == 1)
		add_name(crt, GNUTLS_SAN_IPADDRESS, address, 16);
	else
		must(GNUTLS_E_INVALID_REQUEST, literal);
}

/* Writes a DER tag and the shortest form of a length. */
static unsigned char *
put_tag(unsigned char *to, unsigned char tag, size_t length)
{
	*to++ = tag;
	if (length >= 256)
		*to++ = 0x82;
	else if (length >= 128)
		*to++ = 0x81;
	if (length >= 256)
		*to++ = (unsigned char)(length >> 8);
	*to++ = (unsigned char)(length & 0xffU);
	return to;
}

/* By hand: the library cuts a name at its NUL. */
static void
set_raw_name(gnutls_x509_crt_t crt, const char *bytes, size_t length)
{
	unsigned char *extension = malloc(length + 8);
	unsigned char inner[8];
	unsigned char *at;
	size_t tag;

	if (extension == NULL || length > 60000)
		abort();
	tag = (size_t)(put_tag(inner, 0x82, length) - inner);
	at = put_tag(extension, 0x30, tag + length);
	memcpy(at, inner, tag);
	memcpy(at + tag, bytes, length);
	MUST(gnutls_x509_crt_set_extension_by_oid(
	    crt, "2.5.29.17", extension, (size_t)(at - extension) + tag + length, 0));
	free(extension);
}

static void
set_names(const struct certificate_wish *wish, gnutls_x509_crt_t crt)
{
	for (size_t i = 0; i < CERTIFICATE_NAMES_MAX && wish->dns[i] != NULL; i++)
		add_name(crt, GNUTLS_SAN_DNSNAME, wish->dns[i], strlen(wish->dns[i]));
	for (size_t i = 0; i < CERTIFICATE_NAMES_MAX && wish->ip[i] != NULL; i++)
		add_address(crt, wish->ip[i]);
	if (wish->uri != NULL)
		add_name(crt, GNUTLS_SAN_URI, wish->uri, strlen(wish->uri));
	if (wish->raw_dns != NULL)
		set_raw_name(crt, wish->raw_dns, wish->raw_dns_length);
}

static void
exclude_names(const char *suffix, gnutls_x509_crt_t crt)
{
	gnutls_x509_name_constraints_t constraints;
	char copy[256];
	gnutls_datum_t name = { (unsigned char *)copy, (unsigned)strlen(suffix) };

	(void)snprintf(copy, sizeof copy, "%s", suffix);
	MUST(gnutls_x509_name_constraints_init(&constraints));
	MUST(gnutls_x509_name_constraints_add_excluded(constraints, GNUTLS_SAN_DNSNAME, &name));
	MUST(gnutls_x509_crt_set_name_constraints(crt, constraints, 1));
	gnutls_x509_name_constraints_deinit(constraints);
}

static void
require_staple(gnutls_x509_crt_t crt)
{
	gnutls_x509_tlsfeatures_t features;

	MUST(gnutls_x509_tlsfeatures_init(&features));
	MUST(gnutls_x509_tlsfeatures_add(features, 5));
	MUST(gnutls_x509_crt_set_tlsfeatures(crt, features));
	gnutls_x509_tlsfeatures_deinit(features);
}

static void
set_uses(const struct certificate_wish *wish, gnutls_x509_crt_t crt)
{
	MUST(gnutls_x509_crt_set_basic_constraints(crt, wish->authority ? 1 : 0, -1));
	MUST(gnutls_x509_crt_set_key_usage(crt,
	    wish->authority ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN
			    : GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT));
	if (wish->purpose != NULL)
		MUST(gnutls_x509_crt_set_key_purpose_oid(crt, wish->purpose, 0));
	if (wish->excluded_dns != NULL)
		exclude_names(wish->excluded_dns, crt);
	if (wish->must_staple)
		require_staple(crt);
}

static void
sign(const struct certificate_wish *wish, const struct certificate *made)
{
	const struct certificate *signer = wish->signer == NULL ? made : wish->signer;
	unsigned char id[64];
	size_t size = sizeof id;

	MUST(gnutls_x509_crt_get_subject_key_id(signer->crt, id, &size, NULL));
	MUST(gnutls_x509_crt_set_authority_key_id(made->crt, id, size));
	MUST(gnutls_x509_crt_sign2(made->crt, signer->crt, signer->key,
	    wish->sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256, 0));
}

/* The library keeps what it parsed, and has parsed nothing of what was set. */
static void
parse_again(struct certificate *made)
{
	gnutls_datum_t der;

	MUST(gnutls_x509_crt_export2(made->crt, GNUTLS_X509_FMT_DER, &der));
	gnutls_x509_crt_deinit(made->crt);
	MUST(gnutls_x509_crt_init(&made->crt));
	MUST(gnutls_x509_crt_import(made->crt, &der, GNUTLS_X509_FMT_DER));
	gnutls_free(der.data);
}

struct certificate
certificate_make(const struct certificate_wish *wish)
{
	struct certificate made = { 0 };

	make_key(wish, &made);
	MUST(gnutls_x509_crt_init(&made.crt));
	set_basics(wish, &made);
	set_names(wish, made.crt);
	set_uses(wish, made.crt);
	sign(wish, &made);
	parse_again(&made);
	return made;
}

struct certificate
certificate_authority(const char *common_name)
{
	const struct certificate_wish wish = { .common_name = common_name, .authority = true };

	return certificate_make(&wish);
}

struct certificate
certificate_leaf(const struct certificate *signer, const char *dns)
{
	const struct certificate_wish wish = {
		.common_name = dns,
		.dns = { dns },
		.purpose = GNUTLS_KP_TLS_WWW_SERVER,
		.signer = signer,
	};

	return certificate_make(&wish);
}

void
certificate_close(struct certificate *certificate)
{
	if (certificate->crt != NULL)
		gnutls_x509_crt_deinit(certificate->crt);
	if (certificate->key != NULL)
		gnutls_x509_privkey_deinit(certificate->key);
	*certificate = (struct certificate){ 0 };
}

/* Opens directory/name.suffix anew. */
static FILE *
open_file(const char *directory, const char *name, const char *suffix, mode_t mode)
{
	char path[4096];
	FILE *file;
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s.%s", directory, name, suffix);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file == NULL) {
		perror(path);
		abort();
	}
	return file;
}

static void
put_datum(FILE *file, gnutls_datum_t *datum)
{
	if (fwrite(datum->data, 1, datum->size, file) != datum->size)
		abort();
	gnutls_free(datum->data);
}

static void
put_certificate(FILE *file, const struct certificate *certificate)
{
	gnutls_datum_t pem;

	MUST(gnutls_x509_crt_export2(certificate->crt, GNUTLS_X509_FMT_PEM, &pem));
	put_datum(file, &pem);
}

void
certificate_write(const struct certificate *certificate, const char *directory, const char *name)
{
	FILE *file = open_file(directory, name, "pem", 0644);

	put_certificate(file, certificate);
	if (fclose(file) != 0)
		abort();
}

void
certificate_write_chain(const struct certificate *leaf, const struct certificate *intermediate,
    const char *directory, const char *name)
{
	FILE *file = open_file(directory, name, "pem", 0644);
	FILE *key = open_file(directory, name, "key", 0600);
	gnutls_datum_t pem;

	put_certificate(file, leaf);
	if (intermediate != NULL)
		put_certificate(file, intermediate);
	MUST(gnutls_x509_privkey_export2(leaf->key, GNUTLS_X509_FMT_PEM, &pem));
	put_datum(key, &pem);
	if (fclose(file) != 0 || fclose(key) != 0)
		abort();
}

void
certificate_fingerprint(const struct certificate *certificate, char hex[CERTIFICATE_HEX_SIZE])
{
	unsigned char bytes[32];
	size_t size = sizeof bytes;

	MUST(gnutls_x509_crt_get_fingerprint(certificate->crt, GNUTLS_DIG_SHA256, bytes, &size));
	for (size_t i = 0; i < size; i++)
		(void)snprintf(hex + 3 * i, 4, "%02X%s", bytes[i], i + 1 < size ? ":" : "");
}

gnutls_certificate_credentials_t
certificate_credentials(const struct certificate *chain, size_t count)
{
	gnutls_certificate_credentials_t credentials;
	gnutls_x509_crt_t list[CHAIN_MAX];

	if (count > CHAIN_MAX)
		abort();
	for (size_t i = 0; i < count; i++)
		list[i] = chain[i].crt;
	MUST(gnutls_certificate_allocate_credentials(&credentials));
	MUST(gnutls_certificate_set_x509_key(credentials, list, (int)count, chain[0].key));
	return credentials;
}
