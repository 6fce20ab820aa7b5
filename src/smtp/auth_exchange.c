/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/auth_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "net/identity.h"
#include "smtp/auth_words.h"
#include "smtp/mechanism_oauth.h"

#define HIDDEN "***"
#define LEFT_OUT "(the server's words are left out: they repeat the password)"

/* Where an exchange stands. */
struct progress {
	struct buffer response; /* base64 of what is to be sent next */
	struct auth_words sent; /* the responses so far */
	bool held;              /* the response waits for the empty 334: it did not fit in AUTH */
	size_t told;            /* of the words to say */
	bool finished;          /* all is said, and the server proved what it has to prove */
	bool refused; /* OAuth: the server told its error, the last reply is still to come */
	struct mechanism_oauth_error error;
	unsigned rounds;
};

bool
auth_exchange_allowed(const struct session *session, struct failure *why)
{
	if (channel_is_private(session->channel))
		return true;
	(void)fail(why, EX_NOPERM,
	    session->channel->tls
		? "no password is sent to a server whose certificate was not verified"
		: "no password is sent over a connection without TLS");
	(void)failure_hint(why,
	    "use TLS ('tls on'); with tls_certcheck off pin the certificate "
	    "with tls_fingerprint");
	return failure_in(why, FAILURE_AUTH);
}

/* The one function that writes AUTH and responses: it looks at the connection itself. */
static bool
write_sasl(
    struct session *session, const struct buffer *line, const char *shown, struct failure *why)
{
	if (!auth_exchange_allowed(session, why))
		return false;
	return session_write_as(session, buffer_text(line), text_of(shown),
	    deadline_after(session->rule->limits.command_ms), why);
}

static bool
write_line(struct session *session, struct text words, const char *shown, struct failure *why)
{
	struct buffer line = buffer_open(0);
	bool written;

	(void)buffer_append(&line, words);
	(void)buffer_add(&line, "\r\n");
	written = write_sasl(session, &line, shown, why);
	buffer_close(&line);
	return written;
}

/* Takes the exchange back; the failure is in *why already and stays. */
static bool
cancel(const struct auth_exchange *exchange)
{
	struct session *session = exchange->session;
	struct failure ignored;
	struct reply reply;

	if (write_line(session, text_of("*"), "*", &ignored))
		(void)session_reply(session, session->rule->limits.command_ms, &reply, &ignored);
	return false;
}

static bool
sasl_fail(const struct auth_exchange *exchange, int error, struct failure *why)
{
	const char *name = exchange->mechanism->name;

	switch (error) {
	case GSASL_MALLOC_ERROR:
		arena_exhausted();
	case GSASL_SASLPREP_ERROR:
	case GSASL_NO_AUTHID:
	case GSASL_NO_PASSWORD:
	case GSASL_NO_HOSTNAME:
		return fail(why, EX_CONFIG, "user or password do not suit %s: %s", name,
		    exchange->library->strerror(error));
	case GSASL_GSSAPI_INIT_SEC_CONTEXT_ERROR:
	case GSASL_GSSAPI_IMPORT_NAME_ERROR:
	case GSASL_GSSAPI_ACQUIRE_CRED_ERROR:
		(void)fail(why, EX_NOPERM, "no Kerberos ticket for the server: %s",
		    exchange->library->strerror(error));
		return failure_hint(why, "get one with kinit");
	default:
		return fail(why, EX_PROTOCOL, "the server's part of %s is wrong: %s", name,
		    exchange->library->strerror(error));
	}
}

static void
encode(struct text text, struct buffer *to)
{
	/* GnuTLS's datum has no const, and reads only. */
	union {
		const char *given;
		unsigned char *wanted;
	} bytes = { .given = text.bytes };
	const gnutls_datum_t datum = { bytes.wanted, (unsigned)text.length };
	gnutls_datum_t encoded;

	if (text.length == 0)
		return;
	if (gnutls_base64_encode2(&datum, &encoded) < 0)
		arena_exhausted();
	(void)buffer_append(to, text_make((const char *)encoded.data, encoded.size));
	explicit_bzero(encoded.data, encoded.size);
	gnutls_free(encoded.data);
}

/* Gives the challenge to libgsasl and encodes its response. */
static bool
step_library(const struct auth_exchange *exchange, struct text challenge, struct progress *progress,
    struct failure *why)
{
	size_t length = 0;
	char *bytes = NULL;
	int result = exchange->library->step(
	    exchange->sasl, challenge.bytes, challenge.length, &bytes, &length);

	if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
		return sasl_fail(exchange, result, why);
	progress->finished = result == GSASL_OK;
	if (bytes != NULL) {
		encode(text_make(bytes, length), &progress->response);
		explicit_bzero(bytes, length);
		free(bytes);
	}
	return true;
}

/* Each word once, whatever is asked.  A challenge behind OAuth's only one is the server's
 * error. */
