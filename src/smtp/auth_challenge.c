/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/auth_challenge.h"

#include <string.h>

#include <gnutls/gnutls.h>

static bool
in_alphabet(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z')
	    || (byte >= '0' && byte <= '9') || byte == '+' || byte == '/';
}

/* Libraries pass over what is not base64: here it ends the exchange (F77). */
static bool
is_base64(struct text text)
{
	size_t length = text.length;

	for (int padding = 0; padding < 2 && length > 0 && text.bytes[length - 1] == '='; padding++)
		length--;
	for (size_t i = 0; i < length; i++)
		if (!in_alphabet(text.bytes[i]))
			return false;
	return text.length % 4 == 0;
}

static bool
decode(struct text encoded, struct auth_challenge *challenge)
{
	/* GnuTLS's datum has no const, and reads only. */
	union {
		const char *given;
		unsigned char *wanted;
	} bytes = { .given = encoded.bytes };
	const gnutls_datum_t datum = { bytes.wanted, (unsigned)encoded.length };
	gnutls_datum_t decoded;

	if (encoded.length == 0)
		return true;
	if (!is_base64(encoded) || gnutls_base64_decode2(&datum, &decoded) < 0)
		return false;
	*challenge = (struct auth_challenge){ (char *)decoded.data, decoded.size };
	return true;
}

bool
auth_challenge_read(
    const struct reply *reply, struct auth_challenge *challenge, struct failure *why)
{
	struct text encoded = reply->lines[0];
	struct auth_challenge read = { NULL, 0 };

	if (reply->line_count != 1)
		return fail(
		    why, EX_PROTOCOL, "the server's challenge has %zu lines", reply->line_count);
	if (encoded.length + 2 > AUTH_CHALLENGE_LINE_MAX)
		return fail(
		    why, EX_PROTOCOL, "the server's challenge has %zu bytes", encoded.length);
	if (!decode(encoded, &read))
		return fail(why, EX_PROTOCOL, "the server's challenge is no base64");
	*challenge = read;
	return true;
}

struct text
auth_challenge_text(const struct auth_challenge *challenge)
{
	return text_make(challenge->bytes, challenge->length);
}

static bool
is_message_id(struct text text)
{
	if (text.length < 5 || text.bytes[0] != '<' || text.bytes[text.length - 1] != '>')
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] <= ' ' || text.bytes[i] > '~')
			return false;
	return text_find(text, '@') < text.length - 2;
}

/* The answer is a hash over the server's words: who chooses them freely may have computed it for
 * many passwords beforehand. */
static bool
may_be_signed(struct text challenge, bool named, struct failure *why)
{
	if (challenge.length == 0)
		return fail(why, EX_PROTOCOL, "the server's challenge for CRAM-MD5 is empty");
	if (challenge.length > AUTH_CHALLENGE_CRAM_MAX)
		return fail(why, EX_PROTOCOL, "the server's challenge for CRAM-MD5 has %zu bytes",
		    challenge.length);
	if (named || is_message_id(challenge))
		return true;
	(void)fail(why, EX_PROTOCOL,
	    "the server's challenge for CRAM-MD5 has not the form of a message id");
	return failure_hint(why,
	    "leave it out with 'auth on !cram-md5', or name it with 'auth cram-md5' to answer "
	    "whatever this server asks");
}

bool
auth_challenge_judge(const struct auth_challenge *challenge, const struct mechanism *mechanism,
    bool named, struct failure *why)
{
	return !text_is(text_of(mechanism->name), "CRAM-MD5")
	    || may_be_signed(auth_challenge_text(challenge), named, why);
}

void
auth_challenge_close(struct auth_challenge *challenge)
{
	if (challenge->bytes != NULL)
		explicit_bzero(challenge->bytes, challenge->length);
	gnutls_free(challenge->bytes);
	*challenge = (struct auth_challenge){ NULL, 0 };
}
