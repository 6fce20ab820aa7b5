/* SPDX-License-Identifier: ISC */
/*
 * From an account's settings to what net and smtp want to know.
 */
#ifndef RELAY_FLOW_RULE_H
#define RELAY_FLOW_RULE_H

#include <stdbool.h>

#include "base/failure.h"
#include "flow/plan.h"
#include "flow/route.h"
#include "net/connect.h"
#include "net/tls.h"
#include "smtp/session.h"

struct arena;

#define RULE_CONNECT_MS 30000

struct rule {
	struct endpoint endpoint;
	struct tls_rule tls;
	struct session_rule session; /* its tls points at the member above */
	int64_t connect_ms;
};

/* The rule for one server of a route; texts belong to the account or arena. */
void rule_make(const struct plan *plan, const struct route *route, const struct route_hop *hop,
    struct arena *arena, struct rule *rule);

/* Is LMTP spoken there instead of SMTP?  Never with a server that a row of transport names. */
bool rule_speaks_lmtp(const struct route *route, const struct route_hop *hop);

/* proxy_port, or the usual one. */
unsigned rule_proxy_port(const struct account *account);

/* Judges the words of settings that only net and smtp understand (auth, tls_fingerprint,
 * tls_priorities), so that a fault is told before anything is connected.  Fails with EX_CONFIG at
 * file:line. */
bool rule_check(const struct account *account, struct arena *arena, struct failure *why);

/* Are the files of a route's account there, and source_ip an address, before anything is connected
 * (F64)?  Key and certificate only when a server is the account's `own`.  Fails with EX_CONFIG at
 * file:line. */
bool rule_check_files(
    const struct account *account, bool own, struct arena *arena, struct failure *why);

/* May a password cross the connection, as far as is known before it is there: over verified TLS,
 * or to an address of this machine?  A host whose name is looked up counts as elsewhere. */
bool rule_is_private(const struct route *route, const struct route_hop *hop);

/* "off", "starttls" or "implicit". */
const char *rule_tls_mode(const struct route *route, const struct route_hop *hop);

/* "STARTTLS, certificate for mail.example by the system's authorities", for explain. */
const char *rule_describe_tls(
    const struct route *route, const struct route_hop *hop, struct arena *arena);

#endif
