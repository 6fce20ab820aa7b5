/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_session.h"

#include <stdio.h>
#include <string.h>

#include "smarthost_auth.h"
#include "smarthost_content.h"
#include "smarthost_envelope.h"
#include "smarthost_store.h"

static const struct text nobody = { "", 0 };

int
smarthost_session_answer(struct smarthost_session *session, enum smarthost_step step,
    struct text address, const char *reply)
{
	const struct smarthost_rule *rule = smarthost_script_find(
	    &session->options->script, step, address);
	const char *words = rule != NULL && rule->act == ACT_REPLY ? rule->text : reply;
	int64_t code = 0;

	if (rule != NULL && rule->act == ACT_STALL)
		smarthost_wire_stall(&session->wire);
	if ((rule != NULL && rule->act != ACT_REPLY)
	    || !smarthost_wire_say(&session->wire, words)) {
		session->over = true;
		return 0;
	}
	(void)text_number(text_slice(text_of(words), 0, 3), 0, 999, &code);
	session->over = session->over || code == 421;
	return (int)code;
}

void
smarthost_session_reset(struct smarthost_session *session)
{
	session->has_sender = false;
	session->body_8bit = false;
	session->smtputf8 = false;
	session->chunked = false;
	session->recipient_count = 0;
	buffer_clear(&session->mail);
	buffer_clear(&session->recipients);
	buffer_clear(&session->body);
}

static void
greet_back(struct smarthost_session *session)
{
	static const char *const extensions[] = {
		"PIPELINING",
		"8BITMIME",
		"CHUNKING",
		"SMTPUTF8",
		"DSN",
	};
	const struct smarthost_options *options = session->options;
	const bool secure = session->wire.tls != NULL;
	struct buffer reply = buffer_open(0);

	(void)buffer_print(&reply, "250-%s", options->host_name);
	for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
		if (smarthost_options_offers(options, extensions[i]))
			(void)buffer_print(&reply, "\n250-%s", extensions[i]);
	if (smarthost_options_offers(options, "SIZE"))
		(void)buffer_print(&reply, "\n250-SIZE %zu", options->size);
	if (!secure && !options->no_starttls)
		(void)buffer_add(&reply, "\n250-STARTTLS");
	if ((secure || options->no_starttls) && !options->no_auth) {
		(void)buffer_add(&reply, "\n250-AUTH");
		smarthost_auth_list(session, &reply);
	}
	if (smarthost_options_offers(options, "ENHANCEDSTATUSCODES"))
		(void)buffer_add(&reply, "\n250-ENHANCEDSTATUSCODES");
	(void)buffer_add(&reply, "\n250 HELP");
	(void)buffer_byte(&reply, '\0');
	(void)smarthost_session_answer(
	    session, secure ? STEP_EHLO_TLS : STEP_EHLO, nobody, reply.bytes);
	buffer_close(&reply);
}

