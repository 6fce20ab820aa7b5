/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_postfix_rows.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "config/import_map.h"
#include "config/import_parameter.h"
#include "config/import_postfix_tls.h"

#define COUNT_OF(ARRAY) (sizeof(ARRAY) / sizeof(ARRAY)[0])
#define MAILNAME_FILE "/etc/mailname"

static void
write_host_name(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	if (import_row_last(data, "smtp_helo_name") == NULL)
		(void)import_writer_domain(writer, &entry->place, SETTING_DOMAIN, entry->value);
	if (import_row_last(data, "myorigin") == NULL)
		(void)import_writer_domain(writer, &entry->place, SETTING_MAILDOMAIN, entry->value);
}

static void
write_helo(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	(void)import_writer_domain(writer, &entry->place, SETTING_DOMAIN, entry->value);
}

/* A domain, or a file with one. */
static void
write_origin(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	struct import_line line = { 0 };
	struct import_file file;
	struct failure why;

	(void)data;
	if (text_is(entry->value, MAILNAME_FILE))
		return;
	if (entry->value.length == 0 || entry->value.bytes[0] != '/') {
		(void)import_writer_domain(writer, &entry->place, SETTING_MAILDOMAIN, entry->value);
		return;
	}
	if (!import_file_read_as(
		text_string(entry->value, writer->arena), "mailname", writer->arena, &file, &why)) {
		import_writer_lost(writer, &entry->place,
		    "not kept, as the file cannot be read: write its first line behind "
		    "'maildomain'");
		return;
	}
	line.rest = file.bytes;
	if (import_file_next(&line))
		(void)import_writer_domain(
		    writer, &entry->place, SETTING_MAILDOMAIN, text_trim(line.text));
}

static bool
is_listed(struct text list, struct text word)
{
	for (;;) {
		struct text next = text_word(&list, '\0');

		if (next.length == 0)
			return false;
		if (text_equal_fold(next, word))
			return true;
	}
}

static void
note_short_keys(struct import_writer *writer, const struct import_entry *entry,
    const struct import_entries *entries, struct text domains)
{
	const char *host = text_string(
	    import_parameter_value(entries, "myhostname", ""), writer->arena);
	struct text origin = import_parameter_value(entries, "myorigin", host);

	if (import_row_last(entries, "smtp_generic_maps") == NULL || origin.length == 0
	    || origin.bytes[0] == '/' || is_listed(domains, origin))
		return;
	import_writer_note(writer, &entry->place,
	    "a key without a domain in generic holds for the domains of 'local_domains' only: "
	    "add '@%s' to it",
	    text_string(origin, writer->arena));
}

static void
write_destination(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	struct text rest = entry->value;
	struct buffer domains = buffer_open(0);

	for (;;) {
		struct text word = text_word(&rest, ',');

		if (word.length == 0)
			break;
		if (text_find(word, ':') < word.length || text_find(word, '/') < word.length)
			import_writer_lost(writer, &entry->place,
			    "not kept in local_domains, which takes domains and no file");
		else
			(void)buffer_print(&domains, "%s%s", domains.length == 0 ? "" : " ",
			    text_string(word, writer->arena));
	}
	if (domains.length > 0) {
		(void)import_writer_setting(
		    writer, &entry->place, SETTING_LOCAL_DOMAINS, buffer_text(&domains));
		note_short_keys(writer, entry, data, buffer_text(&domains));
	} else {
		import_writer_comment(writer, "Nothing is local, so there are no aliases.");
		(void)import_writer_word(writer, &entry->place, SETTING_ALIASES, "");
	}
	buffer_close(&domains);
}

static void
write_aliases(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const struct import_entry *destination = import_row_last(data, "mydestination");

	if (destination != NULL && !destination->broken && destination->value.length == 0)
		return;
	if (entry->value.length == 0)
		(void)import_writer_word(writer, &entry->place, SETTING_ALIASES, "");
	else
		(void)import_map_write(writer, entry, SETTING_ALIASES);
}

static void
write_transport(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (import_map_write(writer, entry, SETTING_TRANSPORT))
		import_writer_comment(writer,
		    "In transport, a server without a port has 587 here and 25 in Postfix; "
		    "aliases are asked first. 'relay -bi' lists the rows that relay cannot take.");
}

static void
write_generic(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (import_map_write(writer, entry, SETTING_GENERIC))
		(void)import_writer_word(writer, &entry->place, SETTING_GENERIC_RECURSION, "off");
}

