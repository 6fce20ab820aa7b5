/* SPDX-License-Identifier: ISC */
/*
 * The certificates a server presented, and whether they are those of a host.
 */
#ifndef RELAY_NET_CHAIN_H
#define RELAY_NET_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/failure.h"

#define CHAIN_MAX 16
#define CHAIN_NAME_SIZE 160

struct chain {
	gnutls_x509_crt_t items[CHAIN_MAX]; /* the server's own first */
	size_t count;
};

/* Parses what the peer of the session sent.  Fails with EX_UNAVAILABLE when there is none, more
 * than CHAIN_MAX (F52), or something unreadable. */
bool chain_open(gnutls_session_t session, struct chain *chain, struct failure *why);

/* May be called again. */
void chain_close(struct chain *chain);

/*
 * Is the server's own certificate one for `host` (RFC 9525: a dNSName, or an
 * iPAddress for a literal; never the common name, F26-F28, F39-F46)?  Fails with
 * EX_UNAVAILABLE, listing the names it has; EX_CONFIG for what is no host name.
 */
bool chain_names(const struct chain *chain, const char *host, struct failure *why);

/* Who the certificate is for, or who signed it, as text that may be shown. */
void chain_subject(gnutls_x509_crt_t certificate, char text[CHAIN_NAME_SIZE]);
void chain_issuer(gnutls_x509_crt_t certificate, char text[CHAIN_NAME_SIZE]);

/* The host names and addresses it is for, as "'a.test', 'b.test'"; empty when it has none.  What
 * does not fit is left out. */
void chain_alternatives(gnutls_x509_crt_t certificate, char *text, size_t size);

#endif
