/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_auth.h"

#include <gsasl.h>
#include <stdio.h>
#include <string.h>

#include "smarthost_oauth.h"

#define REPLY_MAX 16384

static const struct text nobody = { "", 0 };

static bool
needs_binding(struct text mechanism)
{
	return mechanism.length > 5
	    && text_is_fold(text_slice(mechanism, mechanism.length - 5, mechanism.length), "-PLUS");
}

void
smarthost_auth_list(const struct smarthost_session *session, struct buffer *to)
{
	struct text rest = text_of(session->options->mechanisms);
	struct text word = text_word(&rest, ',');

	for (; word.length > 0; word = text_word(&rest, ',')) {
		if (needs_binding(word) && session->wire.tls == NULL)
			continue;
		(void)buffer_byte(to, ' ');
		(void)buffer_append(to, word);
	}
}

static bool
is_offered(const struct smarthost_session *session, struct text mechanism)
{
	struct buffer list = buffer_open(0);
	struct text rest;
	struct text word;
	bool found = false;

	smarthost_auth_list(session, &list);
	rest = buffer_text(&list);
	do {
		word = text_word(&rest, '\0');
		found = word.length > 0 && text_equal_fold(word, mechanism);
	} while (word.length > 0 && !found);
	buffer_close(&list);
	return found;
}

static int
bind_channel(const struct smarthost_session *session, Gsasl_session *sasl, Gsasl_property property)
{
	gnutls_datum_t binding;
	char *base64;
	size_t length;
	int status;

	if (session->wire.tls == NULL || strstr(session->options->mechanisms, "-PLUS") == NULL)
		return GSASL_NO_CALLBACK;
	if (property == GSASL_CB_TLS_UNIQUE
	    && gnutls_protocol_get_version(session->wire.tls) >= GNUTLS_TLS1_3)
		return GSASL_NO_CALLBACK;
	status = gnutls_session_channel_binding(session->wire.tls,
	    property == GSASL_CB_TLS_UNIQUE ? GNUTLS_CB_TLS_UNIQUE : GNUTLS_CB_TLS_EXPORTER,
	    &binding);
	if (status != GNUTLS_E_SUCCESS)
		return GSASL_NO_CALLBACK;
	status = gsasl_base64_to((const char *)binding.data, binding.size, &base64, &length);
	gnutls_free(binding.data);
	if (status != GSASL_OK)
		return GSASL_NO_CALLBACK;
	status = gsasl_property_set(sasl, property, base64);
	gsasl_free(base64);
	return status;
}

static int
give_password(const struct smarthost_options *options, Gsasl_session *sasl)
{
	const char *user = gsasl_property_fast(sasl, GSASL_AUTHID);

	/* A stranger gets a password nobody knows, so that he fails as late as anybody. */
	if (user == NULL || strcmp(user, options->user) != 0)
		return gsasl_property_set(sasl, GSASL_PASSWORD, "\001\002 no such user");
	return gsasl_property_set(sasl, GSASL_PASSWORD, options->password);
}

static int
give(Gsasl *library, Gsasl_session *sasl, Gsasl_property property)
{
	const struct smarthost_session *session = gsasl_callback_hook_get(library);
	const struct smarthost_options *options = session->options;

	if (property == GSASL_VALIDATE_EXTERNAL)
		return smarthost_wire_knows_client(&session->wire) ? GSASL_OK
								   : GSASL_AUTHENTICATION_ERROR;
	/* The ticket was judged already; jane acts for nobody but herself. */
	if (property == GSASL_VALIDATE_GSSAPI)
		return GSASL_OK;
	if (property == GSASL_PASSWORD)
		return give_password(options, sasl);
	if (property == GSASL_CB_TLS_UNIQUE || property == GSASL_CB_TLS_EXPORTER)
		return bind_channel(session, sasl, property);
	if (property == GSASL_SCRAM_ITER && options->iterations != NULL)
		return gsasl_property_set(sasl, property, options->iterations);
	if (property == GSASL_REALM || property == GSASL_HOSTNAME)
		return gsasl_property_set(sasl, property, options->host_name);
	if (property == GSASL_SERVICE)
		return gsasl_property_set(sasl, property, "smtp");
	return GSASL_NO_CALLBACK;
}

