/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/transport_hops.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <unistr.h>

#include "base/arena.h"

#define PORT_MAX 65535
#define SERVICE_MAX 63

/* What a mail client needs of /etc/services, which bare systems do not have. */
static const struct service {
	const char *name;
	unsigned port;
} services[] = {
	{ "smtp", 25 },
	{ "submission", 587 },
	{ "submissions", 465 },
	{ "smtps", 465 },
};

static bool
find_service(const char *name, unsigned *port)
{
	const struct servent *entry;

	for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
		if (strcmp(services[i].name, name) == 0) {
			*port = services[i].port;
			return true;
		}
	}
	entry = getservbyname(name, "tcp");
	if (entry == NULL)
		return false;
	*port = ntohs((uint16_t)entry->s_port);
	return *port != 0;
}

/* Not by text_number() alone: a port written 0x19 or 031 is a slip, not a number. */
static bool
is_decimal(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
	return text.length > 0 && text.bytes[0] != '0';
}

static bool
read_port(struct text text, unsigned *port, struct failure *why)
{
	char name[SERVICE_MAX + 1];
	int64_t number;

	if (is_decimal(text) && text_number(text, 1, PORT_MAX, &number)) {
		*port = (unsigned)number;
		return true;
	}
	(void)text_printable(text, name, sizeof name);
	if (text.length == 0)
		return fail(why, EX_CONFIG, "a colon with no port behind it");
	if (text.length <= SERVICE_MAX && !(text.bytes[0] >= '0' && text.bytes[0] <= '9')
	    && find_service(name, port))
		return true;
	fail(why, EX_CONFIG, "'%s' is no port", name);
	return failure_hint(
	    why, "a port is a number from 1 to %d, or a service such as submission", PORT_MAX);
}

static bool
is_host_byte(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
	    || (byte >= '0' && byte <= '9') || byte >= 0x80 || byte == '.' || byte == '-'
	    || byte == '_';
}

/* No label is empty (but for the root's dot at the end) and none begins with a hyphen, as an option
 * would.  A hyphen at the end of one is wrong, too, but exists. */
static bool
has_fit_labels(struct text host)
{
	bool begins = true;

	for (size_t i = 0; i < host.length; i++) {
		char byte = host.bytes[i];

		if (begins && (byte == '.' || byte == '-'))
			return false;
		begins = byte == '.';
	}
	return true;
}

static bool
is_name(struct text host)
{
	if (!has_fit_labels(host))
		return false;
	for (size_t i = 0; i < host.length; i++)
		if (!is_host_byte((unsigned char)host.bytes[i]))
			return false;
	return u8_check((const uint8_t *)host.bytes, host.length) == NULL;
}

static bool
is_ipv6(struct text host)
{
	char bytes[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (host.length >= sizeof bytes || text_find(host, '\0') < host.length)
		return false;
	memcpy(bytes, host.bytes, host.length);
	bytes[host.length] = '\0';
	return inet_pton(AF_INET6, bytes, &address) == 1;
}

static bool
check_host(struct text host, struct failure *why)
{
	char shown[TRANSPORT_HOST_MAX + 1];

	if (host.length == 0)
		return fail(why, EX_CONFIG, "a host name is missing");
	(void)text_printable(host, shown, sizeof shown);
	if (host.length > TRANSPORT_HOST_MAX)
		return fail(why, EX_CONFIG, "the host name '%.40s...' is longer than %d bytes",
		    shown, TRANSPORT_HOST_MAX);
	if (is_name(host) || is_ipv6(host))
		return true;
	return fail(why, EX_CONFIG, "'%s' is no host name and no address", shown);
}

/* `[host]` and what stands behind it; Postfix's `[IPv6:...]` is the address alone. */
static bool
split_brackets(struct text word, struct text *host, struct text *rest, struct failure *why)
{
	size_t close = text_find(word, ']');

	if (close == word.length)
		return fail(why, EX_CONFIG, "a host begins with '[' and has no ']'");
	*host = text_slice(word, 1, close);
	*rest = text_slice(word, close + 1, word.length);
	if (text_starts_fold(*host, "ipv6:"))
		*host = text_slice(*host, strlen("ipv6:"), host->length);
	if (rest->length > 0 && rest->bytes[0] != ':')
		return fail(why, EX_CONFIG, "something other than ':' and a port follows ']'");
	return true;
}

/* A bare IPv6 address is taken whole, so one colon alone begins a port. */
static void
split_colon(struct text word, struct text *host, struct text *rest)
{
	size_t colon = is_ipv6(word) ? word.length : text_find(word, ':');

	*host = text_slice(word, 0, colon);
	*rest = text_slice(word, colon, word.length);
}

static bool
read_hop(struct text word, struct arena *arena, struct transport_hop *hop, struct failure *why)
{
	struct text host;
	struct text rest;
	unsigned port = 0;
	bool bracketed = word.bytes[0] == '[';

	if (!bracketed)
		split_colon(word, &host, &rest);
	else if (!split_brackets(word, &host, &rest, why))
		return false;
	if (!check_host(host, why))
		return false;
	if (rest.length > 0 && !read_port(text_slice(rest, 1, rest.length), &port, why))
		return false;
	*hop = (struct transport_hop){ .text = text_string(word, arena),
		.host = text_string(host, arena),
		.port = port,
		.bracketed = bracketed };
	return true;
}

bool
transport_hops_read(
    struct text value, struct arena *arena, struct transport_hops *hops, struct failure *why)
{
	struct transport_hops read = { 0 };
	size_t capacity = 0;

	for (;;) {
		struct text word = text_word(&value, ',');

		if (word.length == 0)
			break;
		read.items = arena_grow(
		    arena, read.items, read.count, &capacity, sizeof *read.items);
		if (!read_hop(word, arena, &read.items[read.count], why))
			return false;
		read.count++;
	}
	if (read.count == 0)
		return fail(why, EX_CONFIG, "a host name is missing");
	*hops = read;
	return true;
}
