/* SPDX-License-Identifier: ISC */
/*
 * Server and TLS of an imported account: as they were, but never less safe than relay.  What was
 * sent in the clear or to anybody is told in comments.
 */
#ifndef RELAY_CONFIG_IMPORT_SERVER_H
#define RELAY_CONFIG_IMPORT_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "config/import_writer.h"

enum import_server_tls {
	IMPORT_SERVER_CLEAR,    /* none */
	IMPORT_SERVER_IF_ASKED, /* when the server offers it */
	IMPORT_SERVER_STARTTLS,
	IMPORT_SERVER_IMPLICIT /* from the first byte */
};

struct import_server {
	struct import_place place;
	struct text host; /* as relayrc has it, perhaps with ports; empty: none */
	int64_t port;     /* 0: stands in host */
	enum import_server_tls tls;
	bool login;    /* a password is sent */
	bool verified; /* the certificate was */
};

/* Writes host, port, tls and tls_starttls. */
void import_server_write(struct import_writer *writer, const struct import_server *server);

/* Is every host of that list this machine itself, by its name or address? */
bool import_server_is_near(struct text host, struct arena *arena);

/* `host`, `host:port`, `host port`, `[address]:port` taken apart; the host keeps its brackets, and
 * *port is left alone when there is none. */
void import_server_split(struct text value, struct text *host, int64_t *port);

#endif
