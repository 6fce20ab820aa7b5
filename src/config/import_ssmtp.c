/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_ssmtp.h"

#include "base/arena.h"
#include "config/import_revaliases.h"
#include "config/import_row.h"
#include "config/import_server.h"

#define PORT_SMTP 25
#define PORT_MAX 65535

#define COUNT_OF(ARRAY) (sizeof(ARRAY) / sizeof(ARRAY)[0])

static void
write_root(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const char *root = text_string(entry->value, writer->arena);

	(void)data;
	import_writer_note(writer, &entry->place,
	    "'%.*s' gave one address the mail for every user below uid 1000: add a line to "
	    "/etc/aliases for each of them that gets mail",
	    (int)entry->name.length, entry->name.bytes);
	import_writer_quote(writer, text_of(arena_print(writer->arena, "root: %s", root)));
}

static void
write_from_override(
    struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (!text_is_fold(entry->value, "yes"))
		return;
	import_writer_note(writer, &entry->place,
	    "the envelope sender was taken from the From field: relay does that with the option "
	    "--read-envelope-from only");
}

static void
write_domain(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	size_t at = text_find(entry->value, '@');
	struct text domain = at == entry->value.length
	    ? entry->value
	    : text_slice(entry->value, at + 1, entry->value.length);

	(void)data;
	(void)import_writer_domain(writer, &entry->place, SETTING_MAILDOMAIN, domain);
}

/* The host's name is also the domain of mail when no other is given. */
static void
write_hostname(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const struct import_entries *entries = data;

	if (import_writer_domain(writer, &entry->place, SETTING_DOMAIN, entry->value)
	    && import_row_last(entries, "RewriteDomain") == NULL)
		(void)import_writer_domain(writer, &entry->place, SETTING_MAILDOMAIN, entry->value);
}

static void
write_method(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (text_is_fold(entry->value, "cram-md5"))
		(void)import_writer_word(writer, &entry->place, SETTING_AUTH, "cram-md5");
	else if (text_is_fold(entry->value, "login"))
		(void)import_writer_word(writer, &entry->place, SETTING_AUTH, "login");
	else
		import_writer_lost(writer, &entry->place,
		    "not kept: ssmtp knows no such method; the best that the server offers is "
		    "used");
}

static void
write_user(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)import_writer_setting(writer, &entry->place, SETTING_USER, entry->value);
	if (import_row_first(data, "AuthPass") == NULL)
		import_writer_note(writer, &entry->place,
		    "there is no AuthPass: the password is missing, see passwordfile");
}

/* Without a user ssmtp does not log in. */
static void
write_password(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	if (import_row_first(data, "AuthUser") != NULL)
		(void)import_writer_setting(writer, &entry->place, SETTING_PASSWORD, entry->value);
	else
		import_writer_lost(
		    writer, &entry->place, "'AuthPass' is not kept: there is no AuthUser");
}

static void
write_old_login(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (text_is_fold(entry->value, "yes"))
		import_writer_lost(writer, &entry->place,
		    "'UseOldAUTH' is not kept: relay logs in as RFC 4954 says");
}

static void
write_certificate(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const struct import_entries *entries = data;
	const struct import_entry *use = import_row_last(entries, "UseTLSCert");

	if (use == NULL || !text_is_fold(use->value, "yes"))
		return;
	(void)import_writer_file(writer, &entry->place, SETTING_TLS_CERT_FILE, entry->value);
	if (import_row_last(entries, "TLSKey") == NULL)
		(void)import_writer_file(writer, &entry->place, SETTING_TLS_KEY_FILE, entry->value);
}

static void
write_key(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const struct import_entries *entries = data;
	const struct import_entry *use = import_row_last(entries, "UseTLSCert");

	if (use != NULL && text_is_fold(use->value, "yes")
	    && import_row_last(entries, "TLSCert") != NULL)
		(void)import_writer_file(writer, &entry->place, SETTING_TLS_KEY_FILE, entry->value);
}

static const struct import_row row_table[] = {
	{ .name = "MailHub", .act = IMPORT_ROW_APART },
	{ .name = "RemotePort", .act = IMPORT_ROW_APART },
	{ .name = "UseTLS", .act = IMPORT_ROW_APART },
	{ .name = "UseSTARTTLS", .act = IMPORT_ROW_APART },
	{ .name = "AuthUser", .act = IMPORT_ROW_CALL, .write = write_user, .first = true },
	{ .name = "AuthPass", .act = IMPORT_ROW_CALL, .write = write_password, .first = true },
	{ .name = "AuthMethod", .act = IMPORT_ROW_CALL, .write = write_method, .first = true },
	{ .name = "UseOldAUTH", .act = IMPORT_ROW_CALL, .write = write_old_login },
	{ .name = "UseTLSCert", .act = IMPORT_ROW_APART },
	{ .name = "TLSCert", .act = IMPORT_ROW_CALL, .write = write_certificate },
	{ .name = "TLSKey", .act = IMPORT_ROW_CALL, .write = write_key },
	{ .name = "TLS_CA_File", .act = IMPORT_ROW_FILE, .setting = SETTING_TLS_TRUST_FILE },
	{ .name = "TLS_CA_Dir",
	    .act = IMPORT_ROW_LOST,
	    .reason = "authorities are read from one file, by default the system's" },
	{ .name = "RewriteDomain", .act = IMPORT_ROW_CALL, .write = write_domain },
	{ .name = "HostName", .act = IMPORT_ROW_CALL, .write = write_hostname },
	{ .name = "FromLineOverride", .act = IMPORT_ROW_CALL, .write = write_from_override },
	{ .name = "Root", .act = IMPORT_ROW_CALL, .write = write_root },
	{ .name = "AddHeader",
	    .act = IMPORT_ROW_LOST,
	    .reason = "relay adds no fields but the usual" },
	{ .name = "Debug", .act = IMPORT_ROW_IDLE },
};

