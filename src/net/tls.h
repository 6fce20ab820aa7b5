/* SPDX-License-Identifier: ISC */
/*
 * TLS by GnuTLS over any channel.
 */
#ifndef RELAY_NET_TLS_H
#define RELAY_NET_TLS_H

#include <stdbool.h>

#include "base/deadline.h"
#include "net/channel.h"
#include "net/terms.h"
#include "net/trust.h"

struct tls_rule {
	struct trust trust;
	const char *host;      /* the name the certificate must hold; SNI unless an address */
	bool verify;           /* false (tls_certcheck off): TLS adds no privacy without a pin */
	const char *cert_file; /* client certificate and key; NULL: none */
	const char *key_file;
	const char *priorities; /* NULL: TLS 1.3 and 1.2, PROFILE_MEDIUM (F34, F47) */
	int64_t min_dh_bits;    /* 0: the library's */
	/* Is told of the handshake before the certificate is judged; NULL: nobody is. */
	void (*seen)(void *data, const struct terms *terms);
	void *seen_data;
};

/* Is it a priority string of GnuTLS?  NULL is.  Fails with EX_CONFIG, naming the part. */
bool tls_priorities_check(const char *priorities, struct failure *why);

/*
 * Makes *channel the TLS channel over what it was, which it takes; on failure *channel
 * is closed and NULL.  On success privacy is CHANNEL_VERIFIED when verified; without
 * verification it is what lies underneath.  Fails in stage FAILURE_TLS with EX_CONFIG
 * (files, priorities), EX_UNAVAILABLE (certificate, handshake refused; the peer speaks no
 * TLS: hint about ports 465 and 587), EX_TEMPFAIL (deadline, connection lost).
 */
bool tls_start(struct channel **channel, const struct tls_rule *rule, struct deadline deadline,
    struct failure *why);

#endif
