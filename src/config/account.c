/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/account.h"

#include <arpa/inet.h>
#include <assert.h>
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/environment.h"

#define PORT_SUBMISSION 587
#define PORT_IMPLICIT_TLS 465
#define PORT_SMTP 25

/* The default of a row; the rows are ours, so it can be read. */
static struct value
fallback_value(const struct setting *setting, struct arena *arena)
{
	struct value value = { 0 };
	struct failure why;
	bool read;

	if (setting->fallback == NULL)
		return value;
	read = setting_read(setting, text_of(setting->fallback), NULL, arena, &value, &why);
	assert(read);
	(void)read;
	value.set = false;
	return value;
}

struct account *
account_new(const char *name, struct arena *arena)
{
	struct account *account = arena_zero(arena, sizeof *account);

	account->name = arena_string(arena, name);
	for (size_t i = 0; i < SETTING_COUNT; i++)
		account->values[i] = fallback_value(setting_row((enum setting_id)i), arena);
	return account;
}

struct account *
account_from(const struct account *defaults, const char *name, struct arena *arena)
{
	struct account *account = arena_zero(arena, sizeof *account);

	*account = *defaults;
	account->name = arena_string(arena, name);
	for (size_t i = 0; i < SETTING_COUNT; i++)
		account->values[i].set = false;
	return account;
}

void
account_inherit(struct account *account, const struct account *parent)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (parent->values[i].set)
			account->values[i] = parent->values[i];
}

struct account *
account_find(const struct account_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i]->name, name) == 0)
			return list->items[i];
	return NULL;
}

const char *
account_nearest(const struct account_list *list, struct text name)
{
	for (size_t i = 0; i < list->count; i++) {
		struct text other = text_of(list->items[i]->name);

		/* All names of one letter are near each other. */
		if (text_equal_fold(name, other)
		    || (name.length > 2 && other.length > 2 && text_is_near(name, other)))
			return list->items[i]->name;
	}
	return NULL;
}

