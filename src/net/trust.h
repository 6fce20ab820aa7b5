/* SPDX-License-Identifier: ISC */
/*
 * Who may vouch for a server: the system's roots, a file's, or a pin.
 */
#ifndef RELAY_NET_TRUST_H
#define RELAY_NET_TRUST_H

#include <stdbool.h>

#include <gnutls/gnutls.h>

#include "base/failure.h"

#define TRUST_FINGERPRINT_SIZE 32

struct trust {
	const char *file;        /* PEM or PKCS#11 URI; "system": its roots; NULL: no authority */
	const char *crl_file;    /* NULL: none */
	const char *fingerprint; /* hex SHA-256 of the leaf, colons allowed; NULL: none */
};

/* A trust made ready: its files read, its pin understood.  Roots are parsed when it is known
 * which of them a server's chain names. */
struct trust_store;

/*
 * Reads what `trust` names; `credentials` and `trust` must outlive the store, and the session
 * that is judged must use the credentials.  Fails with EX_CONFIG when there is neither
 * authority nor pin, and when a file is missing, unreadable, a directory or holds no
 * certificate (F64), naming it.
 */
bool trust_open(const struct trust *trust, gnutls_certificate_credentials_t credentials,
    struct trust_store **store, struct failure *why);

/*
 * Judges the peer of a finished handshake: the pin when there is one, else chain,
 * dates, purpose and name (SAN only, no CN: RFC 9525; one trailing dot
 * and IPv6 brackets taken off).  Fails with EX_UNAVAILABLE saying which of them, with
 * dates, names or both fingerprints, and a hint (F24-F46, F65, F68, F69).
 */
bool trust_judge(
    struct trust_store *store, gnutls_session_t session, const char *host, struct failure *why);

/* NULL is fine. */
void trust_close(struct trust_store *store);

/* Reads a fingerprint into 32 bytes.  Fails with EX_CONFIG, with a hint when it has
 * the length of a SHA-1 or MD5 one (F66). */
bool trust_fingerprint(
    const char *text, unsigned char bytes[TRUST_FINGERPRINT_SIZE], struct failure *why);

#endif
