/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "mail/address.h"

#include <stdlib.h>
#include <string.h>

#include <idn2.h>
#include <unicase.h>
#include <unistr.h>

#include "base/arena.h"

#define EXCERPT_MAX 100

/* So much of an address as a sentence can hold. */
static const char *
excerpt(struct address address, struct arena *arena)
{
	return text_string(text_slice(address_format(address, arena), 0, EXCERPT_MAX), arena);
}

/* A blank outside quotes and comments: harmless in a list, in an argument rather
 * a second word that somebody wants in the command (F175). */
static bool
has_bare_blank(struct text text)
{
	bool quoted = false;

	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '\\')
			i++;
		else if (text.bytes[i] == '"')
			quoted = !quoted;
		else if (!quoted && text_blank(text.bytes[i]))
			return true;
	}
	return false;
}

static bool
read_single(
    struct text argument, struct arena *arena, struct address_span *span, struct failure *why)
{
	struct address_list list;

	if (!address_list_read(argument, 0, arena, &list, why)) {
		why->code = EX_USAGE;
		return false;
	}
	if (list.count != 1 || list.spans[0].grouped)
		return fail(why, EX_USAGE, "'%s' is not one address",
		    text_string(text_slice(argument, 0, EXCERPT_MAX), arena));
	*span = list.spans[0];
	return true;
}

bool
address_read(
    struct text argument, struct arena *arena, struct address *address, struct failure *why)
{
	struct address_span span = { 0 };

	if (text_has_control(argument))
		return fail(why, EX_USAGE, "a control character in the address '%s'",
		    text_string(text_slice(argument, 0, EXCERPT_MAX), arena));
	if (text_trim(argument).length == 0) {
		*address = (struct address){ .local = text_of(""), .domain = text_of("") };
		return true;
	}
	if (!read_single(argument, arena, &span, why))
		return false;
	if (has_bare_blank(text_slice(argument, span.start, span.end)))
		return fail(
		    why, EX_USAGE, "a blank inside the address '%s'", excerpt(span.address, arena));
	if (!address_is_null(span.address) && !address_check(span.address, EX_USAGE, why))
		return false;
	*address = span.address;
	return true;
}

bool
address_is_null(struct address address)
{
	return address.local.length == 0 && address.domain.length == 0;
}

/* Letters beyond ASCII have two cases, too. */
static bool
equal_fold(struct text a, struct text b)
{
	int order;

	if (text_equal_fold(a, b))
		return true;
	if (!text_has_8bit(a) || !text_has_8bit(b))
		return false;
	return u8_casecmp((const uint8_t *)a.bytes, a.length, (const uint8_t *)b.bytes, b.length,
		   NULL, NULL, &order)
	    == 0
	    && order == 0;
}

bool
address_equal(struct address a, struct address b)
{
	return equal_fold(a.local, b.local) && equal_fold(a.domain, b.domain);
}

static uint64_t
hash_byte(uint64_t hash, char byte)
{
	return (hash ^ (unsigned char)text_lower(byte)) * 0x100000001b3U;
}

static uint64_t
hash_fold(uint64_t hash, struct text text)
{
	size_t length = 0;
	uint8_t *folded = NULL;

	if (text_has_8bit(text))
		folded = u8_casefold(
		    (const uint8_t *)text.bytes, text.length, NULL, NULL, NULL, &length);
	if (folded == NULL)
		length = text.length;
	for (size_t i = 0; i < length; i++)
		hash = hash_byte(hash, folded == NULL ? text.bytes[i] : (char)folded[i]);
	free(folded);
	return hash;
}

uint64_t
address_hash(struct address address)
{
	uint64_t hash = hash_fold(text_hash_seed(), address.local);

	hash = hash_byte(hash, '@');
	hash = hash_fold(hash, address.domain);
	return (hash ^ (hash >> 32)) * 0x9e3779b97f4a7c15U >> 7;
}

/* Bytes that no atom holds, above the blank (RFC 5322 3.2.3).  A table, since a message may have
 * a hundred thousand recipients, each asked of more than once. */
static const bool specials[256] = {
	['('] = true,
	[')'] = true,
	['<'] = true,
	['>'] = true,
	['['] = true,
	[']'] = true,
	[':'] = true,
	[';'] = true,
	['@'] = true,
	['\\'] = true,
	[','] = true,
	['.'] = true,
	['"'] = true,
	[0x7f] = true,
};

/* A byte of an atom (RFC 5322 3.2.3, RFC 6532 3.2)? */
static bool
atom_byte(char byte)
{
	unsigned char value = (unsigned char)byte;

	return value > 0x20 && !specials[value];
}

static bool
dot_atom(struct text text)
{
	bool after_dot = true;

	for (size_t i = 0; i < text.length; i++) {
		bool dot = text.bytes[i] == '.';

		if ((dot && after_dot) || (!dot && !atom_byte(text.bytes[i])))
			return false;
		after_dot = dot;
	}
	return !after_dot;
}

static size_t
quote(struct text local, char *to)
{
	size_t used = 0;

	to[used++] = '"';
	for (size_t i = 0; i < local.length; i++) {
		if (local.bytes[i] == '"' || local.bytes[i] == '\\')
			to[used++] = '\\';
		to[used++] = local.bytes[i];
	}
	to[used++] = '"';
	return used;
}

struct text
address_format_local(struct text local, struct arena *arena)
{
	char *quoted;

	if (dot_atom(local))
		return text_copy(local, arena);
	quoted = arena_array(arena, local.length + 2, 2);
	return text_make(quoted, quote(local, quoted));
}

