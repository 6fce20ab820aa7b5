/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "tests/support/sasl_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sasl_server *
of(struct channel *channel)
{
	return (struct sasl_server *)(void *)channel;
}

static void
say(struct sasl_server *server, const char *line)
{
	(void)buffer_print(&server->output, "%s\r\n", line);
}

static void
finish(struct sasl_server *server, const char *line)
{
	gsasl_finish(server->session);
	server->session = NULL;
	server->proved = false;
	say(server, line);
}

static int
validate(struct sasl_server *server, Gsasl_session *session)
{
	const char *user = gsasl_property_fast(session, GSASL_AUTHID);
	const char *password = gsasl_property_fast(session, GSASL_PASSWORD);

	if (user == NULL || password == NULL || strcmp(user, server->user) != 0
	    || strcmp(password, server->password) != 0)
		return GSASL_AUTHENTICATION_ERROR;
	return GSASL_OK;
}

static int
set_binding(struct sasl_server *server, Gsasl_session *session)
{
	char *encoded;
	size_t length;

	if (server->binding == NULL)
		return GSASL_NO_CALLBACK;
	if (gsasl_base64_to(server->binding, strlen(server->binding), &encoded, &length)
	    != GSASL_OK)
		return GSASL_MALLOC_ERROR;
	(void)gsasl_property_set(session, GSASL_CB_TLS_EXPORTER, encoded);
	free(encoded);
	return GSASL_OK;
}

static int
callback(Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
	struct sasl_server *server = gsasl_callback_hook_get(library);

	switch (property) {
	case GSASL_PASSWORD:
		return gsasl_property_set(session, property, server->password);
	case GSASL_VALIDATE_SIMPLE:
		return validate(server, session);
	case GSASL_CB_TLS_EXPORTER:
		return set_binding(server, session);
	case GSASL_SCRAM_ITER:
		return gsasl_property_set(
		    session, property, server->iterations == NULL ? "4096" : server->iterations);
	case GSASL_REALM:
	case GSASL_HOSTNAME:
		return gsasl_property_set(session, property, "mail.example");
	case GSASL_SERVICE:
		return gsasl_property_set(session, property, "smtp");
	default:
		return GSASL_NO_CALLBACK;
	}
}

/* The last challenge is the server's proof: here it may be spoilt. */
static void
prove(struct sasl_server *server, char *proof)
{
	char line[1024];

	if (server->fault == SASL_SERVER_NO_SIGNATURE) {
		finish(server, "235 2.7.0 take my word");
		return;
	}
	if (server->fault == SASL_SERVER_WRONG_SIGNATURE)
		proof[8] = proof[8] == 'A' ? 'B' : 'A';
	(void)snprintf(line, sizeof line, "334 %s", proof);
	server->proved = true;
	say(server, line);
}

static void
step(struct sasl_server *server, const char *response)
{
	char line[1024];
	char *challenge = NULL;
	int result;

	if (server->proved) {
		finish(
		    server, response[0] == '\0' ? "235 2.7.0 welcome" : "535 5.7.8 what is that");
		return;
	}
	result = gsasl_step64(server->session, response, &challenge);
	(void)snprintf(line, sizeof line, "334 %s", challenge == NULL ? "" : challenge);
	if (result == GSASL_NEEDS_MORE)
		say(server, line);
	else if (result != GSASL_OK)
		finish(server, "535 5.7.8 wrong");
	else if (challenge != NULL && challenge[0] != '\0')
		prove(server, challenge);
	else
		finish(server, "235 2.7.0 welcome");
	free(challenge);
}

static void
authenticate(struct sasl_server *server, char *words)
{
	char *response = strchr(words, ' ');

	if (response != NULL)
		*response++ = '\0';
	if (gsasl_server_start(server->library, words, &server->session) != GSASL_OK) {
		say(server, "504 5.5.4 no such mechanism");
		return;
	}
	step(server, response == NULL ? "" : response);
}

static void
obey(struct sasl_server *server, char *line)
{
	char words[1024];

	(void)snprintf(words, sizeof words, "250-mail.example\r\n250 AUTH %s", server->mechanisms);
	if (server->session != NULL && strcmp(line, "*") == 0)
		finish(server,
		    server->fault == SASL_SERVER_HONEST ? "501 5.7.0 cancelled"
							: "235 2.7.0 never mind");
	else if (server->session != NULL)
		step(server, line);
	else if (strncmp(line, "EHLO ", 5) == 0)
		say(server, words);
	else if (strncmp(line, "AUTH ", 5) == 0)
		authenticate(server, line + 5);
	else
		say(server, "500 5.5.1 what");
}

static bool
server_write(
    struct channel *channel, struct text bytes, struct deadline deadline, struct failure *why)
{
	struct sasl_server *server = of(channel);

	(void)deadline;
	(void)why;
	(void)buffer_append(&server->received, bytes);
	for (size_t i = 0; i < bytes.length; i++) {
		if (bytes.bytes[i] != '\n') {
			(void)buffer_byte(
			    &server->input, bytes.bytes[i] == '\r' ? '\0' : bytes.bytes[i]);
			continue;
		}
		(void)buffer_byte(&server->input, '\0');
		obey(server, server->input.bytes);
		buffer_clear(&server->input);
	}
	return true;
}

static bool
server_read(struct channel *channel, char *bytes, size_t room, size_t *got,
    struct deadline deadline, struct failure *why)
{
	struct sasl_server *server = of(channel);
	struct text output = text_slice(buffer_text(&server->output), 0, room);

	(void)deadline;
	if (output.length == 0)
		return fail(why, EX_TEMPFAIL, "no answer within the time limit");
	memcpy(bytes, output.bytes, output.length);
	*got = output.length;
	buffer_drop(&server->output, output.length);
	return true;
}

static bool
server_pending(struct channel *channel)
{
	return of(channel)->output.length > 0;
}

static bool
server_binding(struct channel *channel, const char *type, char *bytes, size_t room, size_t *length)
{
	const struct sasl_server *server = of(channel);

	if (server->binding == NULL || strcmp(type, "tls-exporter") != 0
	    || strlen(server->binding) > room)
		return false;
	*length = strlen(server->binding);
	memcpy(bytes, server->binding, *length);
	return true;
}

static void
server_channel_close(struct channel *channel)
{
	of(channel)->dead = true;
}

static const struct channel_operations operations = {
	.read = server_read,
	.write = server_write,
	.pending = server_pending,
	.binding = server_binding,
	.close = server_channel_close,
};

void
sasl_server_open(struct sasl_server *server)
{
	server->channel.operations = &operations;
	server->channel.privacy = CHANNEL_VERIFIED;
	server->channel.tls = true;
	server->received = buffer_open(0);
	server->input = buffer_open(0);
	server->output = buffer_open(0);
	if (gsasl_init(&server->library) != GSASL_OK)
		abort();
	gsasl_callback_set(server->library, callback);
	gsasl_callback_hook_set(server->library, server);
	say(server, "220 mail.example ESMTP");
}

void
sasl_server_close(struct sasl_server *server)
{
	if (server->session != NULL)
		gsasl_finish(server->session);
	gsasl_done(server->library);
	buffer_close(&server->received);
	buffer_close(&server->input);
	buffer_close(&server->output);
}
