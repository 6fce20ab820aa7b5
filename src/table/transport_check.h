/* SPDX-License-Identifier: ISC */
/*
 * The work of newaliases on transport: every row is judged, and every server that a row names
 * is looked for in sasl_passwd.
 */
#ifndef RELAY_TABLE_TRANSPORT_CHECK_H
#define RELAY_TABLE_TRANSPORT_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "table/password_check.h"
#include "table/table.h"
#include "table/transport.h"

/*
 * Reads the table through and counts its rows.  A value for which transport_resolve() would
 * fail is a fault; a key that matches nothing or stands in a row above is told, and a server
 * that has no row in `passwords` (NULL: there is no such table) while its host and port have one
 * that is written in another way.  Keeps every key in memory.  Fails as table_open() and
 * table_next_line().
 */
bool transport_check(const struct transport_rule *rule, struct password_check *passwords,
    struct table_warnings *warnings, size_t *rows, struct failure *why);

/* The line of the row of `passwords` that is about the hop's host and port (`port` where it names
 * none) but not for the hop, when none is for the hop; else 0.  A row without a port is about
 * them all. */
size_t transport_check_unlike(struct password_check *passwords, const struct transport_hop *hop,
    unsigned port, struct arena *arena);

#endif
