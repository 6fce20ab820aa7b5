/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/refusal.h"

#include <stdio.h>
#include <time.h>

#define DATE_SIZE 16

struct case_of {
	const struct chain *chain;
	const char *authorities;
};

static void
put_date(time_t moment, char text[DATE_SIZE])
{
	struct tm parts;

	if (gmtime_r(&moment, &parts) == NULL || strftime(text, DATE_SIZE, "%Y-%m-%d", &parts) == 0)
		(void)snprintf(text, DATE_SIZE, "?");
}

/* The same clock that the library judged by. */
static time_t
today(char text[DATE_SIZE])
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	put_date(now.tv_sec, text);
	return now.tv_sec;
}

/* "the server's certificate", or "the certificate of 'CN=...' in the server's chain". */
static void
put_whose(const struct chain *chain, size_t at, char *text, size_t size)
{
	char subject[CHAIN_NAME_SIZE];

	if (at == 0) {
		(void)snprintf(text, size, "the server's certificate");
		return;
	}
	chain_subject(chain->items[at], subject);
	(void)snprintf(text, size, "the certificate of '%s' in the server's chain", subject);
}

static bool
advise_clock(struct failure *why)
{
	return failure_hint(why,
	    "if today's date above is wrong, set this machine's clock; else the "
	    "server's operator has to renew the certificate");
}

static bool
expired(const struct case_of *of, struct failure *why)
{
	char whose[CHAIN_NAME_SIZE + 64];
	char date[DATE_SIZE];
	char now_date[DATE_SIZE];
	time_t now = today(now_date);

	for (size_t i = 0; i < of->chain->count; i++) {
		time_t end = gnutls_x509_crt_get_expiration_time(of->chain->items[i]);

		if (end >= now)
			continue;
		put_whose(of->chain, i, whose, sizeof whose);
		put_date(end, date);
		fail(why, EX_UNAVAILABLE, "%s expired on %s (today is %s)", whose, date, now_date);
		return advise_clock(why);
	}
	fail(why, EX_UNAVAILABLE,
	    "an authority behind the server's certificate has expired (today is "
	    "%s)",
	    now_date);
	return advise_clock(why);
}

static bool
too_early(const struct case_of *of, struct failure *why)
{
	char whose[CHAIN_NAME_SIZE + 64];
	char date[DATE_SIZE];
	char now_date[DATE_SIZE];
	time_t now = today(now_date);
	size_t at = 0;

	for (size_t i = 0; i < of->chain->count; i++)
		if (gnutls_x509_crt_get_activation_time(of->chain->items[i]) > now) {
			at = i;
			break;
		}
	put_whose(of->chain, at, whose, sizeof whose);
	put_date(gnutls_x509_crt_get_activation_time(of->chain->items[at]), date);
	fail(why, EX_UNAVAILABLE, "%s is valid only from %s on (today is %s)", whose, date,
	    now_date);
	return advise_clock(why);
}

static bool
self_signed(gnutls_x509_crt_t certificate)
{
	return gnutls_x509_crt_check_issuer(certificate, certificate) != 0;
}

static bool
unknown(const struct case_of *of, struct failure *why)
{
	gnutls_x509_crt_t last = of->chain->items[of->chain->count - 1];
	char issuer[CHAIN_NAME_SIZE];

	chain_issuer(last, issuer);
	if (self_signed(of->chain->items[0])) {
		fail(why, EX_UNAVAILABLE,
		    "the server's certificate is self-signed ('%s'): no authority "
		    "vouches for it",
		    issuer);
		return failure_hint(why,
		    "if the server is yours, name the certificate's file with "
		    "tls_trust_file, or pin it with tls_fingerprint");
	}
	if (self_signed(last)) {
		fail(why, EX_UNAVAILABLE,
		    "the authority '%s' that signed the server's certificate is "
		    "unknown: it is not in %s",
		    issuer, of->authorities);
		return failure_hint(why,
		    "if you trust it, name the file with its certificate with "
		    "tls_trust_file");
	}
	fail(why, EX_UNAVAILABLE,
	    "the authority '%s' that signed the server's certificate is unknown: "
	    "the server did not send its certificate (incomplete chain) and it is not in %s",
	    issuer, of->authorities);
	return failure_hint(why,
	    "name the file with the authority's certificate with tls_trust_file, or "
	    "have the server send its intermediate certificates");
}

