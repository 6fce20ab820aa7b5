/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/identity.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"

#define PIN "pin-value="
#define FILE_MAX ((size_t)1024 * 1024)

static bool
uri(const char *name)
{
	return gnutls_url_is_supported(name) != 0;
}

static bool
read_file(const char *path, struct arena *arena, gnutls_datum_t *pem, struct stat *status,
    struct failure *why)
{
	struct text bytes;

	if (!file_read(path, FILE_MAX, arena, &bytes, status, why)) {
		/* Whatever keeps it from being read, the configuration asks for it. */
		why->code = EX_CONFIG;
		why->temporary = false;
		return false;
	}
	pem->data = (unsigned char *)arena_copy(arena, bytes.bytes, bytes.length);
	pem->size = (unsigned)bytes.length;
	return true;
}

static bool
judge_key(const char *path, const struct stat *status, struct failure *why)
{
	struct failure found;

	if (file_keeps_secret(path, status, &found))
		return true;
	fail(why, EX_CONFIG,
	    "the private key is open to others (it belongs to uid %u and has mode "
	    "%04o)",
	    (unsigned)status->st_uid, (unsigned)status->st_mode & 07777U);
	failure_at(why, "%s", path);
	return failure_hint(why, "%s", found.hint);
}

const char *
identity_shown(const char *name, struct arena *arena)
{
	struct text rest = text_of(name);
	struct buffer shown = buffer_open(0);
	const char *pin = name == NULL ? NULL : strcasestr(name, PIN);
	const char *string;

	if (pin == NULL)
		return name;
	for (; pin != NULL; pin = strcasestr(rest.bytes, PIN)) {
		size_t start = (size_t)(pin - rest.bytes) + strlen(PIN);

		(void)buffer_append(&shown, text_slice(rest, 0, start));
		(void)buffer_add(&shown, "***");
		rest = text_slice(rest, start, rest.length);
		rest = text_slice(rest, text_find(rest, '&'), rest.length);
	}
	(void)buffer_append(&shown, rest);
	string = text_string(buffer_text(&shown), arena);
	buffer_close(&shown);
	return string;
}

static bool
refuse_uri(int result, const char *cert_file, const char *key_file, struct failure *why)
{
	fail(why, EX_CONFIG, "cannot use the client certificate '%s' with this key: %s", cert_file,
	    gnutls_strerror(result));
	failure_at(why, "%s", key_file);
	return failure_hint(why,
	    "is the token there, and the PIN right (pin-source=FILE)? 'p11tool --list-all' shows "
	    "what there is");
}

static bool
refuse(int result, const char *cert_file, const char *key_file, struct failure *why)
{
	if (result == GNUTLS_E_CERTIFICATE_KEY_MISMATCH) {
		fail(why, EX_CONFIG, "the private key does not belong to the certificate '%s'",
		    cert_file);
		return failure_at(why, "%s", key_file);
	}
	fail(why, EX_CONFIG, "cannot use the client certificate '%s' with this key: %s", cert_file,
	    gnutls_strerror(result));
	failure_at(why, "%s", key_file);
	return failure_hint(why,
	    "tls_cert_file and tls_key_file take PEM files, the key without a "
	    "password");
}

static bool
load_files(const char *cert_file, const char *key_file, struct arena *arena,
    gnutls_certificate_credentials_t credentials, struct failure *why)
{
	gnutls_datum_t certificate;
	gnutls_datum_t key;
	struct stat status;
	int result;

	if (!read_file(cert_file, arena, &certificate, NULL, why)
	    || !read_file(key_file, arena, &key, &status, why)
	    || !judge_key(key_file, &status, why))
		return false;
	result = gnutls_certificate_set_x509_key_mem2(
	    credentials, &certificate, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
	return result >= 0 || refuse(result, cert_file, key_file, why);
}

static bool
load_uris(const char *cert_file, const char *key_file, struct arena *arena,
    gnutls_certificate_credentials_t credentials, struct failure *why)
{
	gnutls_datum_t key;
	struct stat status;
	int result;

	if (!uri(key_file)
	    && (!read_file(key_file, arena, &key, &status, why)
		|| !judge_key(key_file, &status, why)))
		return false;
	result = gnutls_certificate_set_x509_key_file2(
	    credentials, cert_file, key_file, GNUTLS_X509_FMT_PEM, NULL, 0);
	return result >= 0
	    || refuse_uri(
		result, identity_shown(cert_file, arena), identity_shown(key_file, arena), why);
}

bool
identity_load(const char *cert_file, const char *key_file,
    gnutls_certificate_credentials_t credentials, struct failure *why)
{
	struct arena *arena;
	bool loaded;

	if (key_file == NULL) {
		fail(why, EX_CONFIG, "a client certificate is set without its key");
		return failure_hint(why, "set tls_key_file beside tls_cert_file");
	}
	arena = arena_open();
	if (uri(cert_file) || uri(key_file))
		loaded = load_uris(cert_file, key_file, arena, credentials, why);
	else
		loaded = load_files(cert_file, key_file, arena, credentials, why);
	arena_close(arena);
	return loaded;
}
