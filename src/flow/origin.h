/* SPDX-License-Identifier: ISC */
/*
 * Which domain mail made here belongs to, and which domains' users are ours.
 */
#ifndef RELAY_FLOW_ORIGIN_H
#define RELAY_FLOW_ORIGIN_H

#include "base/environment.h"
#include "config/account.h"
#include "mail/completion.h"

struct arena;

/*
 * maildomain, else the machine's mail domain; local_domains, else that domain, the host's name,
 * localhost and localhost.maildomain; recipient_delimiter.  Texts belong to arena.
 */
struct completion origin_completion(
    const struct account *account, const struct environment *environment, struct arena *arena);

/* Where that domain comes from: "/etc/relayrc:3", "/etc/mailname", "the host's name". */
const char *origin_source(
    const struct account *account, const struct environment *environment, struct arena *arena);

#endif