static bool
weak(gnutls_x509_crt_t certificate, unsigned *bits)
{
	int key = gnutls_x509_crt_get_pk_algorithm(certificate, bits);
	int signature = gnutls_x509_crt_get_signature_algorithm(certificate);

	if (key >= 0
	    && gnutls_pk_bits_to_sec_param((gnutls_pk_algorithm_t)key, *bits)
		< GNUTLS_SEC_PARAM_MEDIUM)
		return true;
	return signature >= 0
	    && gnutls_sign_is_secure2(
		   (gnutls_sign_algorithm_t)signature, GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS)
	    == 0;
}

static const char *
key_name(gnutls_x509_crt_t certificate)
{
	int key = gnutls_x509_crt_get_pk_algorithm(certificate, NULL);

	return key < 0 ? "unknown" : gnutls_pk_get_name((gnutls_pk_algorithm_t)key);
}

static const char *
signature_name(gnutls_x509_crt_t certificate)
{
	int signature = gnutls_x509_crt_get_signature_algorithm(certificate);
	const char *name = gnutls_sign_get_name((gnutls_sign_algorithm_t)signature);

	return signature < 0 || name == NULL ? "an unknown algorithm" : name;
}

static bool
insecure(const struct case_of *of, struct failure *why)
{
	char whose[CHAIN_NAME_SIZE + 64];
	unsigned bits = 0;
	size_t at = 0;

	while (at + 1 < of->chain->count && !weak(of->chain->items[at], &bits))
		at++;
	if (!weak(of->chain->items[at], &bits))
		return fail(why, EX_UNAVAILABLE,
		    "the server's certificate chain uses an insecure algorithm");
	put_whose(of->chain, at, whose, sizeof whose);
	fail(why, EX_UNAVAILABLE,
	    "%s uses an insecure algorithm: %s key of %u bits, signed with %s", whose,
	    key_name(of->chain->items[at]), bits, signature_name(of->chain->items[at]));
	return failure_hint(why,
	    "the server needs a new certificate: RSA of 2048 bits or ECDSA, signed "
	    "with SHA-256");
}

/* Rows in the order of what to mend first. */
static const struct {
	unsigned bit;
	bool (*explain)(const struct case_of *of, struct failure *why);
	const char *sentence;
} rows[] = {
	{ GNUTLS_CERT_REVOKED, NULL, "the server's certificate was revoked" },
	{ GNUTLS_CERT_EXPIRED, expired, NULL },
	{ GNUTLS_CERT_NOT_ACTIVATED, too_early, NULL },
	{ GNUTLS_CERT_INSECURE_ALGORITHM, insecure, NULL },
	{ GNUTLS_CERT_SIGNER_NOT_CA, NULL,
	    "the server's certificate is signed by one that may not sign others" },
	{ GNUTLS_CERT_SIGNER_NOT_FOUND, unknown, NULL },
	{ GNUTLS_CERT_PURPOSE_MISMATCH, NULL,
	    "the server's certificate is not meant for servers (its key purpose)" },
	{ GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, NULL,
	    "the authority that signed the server's certificate may not vouch for such names" },
	{ GNUTLS_CERT_MISSING_OCSP_STATUS, NULL,
	    "the server's certificate demands a stapled OCSP answer and none came" },
	{ GNUTLS_CERT_INVALID_OCSP_STATUS, NULL, "the server's stapled OCSP answer is invalid" },
	{ GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, NULL,
	    "the revocation list of tls_crl_file is out of date" },
	{ GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE, NULL,
	    "the revocation list of tls_crl_file is from the future" },
	{ GNUTLS_CERT_SIGNATURE_FAILURE, NULL,
	    "a signature in the server's certificate chain is wrong" },
};

static bool
anything_else(unsigned status, struct failure *why)
{
	gnutls_datum_t words;

	if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &words, 0) < 0)
		return fail(why, EX_UNAVAILABLE,
		    "the server's certificate is not valid (status %#x)", status);
	fail(why, EX_UNAVAILABLE, "the server's certificate is not valid: %.*s", (int)words.size,
	    (const char *)words.data);
	gnutls_free(words.data);
	return false;
}

bool
refusal_explain(
    unsigned status, const struct chain *chain, const char *authorities, struct failure *why)
{
	const struct case_of of = { .chain = chain, .authorities = authorities };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if ((status & rows[i].bit) == 0)
			continue;
		if (rows[i].explain != NULL)
			return rows[i].explain(&of, why);
		return fail(why, EX_UNAVAILABLE, "%s", rows[i].sentence);
	}
	return anything_else(status, why);
}
