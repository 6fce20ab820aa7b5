/* SPDX-License-Identifier: ISC */
/*
 * A route: the servers, settings and credentials that some of a message's
 * recipients share.  One route is one session.
 */
#ifndef RELAY_FLOW_ROUTE_H
#define RELAY_FLOW_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/environment.h"
#include "base/failure.h"
#include "config/account.h"
#include "config/credential.h"
#include "mail/completion.h"
#include "mail/envelope.h"
#include "table/transport.h"

struct arena;

struct route_recipient {
	struct address address;      /* after generic: RCPT TO */
	struct address routed;       /* before generic: what transport was asked for */
	struct address original;     /* as given */
	const char *trail;           /* alias rows that led here; NULL: none */
	struct address sender;       /* MAIL FROM for it */
	struct address sender_given; /* before generic: what credentials are asked for */
};

/* One server to try. */
struct route_hop {
	struct transport_hop server; /* with its text as the key for credentials */
	unsigned port;
	bool own;                /* the account's own host:port, whoever named it */
	const char *socket;      /* connected to instead of host and port; NULL: none */
	bool lmtp;               /* spoken there instead of SMTP */
	bool service;            /* `srv:`: the host is a domain, whose servers DNS names */
	const char *certificate; /* of a server that DNS named: the domain; NULL: not so */
	bool implicit_tls;       /* and whether DNS said so of it */
	struct credential credential;
};

struct route {
	enum transport_kind kind;          /* SMTP, SMTPS, ERROR, RETRY, DISCARD */
	const struct account *account;     /* whose TLS and SASL settings hold */
	const struct transport *transport; /* the row that chose it; NULL: the account's host */
	bool implicit_tls;
	struct address sender;       /* MAIL FROM: of the message, or a list's owner */
	struct address sender_given; /* before generic */
	struct route_hop *hops;      /* in the order in which they are tried */
	size_t hop_count;
	struct route_recipient *recipients; /* distinct by address */
	size_t count;
	size_t capacity;
	struct envelope_recipients seen;
	const struct failure *fault; /* no credential could be found: nobody is served; or NULL */
};

/* A place in the hash.  What else hashes alike is told without a look at the route. */
struct route_slot {
	size_t number; /* in items + 1; 0: free */
	uint64_t hash;
};

/* Found by transport and sender (route_list.h). */
struct route_list {
	struct route *items;
	size_t count;
	size_t capacity;
	struct route_slot *slots;
	size_t slot_count; /* 0 or a power of two */
	size_t slots_used;
};

/* In place of the number of a route. */
#define ROUTE_NONE SIZE_MAX

/* What routes are made from. */
struct route_maker {
	const struct account *account;       /* the chosen one, settled */
	const struct account_list *accounts; /* for rows that name one */
	const struct completion *completion;
	const struct environment *environment;
};

/* A server of the account's own `host`, with the text that sasl_passwd is asked for: host:port.
 * The text belongs to arena. */
struct transport_hop route_own_server(
    const struct account *account, const struct transport_hop *server, struct arena *arena);

/*
 * Puts the recipient on the route that its transport row (kind TRANSPORT_NONE: the account's
 * host) and its sender lead to, opening the route when it is the first.  *way is its number, or
 * ROUTE_NONE when no row and no host takes the recipient.  Fails in stage PLAN with EX_CONFIG:
 * an account without host, settings that later versions bring (where is the row or setting).
 */
bool route_add(struct route_list *list, const struct route_maker *maker,
    const struct transport *transport, struct route_recipient recipient, struct arena *arena,
    size_t *way, struct failure *why);

/* Finds the credential of every hop, with one pass over each table.  Where credential_find() fails,
 * the route has that fault. */
void route_find_credentials(
    struct route_list *list, const struct route_maker *maker, struct arena *arena);

/* "smtp:[host]:587" or "error:5.7.1 text", for messages; belongs to arena. */
const char *route_describe(const struct route *route, struct arena *arena);

#endif
