/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_dma.h"

#include <string.h>

#include "base/arena.h"
#include "config/import_row.h"
#include "config/import_server.h"

#define PORT_SMTP 25
#define PORT_MAX 65535
#define COUNT_OF(ARRAY) (sizeof(ARRAY) / sizeof(ARRAY)[0])

/* The one that Debian's package writes, and relay's own default. */
#define MAILNAME_FILE "/etc/mailname"

static void
write_domain(struct import_writer *writer, const struct import_entry *entry, struct text domain)
{
	if (import_writer_domain(writer, &entry->place, SETTING_DOMAIN, domain))
		(void)import_writer_domain(writer, &entry->place, SETTING_MAILDOMAIN, domain);
}

static void
write_mailname(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	struct import_line line = { 0 };
	struct import_file file;
	struct failure why;

	(void)data;
	if (text_is(entry->value, MAILNAME_FILE))
		return;
	if (entry->value.length == 0 || entry->value.bytes[0] != '/') {
		write_domain(writer, entry, entry->value);
		return;
	}
	if (!import_file_read_as(
		text_string(entry->value, writer->arena), "mailname", writer->arena, &file, &why)) {
		import_writer_lost(writer, &entry->place,
		    "not kept, as the file cannot be read: write its first line behind 'domain' "
		    "and 'maildomain'");
		return;
	}
	line.rest = file.bytes;
	if (import_file_next(&line))
		write_domain(writer, entry, text_trim(line.text));
}

/* user@host, user@, host */
static void
write_masquerade(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	struct arena *arena = writer->arena;
	struct text value = import_writer_literal(writer, entry->value);
	const char *text = text_string(value, arena);
	const char *at = strrchr(text, '@');
	const char *sender = text;

	(void)data;
	if (value.length == 0 || text_is(value, "@"))
		return;
	if (at == NULL)
		sender = arena_print(arena, "%%U@%s", text);
	else if (at == text)
		sender = arena_print(arena, "%%U%s", text);
	else if (at[1] == '\0')
		/* Without a domain: relay appends maildomain. */
		sender = arena_copy(arena, text, (size_t)(at - text));
	import_writer_comment(writer, "MASQUERADE: no option and no program sets another sender.");
	(void)import_writer_word(writer, &entry->place, SETTING_FROM, sender);
	(void)import_writer_word(writer, &entry->place, SETTING_ALLOW_FROM_OVERRIDE, "off");
}

static void
write_certificate(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	(void)import_writer_file(writer, &entry->place, SETTING_TLS_CERT_FILE, entry->value);
	(void)import_writer_file(writer, &entry->place, SETTING_TLS_KEY_FILE, entry->value);
}

/* Behind NULLCLIENT, and in front of it, dma reads no aliases. */
static void
write_aliases(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const struct import_entries *entries = data;

	if (import_row_last(entries, "NULLCLIENT") == NULL)
		(void)import_writer_file(writer, &entry->place, SETTING_ALIASES, entry->value);
}

static void
write_nullclient(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	import_writer_comment(writer, "NULLCLIENT: no aliases.");
	(void)import_writer_word(writer, &entry->place, SETTING_ALIASES, "");
}

static void
write_fullbounce(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	(void)import_writer_word(writer, &entry->place, SETTING_DSN_RETURN, "full");
}

static void
write_defer(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	import_writer_lost(writer, &entry->place,
	    "'DEFER' is not kept: mail is sent at once, as this version has no queue; with one it "
	    "is 'queue only'");
}

