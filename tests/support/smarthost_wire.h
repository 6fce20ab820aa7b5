/* SPDX-License-Identifier: ISC */
/*
 * One client's connection as the smarthost sees it: lines in, replies out, TLS in
 * between, and a record of every line that came.
 */
#ifndef RELAY_TESTS_SMARTHOST_WIRE_H
#define RELAY_TESTS_SMARTHOST_WIRE_H

#include <stdbool.h>

#include <gnutls/gnutls.h>

#include "base/buffer.h"
#include "base/text.h"

struct smarthost_wire {
	int fd;
	gnutls_session_t tls; /* NULL: plaintext */
	struct buffer in;     /* came, not yet read */
	size_t used;          /* how much of it was handed out */
	int dialogue;         /* the record; -1: none */
};

/* Takes both descriptors. */
struct smarthost_wire smarthost_wire_open(int fd, int dialogue);
void smarthost_wire_close(struct smarthost_wire *wire);

/* TLS as the server, with the wanted protocols (NULL: as usual); asks for the client's certificate
 * when told to, which may be missing; false when the handshake failed, which the record tells. */
bool smarthost_wire_secure(struct smarthost_wire *wire,
    gnutls_certificate_credentials_t credentials, const char *priorities, bool ask);

/* Did the client show a certificate of the smarthost's authority? */
bool smarthost_wire_knows_client(const struct smarthost_wire *wire);

/* The next line with its line end, borrowed until the next call; false when the
 * client is gone or the line has no end. */
bool smarthost_wire_line(struct smarthost_wire *wire, struct text *line);

/* The next bytes, at most `most`; as above. */
bool smarthost_wire_bytes(struct smarthost_wire *wire, size_t most, struct text *bytes);

/* Has the client sent more than was read? */
bool smarthost_wire_waiting(const struct smarthost_wire *wire);

/* Sends bytes as they are. */
bool smarthost_wire_write(struct smarthost_wire *wire, struct text bytes);

/* Sends a reply: each LF becomes CRLF, and one is added. */
bool smarthost_wire_say(struct smarthost_wire *wire, const char *reply);

/* Adds a line to the record. */
void smarthost_wire_note(struct smarthost_wire *wire, const char *prefix, struct text line);

/* Reads and drops what comes until the client goes away. */
void smarthost_wire_stall(struct smarthost_wire *wire);

#endif
