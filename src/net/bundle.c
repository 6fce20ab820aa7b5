/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/bundle.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"

#define FILE_MAX ((size_t)16 * 1024 * 1024)
#define NAMED_MAX 64
#define BEGIN "-----BEGIN "
#define START_SIZE ((size_t)384) /* of a root: its names stand in the first 300 bytes */
#define DIGIT_MAX 63
#define NO_DIGIT 0xFF
#define DER_SEQUENCE 0x30

/* What base64's digits are worth; NO_DIGIT: none. */
struct digits {
	unsigned char values[UCHAR_MAX + 1];
};

/* The first bytes of a certificate. */
struct start {
	size_t length;
	unsigned char bytes[START_SIZE];
};

static bool
starts(struct text text, const char *words)
{
	return text.length >= strlen(words) && memcmp(text.bytes, words, strlen(words)) == 0;
}

/* Where the next block begins; the length: there is none.  Base64 has no dashes, so it is
 * passed over at the speed of memory. */
static size_t
find_begin(struct text text, size_t from)
{
	while (from < text.length) {
		size_t dash = from + text_find(text_slice(text, from, text.length), '-');

		if (starts(text_slice(text, dash, text.length), BEGIN))
			return dash;
		from = dash;
		while (from < text.length && text.bytes[from] == '-')
			from++;
	}
	return text.length;
}

/* Takes the next PEM block that is a certificate off `*rest`; false: there is none. */
static bool
next_block(struct text *rest, struct text *block)
{
	size_t start = find_begin(*rest, 0);

	while (start < rest->length) {
		size_t end = find_begin(*rest, start + strlen(BEGIN));

		*block = text_slice(*rest, start, end);
		if (starts(*block, BEGIN "CERTIFICATE-----")
		    || starts(*block, BEGIN "X509 CERTIFICATE-----")) {
			*rest = text_slice(*rest, end, rest->length);
			return true;
		}
		start = end;
	}
	return false;
}

/* GnuTLS's datum has no const, and reads only. */
static gnutls_datum_t
datum(struct text text)
{
	union {
		const char *given;
		unsigned char *wanted;
	} bytes = { .given = text.bytes };

	return (gnutls_datum_t){ .data = bytes.wanted,
		.size = text.length > UINT_MAX ? 0 : (unsigned)text.length };
}

static bool
import(struct text block, gnutls_x509_crt_t *certificate)
{
	gnutls_datum_t pem = datum(block);

	if (gnutls_x509_crt_init(certificate) < 0)
		arena_exhausted();
	if (gnutls_x509_crt_import(*certificate, &pem, GNUTLS_X509_FMT_PEM) >= 0)
		return true;
	gnutls_x509_crt_deinit(*certificate);
	return false;
}

static struct digits
digits_make(void)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	struct digits digits;

	memset(digits.values, NO_DIGIT, sizeof digits.values);
	for (unsigned char i = 0; alphabet[i] != '\0'; i++)
		digits.values[(unsigned char)alphabet[i]] = i;
	return digits;
}

/* Takes up to `room` digits from the lines below the first, without the ends of lines. */
static size_t
gather(struct text block, char *digits, size_t room)
{
	size_t count = 0;
	size_t at = text_find(block, '\n') + 1;

	while (at < block.length && count < room) {
		struct text rest = text_slice(block, at, block.length);
		struct text line = text_slice(rest, 0, text_find(rest, '\n'));

		at += line.length + 1;
		line = text_slice(text_trim(line), 0, room - count);
		memcpy(digits + count, line.bytes, line.length);
		count += line.length;
	}
	return count;
}

/* Decodes only the start of a block: the library's decoder would take half of all instructions
 * that a small mail needs, for bytes that nobody looks at. */
