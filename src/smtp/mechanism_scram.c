/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/mechanism_scram.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "base/arena.h"
#include "smtp/sasl.h"

#define HASH_MAX 32
#define NONCE_SIZE 24
#define SALT_MAX ((size_t)1024)

struct mechanism_scram {
	const struct mechanism_scram_login *login;
	gnutls_mac_algorithm_t mac;
	gnutls_digest_algorithm_t digest;
	size_t size;          /* of a hash */
	unsigned step;        /* how many are done */
	struct buffer nonce;  /* ours */
	struct buffer header; /* gs2: whether and how the channel is bound */
	struct buffer bare;   /* the first message without it, later all that is signed */
	unsigned char signature[HASH_MAX]; /* that the server must show */
};

/* What the server says first. */
struct offer {
	struct text nonce;
	struct text salt; /* base64 */
	int64_t iterations;
};

struct key {
	unsigned char bytes[HASH_MAX];
};

struct mechanism_scram *
mechanism_scram_open(const struct mechanism_scram_login *login)
{
	struct mechanism_scram *scram = calloc(1, sizeof *scram);
	bool sha1 = text_starts_fold(text_of(login->mechanism->name), "SCRAM-SHA-1");

	if (scram == NULL)
		arena_exhausted();
	scram->login = login;
	scram->mac = sha1 ? GNUTLS_MAC_SHA1 : GNUTLS_MAC_SHA256;
	scram->digest = sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256;
	scram->size = gnutls_hmac_get_len(scram->mac);
	return scram;
}

void
mechanism_scram_close(struct mechanism_scram *scram)
{
	if (scram == NULL)
		return;
	buffer_close(&scram->nonce);
	buffer_close(&scram->header);
	buffer_close(&scram->bare);
	explicit_bzero(scram, sizeof *scram);
	free(scram);
}

static bool
spoilt(const struct mechanism_scram *scram, struct failure *why, const char *what)
{
	return fail(why, EX_PROTOCOL, "the server's part of %s is wrong: %s",
	    scram->login->mechanism->name, what);
}

static void
add_base64(struct buffer *to, const void *bytes, size_t length)
{
	const gnutls_datum_t raw = { (unsigned char *)(uintptr_t)bytes, (unsigned)length };
	gnutls_datum_t encoded;

	if (gnutls_base64_encode2(&raw, &encoded) < 0)
		arena_exhausted();
	(void)buffer_append(to, text_make((const char *)encoded.data, encoded.size));
	explicit_bzero(encoded.data, encoded.size);
	gnutls_free(encoded.data);
}

static bool
decode(struct text base64, gnutls_datum_t *bytes)
{
	const gnutls_datum_t encoded = { (unsigned char *)(uintptr_t)base64.bytes,
		(unsigned)base64.length };

	return base64.length > 0 && gnutls_base64_decode2(&encoded, bytes) >= 0;
}

static bool
is_plain_ascii(const char *string)
{
	struct text text = text_of(string);

	return !text_has_8bit(text) && !text_has_control(text);
}

/* SASLprep changes no visible ASCII; what it may change goes through the library, which leaves
 * copies in freed memory: the caller scrubs. */
static bool
prepare(const char *string, struct secret *prepared, struct failure *why)
{
	const struct sasl *sasl;
	char *out = NULL;
	int result;

	if (is_plain_ascii(string)) {
		secret_keep(prepared, text_of(string));
		return true;
	}
	sasl = sasl_load(why);
	if (sasl == NULL)
		return false;
	result = sasl->saslprep(string, GSASL_ALLOW_UNASSIGNED, &out, NULL);
	if (result != GSASL_OK)
		return fail(why, EX_CONFIG, "user or password do not suit SCRAM: %s",
		    sasl->strerror(result));
	secret_keep(prepared, text_of(out));
	explicit_bzero(out, strlen(out));
	free(out);
	return true;
}

/* `p` binds; `y` says that we would, had the server offered it; `n` that we cannot. */
static void
add_header(struct mechanism_scram *scram)
{
	const struct mechanism_scram_login *login = scram->login;

	if (login->mechanism->binding)
		(void)buffer_print(&scram->header, "p=%s,,", login->binding_type);
	else if (login->binding_type != NULL && !login->plus_offered)
		(void)buffer_add(&scram->header, "y,,");
	else
		(void)buffer_add(&scram->header, "n,,");
}

