/* SPDX-License-Identifier: ISC */
/*
 * Which account sends: -a, --host, the sender's address, `default`, EMAIL and
 * SMTPSERVER, or the tables of the system alone.
 */
#ifndef RELAY_FLOW_CHOICE_H
#define RELAY_FLOW_CHOICE_H

#include <stdbool.h>

#include "base/environment.h"
#include "base/failure.h"
#include "config/account.h"
#include "config/config.h"
#include "config/options.h"

struct arena;

struct choice {
	struct account *account; /* a copy, options applied, default tables filled in, settled */
	const char *by;          /* "-a", "--host", "its from matches", "default" ... */
};

/*
 * Chooses (relayrc(5)).  `sender` is the envelope sender as far as it is known, or
 * NULL.  An account of the system file uses SYSCONFDIR/relay/{transport,generic,
 * sasl_passwd} where they exist and it names none; every account /etc/aliases.
 * Fails in stage CONFIG with EX_CONFIG: no such account, or none at all (every
 * path that was tried is in the hint), then choice->account is NULL; or what it says is
 * contradictory, then choice->account is that one, not settled.
 */
bool choice_make(const struct invocation *invocation, const struct config *config,
    const struct environment *environment, const struct address *sender, struct arena *arena,
    struct choice *choice, struct failure *why);

/* Fills in the places of the system's tables that the account does not name, as above. */
void choice_fill_tables(
    struct account *account, const struct environment *environment, struct arena *arena);

#endif
