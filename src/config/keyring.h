/* SPDX-License-Identifier: ISC */
/*
 * The keyring of a desktop session, by libsecret: the items that `secret-tool store` makes with
 * the attributes service smtp, host and user, as msmtp reads them.  The library is loaded when a
 * password is read from it, and not linked.
 */
#ifndef RELAY_CONFIG_KEYRING_H
#define RELAY_CONFIG_KEYRING_H

#include <stdbool.h>

#include "base/environment.h"
#include "base/failure.h"
#include "base/secret.h"

/* Was this program built for one, and is there a session that may have one?  Asks nobody. */
bool keyring_is_there(const struct environment *environment);

/*
 * Looks the password up; *found is false, and the rest left alone, when there is no such item
 * or no library.  The keyring may ask the person to unlock it.  Fails with EX_TEMPFAIL and the
 * library's words.
 */
bool keyring_find(
    const char *host, const char *user, bool *found, struct secret *secret, struct failure *why);

#endif
