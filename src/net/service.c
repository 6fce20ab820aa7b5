/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/service.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define ANSWER_MAX 16384
#define HEADER_SIZE 12
#define ROW_SIZE 10 /* type, class, time to live, length */
#define SRV_SIZE 6  /* priority, weight, port */
#define TRIES 2

static const struct kind {
	const char *prefix;
	bool implicit_tls;
} kinds[] = {
	{ "_submissions._tcp.", true },
	{ "_submission._tcp.", false },
};

/* A place in an answer, and its end. */
struct cursor {
	const unsigned char *begin;
	const unsigned char *at;
	const unsigned char *end;
};

static unsigned
number_at(const unsigned char *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

static bool
skip(struct cursor *cursor, size_t count)
{
	if ((size_t)(cursor->end - cursor->at) < count)
		return false;
	cursor->at += count;
	return true;
}

static bool
skip_name(struct cursor *cursor)
{
	int length = dn_skipname(cursor->at, cursor->end);

	return length > 0 && skip(cursor, (size_t)length);
}

/* What may be connected to and shown; the resolver's names can hold any byte. */
static bool
is_host(const char *name)
{
	/* An empty label is no name, and a hyphen in front might be taken for an option. */
	return name[0] != '.' && name[0] != '-' && strstr(name, "..") == NULL
	    && strstr(name, ".-") == NULL && strlen(name) <= HOST_LENGTH_MAX
	    && name[strspn(
		   name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")]
	    == '\0';
}

static void
add(struct service *service, const unsigned char *data, const char *name, bool implicit_tls)
{
	struct service_target *target = &service->items[service->count];

	if (name[0] == '\0' || strcmp(name, ".") == 0) {
		service->refused = true;
		return;
	}
	if (service->count == SERVICE_MAX || number_at(data + 4) == 0 || !is_host(name))
		return;
	*target = (struct service_target){ .priority = number_at(data),
		.weight = number_at(data + 2),
		.port = number_at(data + 4),
		.implicit_tls = implicit_tls };
	memcpy(target->host, name, strlen(name) + 1);
	service->count++;
}

/* One row of the answer; false at its end or when it is cut off. */
static bool
read_row(struct cursor *cursor, bool implicit_tls, struct service *service)
{
	const unsigned char *row;
	const unsigned char *data;
	char name[NS_MAXDNAME];
	size_t length;

	if (!skip_name(cursor))
		return false;
	row = cursor->at;
	if (!skip(cursor, ROW_SIZE))
		return false;
	length = number_at(row + 8);
	data = cursor->at;
	if (!skip(cursor, length))
		return false;
	if (number_at(row) == ns_t_srv && number_at(row + 2) == ns_c_in && length > SRV_SIZE
	    && dn_expand(cursor->begin, data + length, data + SRV_SIZE, name, (int)sizeof name) > 0)
		add(service, data, name, implicit_tls);
	return true;
}

bool
service_read(const unsigned char *answer, size_t length, bool implicit_tls, struct service *service)
{
	struct cursor cursor = { answer, answer, answer + length };
	unsigned questions;
	unsigned rows;

	if (!skip(&cursor, HEADER_SIZE))
		return false;
	questions = number_at(answer + 4);
	rows = number_at(answer + 6);
	for (; questions > 0; questions--)
		if (!skip_name(&cursor) || !skip(&cursor, 4))
			return false;
	while (rows > 0 && read_row(&cursor, implicit_tls, service))
		rows--;
	return true;
}

static uint64_t
next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return *state >> 33;
}

static void
swap(struct service *service, size_t a, size_t b)
{
	struct service_target kept = service->items[a];

	service->items[a] = service->items[b];
	service->items[b] = kept;
}

/* Of the lowest priority from `first` on, one at random by weight. */
static size_t
choose(const struct service *service, size_t first, uint64_t *random)
{
	unsigned lowest = service->items[first].priority;
	uint64_t sum = 0;
	uint64_t at;
	size_t last = first;

	for (size_t i = first; i < service->count; i++)
		if (service->items[i].priority < lowest)
			lowest = service->items[i].priority;
	/* A weight of 0 is a small chance, not none. */
	for (size_t i = first; i < service->count; i++)
		if (service->items[i].priority == lowest)
			sum += service->items[i].weight + 1;
	at = next_random(random) % sum;
	for (size_t i = first; i < service->count; i++) {
		if (service->items[i].priority != lowest)
			continue;
		last = i;
		if (at <= service->items[i].weight)
			break;
		at -= service->items[i].weight + 1;
	}
	return last;
}

void
service_order(struct service *service, size_t first, uint64_t seed)
{
	for (; first + 1 < service->count; first++)
		swap(service, first, choose(service, first, &seed));
}

/* The resolver asks each server TRIES times for this many seconds: the whole must not pass the
 * deadline by much. */
static void
limit_time(struct __res_state *state, struct deadline deadline)
{
	int64_t left_ms = deadline.at_ms == 0 ? 20000 : deadline.at_ms - deadline_now_ms();
	int64_t share = left_ms / (1000 * TRIES * 2 * (state->nscount < 1 ? 1 : state->nscount));

	state->retry = TRIES;
	state->retrans = share < 1 ? 1 : share > 5 ? 5 : (int)share;
}

static bool
no_answer(int reason, const char *domain, struct failure *why)
{
	(void)fail(
	    why, EX_TEMPFAIL, "cannot look up the servers of '%s': %s", domain, hstrerror(reason));
	return failure_hint(why, "look at /etc/resolv.conf and at the network");
}

/* One kind of record.  That there is none is no failure. */
static bool
ask(struct __res_state *state, const struct kind *kind, const char *domain, struct service *service,
    struct failure *why)
{
	unsigned char answer[ANSWER_MAX];
	char name[sizeof "_submissions._tcp." + HOST_LENGTH_MAX];
	size_t first = service->count;
	int length;

	(void)snprintf(name, sizeof name, "%s%s", kind->prefix, domain);
	length = res_nquery(state, name, ns_c_in, ns_t_srv, answer, (int)sizeof answer);
	if (length < 0 && (state->res_h_errno == HOST_NOT_FOUND || state->res_h_errno == NO_DATA))
		return true;
	if (length < 0)
		return no_answer(state->res_h_errno, domain, why);
	if ((size_t)length > sizeof answer)
		length = (int)sizeof answer;
	if (!service_read(answer, (size_t)length, kind->implicit_tls, service))
		return no_answer(NO_RECOVERY, domain, why);
	service_order(service, first, text_hash_seed());
	return true;
}

static bool
nothing(const char *domain, const struct service *service, struct failure *why)
{
	if (service->refused)
		return fail(why, EX_NOHOST,
		    "the domain '%s' says that it takes no mail for submission", domain);
	(void)fail(why, EX_NOHOST, "the domain '%s' names no submission server", domain);
	return failure_hint(why,
	    "it has no SRV record _submissions._tcp or _submission._tcp: ask your provider for "
	    "the server's name and write 'host NAME'");
}

static bool
find(const char *domain, struct deadline deadline, struct service *service, struct failure *why)
{
	struct __res_state state = { 0 };
	bool asked = true;

	if (res_ninit(&state) != 0)
		return no_answer(NO_RECOVERY, domain, why);
	limit_time(&state, deadline);
	for (size_t i = 0; asked && i < sizeof kinds / sizeof kinds[0]; i++)
		asked = ask(&state, &kinds[i], domain, service, why);
	res_nclose(&state);
	/* What one name server knew is enough to go on. */
	if (service->count > 0)
		return true;
	return asked ? nothing(domain, service, why) : false;
}

bool
service_find(
    const char *domain, struct deadline deadline, struct service *service, struct failure *why)
{
	struct host host;
	bool found;

	*service = (struct service){ .count = 0 };
	found = host_read(domain, &host, why);
	if (found && host.family != AF_UNSPEC)
		found = fail(why, EX_CONFIG, "'%s' is no domain", domain);
	found = found && find(host.name, deadline, service, why);
	if (found)
		return true;
	(void)failure_at(why, "%s", domain);
	return failure_in(why, FAILURE_CONNECT);
}
