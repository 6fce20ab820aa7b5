/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_remote.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

#define PORT_SMTP 25
#define PORT_SMTPS 465
#define PORT_MAX 65535
#define COUNT_OF(ARRAY) (sizeof(ARRAY) / sizeof(ARRAY)[0])

static void
write_source(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const char *text = text_string(entry->value, writer->arena);
	unsigned char address[sizeof(struct in6_addr)];

	(void)data;
	if (inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1)
		(void)import_writer_setting(writer, &entry->place, SETTING_SOURCE_IP, entry->value);
	else
		import_writer_note(writer, &entry->place,
		    "'source' is not kept: source_ip takes an address, not a name");
}

/* One without the other is no login. */
static void
write_credential(struct import_writer *writer, const struct import_entry *entry,
    const struct import_entry *other, enum setting_id id)
{
	if (other != NULL && other->value.length > 0 && entry->value.length > 0)
		(void)import_writer_setting(writer, &entry->place, id, entry->value);
	else
		import_writer_lost(writer, &entry->place,
		    "'%s' is not kept: user and pass belong together", setting_row(id)->name);
}

static void
write_user(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	write_credential(writer, entry, import_row_last(data, "pass"), SETTING_USER);
}

static void
write_password(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	write_credential(writer, entry, import_row_last(data, "user"), SETTING_PASSWORD);
}

static void
write_login(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	(void)import_writer_word(writer, &entry->place, SETTING_AUTH, "login");
}

static void
write_certificate(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const struct import_entries *options = data;

	(void)import_writer_file(writer, &entry->place, SETTING_TLS_CERT_FILE, entry->value);
	if (import_row_last(options, "x509keyfile") == NULL)
		(void)import_writer_file(writer, &entry->place, SETTING_TLS_KEY_FILE, entry->value);
}

static void
write_key(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const struct import_entries *options = data;

	if (import_row_last(options, "x509certfile") != NULL)
		(void)import_writer_file(writer, &entry->place, SETTING_TLS_KEY_FILE, entry->value);
}

static const struct import_row row_table[] = {
	{ .name = "port", .act = IMPORT_ROW_APART },
	{ .name = "p", .act = IMPORT_ROW_APART },
	{ .name = "tls", .act = IMPORT_ROW_APART },
	{ .name = "ssl", .act = IMPORT_ROW_APART },
	{ .name = "starttls", .act = IMPORT_ROW_APART },
	{ .name = "user", .act = IMPORT_ROW_CALL, .write = write_user },
	{ .name = "pass", .act = IMPORT_ROW_CALL, .write = write_password },
	{ .name = "auth-login", .act = IMPORT_ROW_CALL, .write = write_login },
	{ .name = "source", .act = IMPORT_ROW_CALL, .write = write_source },
	{ .name = "x509certfile", .act = IMPORT_ROW_CALL, .write = write_certificate },
	{ .name = "x509keyfile", .act = IMPORT_ROW_CALL, .write = write_key },
	{ .name = "x509cafile", .act = IMPORT_ROW_FILE, .setting = SETTING_TLS_TRUST_FILE },
	{ .name = "x509crlfile", .act = IMPORT_ROW_FILE, .setting = SETTING_TLS_CRL_FILE },
	{ .name = "x509fmtder",
	    .act = IMPORT_ROW_LOST,
	    .reason = "these files must be in PEM form" },
	{ .name = "insecure",
	    .act = IMPORT_ROW_LOST,
	    .reason = "the certificate is verified; for one that no authority vouches for, use "
		      "tls_trust_file or tls_fingerprint" },
	{ .name = "tls-anon-auth",
	    .act = IMPORT_ROW_LOST,
	    .reason = "a server without a certificate could be anybody" },
};

static const struct import_rows rows = { row_table, COUNT_OF(row_table),
	"nullmailer has no such option", NULL };

/* One byte of a word, by the quoting that holds. */
static void
take_byte(struct text *rest, char *quote, struct buffer *word)
{
	char byte = rest->bytes[0];
	size_t used = 1;

	if (*quote == '\0' && (byte == '\'' || byte == '"')) {
		*quote = byte;
	} else if (byte == *quote) {
		*quote = '\0';
	} else if (byte == '\\' && *quote != '\'') {
		if (rest->length > 1)
			(void)buffer_byte(word, rest->bytes[1]);
		used = 2;
	} else {
		(void)buffer_byte(word, byte);
	}
	*rest = text_slice(*rest, used, rest->length);
}

static bool
next_word(struct text *rest, struct arena *arena, struct text *word)
{
	struct buffer bytes = buffer_open(0);
	char quote = '\0';

	*rest = text_trim(*rest);
	if (rest->length == 0)
		return false;
	while (rest->length > 0 && (quote != '\0' || !text_blank(rest->bytes[0])))
		take_byte(rest, &quote, &bytes);
	*word = text_copy(buffer_text(&bytes), arena);
	buffer_close(&bytes);
	return true;
}

