/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_session.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "flow/login.h"
#include "smtp/probe.h"

static void
list_word(struct buffer *to, const char *separator, const char *word)
{
	(void)buffer_print(to, "%s%s", to->length == 0 ? "" : separator, word);
}

static const char *
describe_size(const struct capability *capability, struct arena *arena)
{
	if (capability->size_limit == 0)
		return "SIZE";
	return arena_print(arena, "SIZE %" PRIu64, capability->size_limit);
}

static void
find_extensions(struct check_list *list, const struct capability *capability)
{
	const struct {
		const char *name;
		bool offered;
	} rows[] = {
		{ describe_size(capability, list->arena), capability->size },
		{ "PIPELINING", capability->pipelining },
		{ "CHUNKING", capability->chunking },
		{ "8BITMIME", capability->eight_bit_mime },
		{ "SMTPUTF8", capability->smtputf8 },
		{ "DSN", capability->dsn },
		{ "ENHANCEDSTATUSCODES", capability->enhanced_codes },
	};
	struct buffer offered = buffer_open(0);
	struct buffer missing = buffer_open(0);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		list_word(rows[i].offered ? &offered : &missing, ", ", rows[i].name);
	check_list_ok(list, "extensions", "%.*s%s%.*s",
	    offered.length == 0 ? 4 : (int)offered.length,
	    offered.length == 0 ? "none" : offered.bytes, missing.length == 0 ? "" : "; not ",
	    (int)missing.length, missing.length == 0 ? "" : missing.bytes);
	buffer_close(&offered);
	buffer_close(&missing);
}

static void
find_mechanisms(struct check_list *list, const struct capability *capability)
{
	if (!capability->auth)
		check_list_note(list, "mechanisms", "AUTH is not offered");
	else if (capability->mechanism_count == 0)
		check_list_note(list, "mechanisms", "AUTH is offered without any");
	else
		check_list_ok(
		    list, "mechanisms", "%s", capability_mechanisms(capability, list->arena));
}

/* Who reads along reads the mail, whatever the setting meant. */
static void
find_privacy(const struct check_talk *talk, const struct session *session)
{
	if (session->channel->tls)
		return;
	if (channel_is_private(session->channel))
		check_list_ok(talk->list, "tls", "none; the server is on this machine");
	else
		check_list_warn(talk->list, "tls", "remove 'tls off'",
		    "none: anybody on the way can read the mail, and no password will be sent");
}

static bool
copy_secret(void *data, struct secret *secret, struct failure *why)
{
	const struct check_talk *talk = data;

	(void)why;
	secret_keep(secret, text_make(talk->secret->secret.bytes, talk->secret->secret.length));
	return true;
}

static void
note_none(const struct check_talk *talk)
{
	const char *auth = account_text(talk->route->account, SETTING_AUTH);

	if (auth != NULL && strcmp(auth, "off") == 0)
		check_list_note(talk->list, "login", "none: 'auth off' is set");
	else
		check_list_note(talk->list, "login", "none: no password is set for '%s'",
		    talk->hop->server.text);
}

/* False when there is no use in asking for anything else. */
static bool
find_login(struct check_talk *talk, struct session *session)
{
	const struct login login = { talk->route, talk->hop,
		talk->secret == NULL ? NULL : copy_secret, talk };
	const struct credential *credential = &talk->hop->credential;
	struct failure why;

	if (credential->source == CREDENTIAL_NONE) {
		note_none(talk);
		return true;
	}
	if (!login_run(&login, session, &why)) {
		check_list_fail(talk->list, "login", &why);
		return false;
	}
	check_list_ok(talk->list, "login", "as '%s' by %s",
	    credential->user == NULL ? "" : credential->user, session->authenticated);
	return true;
}

static void
find_sender(const struct check_talk *talk, struct session *session)
{
	const char *sender = address_format(talk->plan->sender, talk->list->arena).bytes;
	struct failure why;

	if (probe_sender(session, talk->plan->sender, &why)) {
		check_list_ok(talk->list, "sender", "<%s> is accepted", sender);
		return;
	}
	login_explain_missing(talk->route, talk->hop, &why);
	check_list_fail(talk->list, "sender", &why);
}

void
check_session_find(struct check_talk *talk, struct session *session)
{
	find_privacy(talk, session);
	find_extensions(talk->list, &session->capability);
	find_mechanisms(talk->list, &session->capability);
	if (talk->login && !find_login(talk, session))
		return;
	if (talk->sender)
		find_sender(talk, session);
}
