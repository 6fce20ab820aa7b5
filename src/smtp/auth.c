/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/auth.h"

#include <stdio.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "smtp/auth_exchange.h"
#include "smtp/mechanism.h"
#include "smtp/mechanism_oauth.h"
#include "smtp/mechanism_scram.h"
#include "smtp/sasl.h"

#define BINDING_MAX 256
#define SERVICE "smtp"

/* In the order of RFC 9266 2: TLS 1.3 has only the latter, and servers of TLS 1.2 know the former.
 */
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
set(const struct auth_exchange *run, Gsasl_property property, const char *value)
{
	if (value != NULL && run->library->property_set(run->sasl, property, value) != GSASL_OK)
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
set_identity(const struct auth_exchange *run, const struct auth_identity *identity)
{
	/* EXTERNAL and GSSAPI say who they are by other means: here they say for whom. */
	set(run, run->mechanism->needs_secret ? GSASL_AUTHID : GSASL_AUTHZID, identity->user);
	set(run, GSASL_PASSWORD, run->secret == NULL ? NULL : run->secret->bytes);
	set(run, GSASL_SERVICE, SERVICE);
	set(run, GSASL_HOSTNAME, identity->hostname);
}

/* libgsasl keeps a copy and would free it as it is (F104). */
static void
forget(const struct auth_exchange *run)
{
	/* Ours to write: the const is there for those who only want to look. */
	char *copy = (char *)(uintptr_t)run->library->property_fast(run->sasl, GSASL_PASSWORD);

	if (copy != NULL)
		explicit_bzero(copy, strlen(copy));
}

static bool
run_library(struct auth_exchange *run, const struct auth_identity *identity, struct failure *why)
{
	Gsasl *context;
	bool done = false;

	run->library = sasl_load(why);
	if (run->library == NULL)
		return false;
	if (run->library->init(&context) != GSASL_OK)
		arena_exhausted();
	if (run->library->client_start(context, run->mechanism->name, &run->sasl) == GSASL_OK) {
		set_identity(run, identity);
		done = auth_exchange_run(run, why);
		forget(run);
		run->library->finish(run->sasl);
	} else {
		(void)fail(
		    why, EX_SOFTWARE, "the SASL library cannot begin %s", run->mechanism->name);
	}
	run->library->done(context);
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

/* What the mechanism says first and alone. */
static bool
run_opening(struct auth_exchange *run, struct buffer *opening, struct failure *why)
{
	bool done;

	run->words[0] = buffer_text(opening);
	run->word_count = 1;
	done = auth_exchange_run(run, why);
	run->word_count = 0;
	return done;
}

static bool
run_oauth(struct auth_exchange *run, const struct auth_identity *identity, struct failure *why)
{
	const struct mechanism_oauth login = { identity->user, identity->hostname, identity->port,
		text_make(run->secret->bytes, run->secret->length) };
	struct buffer opening = buffer_open(0);
	bool done = mechanism_oauth_response(run->mechanism, &login, &opening, why)
	    && run_opening(run, &opening, why);

	buffer_close(&opening);
	return done;
}

/* RFC 4616: for nobody else, a NUL before each of the two. */
static bool
run_plain(struct auth_exchange *run, const struct auth_identity *identity, struct failure *why)
{
	struct buffer opening = buffer_open(0);
	bool done;

	(void)buffer_byte(&opening, '\0');
	(void)buffer_add(&opening, identity->user);
	(void)buffer_byte(&opening, '\0');
	(void)buffer_append(&opening, text_make(run->secret->bytes, run->secret->length));
	done = run_opening(run, &opening, why);
	buffer_close(&opening);
	return done;
}

/* Whatever the two questions are called. */
static bool
run_login(struct auth_exchange *run, const struct auth_identity *identity, struct failure *why)
{
	run->words[0] = text_of(identity->user);
	run->words[1] = text_make(run->secret->bytes, run->secret->length);
	run->word_count = 2;
	return auth_exchange_run(run, why);
}

/* Only what libraries had in their hands can have been freed as it was. */
static bool
run_by_kind(struct auth_exchange *run, const struct auth_identity *identity, struct failure *why)
{
	bool done;

	if (run->mechanism->oauth)
		return run_oauth(run, identity, why);
	if (run->mechanism->spoken)
		return (run->mechanism->client_first ? run_plain : run_login)(run, identity, why);
	done = (run->mechanism->scram ? run_scram : run_library)(run, identity, why);
	secret_scrub();
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

	done = done && run_by_kind(&run, identity, why);
	secret_wipe(&secret);
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