static const struct import_row row_table[] = {
	{ .name = "SMARTHOST", .act = IMPORT_ROW_APART },
	{ .name = "PORT", .act = IMPORT_ROW_APART },
	{ .name = "AUTHPATH", .act = IMPORT_ROW_APART },
	{ .name = "SECURETRANSFER", .act = IMPORT_ROW_APART },
	{ .name = "STARTTLS", .act = IMPORT_ROW_APART },
	{ .name = "OPPORTUNISTIC_TLS", .act = IMPORT_ROW_APART },
	{ .name = "INSECURE",
	    .act = IMPORT_ROW_LOST,
	    .reason = "relay sends no password in the clear" },
	{ .name = "SECURE", .act = IMPORT_ROW_IDLE },
	{ .name = "FINGERPRINT", .act = IMPORT_ROW_TEXT, .setting = SETTING_TLS_FINGERPRINT },
	{ .name = "CERTFILE", .act = IMPORT_ROW_CALL, .write = write_certificate },
	{ .name = "ALIASES", .act = IMPORT_ROW_CALL, .write = write_aliases },
	{ .name = "MAILNAME", .act = IMPORT_ROW_CALL, .write = write_mailname },
	{ .name = "MASQUERADE", .act = IMPORT_ROW_CALL, .write = write_masquerade },
	{ .name = "NULLCLIENT", .act = IMPORT_ROW_CALL, .write = write_nullclient },
	{ .name = "FULLBOUNCE", .act = IMPORT_ROW_CALL, .write = write_fullbounce },
	{ .name = "DEFER", .act = IMPORT_ROW_CALL, .write = write_defer },
	{ .name = "SPOOLDIR",
	    .act = IMPORT_ROW_LOST,
	    .reason = "what is queued there is not relay's to send; run 'dma -q' before dma goes" },
	{ .name = "DEBUGLOG",
	    .act = IMPORT_ROW_LOST,
	    .reason = "the dialogue is shown by the option --debug" },
};

static const struct import_rows rows = { row_table, COUNT_OF(row_table), "dma has no such word",
	NULL };

static bool
read_entries(const struct import_file *file, struct import_writer *writer,
    struct import_entries *entries, struct failure *why)
{
	struct import_line line = { .rest = file->bytes };

	while (import_file_next(&line)) {
		struct text rest = text_slice(line.text, 0, text_find(line.text, '#'));
		struct import_entry entry = { .place = { file->path, line.number, line.text } };

		entry.name = text_word(&rest, '\0');
		entry.value = text_trim(rest);
		if (entry.name.length > 0 && !import_row_add(entries, &entry, writer->arena, why))
			return false;
	}
	return true;
}

static enum import_server_tls
read_tls(const struct import_entries *entries)
{
	if (import_row_last(entries, "SECURETRANSFER") == NULL)
		return IMPORT_SERVER_CLEAR;
	if (import_row_last(entries, "STARTTLS") == NULL)
		return IMPORT_SERVER_IMPLICIT;
	return import_row_last(entries, "OPPORTUNISTIC_TLS") == NULL ? IMPORT_SERVER_STARTTLS
								     : IMPORT_SERVER_IF_ASKED;
}

static struct text
value_of(const struct import_entries *entries, const char *name)
{
	const struct import_entry *entry = import_row_last(entries, name);

	return entry == NULL ? text_of(NULL) : entry->value;
}

/* user|host:password, or a blank for the colon */
struct login {
	struct import_place place;
	struct text user;
	struct text host;
	struct text password;
};

static bool
read_login(const struct import_file *file, const struct import_line *line, struct login *login)
{
	struct text text = line->text;
	size_t bar = text_find(text, '|');
	struct text rest = text_slice(text, bar + 1, text.length);
	size_t end = 0;

	if (text.length == 0 || text.bytes[0] == '#' || bar == 0 || bar == text.length)
		return false;
	while (end < rest.length && rest.bytes[end] != ':' && rest.bytes[end] != ' '
	    && rest.bytes[end] != '\t')
		end++;
	if (end == rest.length)
		return false;
	*login = (struct login){
		.place = { file->path, line->number, line->text },
		.user = text_slice(text, 0, bar),
		.host = text_slice(rest, 0, end),
		.password = text_slice(rest, end + 1, rest.length),
	};
	return true;
}

/* Of several lines dma takes the last. */
static bool
find_login(const struct import_file *file, struct text host, struct login *found)
{
	struct import_line line = { .rest = file->bytes };
	struct login login;
	bool any = false;

	while (import_file_next(&line)) {
		if (!read_login(file, &line, &login) || !text_equal_fold(login.host, host))
			continue;
		*found = login;
		any = true;
	}
	return any;
}

