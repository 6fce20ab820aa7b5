/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsasl.h>

#include "base/arena.h"
#include "smtp/auth_exchange.h"
#include "smtp/mechanism.h"

#define BINDING_MAX 256
#define SERVICE "smtp"

struct binding {
	const char *type; /* as RFC 5929 and 9266 name it */
	Gsasl_property property;
};

static const struct binding bindings[] = {
	{ "tls-exporter", GSASL_CB_TLS_EXPORTER },
	{ "tls-unique", GSASL_CB_TLS_UNIQUE },
};

#define BINDING_COUNT (sizeof bindings / sizeof bindings[0])

static bool
binding_of(
    struct session *session, const struct binding *binding, char bytes[BINDING_MAX], size_t *length)
{
	return channel_binding(session->channel, binding->type, bytes, BINDING_MAX, length);
}

static bool
can_bind(struct session *session)
{
	char bytes[BINDING_MAX];
	size_t length;

	for (size_t i = 0; i < BINDING_COUNT; i++)
		if (binding_of(session, &bindings[i], bytes, &length))
			return true;
	return false;
}

static void
set(Gsasl_session *sasl, Gsasl_property property, const char *value)
{
	if (value != NULL && gsasl_property_set(sasl, property, value) != GSASL_OK)
		arena_exhausted();
}

/* The first binding that the channel has; libgsasl takes it in base64. */
static void
set_binding(Gsasl_session *sasl, struct session *session)
{
	char bytes[BINDING_MAX];
	size_t encoded_length;
	size_t length = 0;
	char *encoded;

	for (size_t i = 0; i < BINDING_COUNT; i++) {
		if (!binding_of(session, &bindings[i], bytes, &length))
			continue;
		if (gsasl_base64_to(bytes, length, &encoded, &encoded_length) != GSASL_OK)
			arena_exhausted();
		set(sasl, bindings[i].property, encoded);
		free(encoded);
		return;
	}
}

static bool
fetch_secret(const struct auth_identity *identity, struct secret *secret, struct failure *why)
{
	if (identity->user == NULL || identity->user[0] == '\0')
		return fail(why, EX_CONFIG, "no user to log in as");
	if (identity->secret == NULL)
		return fail(why, EX_CONFIG, "no password for '%s'", identity->user);
	if (!identity->secret(identity->data, secret, why))
		return false;
	if (secret->length == 0)
		return fail(why, EX_CONFIG, "the password for '%s' is empty", identity->user);
	if (memchr(secret->bytes, '\0', secret->length) != NULL)
		return fail(
		    why, EX_CONFIG, "the password for '%s' holds a NUL byte", identity->user);
	return true;
}

static void
set_identity(Gsasl_session *sasl, const struct mechanism *mechanism,
    const struct auth_identity *identity, const struct secret *secret)
{
	/* EXTERNAL and GSSAPI say who they are by other means: here they say for whom. */
	set(sasl, mechanism->needs_secret ? GSASL_AUTHID : GSASL_AUTHZID, identity->user);
	set(sasl, GSASL_PASSWORD, secret->bytes);
	set(sasl, GSASL_SERVICE, SERVICE);
	set(sasl, GSASL_HOSTNAME, identity->hostname);
}

static bool
exchange(struct session *session, const struct mechanism *mechanism,
    const struct auth_identity *identity, Gsasl *library, struct failure *why)
{
	struct auth_exchange run = {
		.session = session, .mechanism = mechanism, .user = identity->user
	};
	struct secret secret = { 0 };
	bool done;

	if (gsasl_client_start(library, mechanism->name, &run.sasl) != GSASL_OK)
		return fail(why, EX_SOFTWARE, "the SASL library cannot begin %s", mechanism->name);
	done = !mechanism->needs_secret || fetch_secret(identity, &secret, why);
	if (done) {
		set_identity(run.sasl, mechanism, identity, &secret);
		if (mechanism->binding)
			set_binding(run.sasl, session);
		secret_wipe(&secret);
		done = auth_exchange_run(&run, why);
	}
	secret_wipe(&secret);
	gsasl_finish(run.sasl);
	return done;
}

static bool
login(struct session *session, const struct auth_identity *identity, struct failure *why)
{
	const struct mechanism *mechanism;
	Gsasl *library;
	bool done;

	/* Before the secret is fetched, too: a command that asks a person for it is not run in
	 * vain. */
	if (!auth_exchange_allowed(session, why) || !session_quiet(session, why))
		return false;
	if (!mechanism_choose(&session->capability, identity->filter, can_bind(session),
		session->arena, &mechanism, why))
		return false;
	if (gsasl_init(&library) != GSASL_OK)
		arena_exhausted();
	done = exchange(session, mechanism, identity, library, why);
	gsasl_done(library);
	if (done)
		(void)snprintf(
		    session->authenticated, sizeof session->authenticated, "%s", mechanism->name);
	return done;
}

bool
auth_login(struct session *session, const struct auth_identity *identity, struct failure *why)
{
	if (login(session, identity, why))
		return true;
	if (session->peer[0] != '\0')
		failure_at(why, "%s", session->peer);
	return failure_in(why, FAILURE_AUTH);
}
