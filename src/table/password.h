/* SPDX-License-Identifier: ISC */
/*
 * sasl_passwd: which user and password a next hop is given (Postfix's
 * smtp_sasl_password_maps).  Finding the row and taking its password are two calls, so
 * that a plan can be made and shown without a secret in memory.
 */
#ifndef RELAY_TABLE_PASSWORD_H
#define RELAY_TABLE_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/secret.h"
#include "mail/address.h"
#include "mail/completion.h"
#include "table/table_trials.h"
#include "table/transport.h"

struct arena;

struct password_rule {
	const char *path;      /* name of the table (table_source); NULL: none */
	bool sender_dependent; /* ask for the sender first */
	bool sender_only;      /* and for nothing else */
	const struct completion *completion;
};

struct password_row {
	bool found;
	const char *user; /* before the first colon; never empty when found */
	const char *key;  /* folded key that matched */
	size_t line;      /* 0: of a compiled table */
};

/*
 * Finds the row for a hop: the sender's keys first when sender_dependent and the
 * sender (before generic) is not null, then the host alone, then the hop's text
 * as written, with its port and without (relay-tables(5)).  Nothing of the password is kept.  Not
 * found is no failure. Fails with EX_TEMPFAIL when the table cannot be read, EX_CONFIG when others
 * may read it (F99), or at file:line for an empty user, a missing colon or a malformed row of one
 * of the keys.
 */
bool password_find(const struct password_rule *rule, struct address sender,
    const struct transport_hop *hop, struct arena *arena, struct password_row *row,
    struct failure *why);

/* The keys with which a hop is asked for. */
struct table_trials password_candidates(const struct password_rule *rule, struct address sender,
    const struct transport_hop *hop, struct arena *arena);

/* Takes the password of the row that password_find() found: everything behind the
 * first colon of its value, which may be nothing.  Fails as password_find(), or with
 * EX_TEMPFAIL when the row is gone or names another user now. */
bool password_take(const struct password_rule *rule, const struct password_row *row,
    struct secret *secret, struct failure *why);

#endif
