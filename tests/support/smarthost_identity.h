/* SPDX-License-Identifier: ISC */
/*
 * The certificate that the smarthost shows: good, or wrong in one way.
 */
#ifndef RELAY_TESTS_SMARTHOST_IDENTITY_H
#define RELAY_TESTS_SMARTHOST_IDENTITY_H

#include <stdbool.h>

#include <gnutls/gnutls.h>

/*
 * Makes an authority (DIRECTORY/ca.pem) and a certificate signed by it for
 * `host_name` and 127.0.0.1; `kind` is good, expired, future, wrong-name,
 * self-signed, cn-only, weak (RSA 1024) or unknown-ca (signed by another authority
 * than ca.pem), rsa (2048).  DIRECTORY/client.pem and client.key are for a client that the
 * authority vouches for.  False for another kind.
 */
bool smarthost_identity_make(const char *kind, const char *host_name, const char *directory,
    gnutls_certificate_credentials_t *credentials);

#endif