static void
add_nonce(struct mechanism_scram *scram)
{
	unsigned char bytes[NONCE_SIZE];

	if (scram->login->nonce != NULL) {
		(void)buffer_add(&scram->nonce, scram->login->nonce);
		return;
	}
	if (gnutls_rnd(GNUTLS_RND_NONCE, bytes, sizeof bytes) < 0)
		arena_exhausted();
	add_base64(&scram->nonce, bytes, sizeof bytes);
}

static bool
begin(struct mechanism_scram *scram, struct buffer *response, struct failure *why)
{
	struct secret user = { 0 };

	if (!prepare(scram->login->user, &user, why))
		return false;
	add_header(scram);
	add_nonce(scram);
	(void)buffer_add(&scram->bare, "n=");
	mechanism_add_name(&scram->bare, user.bytes);
	(void)buffer_add(&scram->bare, ",r=");
	(void)buffer_append(&scram->bare, buffer_text(&scram->nonce));
	(void)buffer_append(response, buffer_text(&scram->header));
	(void)buffer_append(response, buffer_text(&scram->bare));
	secret_wipe(&user);
	return true;
}

/* Takes "X=value" off the front. */
static bool
take(struct text *rest, char name, struct text *value)
{
	size_t end = text_find(*rest, ',');

	if (rest->length < 2 || rest->bytes[0] != name || rest->bytes[1] != '=')
		return false;
	*value = text_slice(*rest, 2, end);
	*rest = text_slice(*rest, end + 1, rest->length);
	return true;
}

static bool
is_ours(const struct mechanism_scram *scram, struct text nonce)
{
	return nonce.length > scram->nonce.length
	    && memcmp(nonce.bytes, scram->nonce.bytes, scram->nonce.length) == 0;
}

static bool
read_offer(
    const struct mechanism_scram *scram, struct text said, struct offer *offer, struct failure *why)
{
	struct text count;

	if (said.length >= 2 && memcmp(said.bytes, "m=", 2) == 0)
		return spoilt(scram, why, "it demands an extension");
	if (!take(&said, 'r', &offer->nonce) || !is_ours(scram, offer->nonce))
		return spoilt(scram, why, "its nonce does not begin with ours");
	if (!take(&said, 's', &offer->salt) || offer->salt.length == 0
	    || offer->salt.length > SALT_MAX)
		return spoilt(scram, why, "it has no salt");
	if (!take(&said, 'i', &count))
		return spoilt(scram, why, "it has no iteration count");
	if (count.length == 0 || count.bytes[0] < '1' || count.bytes[0] > '9'
	    || !text_number(count, MECHANISM_SCRAM_ITERATIONS_MIN, MECHANISM_SCRAM_ITERATIONS_MAX,
		&offer->iterations))
		return fail(why, EX_PROTOCOL,
		    "the server asks for an iteration count outside %d to %d",
		    MECHANISM_SCRAM_ITERATIONS_MIN, MECHANISM_SCRAM_ITERATIONS_MAX);
	return true;
}

/* SaltedPassword of RFC 5802 3. */
static bool
salt(const struct mechanism_scram *scram, const struct offer *offer, struct key *salted,
    struct failure *why)
{
	struct secret password = { 0 };
	gnutls_datum_t salt;
	gnutls_datum_t key;
	int result;

	if (!prepare(scram->login->secret->bytes, &password, why))
		return false;
	if (!decode(offer->salt, &salt)) {
		secret_wipe(&password);
		return spoilt(scram, why, "its salt is no base64");
	}
	key = (gnutls_datum_t){ (unsigned char *)password.bytes, (unsigned)password.length };
	result = gnutls_pbkdf2(
	    scram->mac, &key, &salt, (unsigned)offer->iterations, salted->bytes, scram->size);
	gnutls_free(salt.data);
	secret_wipe(&password);
	return result >= 0
	    || fail(why, EX_SOFTWARE, "cannot compute %s: %s", scram->login->mechanism->name,
		gnutls_strerror(result));
}

