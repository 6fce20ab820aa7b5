/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/card.h"

#include <stdio.h>
#include <string.h>

#define DIGEST_SIZE 32

static void
read_key(gnutls_x509_crt_t certificate, struct card *card)
{
	unsigned bits = 0;
	int key = gnutls_x509_crt_get_pk_algorithm(certificate, &bits);
	const char *name = key < 0 ? NULL : gnutls_pk_get_name((gnutls_pk_algorithm_t)key);

	(void)snprintf(card->key, sizeof card->key, "%s %u bits", name == NULL ? "?" : name, bits);
}

static void
read_signature(gnutls_x509_crt_t certificate, struct card *card)
{
	int algorithm = gnutls_x509_crt_get_signature_algorithm(certificate);
	const char *name = algorithm < 0 ? NULL
					 : gnutls_sign_get_name((gnutls_sign_algorithm_t)algorithm);

	(void)snprintf(card->signature, sizeof card->signature, "%s", name == NULL ? "?" : name);
}

static void
read_fingerprint(gnutls_x509_crt_t certificate, struct card *card)
{
	unsigned char digest[DIGEST_SIZE];
	size_t size = sizeof digest;

	card->fingerprint[0] = '\0';
	if (gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256, digest, &size) < 0)
		return;
	for (size_t i = 0; i < size; i++)
		(void)snprintf(card->fingerprint + 2 * i, 3, "%02x", digest[i]);
}

void
card_read(gnutls_x509_crt_t certificate, struct card *card)
{
	chain_subject(certificate, card->subject);
	chain_issuer(certificate, card->issuer);
	chain_alternatives(certificate, card->names, sizeof card->names);
	read_key(certificate, card);
	read_signature(certificate, card);
	read_fingerprint(certificate, card);
	card->begins = (int64_t)gnutls_x509_crt_get_activation_time(certificate);
	card->ends = (int64_t)gnutls_x509_crt_get_expiration_time(certificate);
}
