/* SPDX-License-Identifier: ISC */
/*
 * A host as written by a person, in the one form in which it is looked up, sent
 * as SNI and compared with a certificate.
 */
#ifndef RELAY_NET_HOST_H
#define RELAY_NET_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"

#define HOST_LENGTH_MAX 254

struct host {
	char name[HOST_LENGTH_MAX + 1]; /* A-labels without the last dot, or the literal with its
					 * scope */
	int family;                /* AF_INET or AF_INET6 for a literal, AF_UNSPEC for a name */
	unsigned char address[16]; /* of a literal, network order, without its scope */
	size_t address_length;
};

/*
 * Takes brackets and one trailing dot off, turns U-labels into A-labels (IDNA 2008)
 * and recognises address literals (F43-F46).  Fails with EX_CONFIG for an empty or
 * too long name, blanks, control bytes and what IDNA refuses.
 */
bool host_read(const char *text, struct host *host, struct failure *why);

#endif