static bool
add_option(struct import_remote *remote, struct text word, struct arena *arena, struct failure *why)
{
	size_t start = text_is(text_slice(word, 0, 2), "--") ? 2 : 0;
	size_t equals = text_find(word, '=');
	struct import_entry entry = {
		.name = text_slice(word, start, equals),
		.value = text_slice(word, equals + 1, word.length),
		.place = remote->place,
	};

	return import_row_add(&remote->options, &entry, arena, why);
}

bool
import_remote_read(const struct import_place *place, struct arena *arena,
    struct import_remote *remote, bool *found, struct failure *why)
{
	struct text rest = place->original;
	struct text word;

	*remote = (struct import_remote){ .place = *place, .protocol = text_of("smtp") };
	*found = next_word(&rest, arena, &remote->host) && remote->host.length > 0;
	if (!*found || !next_word(&rest, arena, &remote->protocol))
		return true;
	while (next_word(&rest, arena, &word))
		if (!add_option(remote, word, arena, why))
			return false;
	return true;
}

static bool
is_port(const struct import_entry *option)
{
	return text_is(option->name, "port") || text_is(option->name, "p");
}

static const struct import_entry *
next_option(const struct import_entries *options, size_t *at)
{
	while (*at < options->count && is_port(&options->items[*at]))
		(*at)++;
	return *at < options->count ? &options->items[(*at)++] : NULL;
}

bool
import_remote_is_like(const struct import_remote *a, const struct import_remote *b)
{
	size_t at_a = 0;
	size_t at_b = 0;

	if (!text_equal(a->protocol, b->protocol))
		return false;
	for (;;) {
		const struct import_entry *one = next_option(&a->options, &at_a);
		const struct import_entry *other = next_option(&b->options, &at_b);

		if (one == NULL || other == NULL)
			return one == other;
		if (!text_equal(one->name, other->name) || !text_equal(one->value, other->value))
			return false;
	}
}

static bool
has(const struct import_remote *remote, const char *name)
{
	return import_row_last(&remote->options, name) != NULL;
}

static bool
logs_in(const struct import_remote *remote)
{
	const struct import_entry *user = import_row_last(&remote->options, "user");
	const struct import_entry *pass = import_row_last(&remote->options, "pass");

	return user != NULL && pass != NULL && user->value.length > 0 && pass->value.length > 0;
}

/* With both words nullmailer speaks TLS from the first byte. */
static enum import_server_tls
read_tls(const struct import_remote *remote)
{
	if (has(remote, "tls") || has(remote, "ssl"))
		return IMPORT_SERVER_IMPLICIT;
	return has(remote, "starttls") ? IMPORT_SERVER_STARTTLS : IMPORT_SERVER_CLEAR;
}

int64_t
import_remote_port(const struct import_remote *remote)
{
	const struct import_entry *entry = import_row_last(&remote->options, "port");
	int64_t port = read_tls(remote) == IMPORT_SERVER_IMPLICIT ? PORT_SMTPS : PORT_SMTP;

	if (entry == NULL)
		entry = import_row_last(&remote->options, "p");
	if (entry != NULL)
		(void)text_number(entry->value, 1, PORT_MAX, &port);
	return port;
}

/* An IPv6 address gets brackets, as a port follows. */
static const char *
host_with_port(const struct import_remote *remote, struct arena *arena)
{
	const char *host = text_string(remote->host, arena);
	bool bare = strchr(host, ':') != NULL && host[0] != '[';

	return arena_print(
	    arena, bare ? "[%s]:%d" : "%s:%d", host, (int)import_remote_port(remote));
}

static struct text
all_hosts(const struct import_remote *remotes, size_t count, struct arena *arena)
{
	struct buffer hosts = buffer_open(0);
	struct text result;

	for (size_t i = 0; i < count; i++)
		(void)buffer_print(
		    &hosts, "%s%s", i == 0 ? "" : " ", host_with_port(&remotes[i], arena));
	result = text_copy(buffer_text(&hosts), arena);
	buffer_close(&hosts);
	return result;
}

void
import_remote_write(const struct import_remote *remotes, size_t count, struct import_writer *writer)
{
	const struct import_server server = {
		.place = remotes[0].place,
		.host = count == 1 ? remotes[0].host : all_hosts(remotes, count, writer->arena),
		.port = count == 1 ? import_remote_port(&remotes[0]) : 0,
		.tls = read_tls(&remotes[0]),
		.login = logs_in(&remotes[0]),
		.verified = true,
	};

	import_server_write(writer, &server);
	import_row_write(&rows, &remotes[0].options, &remotes[0].options, writer);
}
