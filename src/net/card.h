/* SPDX-License-Identifier: ISC */
/*
 * What is written on a certificate, for a person to read.
 */
#ifndef RELAY_NET_CARD_H
#define RELAY_NET_CARD_H

#include <stdint.h>

#include <gnutls/x509.h>

#include "net/chain.h"

#define CARD_NAMES_SIZE 400
#define CARD_FINGERPRINT_SIZE 65

struct card {
	char subject[CHAIN_NAME_SIZE];
	char issuer[CHAIN_NAME_SIZE];
	char names[CARD_NAMES_SIZE];             /* as chain_alternatives() */
	char key[40];                            /* "RSA 2048 bits" */
	char signature[40];                      /* "RSA-SHA256" */
	char fingerprint[CARD_FINGERPRINT_SIZE]; /* SHA-256, hexadecimal, as tls_fingerprint takes
						    it */
	int64_t begins;                          /* seconds since 1970 */
	int64_t ends;
};

/* Cannot fail: what cannot be read is "?", or empty. */
void card_read(gnutls_x509_crt_t certificate, struct card *card);

#endif