/* Where there is no generic, canonical can be it. */
static void
write_canonical(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	const struct import_entry *both = import_row_last(data, "canonical_maps");

	if (import_row_last(data, "smtp_generic_maps") != NULL || (both != NULL && both != entry)) {
		import_writer_lost(writer, &entry->place,
		    "not kept: relay rewrites addresses by one table; put these rows into that "
		    "of 'generic'");
		return;
	}
	if (import_map_write(writer, entry, SETTING_GENERIC))
		import_writer_note(writer, &entry->place,
		    "canonical became generic: it rewrites senders and recipients, as the mail "
		    "leaves, and does not change the way it takes");
}

static void
write_protocols(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (!text_is_fold(entry->value, "all")
	    && text_find(entry->value, ',') == entry->value.length)
		import_writer_lost(writer, &entry->place,
		    "'inet_protocols' is not kept: relay connects by whatever answers first; "
		    "'source_ip' with an address of one family leaves only that");
}

static void
write_address6(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	if (import_row_last(data, "smtp_bind_address") != NULL)
		import_writer_lost(writer, &entry->place, "not kept: relay has one 'source_ip'");
	else
		(void)import_writer_setting(writer, &entry->place, SETTING_SOURCE_IP, entry->value);
}

/* A time whose unit may be left out, and may be weeks. */
static void
write_time(struct import_writer *writer, const struct import_entry *entry, enum setting_id setting,
    char unit)
{
	struct text number = entry->value;
	int64_t count;

	if (number.length > 0 && (number.bytes[number.length - 1] | 0x20) >= 'a') {
		unit = text_lower(number.bytes[number.length - 1]);
		number.length--;
	}
	if (text_is(number, "0"))
		return;
	if (unit == 'w' && text_number(number, 1, 500, &count))
		(void)import_writer_word(writer, &entry->place, setting,
		    arena_print(writer->arena, "%dd", 7 * (int)count));
	else
		(void)import_writer_word(writer, &entry->place, setting,
		    arena_print(writer->arena, "%s%c", text_string(number, writer->arena), unit));
}

static void
write_lifetime(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	write_time(writer, entry, SETTING_QUEUE_LIFETIME, 'd');
}

static void
write_warning(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	write_time(writer, entry, SETTING_QUEUE_WARNING, 'h');
}

static void
write_message_limit(
    struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (!text_is(entry->value, "0"))
		(void)import_writer_setting(
		    writer, &entry->place, SETTING_MESSAGE_SIZE_LIMIT, entry->value);
}

static void
write_delimiter(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (entry->value.length > 0)
		(void)import_writer_setting(
		    writer, &entry->place, SETTING_RECIPIENT_DELIMITER, entry->value);
}

/* These would give the mail another text, another recipient or another way. */
static void
write_if_set(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (entry->value.length > 0 && !text_is_fold(entry->value, "no"))
		import_writer_lost(writer, &entry->place,
		    "'%.*s' is not kept: relay does nothing of the kind", (int)entry->name.length,
		    entry->name.bytes);
}

static void
write_way(struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (!text_is(entry->value, "smtp") && !text_is(entry->value, "relay"))
		import_writer_lost(writer, &entry->place,
		    "'%.*s' is not kept: mail goes where 'transport' and 'host' say",
		    (int)entry->name.length, entry->name.bytes);
}

#define APART(NAME) \
	{ \
		.name = (NAME), .act = IMPORT_ROW_APART \
	}
#define IDLE(NAME) \
	{ \
		.name = (NAME), .act = IMPORT_ROW_IDLE \
	}
#define LOST(NAME, WHY) \
	{ \
		.name = (NAME), .act = IMPORT_ROW_LOST, .reason = (WHY) \
	}
#define CALL(NAME, WRITE) \
	{ \
		.name = (NAME), .act = IMPORT_ROW_CALL, .write = (WRITE) \
	}

