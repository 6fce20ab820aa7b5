/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_envelope.h"

#include <stdint.h>

static const struct text nobody = { "", 0 };

struct parameter {
	const char *name;
	const char *extension;
};

static const struct parameter mail_parameters[] = {
	{ "SIZE", "SIZE" },
	{ "BODY", "8BITMIME" },
	{ "SMTPUTF8", "SMTPUTF8" },
	{ "RET", "DSN" },
	{ "ENVID", "DSN" },
	{ NULL, NULL },
};

static const struct parameter rcpt_parameters[] = {
	{ "NOTIFY", "DSN" },
	{ "ORCPT", "DSN" },
	{ NULL, NULL },
};

/* Takes "PREFIX:<address>" off the argument, leaving the parameters. */
static bool
take_path(struct text *argument, const char *prefix, struct text *address)
{
	const struct text whole = *argument;
	const size_t start = text_of(prefix).length;
	bool quoted = false;

	if (!text_starts_fold(whole, prefix) || start >= whole.length || whole.bytes[start] != '<')
		return false;
	for (size_t i = start + 1; i < whole.length; i++) {
		if (quoted && whole.bytes[i] == '\\')
			i++;
		else if (whole.bytes[i] == '"')
			quoted = !quoted;
		else if (whole.bytes[i] == '>' && !quoted) {
			*address = text_slice(whole, start + 1, i);
			*argument = text_slice(whole, i + 1, whole.length);
			return true;
		}
	}
	return false;
}

static bool
is_known(const struct smarthost_session *session, const struct parameter *known, struct text name)
{
	for (; known->name != NULL; known++)
		if (text_is_fold(name, known->name))
			return smarthost_options_offers(session->options, known->extension);
	return false;
}

static const char *
read_parameter(struct smarthost_session *session, struct text word)
{
	const size_t equals = text_find(word, '=');
	const struct text name = text_slice(word, 0, equals);
	const struct text value = text_slice(word, equals + 1, word.length);
	int64_t size;

	if (text_is_fold(name, "BODY"))
		session->body_8bit = text_is_fold(value, "8BITMIME");
	if (text_is_fold(name, "SMTPUTF8"))
		session->smtputf8 = true;
	if (!text_is_fold(name, "SIZE"))
		return NULL;
	if (!text_number(value, 0, INT64_MAX, &size))
		return "501 5.5.4 bad SIZE";
	if ((uint64_t)size > session->options->size)
		return "552 5.3.4 message too big";
	return NULL;
}

static const char *
read_parameters(
    struct smarthost_session *session, const struct parameter *known, struct text parameters)
{
	struct text word = text_word(&parameters, '\0');
	const char *refusal = NULL;

	for (; word.length > 0 && refusal == NULL; word = text_word(&parameters, '\0')) {
		if (!is_known(session, known, text_slice(word, 0, text_find(word, '='))))
			return "555 5.5.4 parameter not offered";
		refusal = read_parameter(session, word);
	}
	return refusal;
}

static const char *
judge_address(const struct smarthost_session *session, struct text address)
{
	if (text_has_control(address))
		return "553 5.1.3 control byte in address";
	if (text_has_8bit(address) && !session->smtputf8)
		return "553 5.6.7 SMTPUTF8 was not asked for";
	if (text_find(address, '@') + 1 >= address.length)
		return "504 5.5.2 address without a domain";
	return NULL;
}

static const char *
judge_peer(const struct smarthost_session *session)
{
	if (session->wire.tls == NULL && !session->options->no_starttls)
		return "530 5.7.0 STARTTLS first";
	if (session->mechanism[0] == '\0' && !session->options->no_auth)
		return "530 5.7.0 authentication required";
	return NULL;
}

/* Clients that write ahead unasked lose what they wrote at real servers. */
static bool
is_ahead(struct smarthost_session *session)
{
	if (smarthost_options_offers(session->options, "PIPELINING")
	    || !smarthost_wire_waiting(&session->wire))
		return false;
	(void)smarthost_session_answer(
	    session, STEP_COUNT, nobody, "554 5.5.0 PIPELINING was not offered");
	session->over = true;
	return true;
}

void
smarthost_envelope_mail(struct smarthost_session *session, struct text argument)
{
	const struct text whole = argument;
	const char *refusal = judge_peer(session);
	struct text address = nobody;

	if (is_ahead(session))
		return;
	if (refusal == NULL && session->has_sender)
		refusal = "503 5.5.1 one MAIL at a time";
	if (refusal == NULL && !take_path(&argument, "FROM:", &address))
		refusal = "501 5.5.4 MAIL FROM:<address>";
	if (refusal == NULL)
		refusal = read_parameters(session, mail_parameters, argument);
	if (refusal == NULL && address.length > 0)
		refusal = judge_address(session, address);
	if (refusal != NULL) {
		(void)smarthost_session_answer(session, STEP_COUNT, nobody, refusal);
		smarthost_session_reset(session);
		return;
	}
	if (smarthost_session_answer(session, STEP_MAIL, address, "250 2.1.0 sender ok") / 100 != 2)
		return;
	session->has_sender = true;
	(void)buffer_append(&session->mail, text_slice(whole, sizeof "FROM:" - 1, whole.length));
}

void
smarthost_envelope_rcpt(struct smarthost_session *session, struct text argument)
{
	const struct text whole = argument;
	const char *refusal = session->has_sender ? NULL : "503 5.5.1 MAIL first";
	struct text address = nobody;

	if (is_ahead(session))
		return;
	if (refusal == NULL && !take_path(&argument, "TO:", &address))
		refusal = "501 5.5.4 RCPT TO:<address>";
	if (refusal == NULL)
		refusal = read_parameters(session, rcpt_parameters, argument);
	if (refusal == NULL)
		refusal = judge_address(session, address);
	if (refusal == NULL && session->options->recipients > 0
	    && session->recipient_count == session->options->recipients)
		refusal = "452 4.5.3 too many recipients";
	if (refusal != NULL) {
		(void)smarthost_session_answer(session, STEP_COUNT, nobody, refusal);
		return;
	}
	if (smarthost_session_answer(session, STEP_RCPT, address, "250 2.1.5 recipient ok") / 100
	    != 2)
		return;
	session->recipient_count++;
	(void)buffer_add(&session->recipients, "rcpt: ");
	(void)buffer_append(
	    &session->recipients, text_slice(whole, sizeof "TO:" - 1, whole.length));
	(void)buffer_byte(&session->recipients, '\n');
}