static void
read_start(struct text block, const struct digits *digits, struct start *start)
{
	char gathered[START_SIZE / 3 * 4];
	size_t count = gather(block, gathered, sizeof gathered);
	unsigned char *to = start->bytes;

	for (size_t i = 0; i + 4 <= count; i += 4) {
		unsigned a = digits->values[(unsigned char)gathered[i]];
		unsigned b = digits->values[(unsigned char)gathered[i + 1]];
		unsigned c = digits->values[(unsigned char)gathered[i + 2]];
		unsigned d = digits->values[(unsigned char)gathered[i + 3]];

		if ((a | b | c | d) > DIGIT_MAX)
			break;
		*to++ = (unsigned char)(a << 2 | b >> 4);
		*to++ = (unsigned char)((b << 4 | c >> 2) & UCHAR_MAX);
		*to++ = (unsigned char)((c << 6 | d) & UCHAR_MAX);
	}
	start->length = (size_t)(to - start->bytes);
}

/* A sequence with its length in the next bytes, of sequences; whether it can be parsed shows
 * when it is needed. */
static bool
begins_as_certificate(const struct start *start)
{
	size_t width = start->length < 6 || start->bytes[0] != DER_SEQUENCE
	    ? 0
	    : (size_t)start->bytes[1] - 0x80;

	return width >= 1 && width <= 3 && start->bytes[2 + width] == DER_SEQUENCE;
}

static bool
holds_one(struct text rest)
{
	struct digits digits = digits_make();
	struct start start;
	struct text block;

	while (next_block(&rest, &block)) {
		read_start(block, &digits, &start);
		if (begins_as_certificate(&start))
			return true;
	}
	return false;
}

bool
bundle_open(const char *path, struct arena *arena, struct bundle *bundle, struct failure *why)
{
	struct text pem;

	if (!file_read(path, FILE_MAX, arena, &pem, NULL, why)) {
		/* Whatever keeps it from being read, sending is what the configuration forbids. */
		why->code = EX_CONFIG;
		why->temporary = false;
		return failure_hint(
		    why, "tls_trust_file must name a file of certificates in PEM form");
	}
	if (!holds_one(pem)) {
		fail(why, EX_CONFIG, "holds no certificate");
		failure_at(why, "%s", path);
		return failure_hint(
		    why, "tls_trust_file must name a file of certificates in PEM form");
	}
	bundle->pem = pem;
	return true;
}

/*
 * The name stands in the certificate as the same bytes, so searching them spares parsing it;
 * a name in another encoding, or far behind, is missed here and found when all are added.
 */
static bool
names_any(const struct start *start, const gnutls_datum_t *issuers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (memmem(start->bytes, start->length, issuers[i].data, issuers[i].size) != NULL)
			return true;
	return false;
}

static size_t
read_issuers(const gnutls_x509_crt_t *chain, size_t count, gnutls_datum_t issuers[NAMED_MAX])
{
	size_t read = 0;

	for (size_t i = 0; i < count && read < NAMED_MAX; i++)
		if (gnutls_x509_crt_get_raw_issuer_dn(chain[i], &issuers[read]) >= 0)
			read++;
	return read;
}

size_t
bundle_add_named(const struct bundle *bundle, const gnutls_x509_crt_t *chain, size_t count,
    gnutls_certificate_credentials_t credentials)
{
	gnutls_datum_t issuers[NAMED_MAX];
	size_t issuer_count = read_issuers(chain, count, issuers);
	struct digits digits = digits_make();
	struct text rest = bundle->pem;
	struct start start;
	struct text block;
	size_t added = 0;

	while (added < NAMED_MAX && next_block(&rest, &block)) {
		gnutls_x509_crt_t root;

		read_start(block, &digits, &start);
		if (!names_any(&start, issuers, issuer_count) || !import(block, &root))
			continue;
		if (gnutls_certificate_set_x509_trust(credentials, &root, 1) >= 0)
			added++;
		gnutls_x509_crt_deinit(root);
	}
	for (size_t i = 0; i < issuer_count; i++)
		gnutls_free(issuers[i].data);
	return added;
}

bool
bundle_add_all(
    const struct bundle *bundle, gnutls_certificate_credentials_t credentials, struct failure *why)
{
	gnutls_datum_t pem = datum(bundle->pem);
	int result = gnutls_certificate_set_x509_trust_mem(credentials, &pem, GNUTLS_X509_FMT_PEM);

	if (result > 0)
		return true;
	return fail(why, EX_CONFIG, "cannot read the certificates of the trust file: %s",
	    result == 0 ? "there is none" : gnutls_strerror(result));
}