/* One login: what the client said last, NULL when it has said nothing yet. */
struct exchange {
	struct smarthost_session *session;
	Gsasl_session *sasl;
	const char *said;
	char response[REPLY_MAX];
};

/* Sends a challenge and reads what the client says to it. */
static bool
ask(struct exchange *exchange, const char *challenge)
{
	struct smarthost_session *session = exchange->session;
	char reply[REPLY_MAX];
	struct text line;

	(void)snprintf(reply, sizeof reply, "334 %s", challenge);
	if (!smarthost_wire_say(&session->wire, reply)
	    || !smarthost_wire_line(&session->wire, &line)) {
		session->over = true;
		return false;
	}
	line = text_trim(line);
	smarthost_wire_note(&session->wire, "", text_of(text_is(line, "*") ? "*" : "***"));
	if (line.length >= sizeof exchange->response || text_is(line, "*")) {
		(void)smarthost_session_answer(
		    session, STEP_COUNT, nobody, "501 5.7.0 authentication cancelled");
		return false;
	}
	memcpy(exchange->response, line.bytes, line.length);
	exchange->response[line.length] = '\0';
	exchange->said = exchange->response;
	return true;
}

static void
succeed(struct smarthost_session *session, Gsasl_session *sasl)
{
	const char *user = gsasl_property_fast(sasl, GSASL_AUTHID);

	if (user == NULL)
		user = gsasl_property_fast(sasl, GSASL_AUTHZID);
	(void)snprintf(
	    session->mechanism, sizeof session->mechanism, "%s", gsasl_mechanism_name(sasl));
	(void)snprintf(session->identity, sizeof session->identity, "%s", user == NULL ? "" : user);
	(void)smarthost_session_answer(session, STEP_COUNT, nobody, "235 2.7.0 welcome");
}

static void
refuse(struct smarthost_session *session, int status)
{
	smarthost_wire_note(&session->wire, "# no login: ", text_of(gsasl_strerror(status)));
	(void)smarthost_session_answer(
	    session, STEP_COUNT, nobody, "535 5.7.8 authentication credentials invalid");
}

/* Challenges and responses until libgsasl has made up its mind. */
static void
converse(struct exchange *exchange)
{
	char *challenge = NULL;
	bool answered;
	int status;

	for (;;) {
		status = gsasl_step64(exchange->sasl, exchange->said, &challenge);
		if (status != GSASL_NEEDS_MORE && status != GSASL_OK)
			break;
		/* SCRAM's last word goes to the client even though the login stands. */
		answered = (status == GSASL_OK && challenge[0] == '\0') || ask(exchange, challenge);
		gsasl_free(challenge);
		if (!answered)
			return;
		if (status != GSASL_OK)
			continue;
		succeed(exchange->session, exchange->sasl);
		return;
	}
	refuse(exchange->session, status);
}

/* A token is judged at once; a wrong one is told as JSON, and refused when that was heard. */
static void
judge_token(struct exchange *exchange, const char *mechanism)
{
	struct smarthost_session *session = exchange->session;

	if (exchange->said == NULL && !ask(exchange, ""))
		return;
	if (smarthost_oauth_fits(session->options, mechanism, exchange->said)) {
		(void)snprintf(session->mechanism, sizeof session->mechanism, "%s", mechanism);
		(void)snprintf(
		    session->identity, sizeof session->identity, "%s", session->options->user);
		(void)smarthost_session_answer(session, STEP_COUNT, nobody, "235 2.7.0 welcome");
		return;
	}
	if (!ask(exchange, smarthost_oauth_error()))
		return;
	smarthost_wire_note(&session->wire, "# the error is ",
	    text_of(smarthost_oauth_yields(mechanism, exchange->said) ? "heard" : "ignored"));
	(void)smarthost_session_answer(
	    session, STEP_COUNT, nobody, "535 5.7.8 credentials not accepted");
}

