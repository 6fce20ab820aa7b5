/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/auth.h"

#include <stdio.h>
#include <stdint.h>
#include <string.h>

#include <gsasl.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "smtp/auth_exchange.h"
#include "smtp/mechanism.h"
#include "smtp/mechanism_oauth.h"
#include "smtp/mechanism_scram.h"

#define BINDING_MAX 256
#define SERVICE "smtp"

/* In the order of RFC 9266 2: TLS 1.3 has only the latter, and servers of TLS 1.2 know the former. */
static const char *const bindings[] = { "tls-unique", "tls-exporter" };

/* The first binding that the channel has; NULL: none. */
static const char *
find_binding(struct session *session, char bytes[BINDING_MAX], size_t *length)
{
	for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++)
		if (channel_binding(session->channel, bindings[i], bytes, BINDING_MAX, length))
			return bindings[i];
	return NULL;
}

static bool
can_bind(struct session *session)
{
	char bytes[BINDING_MAX];
	size_t length;

	return find_binding(session, bytes, &length) != NULL;
}

static void
set(Gsasl_session *sasl, Gsasl_property property, const char *value)
{
	if (value != NULL && gsasl_property_set(sasl, property, value) != GSASL_OK)
		arena_exhausted();
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
	set(sasl, GSASL_PASSWORD, secret == NULL ? NULL : secret->bytes);
	set(sasl, GSASL_SERVICE, SERVICE);
	set(sasl, GSASL_HOSTNAME, identity->hostname);
}

/* libgsasl keeps a copy and would free it as it is (F104). */
static void
forget(Gsasl_session *sasl)
{
	/* Ours to write: the const is there for those who only want to look. */
	char *copy = (char *)(uintptr_t)gsasl_property_fast(sasl, GSASL_PASSWORD);

	if (copy != NULL)
		explicit_bzero(copy, strlen(copy));
}

static bool
run_library(struct auth_exchange *run, const struct auth_identity *identity, struct failure *why)
{
	Gsasl *library;
	bool done = false;

	if (gsasl_init(&library) != GSASL_OK)
		arena_exhausted();
	if (gsasl_client_start(library, run->mechanism->name, &run->sasl) == GSASL_OK) {
		set_identity(run->sasl, run->mechanism, identity, run->secret);
		done = auth_exchange_run(run, why);
		forget(run->sasl);
		gsasl_finish(run->sasl);
	} else {
		(void)fail(
		    why, EX_SOFTWARE, "the SASL library cannot begin %s", run->mechanism->name);
	}
	gsasl_done(library);
	return done;
}

static bool
run_scram(struct auth_exchange *run, const struct auth_identity *identity, struct failure *why)
{
	const struct capability *capability = &run->session->capability;
	struct mechanism_scram_login login = { .mechanism = run->mechanism,
		.user = identity->user,
		.secret = run->secret,
		.nonce = identity->nonce,
		.plus_offered = capability_has_mechanism(capability, "SCRAM-SHA-256-PLUS")
		    || capability_has_mechanism(capability, "SCRAM-SHA-1-PLUS") };
	char bytes[BINDING_MAX];
	size_t length = 0;
	bool done;

	login.binding_type = find_binding(run->session, bytes, &length);
	login.binding = text_make(bytes, length);
	run->scram = mechanism_scram_open(&login);
	done = auth_exchange_run(run, why);
	mechanism_scram_close(run->scram);
	return done;
}

static bool
run_oauth(struct auth_exchange *run, const struct auth_identity *identity, struct failure *why)
{
	const struct mechanism_oauth login = { identity->user, identity->hostname, identity->port,
		text_make(run->secret->bytes, run->secret->length) };
	struct buffer opening = buffer_open(0);
	bool done = mechanism_oauth_response(run->mechanism, &login, &opening, why);

	run->opening = buffer_text(&opening);
	done = done && auth_exchange_run(run, why);
	buffer_close(&opening);
	return done;
}

static bool
exchange(struct session *session, const struct mechanism *mechanism,
    const struct auth_identity *identity, struct failure *why)
{
	struct secret secret = { 0 };
	struct auth_exchange run = { .session = session,
		.mechanism = mechanism,
		.named = mechanism_is_named(mechanism, text_of(identity->filter)),
		.user = identity->user,
		.where = identity->where,
		.secret = mechanism->needs_secret ? &secret : NULL };
	bool done = !mechanism->needs_secret || fetch_secret(identity, &secret, why);

	if (done && mechanism->oauth)
		done = run_oauth(&run, identity, why);
	else if (done && mechanism->scram)
		done = run_scram(&run, identity, why);
	else if (done)
		done = run_library(&run, identity, why);
	secret_wipe(&secret);
	secret_scrub();
	return done;
}

static bool
login(struct session *session, const struct auth_identity *identity, struct failure *why)
{
	const struct mechanism *mechanism;

	/* Before the secret is fetched, too: a command that asks a person for it is not run in
	 * vain. */
	if (!auth_exchange_allowed(session, why) || !session_quiet(session, why))
		return false;
	if (!mechanism_choose(&session->capability, identity->filter, can_bind(session),
		session->arena, &mechanism, why))
		return false;
	if (!exchange(session, mechanism, identity, why))
		return false;
	(void)snprintf(
	    session->authenticated, sizeof session->authenticated, "%s", mechanism->name);
	return true;
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
