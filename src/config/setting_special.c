/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/setting_special.h"

#include <arpa/inet.h>
#include <syslog.h>

#include "base/arena.h"
#include "config/setting_read.h"
#include "table/transport.h"

#define SRV_PREFIX "srv:"
#define DOMAIN_MAX 255
#define HEX_OF_SHA256 64
#define HEX_OF_SHA1 40
#define HEX_OF_MD5 32

static const struct facility {
	const char *name;
	int number;
} facilities[] = {
	{ "LOG_USER", LOG_USER },
	{ "LOG_MAIL", LOG_MAIL },
	{ "LOG_LOCAL0", LOG_LOCAL0 },
	{ "LOG_LOCAL1", LOG_LOCAL1 },
	{ "LOG_LOCAL2", LOG_LOCAL2 },
	{ "LOG_LOCAL3", LOG_LOCAL3 },
	{ "LOG_LOCAL4", LOG_LOCAL4 },
	{ "LOG_LOCAL5", LOG_LOCAL5 },
	{ "LOG_LOCAL6", LOG_LOCAL6 },
	{ "LOG_LOCAL7", LOG_LOCAL7 },
};

#define COUNT_OF(ARRAY) (sizeof(ARRAY) / sizeof(ARRAY)[0])

/* A copy that may be put into a sentence whatever it holds. */
static const char *
shown(struct text text, struct arena *arena)
{
	return text_string(text_slice(text, 0, 200), arena);
}

