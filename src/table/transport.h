/* SPDX-License-Identifier: ISC */
/*
 * transport(5): which way a recipient goes.
 */
#ifndef RELAY_TABLE_TRANSPORT_H
#define RELAY_TABLE_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "mail/completion.h"
#include "mail/envelope.h"
#include "table/table_trials.h"
#include "table/transport_hops.h"

struct arena;

enum transport_kind {
	TRANSPORT_NONE,    /* no row matched, or a row said `:` */
	TRANSPORT_SMTP,    /* smtp and relay: the account's TLS settings, hops of the row */
	TRANSPORT_SMTPS,   /* the same with TLS from the first byte */
	TRANSPORT_ACCOUNT, /* the name of an account; hops may be empty: the account's own */
	TRANSPORT_ERROR,
	TRANSPORT_RETRY,
	TRANSPORT_DISCARD,
	TRANSPORT_FAULT /* the row is wrong: nobody who needs it is served */
};

struct transport {
	enum transport_kind kind;
	const char *account; /* TRANSPORT_ACCOUNT */
	struct transport_hops hops;
	const char *enhanced;        /* ERROR, RETRY: status as made fit ("5.0.0") */
	const char *text;            /* ERROR, RETRY, DISCARD; FAULT: the value as written */
	const struct failure *fault; /* FAULT: what is wrong with the row, and where; else NULL */
	const char *key;             /* the row's key that matched; NULL: none */
	size_t line;                 /* of the row; 0: none, or of a compiled table */
	bool nameless;               /* `:host`, which leaves local mail to Postfix's aliases */
};

struct transport_rule {
	const char *path; /* name of the table (table_source); NULL: none */
	const struct completion *completion;
	bool (*account_exists)(const void *data, const char *name);
	const void *data;
	/* The name of an account that may have been meant, or NULL.  NULL itself: none is known. */
	const char *(*account_near)(const void *data, struct text name);
};

/*
 * One transport for each recipient, in their order; belongs to arena; equal rows
 * share one value (compare pointers).  Key order: relay-tables(5).  A row that is wrong is
 * TRANSPORT_FAULT, with EX_CONFIG at file:line and a hint: malformed, a missing next hop
 * (`smtp:`), an unknown transport name, `host:587` without a transport name (hint: write
 * smtp:host:587), a bad port.  Fails with EX_TEMPFAIL when the table cannot be read.
 */
bool transport_resolve(const struct transport_rule *rule,
    const struct envelope_recipients *recipients, struct arena *arena,
    const struct transport ***transports, struct failure *why);

/* The keys with which a recipient is asked for. */
struct table_trials transport_candidates(
    const struct transport_rule *rule, struct address address, struct arena *arena);

/* Reads the value of a row.  Fails with EX_CONFIG where transport_resolve() tells a fault,
 * without a place. */
bool transport_read(struct text value, const struct transport_rule *rule, struct arena *arena,
    struct transport *transport, struct failure *why);

#endif
