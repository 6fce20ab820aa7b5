/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_postfix.h"

#include <arpa/inet.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/import_map.h"
#include "config/import_parameter.h"
#include "config/import_postfix_rows.h"
#include "config/import_row.h"
#include "config/import_server.h"
#include "table/transport_hops.h"

#define PORT_SMTP 25

static const struct level {
	const char *name;
	enum import_server_tls tls;
	bool verified;
} levels[] = {
	{ "none", IMPORT_SERVER_CLEAR, false },
	{ "may", IMPORT_SERVER_IF_ASKED, false },
	{ "encrypt", IMPORT_SERVER_STARTTLS, false },
	{ "dane", IMPORT_SERVER_IF_ASKED, false },
	{ "dane-only", IMPORT_SERVER_STARTTLS, true },
	{ "fingerprint", IMPORT_SERVER_STARTTLS, true },
	{ "verify", IMPORT_SERVER_STARTTLS, true },
	{ "secure", IMPORT_SERVER_STARTTLS, true },
};

/* The level, or what stood for it before there was one. */
static struct level
read_level(const struct import_entries *entries)
{
	struct text name = import_parameter_value(entries, "smtp_tls_security_level", "");
	struct level old = { "", IMPORT_SERVER_CLEAR, false };

	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
		if (text_is_fold(name, levels[i].name))
			return levels[i];
	if (import_parameter_is_yes(entries, "smtp_enforce_tls")) {
		old.tls = IMPORT_SERVER_STARTTLS;
		old.verified = !text_is_fold(
		    import_parameter_value(entries, "smtp_tls_enforce_peername", "yes"), "no");
	} else if (import_parameter_is_yes(entries, "smtp_use_tls")) {
		old.tls = IMPORT_SERVER_IF_ASKED;
	}
	return old;
}

static bool
is_address(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

static bool
lacks_port(const struct transport_hops *hops)
{
	for (size_t i = 0; i < hops->count; i++)
		if (hops->items[i].port == 0)
			return true;
	return false;
}

/* What relay does otherwise with the same host. */
static void
note_hop(const struct transport_hop *hop, const struct import_server *server,
    struct import_writer *writer)
{
	if (!hop->bracketed && !is_address(hop->host))
		import_writer_note(writer, &server->place,
		    "Postfix looks for the mail exchanger of '%s', as it stands without brackets: "
		    "relay connects to that host itself",
		    hop->host);
}

static void
write_server(const struct import_file *file, const struct import_entries *entries, bool login,
    struct import_writer *writer)
{
	const struct import_entry *host = import_row_last(entries, "relayhost");
	const struct level level = read_level(entries);
	struct import_server server = {
		.place = { file->path, 0, text_of(NULL) },
		.host = import_parameter_value(entries, "relayhost", ""),
		.tls = level.tls,
		.login = login,
		.verified = level.verified,
	};
	struct transport_hops hops = { 0 };
	struct failure ignored;

	if (host != NULL)
		server.place = host->place;
	if (import_parameter_is_yes(entries, "smtp_tls_wrappermode"))
		server.tls = IMPORT_SERVER_IMPLICIT;
	if (transport_hops_read(server.host, writer->arena, &hops, &ignored) && lacks_port(&hops))
		server.port = PORT_SMTP;
	for (size_t i = 0; i < hops.count; i++)
		note_hop(&hops.items[i], &server, writer);
	import_server_write(writer, &server);
}

/* A word of smtp_sasl_mechanism_filter, in the list that `auth` takes. */
static void
add_mechanism(struct text word, const struct import_entry *entry, struct buffer *list,
    struct import_writer *writer)
{
	if (text_is(text_slice(word, 0, 7), "static:"))
		return;
	if (text_find(word, '/') < word.length || text_find(word, ':') < word.length) {
		import_writer_lost(
		    writer, &entry->place, "not kept: 'auth' takes names of mechanisms, no file");
		return;
	}
	(void)buffer_add(list, list->length == 0 ? "" : " ");
	for (size_t i = 0; i < word.length; i++)
		(void)buffer_byte(list, text_lower(word.bytes[i]));
}

/* Only what is written: the built-in noplaintext is meant for a session without TLS. */
static const struct import_entry *
plaintext_ban(const struct import_entries *entries)
{
	const struct import_entry *entry = import_row_last(
	    entries, "smtp_sasl_tls_security_options");
	struct text rest;

	if (entry == NULL)
		entry = import_row_last(entries, "smtp_sasl_security_options");
	if (entry == NULL || entry->broken)
		return NULL;
	rest = entry->value;
	for (;;) {
		struct text word = text_word(&rest, ',');

		if (word.length == 0)
			return NULL;
		if (text_is_fold(word, "noplaintext"))
			return entry;
	}
}

static void
write_mechanisms(const struct import_entries *entries, struct import_writer *writer)
{
	const struct import_entry *filter = import_row_last(entries, "smtp_sasl_mechanism_filter");
	const struct import_entry *ban = plaintext_ban(entries);
	struct buffer list = buffer_open(0);
	struct text rest = import_parameter_value(entries, "smtp_sasl_mechanism_filter", "");

	for (;;) {
		struct text word = text_word(&rest, ',');

		if (word.length == 0)
			break;
		add_mechanism(word, filter, &list, writer);
	}
	if (ban != NULL)
		(void)buffer_print(&list, "%s!plain !login", list.length == 0 ? "" : " ");
	if (list.length > 0)
		(void)import_writer_word(writer, filter != NULL ? &filter->place : &ban->place,
		    SETTING_AUTH,
		    arena_print(writer->arena, "%s%s", list.bytes[0] == '!' ? "on " : "",
			text_string(buffer_text(&list), writer->arena)));
	buffer_close(&list);
}

static void
write_static(const struct import_entry *entry, struct text value, struct import_writer *writer)
{
	size_t colon = text_find(value, ':');

	(void)import_writer_setting(
	    writer, &entry->place, SETTING_USER, text_slice(value, 0, colon));
	if (colon < value.length)
		(void)import_writer_setting(writer, &entry->place, SETTING_PASSWORD,
		    text_slice(value, colon + 1, value.length));
}

static void
write_login(const struct import_file *file, const struct import_entries *entries, bool login,
    struct import_writer *writer)
{
	const struct import_entry *maps = import_row_last(entries, "smtp_sasl_password_maps");
	const struct import_place place = { file->path, 0, text_of(NULL) };
	struct text value;

	if (!login) {
		(void)import_writer_word(writer, &place, SETTING_AUTH, "off");
		return;
	}
	write_mechanisms(entries, writer);
	if (maps == NULL || maps->broken)
		return;
	if (import_map_static(maps->value, &value))
		write_static(maps, value, writer);
	else
		(void)import_map_write(writer, maps, SETTING_SASL_PASSWD);
	if (import_parameter_is_yes(entries, "smtp_sender_dependent_authentication"))
		(void)import_writer_word(writer, &maps->place, SETTING_SENDER_DEPENDENT_AUTH, "on");
}

bool
import_postfix_write(const struct import_set *set, struct import_writer *writer, const char **first,
    struct failure *why)
{
	const struct import_file *file = set->files[0];
	struct import_entries entries = { 0 };
	bool login;

	if (!import_parameter_read(file, writer, &entries, why))
		return false;
	login = import_parameter_is_yes(&entries, "smtp_sasl_auth_enable");
	*first = import_writer_name(writer, "postfix");
	import_writer_account(writer, *first, NULL);
	write_server(file, &entries, login, writer);
	write_login(file, &entries, login, writer);
	import_row_write(import_postfix_rows(), &entries, &entries, writer);
	return true;
}