static const struct import_rows rows = { row_table, COUNT_OF(row_table), "ssmtp has no such word",
	NULL };

/* Up to the first of these bytes. */
static struct text
until(struct text text, const char *bytes)
{
	for (; *bytes != '\0'; bytes++)
		text = text_slice(text, 0, text_find(text, *bytes));
	return text;
}

static bool
is_secret(struct text name)
{
	return text_is_fold(name, "AuthUser") || text_is_fold(name, "AuthPass");
}

/* ssmtp takes a word and leaves the rest; user and password go to the end of the line. */
static struct text
read_value(struct text name, struct text rest)
{
	struct text word;

	while (rest.length > 0 && (rest.bytes[0] == '=' || text_blank(rest.bytes[0])))
		rest = text_slice(rest, 1, rest.length);
	rest = text_trim(rest);
	if (is_secret(name) || text_is_fold(name, "MailHub"))
		return rest;
	word = text_word(&rest, '=');
	return until(word, ":");
}

static bool
read_entries(const struct import_file *file, struct import_writer *writer,
    struct import_entries *entries, struct failure *why)
{
	struct import_line line = { .rest = file->bytes };

	while (import_file_next(&line)) {
		struct text body = until(line.text, "#");
		size_t equals = text_find(body, '=');
		struct text rest = text_slice(body, 0, equals);
		struct import_entry entry = {
			.name = text_word(&rest, '\0'),
			.place = { file->path, line.number, line.text },
		};

		if (equals == body.length || entry.name.length == 0)
			continue;
		entry.value = read_value(entry.name, text_slice(body, equals, body.length));
		if (entry.value.length > 0 && !import_row_add(entries, &entry, writer->arena, why))
			return false;
	}
	return true;
}

static enum import_server_tls
read_tls(const struct import_entries *entries)
{
	bool tls = false;
	bool starttls = false;

	for (size_t i = 0; i < entries->count; i++) {
		bool yes = text_is_fold(entries->items[i].value, "yes");

		if (text_is_fold(entries->items[i].name, "UseTLS")) {
			tls = yes;
			starttls = starttls && yes;
		} else if (text_is_fold(entries->items[i].name, "UseSTARTTLS")) {
			starttls = yes;
			tls = tls || yes;
		}
	}
	if (!tls)
		return IMPORT_SERVER_CLEAR;
	return starttls ? IMPORT_SERVER_STARTTLS : IMPORT_SERVER_IMPLICIT;
}

static struct import_server
read_server(const struct import_file *conf, const struct import_entries *entries)
{
	const struct import_entry *hub = import_row_last(entries, "MailHub");
	const struct import_entry *port = import_row_last(entries, "RemotePort");
	struct import_server server = {
		.place = { conf->path, 0, text_of(NULL) },
		.port = PORT_SMTP,
		.tls = read_tls(entries),
		.login = import_row_first(entries, "AuthUser") != NULL,
		.verified = import_row_last(entries, "TLS_CA_File") != NULL,
	};

	if (port != NULL)
		(void)text_number(port->value, 1, PORT_MAX, &server.port);
	if (hub != NULL) {
		server.place = hub->place;
		import_server_split(hub->value, &server.host, &server.port);
	}
	return server;
}

/* What ssmtp does without being told. */
static void
write_defaults(const struct import_file *conf, const struct import_entries *entries,
    struct import_writer *writer)
{
	const struct import_place place = { conf->path, 0, text_of(NULL) };
	const struct import_entry *override = import_row_last(entries, "FromLineOverride");

	if (override != NULL && text_is_fold(override->value, "yes"))
		return;
	import_writer_comment(writer,
	    "The sender is always the user who calls, in the envelope and in From (ssmtp without "
	    "FromLineOverride).");
	(void)import_writer_word(writer, &place, SETTING_FROM, "%U");
	(void)import_writer_word(writer, &place, SETTING_ALLOW_FROM_OVERRIDE, "off");
	(void)import_writer_word(writer, &place, SETTING_SET_FROM_HEADER, "on");
}

static void
note_secrets(const struct import_entries *entries, struct import_writer *writer)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct import_entry *entry = &entries->items[i];

		if (is_secret(entry->name)
		    && text_find(entry->place.original, '#') < entry->place.original.length)
			import_writer_note(writer, &entry->place,
			    "ssmtp ends this line at its '#', and so does the import: when the '#' "
			    "belongs to the value, complete it");
	}
}

bool
import_ssmtp_write(const struct import_set *set, struct import_writer *writer, const char **first,
    struct failure *why)
{
	const struct import_file *conf = import_file_find(set, "ssmtp.conf");
	const struct import_file *reverse = import_file_find(set, "revaliases");
	struct import_entries entries = { .fold = true };
	struct import_server server = { .port = PORT_SMTP };

	*first = import_writer_name(writer, "ssmtp");
	if (conf != NULL) {
		if (!read_entries(conf, writer, &entries, why))
			return false;
		import_writer_account(writer, *first, NULL);
		server = read_server(conf, &entries);
		import_server_write(writer, &server);
		note_secrets(&entries, writer);
		import_row_write(&rows, &entries, &entries, writer);
		write_defaults(conf, &entries, writer);
	}
	if (reverse != NULL)
		import_revaliases_write(reverse, &server, conf == NULL ? NULL : *first, writer);
	if (conf == NULL)
		*first = NULL;
	return true;
}
