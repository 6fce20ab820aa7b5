/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_postfix_tls.h"

#include "config/import_parameter.h"

#define CERTIFICATES "/etc/ssl/certs"
#define TLS_1_3 "TLSv1.3"

void
import_postfix_tls_authorities(
    struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	struct text path = entry->value;

	(void)data;
	if (path.length > 0 && path.bytes[path.length - 1] == '/')
		path.length--;
	if (path.length > 0 && !text_is(path, CERTIFICATES))
		import_writer_lost(writer, &entry->place,
		    "'smtp_tls_CApath' is not kept: authorities are read from one file, "
		    "tls_trust_file, by default the system's");
}

void
import_postfix_tls_authority_file(
    struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	if (entry->value.length > 0)
		(void)import_writer_file(
		    writer, &entry->place, SETTING_TLS_TRUST_FILE, entry->value);
}

void
import_postfix_tls_certificate(
    struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	struct text key = import_parameter_value(data, "smtp_tls_key_file", "");

	if (entry->value.length == 0 || text_is_fold(entry->value, "none"))
		return;
	(void)import_writer_file(writer, &entry->place, SETTING_TLS_CERT_FILE, entry->value);
	(void)import_writer_file(
	    writer, &entry->place, SETTING_TLS_KEY_FILE, key.length == 0 ? entry->value : key);
}

/* Of one fingerprint of SHA-256 alone there is a setting. */
void
import_postfix_tls_fingerprint(
    struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	struct text level = import_parameter_value(data, "smtp_tls_security_level", "");
	struct text digest = import_parameter_value(data, "smtp_tls_fingerprint_digest", "sha256");
	struct text rest = entry->value;
	struct text one = text_word(&rest, ',');

	if (!text_is_fold(level, "fingerprint"))
		return;
	if (text_is_fold(digest, "sha256") && text_word(&rest, '|').length == 0
	    && text_find(one, '|') == one.length)
		(void)import_writer_setting(writer, &entry->place, SETTING_TLS_FINGERPRINT, one);
	else
		import_writer_lost(writer, &entry->place,
		    "not kept: tls_fingerprint is one, of SHA-256; until then the authorities must "
		    "vouch for the server");
}

void
import_postfix_tls_versions(
    struct import_writer *writer, const struct import_entry *entry, const void *data)
{
	(void)data;
	for (size_t i = 0; i + sizeof TLS_1_3 - 1 <= entry->value.length; i++)
		if (text_is_fold(text_slice(entry->value, i, i + sizeof TLS_1_3 - 1), TLS_1_3))
			import_writer_lost(writer, &entry->place,
			    "not kept: relay takes TLS 1.2 and newer; see tls_priorities");
}
