/* SPDX-License-Identifier: ISC */
/*
 * The work of newaliases on sasl_passwd: every row is judged.  No part of a value is kept or
 * told.
 */
#ifndef RELAY_TABLE_PASSWORD_CHECK_H
#define RELAY_TABLE_PASSWORD_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "table/password.h"
#include "table/table.h"
#include "table/table_seen.h"

/* Who has a row, for transport_check(). */
struct password_check {
	const char *path;
	struct table_seen keys;
	struct table_seen hosts; /* of those keys, as password_check_server() names them */
};

/* One name for a server, however it is written; port 0: none is.  Belongs to arena. */
struct text password_check_server(const char *host, unsigned port, struct arena *arena);

/*
 * Reads the table through and counts its rows.  A value without a colon or without a user is a
 * fault; an empty password, a key that matches nothing or stands in a row above is told.
 * *check is filled whether it fails or not, and is closed by password_check_close().  Fails as
 * table_open() for a file of secrets and as table_next_line().
 */
bool password_check(const struct password_rule *rule, struct table_warnings *warnings,
    struct password_check *check, size_t *rows, struct failure *why);
void password_check_close(struct password_check *check);

#endif