static bool
sign(const struct mechanism_scram *scram, const struct key *key, struct text text,
    unsigned char *signature)
{
	return gnutls_hmac_fast(
		   scram->mac, key->bytes, scram->size, text.bytes, text.length, signature)
	    >= 0;
}

/* ClientProof for the answer; ServerSignature is kept for the end. */
static bool
prove(struct mechanism_scram *scram, const struct key *salted, struct key *proof)
{
	struct text signed_text = buffer_text(&scram->bare);
	struct key client;
	struct key stored;
	struct key server;
	bool done = sign(scram, salted, text_of("Client Key"), client.bytes)
	    && gnutls_hash_fast(scram->digest, client.bytes, scram->size, stored.bytes) >= 0
	    && sign(scram, &stored, signed_text, proof->bytes)
	    && sign(scram, salted, text_of("Server Key"), server.bytes)
	    && sign(scram, &server, signed_text, scram->signature);

	for (size_t i = 0; done && i < scram->size; i++)
		proof->bytes[i] ^= client.bytes[i];
	explicit_bzero(&client, sizeof client);
	explicit_bzero(&stored, sizeof stored);
	explicit_bzero(&server, sizeof server);
	return done;
}

/* "c=..., r=..." and, behind what was said so far, all that is signed. */
static void
add_final(struct mechanism_scram *scram, struct text said, const struct offer *offer,
    struct buffer *response)
{
	struct buffer input = buffer_open(0);

	(void)buffer_append(&input, buffer_text(&scram->header));
	if (scram->login->mechanism->binding)
		(void)buffer_append(&input, scram->login->binding);
	(void)buffer_add(response, "c=");
	add_base64(response, input.bytes, input.length);
	(void)buffer_add(response, ",r=");
	(void)buffer_append(response, offer->nonce);
	(void)buffer_byte(&scram->bare, ',');
	(void)buffer_append(&scram->bare, said);
	(void)buffer_byte(&scram->bare, ',');
	(void)buffer_append(&scram->bare, buffer_text(response));
	buffer_close(&input);
}

static bool
answer(
    struct mechanism_scram *scram, struct text said, struct buffer *response, struct failure *why)
{
	struct offer offer;
	struct key salted;
	struct key proof;
	bool done;

	if (!read_offer(scram, said, &offer, why) || !salt(scram, &offer, &salted, why))
		return false;
	add_final(scram, said, &offer, response);
	done = prove(scram, &salted, &proof);
	explicit_bzero(&salted, sizeof salted);
	if (!done)
		return fail(why, EX_SOFTWARE, "cannot compute %s", scram->login->mechanism->name);
	(void)buffer_add(response, ",p=");
	add_base64(response, proof.bytes, scram->size);
	return true;
}

static bool
refuse(const struct mechanism_scram *scram, struct text error, struct failure *why)
{
	char shown[80];

	return fail(why, EX_NOPERM, "the server refused the login of '%s' by %s: '%s'",
	    scram->login->user, scram->login->mechanism->name,
	    text_printable(error, shown, sizeof shown));
}

static bool
believe(const struct mechanism_scram *scram, struct text said, struct failure *why)
{
	gnutls_datum_t shown;
	struct text value;
	bool proved;

	if (take(&said, 'e', &value))
		return refuse(scram, value, why);
	if (!take(&said, 'v', &value) || !decode(value, &shown))
		return spoilt(scram, why, "it proves nothing");
	proved = shown.size == scram->size
	    && gnutls_memcmp(shown.data, scram->signature, scram->size) == 0;
	gnutls_free(shown.data);
	if (proved)
		return true;
	(void)spoilt(scram, why, "it does not know the password");
	return failure_hint(why, "this may not be the server that it claims to be");
}

bool
mechanism_scram_step(struct mechanism_scram *scram, struct text challenge, struct buffer *response,
    bool *finished, struct failure *why)
{
	*finished = false;
	buffer_clear(response);
	switch (scram->step++) {
	case 0:
		return begin(scram, response, why);
	case 1:
		return answer(scram, challenge, response, why);
	case 2:
		*finished = believe(scram, challenge, why);
		return *finished;
	default:
		return spoilt(scram, why, "it goes on");
	}
}
