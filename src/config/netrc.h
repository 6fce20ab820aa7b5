/* SPDX-License-Identifier: ISC */
/*
 * netrc(5): machine, default, login, password, account, macdef.
 */
#ifndef RELAY_CONFIG_NETRC_H
#define RELAY_CONFIG_NETRC_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/secret.h"

struct arena;

/*
 * The entry for `host` (and `user`, when not NULL) that has a password: *login is
 * its login name, or `user` (belongs to arena), *found false when there is none.  A
 * machine's entry comes before `default`, wherever that stands; `default` serves only a `user` that
 * is given, since it says nothing about this host; an entry without login
 * fits every `user`.  `secret` may be NULL; else it gets the password.  A missing
 * file is not found.  Fails as file_read(), with EX_CONFIG when there is an entry
 * and others may read the file, or at file:line on a token without a value.
 */
bool netrc_find(const char *path, const char *host, const char *user, struct arena *arena,
    bool *found, const char **login, struct secret *secret, struct failure *why);

#endif
