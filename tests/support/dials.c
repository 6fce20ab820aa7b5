/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "tests/support/dials.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>

static bool
dial(void *data, const struct endpoint *endpoint, struct deadline deadline,
    struct channel **channel, struct failure *why)
{
	struct dials *dials = data;
	size_t number = dials->dialled++;

	(void)deadline;
	cr_assert(number < DIALS_MAX, "too many connections");
	(void)snprintf(dials->hosts[number], sizeof dials->hosts[number], "%s", endpoint->host);
	dials->ports[number] = endpoint->port;
	if (dials->transcripts[number] == NULL) {
		fail(why, EX_TEMPFAIL, "cannot connect to %s: refused", endpoint->host);
		failure_hint(why, "nothing listens there");
		return failure_in(why, FAILURE_CONNECT);
	}
	dials->scripts[number] = script_open(text_of(dials->transcripts[number]), dials->arena);
	*channel = &dials->scripts[number]->channel;
	(void)snprintf(
	    (*channel)->peer, sizeof(*channel)->peer, "%s:%u", endpoint->host, endpoint->port);
	return true;
}

static bool
look(void *data, const struct host *host, unsigned port, struct deadline deadline,
    struct lookup *lookup, struct failure *why)
{
	const struct dials *dials = data;

	(void)deadline;
	lookup->count = dials->address_count;
	if (dials->address_count == 0)
		return fail(why, EX_NOHOST, "the host '%s' does not exist", host->name);
	for (size_t i = 0; i < dials->address_count; i++) {
		struct sockaddr_in *address = (void *)&lookup->items[i].address;

		*address = (struct sockaddr_in){ .sin_family = AF_INET,
			.sin_port = htons((uint16_t)port),
			.sin_addr.s_addr = htonl(0xc0000201U + (uint32_t)i) };
		lookup->items[i].length = sizeof *address;
	}
	return true;
}

static bool
find(void *data, const char *domain, struct deadline deadline, struct service *service,
    struct failure *why)
{
	const struct dials *dials = data;

	(void)deadline;
	if (dials->service.count == 0)
		return fail(why, EX_NOHOST, "the domain '%s' names no submission server", domain);
	*service = dials->service;
	return true;
}

struct dialer
dials_dialer(struct dials *dials)
{
	return (struct dialer){ .open = dial, .find = find, .look = look, .data = dials };
}

void
dials_end(struct dials *dials)
{
	for (size_t i = 0; i < dials->dialled; i++) {
		if (dials->scripts[i] == NULL)
			continue;
		cr_expect_str_eq(script_problem(dials->scripts[i]), "", "connection %zu: %s", i,
		    script_problem(dials->scripts[i]));
		script_close(dials->scripts[i]);
	}
}