static void
step_words(const struct auth_exchange *exchange, struct text challenge, struct progress *progress)
{
	struct text said;

	if (progress->told < exchange->word_count) {
		said = exchange->words[progress->told++];
	} else {
		mechanism_oauth_error(challenge, &progress->error);
		progress->refused = true;
		said = mechanism_oauth_dummy(exchange->mechanism);
	}
	progress->finished = progress->told == exchange->word_count;
	encode(said, &progress->response);
}

static bool
step_scram(const struct auth_exchange *exchange, struct text challenge, struct progress *progress,
    struct failure *why)
{
	struct buffer said = buffer_open(0);
	bool done = mechanism_scram_step(
	    exchange->scram, challenge, &said, &progress->finished, why);

	if (done)
		encode(buffer_text(&said), &progress->response);
	buffer_close(&said);
	return done;
}

static bool
refuse_length(const struct auth_exchange *exchange, size_t length, struct failure *why)
{
	return fail(why, EX_CONFIG, "user and %s are too long for AUTH: %zu bytes, %zu may be sent",
	    exchange->mechanism->oauth ? "token" : "password", length, AUTH_EXCHANGE_LINE_MAX - 2);
}

static bool
step(const struct auth_exchange *exchange, struct text challenge, struct progress *progress,
    struct failure *why)
{
	buffer_clear(&progress->response);
	if (exchange->word_count > 0)
		step_words(exchange, challenge, progress);
	else if (!(exchange->scram != NULL ? step_scram : step_library)(
		     exchange, challenge, progress, why))
		return false;
	if (progress->response.length + 2 > AUTH_EXCHANGE_LINE_MAX)
		return refuse_length(exchange, progress->response.length, why);
	auth_words_keep(&progress->sent, buffer_text(&progress->response));
	return true;
}

static bool
write_auth(const struct auth_exchange *exchange, struct progress *progress, struct failure *why)
{
	const char *name = exchange->mechanism->name;
	struct buffer line = buffer_open(0);
	struct buffer shown = buffer_open(0);
	bool written;

	(void)buffer_print(&line, "AUTH %s", name);
	(void)buffer_print(&shown, "AUTH %s", name);
	if (exchange->mechanism->client_first) {
		/* An initial response that is empty must be told from none. */
		if (progress->response.length == 0)
			(void)buffer_add(&progress->response, "=");
		progress->held = line.length + 1 + progress->response.length + 2
		    > AUTH_EXCHANGE_LINE_MAX;
	}
	if (exchange->mechanism->client_first && !progress->held) {
		(void)buffer_byte(&line, ' ');
		(void)buffer_append(&line, buffer_text(&progress->response));
		(void)buffer_add(&shown, " " HIDDEN);
	}
	(void)buffer_add(&line, "\r\n");
	(void)buffer_byte(&shown, '\0');
	written = write_sasl(exchange->session, &line, shown.bytes, why);
	buffer_close(&line);
	buffer_close(&shown);
	return written;
}

static bool
repeats(const struct auth_exchange *exchange, const struct progress *progress, struct text said)
{
	return auth_words_repeat(
	    &progress->sent, exchange->secret == NULL ? NULL : exchange->secret->bytes, said);
}

static bool
digest(const struct auth_exchange *exchange, const struct reply *reply, struct progress *progress,
    struct failure *why)
{
	struct auth_challenge challenge;
	struct text said;
	bool done;

	if (!auth_challenge_read(reply, &challenge, why))
		return false;
	said = auth_challenge_text(&challenge);
	if (exchange->mechanism->oauth && repeats(exchange, progress, said))
		said = text_of(LEFT_OUT);
	done = auth_challenge_judge(&challenge, exchange->mechanism, exchange->named, why)
	    && step(exchange, said, progress, why);
	auth_challenge_close(&challenge);
	return done;
}

/* OAuth alone may be asked behind its last word, once: that is how it tells an error (F94). */
static bool
is_told_all(const struct auth_exchange *exchange, const struct progress *progress)
{
	return progress->finished && !progress->held
	    && (!exchange->mechanism->oauth || progress->refused);
}

static bool
answer(const struct auth_exchange *exchange, const struct reply *reply, struct progress *progress,
    struct failure *why)
{
	if (++progress->rounds > AUTH_EXCHANGE_ROUNDS_MAX) {
		(void)fail(why, EX_PROTOCOL, "the server's challenges have no end");
		(void)cancel(exchange);
		exchange->session->broken = true;
		return false;
	}
	if (is_told_all(exchange, progress)) {
		(void)fail(why, EX_PROTOCOL, "the server asks for more than %s has to tell",
		    exchange->mechanism->name);
		return cancel(exchange);
	}
	if (!progress->held && !digest(exchange, reply, progress, why))
		return cancel(exchange);
	progress->held = false;
	return write_line(exchange->session, buffer_text(&progress->response), HIDDEN, why);
}

/* Only the sentence about what is no reply quotes the server. */
static bool
lose(const struct auth_exchange *exchange, const struct progress *progress, struct failure *why)
{
	if (why->code == EX_PROTOCOL && repeats(exchange, progress, text_of(why->what))) {
		(void)fail(why, EX_PROTOCOL, "the server sent what is no SMTP reply " LEFT_OUT);
		(void)failure_at(why, "%s", exchange->session->peer);
	}
	return false;
}