void
account_add(struct account_list *list, struct account *account, struct arena *arena)
{
	list->items = arena_grow(
	    arena, list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = account;
}

const char *
account_text(const struct account *account, enum setting_id id)
{
	return account->values[id].text;
}

int64_t
account_number(const struct account *account, enum setting_id id)
{
	return account->values[id].number;
}

bool
account_switch(const struct account *account, enum setting_id id)
{
	return account->values[id].number != 0;
}

bool
account_has(const struct account *account, enum setting_id id)
{
	return account->values[id].text != NULL;
}

/* Did a person write it, be it under `defaults`? */
bool
account_is_written(const struct account *account, enum setting_id id)
{
	return account->values[id].set || account->values[id].file != NULL;
}

const char *
account_where(const struct account *account, enum setting_id id, struct arena *arena)
{
	const struct value *value = &account->values[id];

	if (value->file != NULL)
		return arena_print(arena, "%s:%zu", value->file, value->line);
	return value->set ? "the command line" : "default";
}

/* The brackets of a@[192.0.2.1] are no wildcard's. */
static bool
ends_in_literal(const char *at)
{
	unsigned char address[sizeof(struct in6_addr)];
	char bare[INET6_ADDRSTRLEN];
	size_t length = strlen(at);

	if (length < 3 || at[1] != '[' || at[length - 1] != ']' || length - 3 >= sizeof bare)
		return false;
	if (strncasecmp(at + 2, "ipv6:", 5) == 0)
		return strpbrk(at + 2, "?*[") == NULL;
	memcpy(bare, at + 2, length - 3);
	bare[length - 3] = '\0';
	return inet_pton(AF_INET, bare, address) == 1;
}

bool
account_is_pattern(const char *text)
{
	const char *at = strrchr(text, '@');

	if (at != NULL && ends_in_literal(at))
		return strcspn(text, "?*[") < (size_t)(at - text);
	return strpbrk(text, "?*[") != NULL;
}

static bool
matches(const char *pattern, const char *sender)
{
	if (account_is_pattern(pattern))
		return fnmatch(pattern, sender, 0) == 0;
	return text_equal_fold(text_of(pattern), text_of(sender));
}

static bool
sends_as(const struct account *account, const char *sender, bool patterns)
{
	const struct value *from = &account->values[SETTING_FROM];

	for (; from != NULL; from = from->next)
		if (from->text != NULL && (patterns || !account_is_pattern(from->text))
		    && matches(from->text, sender))
			return true;
	return false;
}

static struct account *
match_text(const struct account_list *list, const char *sender, bool patterns)
{
	for (size_t i = 0; i < list->count; i++)
		if (sends_as(list->items[i], sender, patterns))
			return list->items[i];
	return NULL;
}

static const char *
sender_text(struct text local, struct text domain, struct arena *arena)
{
	return arena_print(arena, "%s%s%s", text_string(local, arena), domain.length > 0 ? "@" : "",
	    text_string(domain, arena));
}

struct account *
account_match(const struct account_list *list, struct address sender, struct arena *arena)
{
	size_t plus = text_find(sender.local, '+');
	struct account *account;

	if (sender.local.length == 0)
		return NULL;
	account = match_text(list, sender_text(sender.local, sender.domain, arena), true);
	if (account != NULL || plus == 0 || plus == sender.local.length)
		return account;
	return match_text(
	    list, sender_text(text_slice(sender.local, 0, plus), sender.domain, arena), false);
}

static bool
refuse(const struct account *account, enum setting_id id, struct failure *why)
{
	const struct value *value = &account->values[id];

	if (value->file != NULL)
		failure_at(why, "%s:%zu", value->file, value->line);
	else if (account->file != NULL)
		failure_at(why, "account %s", account->name);
	return failure_in(why, FAILURE_CONFIG);
}

static bool
needs(const struct account *account, enum setting_id id, enum setting_id other, struct failure *why)
{
	if (!account_has(account, id) || account_has(account, other))
		return true;
	fail(why, EX_CONFIG, "%s needs %s", setting_row(id)->name, setting_row(other)->name);
	return refuse(account, id, why);
}

static bool
check_tls(const struct account *account, struct failure *why)
{
	if (!needs(account, SETTING_TLS_CERT_FILE, SETTING_TLS_KEY_FILE, why)
	    || !needs(account, SETTING_TLS_KEY_FILE, SETTING_TLS_CERT_FILE, why)
	    || !needs(account, SETTING_TLS_CRL_FILE, SETTING_TLS_TRUST_FILE, why))
		return false;
	if (!account_switch(account, SETTING_TLS) || !account_switch(account, SETTING_TLS_CERTCHECK)
	    || account_has(account, SETTING_TLS_TRUST_FILE)
	    || account_has(account, SETTING_TLS_FINGERPRINT))
		return true;
	fail(why, EX_CONFIG, "nothing says which certificates to trust");
	failure_hint(why, "give tls_trust_file a file or the word system, or tls_fingerprint");
	return refuse(account, SETTING_TLS_TRUST_FILE, why);
}

static void
set_port(struct account *account, int64_t port, const char *text)
{
	account->values[SETTING_PORT] = (struct value){ .text = text, .number = port };
}

/* The port that was written: `port`, else that of the first host. */
static int64_t
written_port(const struct account *account)
{
	if (account_is_written(account, SETTING_PORT))
		return account_number(account, SETTING_PORT);
	return account_number(account, SETTING_HOST);
}

static void
settle_port(struct account *account)
{
	struct value *starttls = &account->values[SETTING_TLS_STARTTLS];

	if (account_switch(account, SETTING_TLS) && written_port(account) == PORT_IMPLICIT_TLS
	    && !account_is_written(account, SETTING_TLS_STARTTLS))
		*starttls = (struct value){ .text = "off" };
	if (account_is_written(account, SETTING_PORT))
		return;
	if (!account_switch(account, SETTING_TLS))
		set_port(account, PORT_SMTP, "25");
	else if (!account_switch(account, SETTING_TLS_STARTTLS))
		set_port(account, PORT_IMPLICIT_TLS, "465");
	else
		set_port(account, PORT_SUBMISSION, "587");
}

bool
account_settle(struct account *account, struct failure *why)
{
	const char *protocol = account_text(account, SETTING_PROTOCOL);

	if (!check_tls(account, why))
		return false;
	if (protocol != NULL && strcmp(protocol, "lmtp") == 0 && written_port(account) == 0
	    && !account_has(account, SETTING_SOCKET)) {
		fail(why, EX_CONFIG, "protocol lmtp has no usual port, and none is given");
		failure_hint(why, "add a port, or a socket");
		return refuse(account, SETTING_PROTOCOL, why);
	}
	settle_port(account);
	return true;
}

/* msmtp asks $HOSTNAME first, which only matters for what is written by hand. */
static const char *
host_said(const struct environment *environment)
{
	return environment->host_variable != NULL ? environment->host_variable : environment->host;
}

static const char *
canonical_host(const struct environment *environment, struct arena *arena)
{
	struct environment said = *environment;

	said.host = host_said(environment);
	return environment_host_name(&said, arena);
}

/* What a letter behind '%' stands for; NULL: nothing. */
static const char *
expansion(char letter, const struct environment *environment, struct arena *arena)
{
	switch (letter) {
	case 'U':
		return environment->user;
	case 'H':
		return host_said(environment);
	case 'C':
		return canonical_host(environment, arena);
	case 'M':
		return environment_mail_domain(environment, arena);
	case 'F':
		return environment->full_name;
	default:
		return NULL;
	}
}

const char *
account_expand(const char *text, const struct environment *environment, struct arena *arena)
{
	struct buffer expanded = buffer_open(0);
	const char *result;

	if (text == NULL || strchr(text, '%') == NULL)
		return text;
	for (const char *at = text; *at != '\0'; at++) {
		const char *known = *at == '%' ? expansion(at[1], environment, arena) : NULL;

		if (known == NULL) {
			(void)buffer_byte(&expanded, *at);
			continue;
		}
		(void)buffer_add(&expanded, known);
		at++;
	}
	result = text_string(buffer_text(&expanded), arena);
	buffer_close(&expanded);
	return result;
}
