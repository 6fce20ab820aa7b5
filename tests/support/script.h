/* SPDX-License-Identifier: ISC */
/*
 * A channel that plays a transcript: it hands out the server's lines and demands the client's,
 * in exactly that order.
 *
 * A transcript is text, one entry a line; blank lines and lines that begin with # are comment:
 *
 *	S: 220 ready        handed to the client as it reads, with CRLF; several in a row at once
 *	S| bytes            the same without CRLF
 *	C: EHLO host        what the client must write next, with CRLF; <any> stands for anything
 *	C: <data>           everything to the end of data, a lone dot, kept for data_sent
 *	C: <chunk>          as many bytes as the BDAT before said, kept for data_sent
 *	C: <part>           one write, whatever it holds
 *	TLS                 the client must begin TLS here; it succeeds, the peer is verified
 *	TLS unverified      the same with nobody verified
 *	TLS refused         the same, and it fails
 *	CLOSE               the end of input; writing fails
 *	STALL               nothing comes: the deadline passes at once
 *	BREAK               the client's next write fails; what follows can be read then
 *	SIGNAL              the process gets SIGTERM when the client reads or writes next
 *	LOCAL               (at the top) the peer is on this machine
 *
 * \r \n \t \\ \0 and \xHH stand for those bytes.  Client lines in a row may be one write or
 * several: `writes` counts.  A client that writes while the server's lines are unread is at
 * fault, as is one that reads when it is its turn.
 */
#ifndef RELAY_TESTS_SUPPORT_SCRIPT_H
#define RELAY_TESTS_SUPPORT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "net/channel.h"
#include "net/tls.h"
#include "tests/support/transcript.h"

struct arena;

struct script {
	struct channel channel; /* first: it is one */
	struct arena *arena;
	struct transcript transcript;
	size_t at;     /* the entry that is played */
	size_t offset; /* bytes of it that are played */
	size_t chunk_left;
	bool dribble; /* hand out one byte a read */
	bool closed;
	size_t writes;
	struct buffer line; /* of the client, not ended yet */
	struct buffer data_sent;
	char problem[2048]; /* what first went wrong, or empty */
};

/* Reads a transcript from text, or from the file of that name in tests/dialogs (below $srcdir). */
struct script *script_open(struct text transcript, struct arena *arena);
struct script *script_load(const char *name, struct arena *arena);

/* What session_rule's `secure` is for a scripted channel. */
bool script_secure(struct channel **channel, const struct tls_rule *rule, struct deadline deadline,
    struct failure *why);

/* What went wrong, also that the transcript was not played to its end or the channel is still
 * open; "" when all was right. */
const char *script_problem(struct script *script);

void script_close(struct script *script);

#endif
