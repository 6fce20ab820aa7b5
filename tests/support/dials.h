/* SPDX-License-Identifier: ISC */
/*
 * A dialer that plays transcripts, one a connection, and knows some addresses.
 */
#ifndef RELAY_TESTS_SUPPORT_DIALS_H
#define RELAY_TESTS_SUPPORT_DIALS_H

#include <stddef.h>

#include "net/connect.h"
#include "tests/support/script.h"

#define DIALS_MAX 32

struct dials {
	struct arena *arena;
	const char *transcripts[DIALS_MAX]; /* in the order of dialling; NULL: refused */
	size_t address_count;               /* every name has so many: 192.0.2.1, 192.0.2.2 ...;
					       0: does not exist */
	struct service service;             /* every domain has these; none: names no server */
	/* What was asked for: */
	struct script *scripts[DIALS_MAX];
	char hosts[DIALS_MAX][64];
	unsigned ports[DIALS_MAX];
	size_t dialled;
};

struct dialer dials_dialer(struct dials *dials);

/* Closes the scripts; fails the test when one was not played as written. */
void dials_end(struct dials *dials);

#endif