static void
write_login(struct import_writer *writer, const struct login *login)
{
	(void)import_writer_setting(writer, &login->place, SETTING_USER, login->user);
	(void)import_writer_setting(writer, &login->place, SETTING_PASSWORD, login->password);
}

/* Lines for other hosts, which dma asks for when it has no smarthost, and broken ones. */
static void
write_others(const struct import_file *file, struct text host, struct import_writer *writer)
{
	struct import_line line = { .rest = file->bytes };
	struct login login;

	while (import_file_next(&line)) {
		struct text trimmed = text_trim(line.text);
		const struct import_place place = { file->path, line.number, line.text };

		if (trimmed.length == 0 || line.text.bytes[0] == '#')
			continue;
		if (!read_login(file, &line, &login))
			import_writer_lost(
			    writer, &place, "not kept: the form is user|host:password");
		else if (!text_equal_fold(login.host, host))
			import_writer_lost(
			    writer, &place, "not kept: this login is not for the SMARTHOST");
	}
}

/* auth.conf without dma.conf: an account for each line. */
static void
write_logins_alone(const struct import_file *file, struct import_writer *writer, const char **first)
{
	struct import_line line = { .rest = file->bytes };
	struct login login;

	while (import_file_next(&line)) {
		struct import_server server = { .tls = IMPORT_SERVER_STARTTLS, .login = true };
		const char *name;

		if (!read_login(file, &line, &login))
			continue;
		name = import_writer_name(writer, "dma");
		*first = *first == NULL ? name : *first;
		server.place = login.place;
		server.host = login.host;
		import_writer_account(writer, name, NULL);
		import_server_write(writer, &server);
		write_login(writer, &login);
	}
}

/* The file that AUTHPATH names; where that is not to be had, the one beside dma.conf. */
static bool
read_auth(const struct import_file *conf, const struct import_entries *entries,
    struct import_writer *writer, struct import_file *file)
{
	const struct import_entry *entry = import_row_last(entries, "AUTHPATH");
	struct arena *arena = writer->arena;
	struct failure why;
	struct failure ignored;

	if (entry == NULL || entry->value.length == 0)
		return false;
	if (import_file_read_as(text_string(entry->value, arena), "auth.conf", arena, file, &why)
	    || import_file_read_as(
		arena_print(arena, "%s/auth.conf", import_file_directory(conf->path, arena)),
		"auth.conf", arena, file, &ignored))
		return true;
	import_writer_note(writer, &entry->place,
	    "user and password are missing, as the file of AUTHPATH could not be read: %s",
	    why.what);
	return false;
}

static void
write_account(const struct import_file *conf, const struct import_file *auth,
    const struct import_entries *entries, struct import_writer *writer)
{
	const struct import_entry *host = import_row_last(entries, "SMARTHOST");
	struct import_server server = {
		.place = { conf->path, 0, text_of(NULL) },
		.port = PORT_SMTP,
		.tls = read_tls(entries),
		.verified = import_row_last(entries, "FINGERPRINT") != NULL,
	};
	struct login login;

	if (host != NULL) {
		server.place = host->place;
		server.host = host->value;
	}
	(void)text_number(value_of(entries, "PORT"), 1, PORT_MAX, &server.port);
	server.login = auth != NULL && find_login(auth, server.host, &login);
	import_server_write(writer, &server);
	if (server.login)
		write_login(writer, &login);
	import_row_write(&rows, entries, entries, writer);
	if (auth != NULL)
		write_others(auth, server.host, writer);
}

bool
import_dma_write(const struct import_set *set, struct import_writer *writer, const char **first,
    struct failure *why)
{
	const struct import_file *conf = import_file_find(set, "dma.conf");
	const struct import_file *auth = import_file_find(set, "auth.conf");
	struct import_entries entries = { 0 };
	struct import_file named;

	*first = NULL;
	if (conf == NULL) {
		write_logins_alone(auth, writer, first);
		return true;
	}
	if (!read_entries(conf, writer, &entries, why))
		return false;
	*first = import_writer_name(writer, "dma");
	import_writer_account(writer, *first, NULL);
	if (auth == NULL && read_auth(conf, &entries, writer, &named))
		auth = &named;
	write_account(conf, auth, &entries, writer);
	return true;
}