static const struct import_row row_table[] = {
	APART("relayhost"),
	APART("mydomain"),
	APART("smtp_tls_security_level"),
	APART("smtp_use_tls"),
	APART("smtp_enforce_tls"),
	APART("smtp_tls_enforce_peername"),
	APART("smtp_tls_wrappermode"),
	APART("smtp_sasl_auth_enable"),
	APART("smtp_sasl_password_maps"),
	APART("smtp_sasl_mechanism_filter"),
	APART("smtp_sasl_security_options"),
	APART("smtp_sasl_tls_security_options"),
	APART("smtp_sender_dependent_authentication"),

	CALL("myhostname", write_host_name),
	CALL("myorigin", write_origin),
	CALL("mydestination", write_destination),
	CALL("smtp_helo_name", write_helo),
	CALL("recipient_delimiter", write_delimiter),
	CALL("alias_maps", write_aliases),
	CALL("transport_maps", write_transport),
	CALL("smtp_generic_maps", write_generic),
	CALL("canonical_maps", write_canonical),
	CALL("sender_canonical_maps", write_canonical),
	CALL("smtp_tls_CAfile", import_postfix_tls_authority_file),
	CALL("smtp_tls_CApath", import_postfix_tls_authorities),
	CALL("smtp_tls_cert_file", import_postfix_tls_certificate),
	APART("smtp_tls_key_file"),
	CALL("smtp_tls_fingerprint_cert_match", import_postfix_tls_fingerprint),
	APART("smtp_tls_fingerprint_digest"),
	CALL("smtp_tls_protocols", import_postfix_tls_versions),
	CALL("smtp_tls_mandatory_protocols", import_postfix_tls_versions),
	{ .name = "smtp_bind_address", .act = IMPORT_ROW_TEXT, .setting = SETTING_SOURCE_IP },
	CALL("smtp_bind_address6", write_address6),
	CALL("inet_protocols", write_protocols),
	{ .name = "header_size_limit",
	    .act = IMPORT_ROW_TEXT,
	    .setting = SETTING_HEADER_SIZE_LIMIT },
	CALL("message_size_limit", write_message_limit),
	CALL("maximal_queue_lifetime", write_lifetime),
	CALL("delay_warning_time", write_warning),
	CALL("default_transport", write_way),
	CALL("relay_transport", write_way),

	CALL("append_dot_mydomain", write_if_set),
	CALL("masquerade_domains", write_if_set),
	CALL("recipient_canonical_maps", write_if_set),
	CALL("virtual_alias_maps", write_if_set),
	CALL("relocated_maps", write_if_set),
	CALL("luser_relay", write_if_set),
	CALL("always_bcc", write_if_set),
	CALL("sender_bcc_maps", write_if_set),
	CALL("recipient_bcc_maps", write_if_set),
	CALL("content_filter", write_if_set),
	CALL("header_checks", write_if_set),
	CALL("body_checks", write_if_set),
	LOST("fallback_relay", "write it as a second server behind 'host'"),
	LOST("smtp_fallback_relay", "write it as a second server behind 'host'"),
	LOST("smtp_connect_timeout", "'timeout' sets a limit for every step"),
	LOST("sender_dependent_relayhost_maps",
	    "make an account for each row, with its sender as 'from'"),
	LOST("sender_dependent_default_transport_maps",
	    "make an account for each row, with its sender as 'from'"),
	LOST("smtp_tls_policy_maps",
	    "TLS is mandatory and verified for all; what else a server needs is an account of its "
	    "own, named in 'transport'"),
	LOST("smtp_tls_per_site", "TLS is mandatory and verified for all"),
	LOST("propagate_unmatched_extensions", "an extension is not carried to the result"),

	IDLE("smtp_sasl_type"),
	IDLE("smtp_sasl_path"),
	IDLE("smtp_sasl_auth_cache*"),
	IDLE("smtp_tls_session_cache*"),
	IDLE("smtp_tls_loglevel"),
	IDLE("smtp_tls_note_starttls_offer"),
	IDLE("smtp_tls_ciphers"),
	IDLE("smtp_tls_mandatory_ciphers"),
	IDLE("smtp_tls_exclude_ciphers"),
	IDLE("smtp_tls_mandatory_exclude_ciphers"),
	IDLE("smtp_tls_block_early_mail_reply"),
	IDLE("smtp_dns_support_level"),
	IDLE("smtp_host_lookup"),
	IDLE("smtp_address_preference"),
	IDLE("smtp_destination_concurrency_limit"),
	IDLE("smtp_destination_recipient_limit"),
	IDLE("smtp_connection_cache*"),
	IDLE("smtp_always_send_ehlo"),
	/* smtpd_ is the server: it does not begin with this. */
	{ .name = "smtp_*", .act = IMPORT_ROW_CALL, .write = write_if_set },
};

static const struct import_rows rows = { row_table, COUNT_OF(row_table), NULL,
	"Not about sending, or done anyway" };

const struct import_rows *
import_postfix_rows(void)
{
	return &rows;
}
