/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/key_doubt.h"

#include "base/arena.h"
#include "base/failure.h"
#include "mail/address.h"
#include "table/transport_hops.h"

/* Where the last `@` stands; the length when there is none. */
static size_t
find_at(struct text key)
{
	for (size_t at = key.length; at > 0; at--)
		if (key.bytes[at - 1] == '@')
			return at - 1;
	return key.length;
}

static bool
is_quoted(struct text local)
{
	return local.length >= 2 && local.bytes[0] == '"' && local.bytes[local.length - 1] == '"';
}

/* The local part without its quotes and backslashes. */
static struct text
unquote(struct text local, struct arena *arena)
{
	char *plain = arena_zero(arena, local.length);
	size_t length = 0;

	for (size_t i = 1; i + 1 < local.length; i++) {
		if (local.bytes[i] == '\\' && i + 2 < local.length)
			i++;
		plain[length++] = local.bytes[i];
	}
	return text_make(plain, length);
}

/* Blanks outside quotes end a key, so that one in it was shielded by a backslash. */
static bool
has_blank(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text_blank(text.bytes[i]))
			return true;
	return false;
}

static const char *
doubt_local(struct text local, struct arena *arena)
{
	if (is_quoted(local)) {
		struct text written = address_format_local(unquote(local, arena), arena);

		return text_equal_fold(written, local)
		    ? NULL
		    : "the key never matches: names are asked for with the fewest quotes and "
		      "backslashes";
	}
	if (has_blank(local))
		return "the key never matches: a name with a blank stands in double quotes";
	return NULL;
}

static const char *
doubt_domain(struct text domain)
{
	const struct address address = { .local = text_of("x"), .domain = domain };
	struct failure ignored;

	if (domain.length == 0)
		return "the key never matches: there is no domain behind the '@'";
	if (domain.bytes[domain.length - 1] == '.')
		return "the key never matches: domains are asked for without a dot at their end";
	if (domain.bytes[0] == '.' || domain.bytes[0] == '*')
		return "the key never matches: behind '@' stands one whole domain";
	if (!address_check(address, EX_CONFIG, &ignored))
		return "the key never matches: what stands behind the '@' is no domain";
	return NULL;
}

static const char *
doubt_address(struct text key, struct arena *arena)
{
	size_t at = find_at(key);
	const char *doubt = doubt_local(text_slice(key, 0, at), arena);

	if (doubt == NULL && text_has_control(key))
		doubt = "the key never matches: it holds a control byte";
	if (doubt == NULL && at < key.length)
		doubt = doubt_domain(text_slice(key, at + 1, key.length));
	return doubt;
}

static bool
is_pattern(struct text key)
{
	return key.length > 1 && key.bytes[0] == '/'
	    && text_find(text_slice(key, 1, key.length), '/') < key.length - 1;
}

static const char pattern[] = "the key is taken as it is written: there are no patterns here";

const char *
key_doubt_generic(struct text key, struct arena *arena)
{
	if (is_pattern(key))
		return pattern;
	if (text_is(key, "*") || text_starts_fold(key, "*@"))
		return "'*' is no wildcard here: '@domain' stands for a whole domain";
	if (key.bytes[0] == '.' && find_at(key) == key.length)
		return "the key never matches: each subdomain needs a row '@sub.domain'";
	return doubt_address(key, arena);
}

static const char *
doubt_bare(struct text key)
{
	const struct address address = { .local = text_of("x"),
		.domain = key.bytes[0] == '.' ? text_slice(key, 1, key.length) : key };
	struct failure ignored;

	if (text_starts_fold(key, "*."))
		return "the key never matches: '.domain' stands for all subdomains";
	if (key.bytes[key.length - 1] == '.')
		return "the key never matches: domains are asked for without a dot at their end";
	if (!address_check(address, EX_CONFIG, &ignored))
		return "the key never matches: it is neither an address nor a domain";
	return NULL;
}

const char *
key_doubt_transport(struct text key, struct arena *arena)
{
	if (is_pattern(key))
		return pattern;
	if (text_is(key, "*"))
		return NULL;
	if (text_starts_fold(key, "*@") || key.bytes[0] == '@')
		return "the key never matches: for a whole domain write it without '@'";
	if (find_at(key) == key.length)
		return doubt_bare(key);
	return doubt_address(key, arena);
}

const char *
key_doubt_password(struct text key, bool sender_dependent, struct arena *arena)
{
	struct transport_hops hops;
	struct failure ignored;

	if (find_at(key) < key.length && !sender_dependent)
		return "the key never matches: senders are asked for only with "
		       "sender_dependent_auth on";
	if (sender_dependent)
		return find_at(key) < key.length ? doubt_address(key, arena) : NULL;
	/* The path of a socket is a key, too. */
	if (key.bytes[0] == '/')
		return NULL;
	if (!transport_hops_read(key, arena, &hops, &ignored) || hops.count != 1)
		return "the key never matches: a server is written as in transport, host or "
		       "host:port";
	return NULL;
}
