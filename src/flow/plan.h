/* SPDX-License-Identifier: ISC */
/*
 * The plan: every decision of a delivery, made without network.  deliver, explain
 * and (later) queue run over it.
 */
#ifndef RELAY_FLOW_PLAN_H
#define RELAY_FLOW_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/environment.h"
#include "base/failure.h"
#include "config/account.h"
#include "config/config.h"
#include "config/options.h"
#include "flow/route.h"
#include "flow/sender.h"
#include "mail/completion.h"
#include "mail/envelope.h"
#include "mail/message.h"
#include "table/alias.h"
#include "table/generic.h"
#include "table/transport.h"

struct arena;

/* A recipient that no route takes, whose rows or credential are at fault, or an alias that leads
 * to none. */
struct plan_refusal {
	struct address address;
	struct failure why;
};

struct plan {
	const struct account *account; /* the chosen one */
	const char *chosen_by;         /* "-a", "from", "default" ... */
	const struct environment *environment;
	const struct config *config;
	struct completion completion;
	struct sender origin;        /* who named the sender */
	struct address sender_given; /* complete, before generic */
	struct address sender;       /* MAIL FROM */
	struct envelope envelope;    /* recipients after aliases */
	struct route_list routes;
	struct plan_refusal *refusals; /* who gets nothing, whatever becomes of the others */
	size_t refusal_count;
	size_t refusal_capacity;

	/* How it came about, for explain: what a step left, NULL when it was not reached.  They are
	 * filled as the plan is made, so that one that fails halfway can be shown so far. */
	bool sender_settled;
	struct envelope_recipients given; /* before aliases */
	const struct alias_result *aliases;
	const struct transport **transports; /* of envelope.recipients, in their order */
	const struct generic_map *generic;
	size_t routed; /* of envelope.recipients, how many have a route or a refusal */
	size_t *ways;  /* of envelope.recipients: number in routes + 1; 0: none */
};

/*
 * Chooses the account, completes addresses, expands aliases, resolves transport and generic,
 * finds credentials, and edits the header of `message` (message->edited).  Opens no
 * connection and reads no secret.  A fault of what one recipient needs (its rows, its server's
 * credential) is a refusal of that recipient; one of what all need (the sender, the header, the
 * account, a table that cannot be read) fails in stage USAGE, CONFIG, TABLE or PLAN.
 */
bool plan_make(const struct invocation *invocation, const struct config *config,
    const struct environment *environment, struct message *message, struct arena *arena,
    struct plan *plan, struct failure *why);

/* Notes that the recipient gets nothing, and why. */
void plan_refuse(
    struct plan *plan, struct address address, const struct failure *why, struct arena *arena);

/* The route of the recipient at `place` in envelope.recipients; NULL: it has none (yet). */
const struct route *plan_route_of(const struct plan *plan, size_t place);

#endif
