/* SPDX-License-Identifier: ISC */
/*
 * What a TLS handshake came to: version, cipher and the certificates shown, before anybody
 * has judged them.
 */
#ifndef RELAY_NET_TERMS_H
#define RELAY_NET_TERMS_H

#include <stddef.h>

#include <gnutls/gnutls.h>

#include "net/card.h"

struct terms {
	char version[16];             /* "TLS1.3" */
	char cipher[40];              /* "AES-256-GCM" */
	char group[40];               /* of the key exchange: "X25519"; may be empty */
	struct card cards[CHAIN_MAX]; /* the server's own first */
	size_t count;                 /* 0: none was shown, or they cannot be read */
};

/* Reads them off a session whose handshake is done.  Cannot fail. */
void terms_read(gnutls_session_t session, struct terms *terms);

#endif
