/* SPDX-License-Identifier: ISC */
/*
 * The servers that a transport row, or `host` in relayrc, names.
 */
#ifndef RELAY_TABLE_TRANSPORT_HOPS_H
#define RELAY_TABLE_TRANSPORT_HOPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "base/text.h"

struct arena;

/* Bytes of a host name at most: more has no place in DNS. */
#define TRANSPORT_HOST_MAX 255

/* A server as configured.  `text` is the key for sasl_passwd, bracket and port as written. */
struct transport_hop {
	const char *text;
	const char *host; /* without brackets */
	const char *bare; /* as configured, where `text` had its port added; NULL: it had not */
	unsigned port;    /* 0: the default of the way */
	bool bracketed;
};

struct transport_hops {
	struct transport_hop *items;
	size_t count;
};

/*
 * Reads hosts separated by blanks or commas: `host`, `host:port`, `[host]`,
 * `[host]:port`, `[IPv6]:port`, a bare IPv6 address taken whole; port a number
 * 1-65535 or a service name.  Also for `host` in relayrc.  Fails with EX_CONFIG
 * (F211: blank, control, '%' in a host, over 255 bytes, port out of range).
 */
bool transport_hops_read(
    struct text value, struct arena *arena, struct transport_hops *hops, struct failure *why);

#endif
