/* SPDX-License-Identifier: ISC */
/*
 * The dialogue with one client (RFC 5321, 3207, 4954, 3030, 6409).
 */
#ifndef RELAY_TESTS_SMARTHOST_SESSION_H
#define RELAY_TESTS_SMARTHOST_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>

#include "base/buffer.h"
#include "smarthost_options.h"
#include "smarthost_wire.h"

struct smarthost_session {
	const struct smarthost_options *options;
	gnutls_certificate_credentials_t credentials;
	struct smarthost_wire wire;
	size_t number;      /* of the connection, from 1 */
	bool over;          /* nothing more is read */
	char hello[256];    /* what EHLO said; empty: nothing yet */
	char mechanism[32]; /* that logged in; empty: nobody has */
	char identity[256];
	bool has_sender;
	bool body_8bit; /* BODY=8BITMIME was said */
	bool smtputf8;
	struct buffer mail;       /* as in MAIL FROM, parameters included */
	struct buffer recipients; /* a line each, as in RCPT TO */
	size_t recipient_count;
	struct buffer body; /* as received, dots taken off */
	bool chunked;
};

/* Serves the client to the end.  Takes `fd`. */
void smarthost_session_run(int fd, size_t number, const struct smarthost_options *options,
    gnutls_certificate_credentials_t credentials);

/*
 * Answers a step: as the script says for it and the address, else `reply` (lines
 * ended by LF, the last without).  Returns the code, 0 when the connection is over.
 */
int smarthost_session_answer(struct smarthost_session *session, enum smarthost_step step,
    struct text address, const char *reply);

/* Forgets the transaction. */
void smarthost_session_reset(struct smarthost_session *session);

#endif
