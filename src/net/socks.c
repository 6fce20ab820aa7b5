/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/socks.h"

#include <string.h>
#include <sys/socket.h>

#define SOCKS_VERSION 5
#define NO_LOGIN 0
#define NONE_ACCEPTED 0xff
#define CONNECT 1
#define TYPE_IPV4 1
#define TYPE_NAME 3
#define TYPE_IPV6 4

/* What is read of a reply at most: four bytes, a name with its length, a port. */
#define REPLY_MAX (4 + 1 + 255 + 2)

/* RFC 1928 section 6. */
static const struct answer {
	const char *what;
	int code;
} answers[] = {
	[1] = { "the proxy failed", EX_TEMPFAIL },
	[2] = { "the proxy's rules forbid the connection", EX_UNAVAILABLE },
	[3] = { "the proxy cannot reach the server's network", EX_TEMPFAIL },
	[4] = { "the proxy cannot reach the server", EX_TEMPFAIL },
	[5] = { "the server refused the proxy's connection", EX_TEMPFAIL },
	[6] = { "the server did not answer the proxy in time", EX_TEMPFAIL },
	[7] = { "the proxy does not make connections", EX_UNAVAILABLE },
	[8] = { "the proxy does not know this kind of address", EX_UNAVAILABLE },
};

static bool
no_socks(struct failure *why)
{
	(void)fail(why, EX_PROTOCOL, "the proxy's answer is no SOCKS5");
	return failure_hint(why, "check proxy_host and proxy_port");
}

static bool
closed(struct failure *why)
{
	(void)fail(why, EX_TEMPFAIL, "the proxy closed the connection");
	return failure_hint(why, "check proxy_host and proxy_port, or ask the proxy's operator");
}

/* Exactly so many bytes: the next one may be the server's. */
static bool
read_bytes(struct channel *channel, unsigned char *bytes, size_t count, struct deadline deadline,
    struct failure *why)
{
	size_t got;

	for (size_t have = 0; have < count; have += got) {
		if (!channel_read(channel, (char *)bytes + have, count - have, &got, deadline, why))
			return false;
		if (got == 0)
			return closed(why);
	}
	return true;
}

static bool
write_bytes(struct channel *channel, const unsigned char *bytes, size_t count,
    struct deadline deadline, struct failure *why)
{
	return channel_write(channel, text_make((const char *)bytes, count), deadline, why);
}

/* RFC 1928 section 3. */
static bool
agree_on_method(struct channel *channel, struct deadline deadline, struct failure *why)
{
	static const unsigned char offer[] = { SOCKS_VERSION, 1, NO_LOGIN };
	unsigned char chosen[2];

	if (!write_bytes(channel, offer, sizeof offer, deadline, why)
	    || !read_bytes(channel, chosen, sizeof chosen, deadline, why))
		return false;
	if (chosen[0] != SOCKS_VERSION)
		return no_socks(why);
	if (chosen[1] == NO_LOGIN)
		return true;
	if (chosen[1] != NONE_ACCEPTED)
		return no_socks(why);
	(void)fail(why, EX_UNAVAILABLE, "the proxy wants a login, and relay has none for it");
	return failure_hint(why, "name a proxy_host that lets this machine in without one");
}

static size_t
put_host(const struct host *host, unsigned char *to)
{
	size_t length = strlen(host->name);

	if (host->family != AF_UNSPEC) {
		to[0] = host->family == AF_INET ? TYPE_IPV4 : TYPE_IPV6;
		memcpy(to + 1, host->address, host->address_length);
		return 1 + host->address_length;
	}
	to[0] = TYPE_NAME;
	to[1] = (unsigned char)length;
	memcpy(to + 2, host->name, length);
	return 2 + length;
}

static bool
ask(struct channel *channel, const struct host *host, unsigned port, struct deadline deadline,
    struct failure *why)
{
	unsigned char request[3 + 2 + HOST_LENGTH_MAX + 2] = { SOCKS_VERSION, CONNECT, 0 };
	size_t length = 3;

	length += put_host(host, request + length);
	request[length++] = (unsigned char)(port >> 8);
	request[length++] = (unsigned char)(port & 0xff);
	return write_bytes(channel, request, length, deadline, why);
}

static bool
refused(unsigned answer, struct failure *why)
{
	if (answer >= sizeof answers / sizeof *answers)
		return fail(why, EX_TEMPFAIL, "the proxy failed with answer %u", answer);
	return fail(why, answers[answer].code, "%s", answers[answer].what);
}

/* Bytes of the address that the proxy bound and of its port, which nobody needs; 0: unknown. */
static size_t
bound_length(unsigned type, unsigned first)
{
	if (type == TYPE_IPV4)
		return 4 + 2;
	if (type == TYPE_IPV6)
		return 16 + 2;
	return type == TYPE_NAME ? 1 + first + 2 : 0;
}

static bool
read_answer(struct channel *channel, struct deadline deadline, struct failure *why)
{
	unsigned char reply[REPLY_MAX];
	size_t length;

	/* The fifth byte is in every reply, and tells how long a name is. */
	if (!read_bytes(channel, reply, 2, deadline, why))
		return false;
	if (reply[0] != SOCKS_VERSION)
		return no_socks(why);
	/* A proxy that refuses may hang up before the rest. */
	if (reply[1] != 0)
		return refused(reply[1], why);
	if (!read_bytes(channel, reply + 2, 3, deadline, why))
		return false;
	length = bound_length(reply[3], reply[4]);
	if (length == 0)
		return no_socks(why);
	return read_bytes(channel, reply + 5, length - 1, deadline, why);
}

bool
socks_connect(struct channel *channel, const struct host *host, unsigned port,
    struct deadline deadline, struct failure *why)
{
	return agree_on_method(channel, deadline, why) && ask(channel, host, port, deadline, why)
	    && read_answer(channel, deadline, why);
}
