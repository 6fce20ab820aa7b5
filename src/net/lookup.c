/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/lookup.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/patience.h"

struct question {
	int answer;
	int number; /* errno of EAI_SYSTEM */
	struct addrinfo *found;
	struct addrinfo hints;
	char name[HOST_LENGTH_MAX + 1];
	char port[8];
};

static struct question *
question_open(const struct host *host, unsigned port)
{
	struct question *question = calloc(1, sizeof *question);

	if (question == NULL)
		arena_exhausted();
	question->hints.ai_socktype = SOCK_STREAM;
	/* AI_ADDRCONFIG would drop a literal of a family that only loopback has. */
	question->hints.ai_flags = AI_NUMERICSERV
	    | (host->family == AF_UNSPEC ? AI_ADDRCONFIG : AI_NUMERICHOST);
	memcpy(question->name, host->name, sizeof question->name);
	(void)snprintf(question->port, sizeof question->port, "%u", port & 0xffffU);
	return question;
}

static void
question_close(void *data)
{
	struct question *question = data;

	if (question->found != NULL)
		freeaddrinfo(question->found);
	free(question);
}

static void
ask(void *data)
{
	struct question *question = data;

	question->answer = getaddrinfo(
	    question->name, question->port, &question->hints, &question->found);
	question->number = errno;
}

static bool
ask_in_time(struct question *question, struct deadline deadline, struct failure *why)
{
	if (patience_run(ask, question_close, question, deadline))
		return true;
	fail(why, EX_TEMPFAIL, "no answer from the name servers within the time limit");
	return failure_hint(why, "look at /etc/resolv.conf and at the network");
}

bool
lookup_failure(int answer, const char *name, struct failure *why)
{
	if (answer == EAI_NONAME || answer == EAI_NODATA || answer == EAI_ADDRFAMILY) {
		fail(why, EX_NOHOST, "the host '%s' does not exist or has no address", name);
		return failure_hint(why,
		    "look at the spelling of 'host', or of the transport table's "
		    "next hop");
	}
	if (answer == EAI_MEMORY)
		arena_exhausted();
	fail(why, EX_TEMPFAIL, "cannot look up the host '%s': %s", name, gai_strerror(answer));
	return failure_hint(why, "look at /etc/resolv.conf and at the network");
}

void
lookup_interleave(struct lookup *lookup)
{
	const struct lookup found = *lookup;
	size_t next[2] = { 0, 0 };
	size_t turn = 0;

	for (size_t placed = 0; placed < found.count; turn = 1 - turn) {
		bool ipv6 = turn == 0;
		size_t at = next[turn];

		while (at < found.count && (found.items[at].address.ss_family == AF_INET6) != ipv6)
			at++;
		next[turn] = at + 1;
		if (at < found.count)
			lookup->items[placed++] = found.items[at];
	}
}

static void
collect(const struct addrinfo *found, struct lookup *lookup)
{
	lookup->count = 0;
	for (; found != NULL && lookup->count < LOOKUP_MAX; found = found->ai_next) {
		struct lookup_address *item = &lookup->items[lookup->count];

		if (found->ai_addrlen > sizeof item->address
		    || (found->ai_family != AF_INET && found->ai_family != AF_INET6))
			continue;
		memset(item, 0, sizeof *item);
		memcpy(&item->address, found->ai_addr, found->ai_addrlen);
		item->length = found->ai_addrlen;
		lookup->count++;
	}
}

static bool
understand(const struct question *question, struct lookup *lookup, struct failure *why)
{
	if (question->answer == EAI_SYSTEM)
		return failure_errno(why, EX_TEMPFAIL, question->number,
		    "cannot look up the host '%s'", question->name);
	if (question->answer != 0)
		return lookup_failure(question->answer, question->name, why);
	collect(question->found, lookup);
	if (lookup->count == 0)
		return lookup_failure(EAI_NODATA, question->name, why);
	lookup_interleave(lookup);
	return true;
}

bool
lookup_find(const struct host *host, unsigned port, struct deadline deadline, struct lookup *lookup,
    struct failure *why)
{
	struct question *question = question_open(host, port);
	bool understood;

	if (host->family != AF_UNSPEC)
		ask(question);
	else if (!ask_in_time(question, deadline, why))
		return false;
	understood = understand(question, lookup, why);
	question_close(question);
	return understood;
}

void
lookup_format(const struct lookup_address *address, char *text, size_t size)
{
	if (getnameinfo((const struct sockaddr *)&address->address, address->length, text,
		(socklen_t)size, NULL, 0, NI_NUMERICHOST)
	    != 0)
		(void)snprintf(text, size, "?");
}