static void
leave_out(const struct auth_exchange *exchange, const struct progress *progress,
    const struct reply *reply, struct failure *why)
{
	if (!repeats(exchange, progress, reply->words))
		return;
	(void)snprintf(why->reply, sizeof why->reply, "%s%s" LEFT_OUT, why->enhanced,
	    why->enhanced[0] == '\0' ? "" : " ");
}

static bool
refuse_token(const struct auth_exchange *exchange, const struct progress *progress,
    const struct reply *reply, struct failure *why)
{
	const struct mechanism_oauth_refusal refusal = { reply, exchange->user, exchange->where };

	(void)mechanism_oauth_refuse(exchange->mechanism, &progress->error, &refusal, why);
	leave_out(exchange, progress, reply, why);
	return false;
}

static bool
is_without_password(const struct mechanism *mechanism)
{
	return strcmp(mechanism->name, "EXTERNAL") == 0 || strcmp(mechanism->name, "GSSAPI") == 0;
}

static bool
advise_without_password(const struct auth_exchange *exchange, struct failure *why)
{
	const struct tls_rule *tls = exchange->session->rule->tls;

	if (strcmp(exchange->mechanism->name, "EXTERNAL") != 0)
		return failure_hint(why, "does 'klist' show a ticket for the right principal?");
	if (tls == NULL || tls->cert_file == NULL)
		return failure_hint(why,
		    "EXTERNAL logs in by a client certificate: set tls_cert_file and "
		    "tls_key_file");
	return failure_hint(why,
	    "is '%s' the certificate that the server knows, and does it belong to the user?",
	    identity_shown(tls->cert_file, exchange->session->arena));
}

static bool
advise(const struct auth_exchange *exchange, const struct reply *reply, struct failure *why)
{
	if (reply->code == 534 || reply->code == 538 || reply->code == 504)
		return failure_hint(
		    why, "the server wants another mechanism: name one with 'auth'");
	if (!reply_is(reply, 5))
		return false;
	if (is_without_password(exchange->mechanism))
		return advise_without_password(exchange, why);
	if (exchange->user == NULL || exchange->secret == NULL || exchange->where == NULL)
		return failure_hint(why,
		    "check user and password; some providers want a password made for programs");
	return failure_hint(why,
	    "check user '%s' and the password from %s; some providers want a password made for "
	    "programs",
	    exchange->user, exchange->where);
}

static bool
refuse(const struct auth_exchange *exchange, const struct progress *progress,
    const struct reply *reply, struct failure *why)
{
	const char *name = exchange->mechanism->name;

	if (!reply_is(reply, 4) && !reply_is(reply, 5)) {
		(void)reply_fail(reply, EX_PROTOCOL, why,
		    "the server answers the login by %s with neither yes nor no", name);
		leave_out(exchange, progress, reply, why);
		return false;
	}
	if (progress->refused || (exchange->mechanism->oauth && reply->code == 535))
		return refuse_token(exchange, progress, reply, why);
	if (exchange->user == NULL)
		(void)reply_fail(reply, EX_NOPERM, why, "the server refused the login by %s", name);
	else
		(void)reply_fail(reply, EX_NOPERM, why,
		    "the server refused the login of '%s' by %s", exchange->user, name);
	leave_out(exchange, progress, reply, why);
	return advise(exchange, reply, why);
}

static bool
conclude(const struct auth_exchange *exchange, const struct progress *progress, struct failure *why)
{
	if (progress->finished && !progress->held && !progress->refused)
		return true;
	/* Anybody can say 235: with these mechanisms the server has to show that it knows
	 * the password too (F84). */
	exchange->session->broken = true;
	(void)fail(why, EX_PROTOCOL, "the server accepted the login before %s was finished",
	    exchange->mechanism->name);
	return failure_hint(why, "this may not be the server that it claims to be");
}

static bool
converse(const struct auth_exchange *exchange, struct progress *progress, struct failure *why)
{
	struct session *session = exchange->session;
	struct reply reply;

	if (exchange->mechanism->client_first && !step(exchange, text_of(NULL), progress, why))
		return false;
	if (!write_auth(exchange, progress, why))
		return false;
	for (;;) {
		if (!session_reply(session, session->rule->limits.command_ms, &reply, why))
			return lose(exchange, progress, why);
		if (reply.code == 235)
			return conclude(exchange, progress, why);
		if (reply.code != 334)
			return refuse(exchange, progress, &reply, why);
		if (!answer(exchange, &reply, progress, why))
			return false;
	}
}

bool
auth_exchange_run(const struct auth_exchange *exchange, struct failure *why)
{
	struct progress progress = { .response = buffer_open(0), .sent = auth_words_open() };
	bool done;

	exchange->session->hushed = true;
	session_phase(exchange->session, exchange->session->rule->limits.command_ms);
	done = converse(exchange, &progress, why);
	exchange->session->hushed = false;
	session_phase(exchange->session, 0);
	buffer_close(&progress.response);
	auth_words_close(&progress.sent);
	return done || failure_in(why, FAILURE_AUTH);
}