static void
start(struct smarthost_session *session, const char *mechanism, struct text initial)
{
	struct exchange exchange = { .session = session };
	char *greeting = NULL;
	Gsasl *library;

	if (gsasl_init(&library) != GSASL_OK)
		return;
	gsasl_callback_set(library, give);
	gsasl_callback_hook_set(library, session);
	if (initial.length > 0 && initial.length < sizeof exchange.response) {
		if (!text_is(initial, "="))
			memcpy(exchange.response, initial.bytes, initial.length);
		exchange.said = exchange.response;
	}
	if (smarthost_oauth_is(mechanism)) {
		judge_token(&exchange, mechanism);
	} else if (gsasl_server_start(library, mechanism, &exchange.sasl) == GSASL_OK) {
		/* LOGIN asks for the name even of a client that has given it already. */
		if (exchange.said != NULL && strcmp(mechanism, "LOGIN") == 0
		    && gsasl_step64(exchange.sasl, NULL, &greeting) == GSASL_NEEDS_MORE)
			gsasl_free(greeting);
		converse(&exchange);
		gsasl_finish(exchange.sasl);
	} else {
		(void)smarthost_session_answer(
		    session, STEP_COUNT, nobody, "504 5.5.4 mechanism not built in");
	}
	gsasl_done(library);
}

/* Says what the script wants; a 334 is said again to whatever the client answers. */
static void
play(struct smarthost_session *session, struct text mechanism)
{
	struct text line;
	int code;

	for (;;) {
		code = smarthost_session_answer(session, STEP_AUTH, nobody, "");
		if (code == 235)
			(void)snprintf(session->mechanism, sizeof session->mechanism, "%.*s",
			    (int)mechanism.length, mechanism.bytes);
		if (code != 334)
			return;
		if (!smarthost_wire_line(&session->wire, &line)) {
			session->over = true;
			return;
		}
		line = text_trim(line);
		smarthost_wire_note(&session->wire, "", text_of(text_is(line, "*") ? "*" : "***"));
		if (!text_is(line, "*"))
			continue;
		(void)smarthost_session_answer(
		    session, STEP_COUNT, nobody, "501 5.7.0 authentication cancelled");
		return;
	}
}

static const char *
find_objection(const struct smarthost_session *session, struct text mechanism)
{
	if (session->options->no_auth)
		return "502 5.5.1 AUTH not offered";
	if (session->mechanism[0] != '\0')
		return "503 5.5.1 already authenticated";
	if (session->wire.tls == NULL && !session->options->no_starttls)
		return "538 5.7.11 encryption required";
	if (!is_offered(session, mechanism))
		return "504 5.5.4 mechanism not offered";
	return NULL;
}

void
smarthost_auth_run(struct smarthost_session *session, struct text argument)
{
	struct text mechanism = text_word(&argument, '\0');
	struct text initial = text_word(&argument, '\0');
	const char *objection = find_objection(session, mechanism);
	char name[32];

	if (objection != NULL) {
		(void)smarthost_session_answer(session, STEP_COUNT, nobody, objection);
		return;
	}
	if (smarthost_script_find(&session->options->script, STEP_AUTH, nobody) != NULL) {
		play(session, mechanism);
		return;
	}
	(void)snprintf(name, sizeof name, "%.*s", (int)mechanism.length, mechanism.bytes);
	for (char *byte = name; *byte != '\0'; byte++)
		if (*byte >= 'a' && *byte <= 'z')
			*byte = (char)(*byte - 'a' + 'A');
	start(session, name, initial);
}
