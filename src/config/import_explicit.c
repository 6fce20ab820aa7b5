/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_explicit.h"

#include <string.h>

#include "base/arena.h"
#include "config/import_server.h"

#define HEX_OF_SHA256 64
#define PORT_SMTP 25
#define PORT_SMTPS 465

struct import_explicit
import_explicit_open(struct arena *arena)
{
	struct import_explicit defaults = {
		.theirs = account_new("defaults", arena),
		.ours = account_new("defaults", arena),
	};

	defaults.theirs->values[SETTING_TLS] = (struct value){ .text = "off" };
	return defaults;
}

void
import_explicit_set(struct import_explicit *account, enum setting_id id, const char *word,
    struct import_writer *writer)
{
	struct failure ignored;

	if (import_writer_word(writer, &account->place, id, word))
		(void)setting_read(setting_row(id), text_of(word), writer->environment,
		    writer->arena, &account->ours->values[id], &ignored);
}

static bool
logs_in(const struct account *account)
{
	const char *auth = account_text(account, SETTING_AUTH);

	return auth != NULL && strcmp(auth, "off") != 0;
}

/* Nobody listens on the way to it. */
static bool
is_near(const struct account *account, struct arena *arena)
{
	return account_has(account, SETTING_SOCKET)
	    || import_server_is_near(text_of(account_text(account, SETTING_HOST)), arena);
}

static void
settle_tls(struct import_explicit *account, struct import_writer *writer)
{
	bool tls = account_switch(account->theirs, SETTING_TLS);
	bool got = account_switch(account->ours, SETTING_TLS);

	if (!tls && !is_near(account->theirs, writer->arena)) {
		tls = logs_in(account->theirs);
		import_writer_note(writer, &account->place,
		    tls ? "account %s logged in without TLS, which may have shown the password: "
			  "now the server must offer STARTTLS, or nothing is sent"
			: "account %s has no TLS, as before: everybody on the way can read its "
			  "mail",
		    account->theirs->name);
	}
	if (tls != got)
		import_explicit_set(account, SETTING_TLS, tls ? "on" : "off", writer);
}

static int64_t
usual_port(const struct account *account)
{
	return account_switch(account, SETTING_TLS)
		&& !account_switch(account, SETTING_TLS_STARTTLS)
	    ? PORT_SMTPS
	    : PORT_SMTP;
}

/* Which port relay takes when none is written; 0: another than msmtp ever does. */
static int64_t
relays_port(const struct account *account)
{
	if (!account_switch(account, SETTING_TLS))
		return PORT_SMTP;
	return account_switch(account, SETTING_TLS_STARTTLS) ? 0 : PORT_SMTPS;
}

static void
settle_port(struct import_explicit *account, struct import_writer *writer)
{
	int64_t port = account_number(account->theirs, SETTING_PORT);
	int64_t got = account_number(account->ours, SETTING_PORT);

	if (account_has(account->theirs, SETTING_SOCKET))
		return;
	if (port == 0)
		port = usual_port(account->theirs);
	if (got == 0)
		got = relays_port(account->ours);
	if (port != got)
		import_explicit_set(account, SETTING_PORT,
		    arena_print(writer->arena, "%lld", (long long)port), writer);
}

static void
settle_auth(struct import_explicit *account, struct import_writer *writer)
{
	const char *got = account_text(account->ours, SETTING_AUTH);

	if (!logs_in(account->theirs)) {
		if (got == NULL || strcmp(got, "off") != 0)
			import_explicit_set(account, SETTING_AUTH, "off", writer);
		return;
	}
	/* What was written for the parent must not outdo the child's defaults. */
	if (got == NULL || strcmp(got, "off") == 0)
		import_explicit_set(
		    account, SETTING_AUTH, account_text(account->theirs, SETTING_AUTH), writer);
	if (account_has(account->theirs, SETTING_PASSWORD)
	    || account_has(account->theirs, SETTING_PASSWORDEVAL))
		return;
	import_writer_note(writer, &account->place,
	    "account %s has no password in the file: msmtp asks .netrc, the keyring and the "
	    "terminal; for relay see netrc, passwordeval and passwordfile",
	    account->theirs->name);
}

void
import_explicit_settle(struct import_explicit *account, struct import_writer *writer)
{
	if (!account_has(account->theirs, SETTING_HOST)
	    && !account_has(account->theirs, SETTING_SOCKET))
		return;
	settle_tls(account, writer);
	settle_port(account, writer);
	settle_auth(account, writer);
}

static size_t
hex_digits(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text != ':';
	return count;
}

const char *
import_explicit_refusal(const struct setting *setting, const struct value *value)
{
	if (setting->id == SETTING_TLS_CERTCHECK && value->number == 0)
		return "the certificate is verified; for one that no authority vouches for, use "
		       "tls_trust_file or tls_fingerprint";
	if (setting->id == SETTING_TLS_TRUST_FILE && value->text == NULL)
		return "the system's authorities vouch for the server";
	if (setting->id == SETTING_TLS_FINGERPRINT && value->text != NULL
	    && hex_digits(value->text) != HEX_OF_SHA256)
		return "only SHA-256 is believed; the authorities must vouch for the server";
	if (setting->id == SETTING_AUTH && value->text != NULL && strcmp(value->text, "ntlm") == 0)
		return "relay does not speak NTLM, and takes the best that the server offers";
	return NULL;
}
