/* SPDX-License-Identifier: ISC */
/*
 * A session with a submission server: greet, hello, secure, authenticate; then
 * submit, and quit.  Knows neither configuration nor queue.
 */
#ifndef RELAY_SMTP_SESSION_H
#define RELAY_SMTP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "net/channel.h"
#include "net/tls.h"
#include "smtp/capability.h"
#include "smtp/reply.h"

struct arena;

enum session_security {
	SESSION_STARTTLS, /* mandatory: no STARTTLS, no session */
	SESSION_IMPLICIT, /* TLS from the first byte */
	SESSION_PLAIN     /* `tls off`: AUTH then needs a local peer */
};

/* What has gone well so far, in the order of STARTTLS; with TLS from the first byte
 * SESSION_SECURED comes first. */
enum session_phase {
	SESSION_GREETED,
	SESSION_KNOWN,     /* EHLO was answered; `capability` is read */
	SESSION_PERMITTED, /* 220 to STARTTLS */
	SESSION_SECURED    /* TLS runs; SESSION_KNOWN comes again */
};

struct session;

/* For the rest of a reply that nobody waits for, once a part of it has come. */
#define SESSION_STRAY_MS ((int64_t)1000)

/* Milliseconds for each step; RFC 5321 4.5.3.2. */
struct session_limits {
	int64_t greeting_ms;
	int64_t command_ms; /* EHLO, STARTTLS, RSET; AUTH with all its rounds */
	int64_t tls_ms;
	int64_t mail_ms;
	int64_t rcpt_ms;
	int64_t data_ms;  /* for 354 */
	int64_t block_ms; /* for each piece of data written */
	int64_t dot_ms;   /* for the reply to the final dot */
};

struct session_rule {
	enum session_security security;
	const struct tls_rule *tls;
	const char *hello; /* argument of EHLO */
	bool lmtp;         /* LHLO, and a reply for each recipient (RFC 2033) */
	struct session_limits limits;
	bool avoid_pipelining; /* a try before showed that it is not to be relied on (F137) */
	bool avoid_chunking;   /* or this (F144) */
	/* What makes the channel a TLS one; NULL: tls_start(). */
	bool (*secure)(struct channel **channel, const struct tls_rule *rule,
	    struct deadline deadline, struct failure *why);
	void (*trace)(void *data, bool client, struct text line); /* NULL: none; secrets are *** */
	void *trace_data;
	/* Is told of each phase of session_open() as it is done, with the reply that ended it (NULL
	 * for SESSION_SECURED).  NULL: nobody is. */
	void (*passed)(void *data, enum session_phase phase, const struct session *session,
	    const struct reply *reply);
	void *passed_data;
	/* How much of a message too large for one flight is sent; 0 of 0 when that is over, however
	 * it ended.  NULL: nobody wants to know. */
	void (*progress)(void *data, uint64_t sent, uint64_t total);
	void *progress_data;
};

struct session {
	struct channel *channel;
	struct reply_reader reader;
	struct capability capability;
	const struct session_rule *rule;
	struct arena *arena;
	struct arena *replies;  /* holds the reply read last */
	char peer[300];         /* the channel's, kept for when it is gone */
	char authenticated[64]; /* mechanism that succeeded, or empty */
	struct deadline phase;  /* of all steps until the next session_phase() */
	bool hushed;            /* a server's words are traced as *** */
	bool unfinished;        /* a mail transaction is open: RSET before the next */
	bool broken;            /* closed, or out of step: no QUIT, just close */
	bool pipelining_failed; /* the next try should set avoid_pipelining */
	bool chunking_failed;   /* the next try should set avoid_chunking */
};

/* The times of RFC 5321 4.5.3.2 (greeting 5 min, MAIL 5, RCPT 5, DATA 2, block 3, final dot 10). */
struct session_limits session_limits_default(void);

/*
 * Takes `channel`, borrows `rule` for the session's life; greets, says EHLO, secures (STARTTLS:
 * the exact keyword in EHLO, 220, then not one byte more before TLS, then EHLO anew with all
 * that was known before forgotten), as RFC 3207 and the faults F1-F23 ask.  *session belongs to
 * arena; on failure all is closed.
 *
 * HELO is tried after EHLO only where no TLS is asked for (F19), and never with LMTP.
 *
 * Fails in stage GREETING or TLS: EX_TEMPFAIL (4xx, 421, closed, deadline),
 * EX_UNAVAILABLE (5xx; no STARTTLS, as temporary, with a hint), EX_PROTOCOL (no SMTP: a hint
 * about port 465 when it looks like TLS).  where is the channel's peer.
 */
bool session_open(struct channel *channel, const struct session_rule *rule, struct arena *arena,
    struct session **session, struct failure *why);

/*
 * Has the server kept silent since its last reply?  Fails with EX_PROTOCOL when it answered
 * what nobody asked (F88), EX_TEMPFAIL when it said 421; the session is broken then.
 */
bool session_quiet(struct session *session, struct failure *why);

/*
 * Begins a phase of several steps (a login, an envelope, a message): whatever limits these have,
 * all of them together have `ms`, so that a server that answers each just in time holds nobody for
 * ever (F115).  0: no such limit.
 */
void session_phase(struct session *session, int64_t ms);

/* Writes one command line (CRLF-ended) or several, traced.  Fails with EX_TEMPFAIL. */
bool session_write(
    struct session *session, struct text lines, struct deadline deadline, struct failure *why);

/* Writes `bytes` and traces `shown` in their place: for secrets and for message bytes. */
bool session_write_as(struct session *session, struct text bytes, struct text shown,
    struct deadline deadline, struct failure *why);

/* Reads one reply within `ms`, traced; its texts are borrowed until the next call.  421 breaks
 * the session.  Fails as reply_read(). */
bool session_reply(struct session *session, int64_t ms, struct reply *reply, struct failure *why);

/* Writes one line and reads its reply. */
bool session_ask(struct session *session, const char *line, int64_t ms, struct reply *reply,
    struct failure *why);

/* Sends QUIT without waiting for its answer, unless broken, and closes.  NULL is fine, and so
 * is a second call. */
void session_close(struct session *session);

#endif
