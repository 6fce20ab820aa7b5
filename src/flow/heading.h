/* SPDX-License-Identifier: ISC */
/*
 * The header that leaves: what the account asks for, generic's addresses, the
 * fields that were missing.
 */
#ifndef RELAY_FLOW_HEADING_H
#define RELAY_FLOW_HEADING_H

#include "config/account.h"
#include "config/options.h"
#include "flow/plan.h"
#include "mail/message.h"
#include "table/generic.h"

struct arena;

/*
 * Sets message->edited: From, Date, Message-ID and To added or replaced as set_from_header,
 * set_date_header, set_msgid_header, set_to_header and undisclosed_recipients say, Bcc removed,
 * addresses completed and put through `map`.
 */
void heading_edit(const struct plan *plan, const struct invocation *invocation,
    const struct generic_map *map, struct message *message, struct arena *arena);

#endif
