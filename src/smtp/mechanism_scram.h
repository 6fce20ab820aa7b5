/* SPDX-License-Identifier: ISC */
/*
 * The client's side of SCRAM (RFC 5802, RFC 7677).  Hashes are GnuTLS's; libgsasl's own SCRAM can
 * not say that the client would have bound the channel (the flag `y`), by which a server detects
 * that somebody took -PLUS off its offer (F76).
 */
#ifndef RELAY_SMTP_MECHANISM_SCRAM_H
#define RELAY_SMTP_MECHANISM_SCRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/failure.h"
#include "base/secret.h"
#include "base/text.h"
#include "smtp/mechanism.h"

#define MECHANISM_SCRAM_ITERATIONS_MIN 4096    /* RFC 5802 5.1: fewer are easily guessed (F82) */
#define MECHANISM_SCRAM_ITERATIONS_MAX 1000000 /* a second of this machine's work (F82) */

struct mechanism_scram_login {
	const struct mechanism *mechanism; /* one of the four */
	const char *user;
	const struct secret *secret;
	const char *binding_type; /* "tls-exporter"; NULL: the channel cannot be bound */
	struct text binding;      /* its data */
	bool plus_offered;        /* the server offers some -PLUS */
	const char *nonce;        /* NULL: a fresh one, as it should be */
};

struct mechanism_scram;

/* Borrows the login until it is closed. */
struct mechanism_scram *mechanism_scram_open(const struct mechanism_scram_login *login);

/*
 * One step: the first with an empty challenge, then those of the server.  Replaces *response, not
 * in base64 yet; *finished says that the server has proved that it knows the password (F84).
 * Fails with EX_PROTOCOL: a nonce that is not ours (F81), a salt that is none (F83), iterations
 * (F82), an extension that must be understood (F85), a wrong proof; EX_NOPERM when the server says
 * that the password is wrong; EX_CONFIG when SASLprep (RFC 4013) refuses user or password.
 */
bool mechanism_scram_step(struct mechanism_scram *scram, struct text challenge,
    struct buffer *response, bool *finished, struct failure *why);

/* Wipes and frees.  NULL is fine. */
void mechanism_scram_close(struct mechanism_scram *scram);

#endif
