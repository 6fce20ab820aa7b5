/* SPDX-License-Identifier: ISC */
/*
 * Logging in to one server of a route, with advice that knows where the password came from.
 */
#ifndef RELAY_FLOW_LOGIN_H
#define RELAY_FLOW_LOGIN_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/secret.h"
#include "flow/route.h"
#include "smtp/session.h"

struct login {
	const struct route *route;
	const struct route_hop *hop; /* with its credential */
	/* As in struct auth_identity. */
	bool (*secret)(void *data, struct secret *secret, struct failure *why);
	void *data;
};

/* Logs in, if the hop has a credential.  Fails as auth_login(). */
bool login_run(const struct login *login, struct session *session, struct failure *why);

/* Makes the advice for a server that wants a login and was given none say which key was looked
 * for; other failures stay. */
void login_explain_missing(
    const struct route *route, const struct route_hop *hop, struct failure *why);

#endif
