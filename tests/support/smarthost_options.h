/* SPDX-License-Identifier: ISC */
/*
 * The smarthost's command line.
 */
#ifndef RELAY_TESTS_SMARTHOST_OPTIONS_H
#define RELAY_TESTS_SMARTHOST_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "smarthost_script.h"

struct arena;

#define SMARTHOST_WITHOUT_MAX 16

struct smarthost_options {
	const char *directory; /* gets ca.pem, port, and what clients send */
	const char *user;
	const char *password;
	const char *host_name;
	const char *certificate;                    /* the kind: good, expired, ... */
	const char *mechanisms;                     /* as in EHLO */
	const char *without[SMARTHOST_WITHOUT_MAX]; /* extensions that are left out */
	size_t without_count;
	size_t size;            /* largest message */
	size_t recipients;      /* most in one transaction; 0: any number */
	const char *iterations; /* of SCRAM */
	bool implicit_tls;
	bool no_starttls;
	bool no_auth;
	const char *priorities; /* of TLS; NULL: GnuTLS's */
	bool ask_certificate;   /* of the client; needed for EXTERNAL */
	bool inject;            /* bytes behind the 220 to STARTTLS */
	bool lenient;           /* takes content that RFC 5321 forbids */
	struct smarthost_script script;
};

/* Reads argv; false, with a line on standard error, when it makes no sense. */
bool smarthost_options_read(
    int argc, char *const argv[], struct arena *arena, struct smarthost_options *options);

/* Is the extension offered? */
bool smarthost_options_offers(const struct smarthost_options *options, const char *extension);

#endif