static bool
is_address(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

bool
setting_special_host(
    struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	struct transport_hops hops;
	struct text servers = argument;

	/* A CR is a blank to the one who reads the list, and a mistake here. */
	if (text_find(argument, '\r') < argument.length)
		return fail(why, EX_CONFIG, "holds a control character");
	if (text_starts_fold(argument, SRV_PREFIX))
		servers = text_slice(argument, sizeof SRV_PREFIX - 1, argument.length);
	if (!transport_hops_read(servers, arena, &hops, why))
		return failure_hint(why,
		    "write the name of a server, as in 'host mail.example.com', with ':PORT' "
		    "behind it if it has another port");
	if (hops.count == 0)
		return fail(why, EX_CONFIG, "no host is named");
	if (servers.length < argument.length && (hops.count > 1 || hops.items[0].port != 0))
		return fail(why, EX_CONFIG, "'srv:' takes one domain and no port");
	if (servers.length < argument.length && is_address(hops.items[0].host))
		return fail(why, EX_CONFIG, "'srv:' takes a domain, not an address");
	if (servers.length == argument.length)
		value->number = hops.items[0].port;
	value->text = text_string(argument, arena);
	return true;
}

/* A %H of it may stand for anything; what it stands for is asked of the system later. */
bool
setting_special_domain(
    struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	if (text_has_control(argument))
		return fail(why, EX_CONFIG, "holds a control character");
	for (size_t i = 0; i < argument.length; i++) {
		unsigned char byte = (unsigned char)argument.bytes[i];

		if (byte > ' ' && byte < 0x7f)
			continue;
		fail(why, EX_CONFIG, "'%s' is no name for the greeting", shown(argument, arena));
		return failure_hint(why,
		    "write one name of letters, digits, dots and hyphens, or an address in "
		    "brackets");
	}
	if (argument.length > DOMAIN_MAX)
		return fail(why, EX_CONFIG, "is longer than %d bytes", DOMAIN_MAX);
	value->text = text_string(argument, arena);
	return true;
}

bool
setting_special_timeout(
    struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	if (text_is(argument, "off")) {
		value->text = "off";
		return true;
	}
	if (!setting_read_amount(argument, true, &value->number)) {
		fail(why, EX_CONFIG, "'%s' is no time", shown(argument, arena));
		return failure_hint(why, "write a number of seconds, or off");
	}
	value->text = text_string(argument, arena);
	return true;
}

static bool
is_mechanism(struct text word)
{
	size_t start = word.length > 0 && word.bytes[0] == '!' ? 1 : 0;

	for (size_t i = start; i < word.length; i++) {
		char byte = text_lower(word.bytes[i]);

		if (!(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9') && byte != '-'
		    && byte != '_')
			return false;
	}
	return word.length > start;
}

/* Does a word `!NAME` of the list leave this one out?  "scram" stands for all of its kind. */
static bool
is_left_out(struct text list, struct text name)
{
	for (;;) {
		struct text word = text_word(&list, ',');
		struct text other = text_slice(word, 1, word.length);

		if (word.length == 0)
			return false;
		if (word.bytes[0] != '!')
			continue;
		if (text_equal_fold(other, name)
		    || (text_is_fold(other, "scram") && text_starts_fold(name, "scram-")))
			return true;
	}
}

/* Names without effect do not count: a list of `!NAME` alone leaves the others. */
static bool
leaves_some(struct text list)
{
	struct text rest = list;
	bool named = false;

	for (;;) {
		struct text word = text_word(&rest, ',');

		if (word.length == 0)
			return !named;
		if (word.bytes[0] == '!' || text_is_fold(word, "on"))
			continue;
		if (!is_left_out(list, word))
			return true;
		named = true;
	}
}

/* Adds a word in lower case to a list in `to` that has room for it. */
static void
add_word(char *to, size_t *used, struct text word)
{
	if (*used > 0)
		to[(*used)++] = ' ';
	for (size_t i = 0; i < word.length; i++)
		to[(*used)++] = text_lower(word.bytes[i]);
}

bool
setting_special_auth(
    struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	struct text rest = argument;
	char *words = arena_zero(arena, argument.length + sizeof "on");
	size_t used = 0;
	struct text word;

	for (word = text_word(&rest, ','); word.length > 0; word = text_word(&rest, ',')) {
		if (!is_mechanism(word))
			return fail(
			    why, EX_CONFIG, "'%s' is no name of a mechanism", shown(word, arena));
		if (text_is_fold(word, "off") && !text_is_fold(text_trim(argument), "off"))
			return fail(why, EX_CONFIG, "'off' stands alone, not with mechanisms");
		add_word(words, &used, word);
	}
	if (!leaves_some(argument)) {
		fail(why, EX_CONFIG, "leaves out every mechanism that it names");
		return failure_hint(why, "remove one of the two words of a mechanism");
	}
	if (used == 0)
		add_word(words, &used, text_of("on"));
	value->text = words;
	return true;
}

static bool
is_condition(struct text word)
{
	return text_is_fold(word, "failure") || text_is_fold(word, "delay")
	    || text_is_fold(word, "success");
}

static bool
are_conditions(struct text list)
{
	for (;;) {
		size_t comma = text_find(list, ',');

		if (!is_condition(text_slice(list, 0, comma)))
			return false;
		if (comma == list.length)
			return true;
		list = text_slice(list, comma + 1, list.length);
	}
}

bool
setting_special_dsn_notify(
    struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	char *words = arena_zero(arena, argument.length + 1);
	size_t used = 0;

	if (text_is(argument, "off"))
		return true;
	if (!text_is_fold(argument, "never") && !are_conditions(argument)) {
		fail(why, EX_CONFIG, "'%s' is no condition for a notice", shown(argument, arena));
		return failure_hint(why,
		    "write off, never, or some of failure,delay,success with "
		    "commas and no blanks");
	}
	add_word(words, &used, argument);
	value->text = words;
	return true;
}

bool
setting_special_syslog(
    struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	struct text name = argument.length == 0 || text_is(argument, "on") ? text_of("LOG_USER")
									   : argument;

	if (text_is(argument, "off"))
		return true;
	for (size_t i = 0; i < COUNT_OF(facilities); i++) {
		if (!text_is(name, facilities[i].name))
			continue;
		value->text = facilities[i].name;
		value->number = facilities[i].number;
		return true;
	}
	fail(why, EX_CONFIG, "'%s' is no facility of the system log", shown(argument, arena));
	return failure_hint(why, "write on, off, LOG_USER, LOG_MAIL, or LOG_LOCAL0 to LOG_LOCAL7");
}

static bool
is_hex(char byte)
{
	char lower = text_lower(byte);

	return (lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f');
}

/* What the fingerprint of another kind has as its length. */
static const char *
weak_hash(size_t digits)
{
	if (digits == HEX_OF_SHA1)
		return "SHA-1";
	return digits == HEX_OF_MD5 ? "MD5" : NULL;
}

bool
setting_special_fingerprint(
    struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	size_t digits = 0;

	for (size_t i = 0; i < argument.length; i++) {
		if (argument.bytes[i] == ':')
			continue;
		if (!is_hex(argument.bytes[i]))
			return fail(why, EX_CONFIG, "'%s' is no fingerprint in hexadecimal",
			    shown(argument, arena));
		digits++;
	}
	if (digits == HEX_OF_SHA256) {
		value->text = text_string(argument, arena);
		return true;
	}
	fail(why, EX_CONFIG, "the fingerprint has %zu hexadecimal digits, not the 64 of SHA-256",
	    digits);
	if (weak_hash(digits) != NULL)
		return failure_hint(why,
		    "it is %s's, which can be forged: openssl x509 -noout -fingerprint -sha256 "
		    "-in CERTIFICATE",
		    weak_hash(digits));
	return failure_hint(why, "openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE");
}

bool
setting_special_credential(
    struct text argument, struct arena *arena, struct value *value, struct failure *why)
{
	if (text_has_control(argument) || text_find(argument, '/') < argument.length
	    || argument.bytes[0] == '.')
		return fail(
		    why, EX_CONFIG, "'%s' is no name of a credential", shown(argument, arena));
	value->text = text_string(argument, arena);
	return true;
}
