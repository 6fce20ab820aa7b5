/* SPDX-License-Identifier: ISC */
/*
 * From a name and a port to a connected channel.
 */
#ifndef RELAY_NET_CONNECT_H
#define RELAY_NET_CONNECT_H

#include "base/deadline.h"
#include "net/channel.h"
#include "net/lookup.h"
#include "net/service.h"

struct endpoint {
	const char *host; /* name (A-labels or UTF-8) or address literal, no brackets */
	unsigned port;
	const char *source_ip;  /* bind to it first; NULL: not */
	const char *socket;     /* path of a unix socket instead of host and port; NULL: not */
	const char *proxy_host; /* ask this SOCKS5 proxy for host and port; NULL: not */
	unsigned proxy_port;
};

/* How `deliver` opens connections; tests give their own. */
struct dialer {
	bool (*open)(void *data, const struct endpoint *endpoint, struct deadline deadline,
	    struct channel **channel, struct failure *why);
	/* As service_find(). */
	bool (*find)(void *data, const char *domain, struct deadline deadline,
	    struct service *service, struct failure *why);
	/* As lookup_find(), for who wants to see each address. */
	bool (*look)(void *data, const struct host *host, unsigned port, struct deadline deadline,
	    struct lookup *lookup, struct failure *why);
	void *data;
};

/*
 * Looks the host up and races its addresses (RFC 8305: families interleaved, IPv6
 * first, a new one every 250 ms or as one fails), all within the deadline (F279).
 * Fails at "host:port" with EX_NOHOST for a name that does not exist, EX_TEMPFAIL else;
 * the sentence names the last address's reason, how many were tried, and refused,
 * unreachable and no answer each have their hint.
 *
 * By way of a proxy the name is looked up there, the channel counts as CHANNEL_OPEN wherever the
 * proxy is, and fails as socks_connect().
 */
bool connect_open(const struct endpoint *endpoint, struct deadline deadline,
    struct channel **channel, struct failure *why);

/* The dialer that is connect_open(), service_find() and lookup_find(). */
struct dialer connect_dialer(void);

#endif
