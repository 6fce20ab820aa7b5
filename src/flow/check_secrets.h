/* SPDX-License-Identifier: ISC */
/*
 * The passwords that --check needs, each read once: a command that asks a person is not run
 * for every server, and a descriptor gives its line only once.
 */
#ifndef RELAY_FLOW_CHECK_SECRETS_H
#define RELAY_FLOW_CHECK_SECRETS_H

#include "base/environment.h"
#include "base/secret.h"
#include "config/credential.h"

struct arena;

struct check_secret {
	const struct credential *credential;
	struct secret secret;
	bool read;
	struct failure why; /* when it could not be */
};

struct check_secrets {
	struct check_secret *items; /* belongs to arena */
	size_t count;
	size_t capacity;
	const struct environment *environment;
	struct arena *arena;
};

struct check_secrets check_secrets_open(const struct environment *environment, struct arena *arena);

/* Reads the credential's secret, or gives what reading it gave before; borrowed until the next
 * call.  Fails as credential_read(), every time. */
bool check_secrets_read(struct check_secrets *secrets, const struct credential *credential,
    const struct check_secret **found, struct failure *why);

/* Wipes all. */
void check_secrets_close(struct check_secrets *secrets);

#endif
