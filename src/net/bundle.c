/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/bundle.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

#define FILE_MAX (16 * 1024 * 1024)
#define WINDOW_SIZE ((size_t)32 * 1024) /* of a file; a certificate has 2 */
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

static bool
is_certificate(struct text block)
{
	return starts(block, BEGIN "CERTIFICATE-----")
	    || starts(block, BEGIN "X509 CERTIFICATE-----");
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

/* Sees the block of a certificate; true: that is enough. */
typedef bool visitor(void *data, struct text block);

/* Visits the blocks in `*window`, and leaves behind what may go on in the next one.  A block that
 * fills it alone is visited as far as it came. */
static bool
visit_window(struct text *window, bool at_end, visitor *visit, void *data)
{
	struct text all = *window;
	size_t start = find_begin(all, 0);

	while (start < all.length) {
		size_t end = find_begin(all, start + strlen(BEGIN));
		struct text block = text_slice(all, start, end);

		if (end == all.length && !at_end && block.length < WINDOW_SIZE)
			break;
		if (is_certificate(block) && visit(data, block))
			return true;
		start = end;
	}
	/* The words that begin a block may be cut. */
	if (start == all.length && start >= strlen(BEGIN))
		start -= strlen(BEGIN) - 1;
	*window = text_slice(all, start, all.length);
	return false;
}

/* Visits all blocks until one is enough.  In one piece the file would be the largest thing that
 * is kept in memory.  One that can no longer be read ends there. */
static bool
visit_all(int fd, char *window, visitor *visit, void *data)
{
	size_t held = 0;
	ssize_t got;

	do {
		struct text seen;

		do
			got = read(fd, window + held, WINDOW_SIZE - held);
		while (got < 0 && errno == EINTR);
		seen = text_make(window, held + (got > 0 ? (size_t)got : 0));
		if (visit_window(&seen, got <= 0, visit, data))
			return true;
		held = seen.length;
		memmove(window, seen.bytes, held);
	} while (got > 0);
	return false;
}

static bool
judge_start(void *data, struct text block)
{
	struct start start;

	read_start(block, data, &start);
	return begins_as_certificate(&start);
}

static bool
open_file(const char *path, int *fd, struct failure *why)
{
	struct stat status;

	if (!file_open(path, fd, &status, why))
		return false;
	if (status.st_size <= FILE_MAX)
		return true;
	(void)close(*fd);
	fail(why, EX_CONFIG, "larger than %d bytes", FILE_MAX);
	return failure_at(why, "%s", path);
}

bool
bundle_open(const char *path, struct arena *arena, struct bundle *bundle, struct failure *why)
{
	struct digits digits = digits_make();
	char *window;
	bool holds;
	int fd;

	if (!open_file(path, &fd, why)) {
		/* Whatever keeps it from being read, sending is what the configuration forbids. */
		why->code = EX_CONFIG;
		why->temporary = false;
		return failure_hint(
		    why, "tls_trust_file must name a file of certificates in PEM form");
	}
	window = arena_zero(arena, WINDOW_SIZE);
	holds = visit_all(fd, window, judge_start, &digits);
	(void)close(fd);
	if (!holds) {
		fail(why, EX_CONFIG, "holds no certificate");
		failure_at(why, "%s", path);
		return failure_hint(
		    why, "tls_trust_file must name a file of certificates in PEM form");
	}
	*bundle = (struct bundle){ .path = path, .arena = arena, .window = window };
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

/* What is looked for, and where it goes. */
struct search {
	struct digits digits;
	gnutls_datum_t issuers[NAMED_MAX];
	size_t issuer_count;
	gnutls_certificate_credentials_t credentials;
	size_t added;
};

static bool
add_if_named(void *data, struct text block)
{
	struct search *search = data;
	struct start start;
	gnutls_x509_crt_t root;

	read_start(block, &search->digits, &start);
	if (!names_any(&start, search->issuers, search->issuer_count) || !import(block, &root))
		return false;
	if (gnutls_certificate_set_x509_trust(search->credentials, &root, 1) >= 0)
		search->added++;
	gnutls_x509_crt_deinit(root);
	return search->added == NAMED_MAX;
}

size_t
bundle_add_named(const struct bundle *bundle, const gnutls_x509_crt_t *chain, size_t count,
    gnutls_certificate_credentials_t credentials)
{
	struct search search = { .digits = digits_make(), .credentials = credentials };
	struct failure ignored;
	int fd;

	if (!open_file(bundle->path, &fd, &ignored))
		return 0;
	search.issuer_count = read_issuers(chain, count, search.issuers);
	(void)visit_all(fd, bundle->window, add_if_named, &search);
	(void)close(fd);
	for (size_t i = 0; i < search.issuer_count; i++)
		gnutls_free(search.issuers[i].data);
	return search.added;
}

bool
bundle_add_all(
    const struct bundle *bundle, gnutls_certificate_credentials_t credentials, struct failure *why)
{
	gnutls_datum_t pem;
	struct text bytes;
	int result;

	if (!file_read(bundle->path, FILE_MAX, bundle->arena, &bytes, NULL, why))
		return false;
	pem = datum(bytes);
	result = gnutls_certificate_set_x509_trust_mem(credentials, &pem, GNUTLS_X509_FMT_PEM);
	if (result > 0)
		return true;
	return fail(why, EX_CONFIG, "cannot read the certificates of the trust file: %s",
	    result == 0 ? "there is none" : gnutls_strerror(result));
}
