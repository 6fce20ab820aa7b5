/* SPDX-License-Identifier: ISC */
/*
 * A file of root certificates in PEM, of which only those are parsed that a chain
 * names: a system's bundle holds 150, a chain needs one.
 */
#ifndef RELAY_NET_BUNDLE_H
#define RELAY_NET_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/failure.h"

struct arena;

struct bundle {
	const char *path; /* borrowed */
	struct arena *arena;
	char *window; /* what is looked at of the file; belongs to the arena */
};

/* Looks into the file, which is opened again when certificates of it are added.  Fails with
 * EX_CONFIG, naming it, when it is missing, unreadable, no regular file, larger than 16 MiB or
 * holds nothing that begins as a certificate does (F64). */
bool bundle_open(const char *path, struct arena *arena, struct bundle *bundle, struct failure *why);

/* Adds to the credentials each certificate whose subject is the issuer of one of the
 * `chain`; returns how many. */
size_t bundle_add_named(const struct bundle *bundle, const gnutls_x509_crt_t *chain, size_t count,
    gnutls_certificate_credentials_t credentials);

/* Adds all of them.  Fails with EX_CONFIG when one cannot be parsed, and as file_read(). */
bool bundle_add_all(
    const struct bundle *bundle, gnutls_certificate_credentials_t credentials, struct failure *why);

#endif
