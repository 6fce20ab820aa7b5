/* SPDX-License-Identifier: ISC */
/*
 * Authorities and server certificates made at test time, so that none is kept in
 * the tree and no command is needed.  A mistake ends the process with a line on
 * stderr: tests have nothing to handle.
 *
 *	struct certificate ca = certificate_authority("Test CA");
 *	struct certificate leaf = certificate_make(&(struct certificate_wish){
 *	    .common_name = "srv.test", .dns = { "srv.test" }, .signer = &ca });
 *	certificate_write(&ca, directory, "ca");            ca.pem
 *	certificate_write_chain(&leaf, NULL, directory, "server");  server.pem, server.key (0600)
 *	certificate_close(&leaf);
 *	certificate_close(&ca);
 */
#ifndef RELAY_TESTS_SUPPORT_CERTIFICATE_H
#define RELAY_TESTS_SUPPORT_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#define CERTIFICATE_NAMES_MAX 8
#define CERTIFICATE_HEX_SIZE 96

struct certificate {
	gnutls_x509_crt_t crt;
	gnutls_x509_privkey_t key;
};

/* Everything may be left zero: then it is an ECDSA P-256 leaf without names, from
 * yesterday to in ten days, without key purpose, signed by itself. */
struct certificate_wish {
	const char *common_name;                /* subject; NULL: "nobody" */
	const char *dns[CERTIFICATE_NAMES_MAX]; /* SAN dNSName */
	const char *ip[CERTIFICATE_NAMES_MAX];  /* SAN iPAddress, as literals */
	const char *uri;                        /* SAN URI */
	const char *raw_dns;                    /* instead of all SANs: one dNSName of any bytes */
	size_t raw_dns_length;
	time_t not_before;                /* 0: a day ago */
	time_t not_after;                 /* 0: in ten days */
	unsigned rsa_bits;                /* 0: ECDSA P-256 */
	bool sha1;                        /* signed with SHA-1 instead of SHA-256 */
	const char *purpose;              /* key purpose OID, GNUTLS_KP_...; NULL: none */
	bool authority;                   /* may sign others */
	bool must_staple;                 /* asks for a stapled OCSP answer */
	const char *excluded_dns;         /* of an authority: name constraint */
	const struct certificate *signer; /* NULL: itself */
};

struct certificate certificate_make(const struct certificate_wish *wish);

/* An authority of that name, signed by itself. */
struct certificate certificate_authority(const char *common_name);

/* A server's certificate for one dNSName, signed by `signer`, everything else as usual. */
struct certificate certificate_leaf(const struct certificate *signer, const char *dns);

/* Frees both parts.  May be called again. */
void certificate_close(struct certificate *certificate);

/* Writes directory/name.pem; no key. */
void certificate_write(
    const struct certificate *certificate, const char *directory, const char *name);

/* Writes directory/name.pem (the leaf, then `intermediate` unless NULL) and
 * directory/name.key, mode 0600. */
void certificate_write_chain(const struct certificate *leaf, const struct certificate *intermediate,
    const char *directory, const char *name);

/* SHA-256 of the certificate as pairs of digits with colons. */
void certificate_fingerprint(const struct certificate *certificate, char hex[CERTIFICATE_HEX_SIZE]);

/* Credentials of a server that presents `chain` (leaf first); to be freed with
 * gnutls_certificate_free_credentials(). */
gnutls_certificate_credentials_t certificate_credentials(
    const struct certificate *chain, size_t count);

#endif
