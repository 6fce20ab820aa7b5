/* SPDX-License-Identifier: ISC */
/*
 * The certificate and key by which this client shows who it is.
 */
#ifndef RELAY_NET_IDENTITY_H
#define RELAY_NET_IDENTITY_H

#include <stdbool.h>

#include <gnutls/gnutls.h>

#include "base/failure.h"

struct arena;

/*
 * Loads them into the credentials: PEM files, or URIs of PKCS#11 and the like.  Fails with
 * EX_CONFIG, naming the file, (without its PIN) when one cannot be read or used, they do not belong
 * together, or others may read the key (F67).
 */
bool identity_load(const char *cert_file, const char *key_file,
    gnutls_certificate_credentials_t credentials, struct failure *why);

/* The name of a file or URI as it may be shown: what a PIN is in it (RFC 7512 pin-value) is ***.
 * `name` itself when there is none, else it belongs to arena. */
const char *identity_shown(const char *name, struct arena *arena);

#endif
