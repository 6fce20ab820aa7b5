/* SPDX-License-Identifier: ISC */
/*
 * A channel with a server at its other end that knows EHLO, AUTH and QUIT and checks passwords
 * by libgsasl's server side: for mechanisms whose dialogue no transcript can foresee.
 */
#ifndef RELAY_TESTS_SUPPORT_SASL_SERVER_H
#define RELAY_TESTS_SUPPORT_SASL_SERVER_H

#include <stdbool.h>

#include <gsasl.h>

#include "base/buffer.h"
#include "net/channel.h"

enum sasl_server_fault {
	SASL_SERVER_HONEST,
	SASL_SERVER_NO_SIGNATURE,   /* says 235 where its proof belongs */
	SASL_SERVER_WRONG_SIGNATURE /* sends a proof with one bit turned, then 235 */
};

struct sasl_server {
	struct channel channel; /* first: it is one; private, as TLS makes it */
	const char *mechanisms; /* what EHLO offers */
	const char *user;
	const char *password;
	const char *binding;    /* tls-exporter data; NULL: none */
	const char *iterations; /* SCRAM; NULL: libgsasl's */
	enum sasl_server_fault fault;
	bool dead;              /* the client closed it */
	struct buffer received; /* all that the client wrote */
	struct buffer input;
	struct buffer output;
	Gsasl *library;
	Gsasl_session *session; /* while an AUTH runs */
	bool proved;            /* the proof is sent: an empty response comes */
};

/* Fills in what the caller left zero, and greets.  The caller keeps the server. */
void sasl_server_open(struct sasl_server *server);

void sasl_server_close(struct sasl_server *server);

#endif