static void
hello(struct smarthost_session *session, struct text argument)
{
	const size_t good = strspn(
	    argument.bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-[]:");

	/* The line ends in CRLF, so strspn stops inside it. */
	if (argument.length == 0 || good < argument.length
	    || argument.length >= sizeof session->hello) {
		(void)smarthost_session_answer(
		    session, STEP_COUNT, nobody, "501 5.5.4 no domain in EHLO");
		return;
	}
	(void)snprintf(
	    session->hello, sizeof session->hello, "%.*s", (int)argument.length, argument.bytes);
	smarthost_session_reset(session);
	greet_back(session);
}

static void
hello_old(struct smarthost_session *session, struct text argument)
{
	(void)argument;
	(void)smarthost_session_answer(session, STEP_COUNT, nobody, "502 5.5.1 say EHLO");
}

static bool
start_tls(struct smarthost_session *session)
{
	const struct smarthost_options *options = session->options;

	return smarthost_wire_secure(&session->wire, session->credentials, options->priorities,
	    options->ask_certificate);
}

static int
agree_to_tls(struct smarthost_session *session)
{
	if (!session->options->inject)
		return smarthost_session_answer(session, STEP_STARTTLS, nobody, "220 2.0.0 go on");
	/* What somebody on the wire would put in: an answer to an EHLO not yet said. */
	return smarthost_session_answer(session, STEP_STARTTLS, nobody,
	    "220 2.0.0 go on\n250-injected.example\n250 AUTH PLAIN LOGIN");
}

static void
secure(struct smarthost_session *session, struct text argument)
{
	const struct smarthost_script *script = &session->options->script;

	(void)argument;
	if (session->options->no_starttls || session->wire.tls != NULL) {
		(void)smarthost_session_answer(
		    session, STEP_COUNT, nobody, "502 5.5.1 no STARTTLS");
		return;
	}
	if (agree_to_tls(session) != 220)
		return;
	if (smarthost_script_find(script, STEP_HANDSHAKE, nobody) != NULL)
		(void)smarthost_session_answer(session, STEP_HANDSHAKE, nobody, "");
	if (session->over)
		return;
	session->over = smarthost_wire_waiting(&session->wire)
	    || !start_tls(session);
	session->hello[0] = '\0';
	smarthost_session_reset(session);
}

static void
reset(struct smarthost_session *session, struct text argument)
{
	(void)argument;
	smarthost_session_reset(session);
	(void)smarthost_session_answer(session, STEP_RSET, nobody, "250 2.0.0 forgotten");
}

static void
nothing(struct smarthost_session *session, struct text argument)
{
	(void)argument;
	(void)smarthost_session_answer(session, STEP_COUNT, nobody, "250 2.0.0 well");
}

static void
quit(struct smarthost_session *session, struct text argument)
{
	(void)argument;
	(void)smarthost_session_answer(session, STEP_QUIT, nobody, "221 2.0.0 bye");
	session->over = true;
}

struct command {
	const char *verb;
	void (*run)(struct smarthost_session *session, struct text argument);
	bool needs_hello;
};

static const struct command commands[] = {
	{ "EHLO", hello, false },
	{ "HELO", hello_old, false },
	{ "STARTTLS", secure, true },
	{ "AUTH", smarthost_auth_run, true },
	{ "MAIL", smarthost_envelope_mail, true },
	{ "RCPT", smarthost_envelope_rcpt, true },
	{ "DATA", smarthost_content_data, true },
	{ "BDAT", smarthost_content_bdat, true },
	{ "RSET", reset, false },
	{ "NOOP", nothing, false },
	{ "QUIT", quit, false },
};

static void
note_command(struct smarthost_session *session, struct text line)
{
	struct text rest = line;
	struct text verb = text_word(&rest, '\0');
	struct text mechanism = text_word(&rest, '\0');
	struct buffer masked = buffer_open(0);

	if (!text_is_fold(verb, "AUTH") || text_trim(rest).length == 0) {
		smarthost_wire_note(&session->wire, "", line);
		return;
	}
	(void)buffer_append(&masked, verb);
	(void)buffer_byte(&masked, ' ');
	(void)buffer_append(&masked, mechanism);
	(void)buffer_add(&masked, " ***");
	smarthost_wire_note(&session->wire, "", buffer_text(&masked));
	buffer_close(&masked);
}

static void
obey(struct smarthost_session *session, struct text line)
{
	struct text argument = line;
	struct text verb = text_word(&argument, '\0');

	argument = text_trim(argument);
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (!text_is_fold(verb, commands[i].verb))
			continue;
		if (commands[i].needs_hello && session->hello[0] == '\0')
			(void)smarthost_session_answer(
			    session, STEP_COUNT, nobody, "503 5.5.1 EHLO first");
		else
			commands[i].run(session, argument);
		return;
	}
	(void)smarthost_session_answer(session, STEP_COUNT, nobody, "500 5.5.2 what?");
}

static bool
is_crlf_line(struct text line)
{
	return line.length >= 2 && line.bytes[line.length - 2] == '\r';
}

static void
converse(struct smarthost_session *session)
{
	struct text line;

	if (smarthost_session_answer(
		session, STEP_GREETING, nobody, "220 localhost ESMTP smarthost")
	    != 220)
		session->over = true;
	while (!session->over && smarthost_wire_line(&session->wire, &line)) {
		note_command(session, line);
		if (is_crlf_line(line))
			obey(session, line);
		else
			(void)smarthost_session_answer(
			    session, STEP_COUNT, nobody, "500 5.5.2 line does not end in CRLF");
	}
}

void
smarthost_session_run(int fd, size_t number, const struct smarthost_options *options,
    gnutls_certificate_credentials_t credentials)
{
	struct smarthost_session session = {
		.options = options,
		.credentials = credentials,
		.number = number,
		.wire = smarthost_wire_open(
		    fd, smarthost_store_dialogue(options->directory, number)),
	};

	if (!options->implicit_tls || start_tls(&session))
		converse(&session);
	buffer_close(&session.mail);
	buffer_close(&session.recipients);
	buffer_close(&session.body);
	smarthost_wire_close(&session.wire);
}