struct text
address_format(struct address address, struct arena *arena)
{
	struct text local;
	char *whole;

	if (address_is_null(address))
		return text_of("");
	local = address_format_local(address.local, arena);
	if (address.domain.length == 0)
		return local;
	whole = arena_zero(arena, local.length + address.domain.length + 2);
	memcpy(whole, local.bytes, local.length);
	whole[local.length] = '@';
	memcpy(whole + local.length + 1, address.domain.bytes, address.domain.length);
	return text_make(whole, local.length + 1 + address.domain.length);
}

/* May the character stand in an address?  U+2028 and its like end a line, and the
 * direction overrides turn one around, for whoever reads it later. */
static bool
decent(ucs4_t character)
{
	if (character < 0x20 || (character >= 0x7f && character < 0xa0))
		return false;
	return character != 0x2028 && character != 0x2029
	    && (character < 0x202a || character > 0x202e)
	    && (character < 0x2066 || character > 0x2069);
}

static const char *
judge_characters(struct text text)
{
	const uint8_t *bytes = (const uint8_t *)text.bytes;

	for (size_t i = 0; i < text.length;) {
		ucs4_t character;
		int length = u8_mbtoucr(&character, bytes + i, text.length - i);

		if (length <= 0)
			return "is not valid UTF-8";
		if (!decent(character))
			return "holds a control character";
		i += (size_t)length;
	}
	return NULL;
}

static bool
is_literal(struct text domain)
{
	return domain.length >= 2 && domain.bytes[0] == '['
	    && domain.bytes[domain.length - 1] == ']';
}

static const char *
judge_domain(struct text domain)
{
	bool literal = is_literal(domain);
	struct text inner = literal ? text_slice(domain, 1, domain.length - 1) : domain;
	const char *refused = literal ? " []\\<>@\"" : " ()<>[]:;@\\,\"";
	bool after_dot = true;

	for (size_t i = 0; i < inner.length; i++) {
		bool dot = inner.bytes[i] == '.';

		if (strchr(refused, inner.bytes[i]) != NULL)
			return "has a domain that is no name";
		if (dot && after_dot && !literal)
			return "has a domain with an empty label";
		after_dot = dot;
	}
	if (after_dot && !literal)
		return "has a domain with an empty label";
	return inner.length == 0 ? "has a domain that is no name" : NULL;
}

static const char *
judge(struct address address)
{
	const char *wrong;

	if (address.local.length == 0)
		return "has an empty local part";
	if (address.local.length > ADDRESS_LOCAL_MAX)
		return "has a local part that is too long";
	if (address.domain.length > ADDRESS_DOMAIN_MAX)
		return "has a domain that is too long";
	wrong = judge_characters(address.local);
	if (wrong == NULL)
		wrong = judge_characters(address.domain);
	if (wrong == NULL && address.domain.length > 0)
		wrong = judge_domain(address.domain);
	return wrong;
}

bool
address_check(struct address address, int code, struct failure *why)
{
	const char *wrong = judge(address);
	struct text local = text_slice(address.local, 0, EXCERPT_MAX);
	struct text domain = text_slice(address.domain, 0, EXCERPT_MAX);

	if (wrong == NULL)
		return true;
	return fail(why, code, "the address '%.*s%s%.*s' %s", (int)local.length, local.bytes,
	    domain.length > 0 ? "@" : "", (int)domain.length, domain.bytes, wrong);
}

bool
address_needs_utf8(struct address address)
{
	return text_has_8bit(address.local);
}

bool
address_to_ascii(
    struct address address, struct arena *arena, struct address *ascii, struct failure *why)
{
	char *name;
	int status;

	if (!text_has_8bit(address.domain)) {
		*ascii = address;
		return true;
	}
	if (is_literal(address.domain))
		return fail(why, EX_DATAERR, "the address literal of '%s' is not ASCII",
		    excerpt(address, arena));
	status = idn2_to_ascii_8z(
	    text_string(address.domain, arena), &name, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (status != IDN2_OK)
		return fail(why, EX_DATAERR, "the domain of '%s' is no valid name: %s",
		    excerpt(address, arena), idn2_strerror(status));
	address.domain = text_copy(text_of(name), arena);
	*ascii = address;
	idn2_free(name);
	return true;
}

static bool
ends_fold(struct text text, const char *end)
{
	size_t length = strlen(end);

	return text.length >= length
	    && text_is_fold(text_slice(text, text.length - length, text.length), end);
}

static bool
keeps_whole(struct text local, const char *delimiters)
{
	if (text_is_fold(local, "postmaster") || text_is_fold(local, "mailer-daemon")
	    || text_is_fold(local, "double-bounce"))
		return true;
	return strchr(delimiters, '-') != NULL
	    && (text_starts_fold(local, "owner-") || ends_fold(local, "-request"));
}

bool
address_base(struct address address, const char *delimiters, struct address *base)
{
	size_t at = 0;

	if (delimiters == NULL || delimiters[0] == '\0' || keeps_whole(address.local, delimiters))
		return false;
	while (at < address.local.length
	    && (address.local.bytes[at] == '\0'
		|| strchr(delimiters, address.local.bytes[at]) == NULL))
		at++;
	if (at == 0 || at == address.local.length)
		return false;
	*base = address;
	base->local = text_slice(address.local, 0, at);
	return true;
}
