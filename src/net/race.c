/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/race.h"

#include "base/interrupt.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define ADDRESS_SIZE 96

struct race {
	const struct lookup *lookup;
	const struct lookup_address *source;
	struct deadline deadline;
	struct deadline next; /* when the next address starts */
	size_t started;       /* addresses of the lookup looked at */
	size_t tried;
	struct pollfd waiting[LOOKUP_MAX];
	size_t items[LOOKUP_MAX]; /* whose each waiting one is */
	size_t waiting_count;
	size_t last;      /* the item that failed last */
	int reason;       /* its errno */
	bool bind_failed; /* it was bind() that failed */
};

static void
note(struct race *race, size_t item, int reason, bool bind_failed)
{
	race->last = item;
	race->reason = reason;
	race->bind_failed = bind_failed;
}

static bool
bound(struct race *race, size_t item, int fd)
{
	if (race->source == NULL)
		return true;
	if (bind(fd, (const struct sockaddr *)&race->source->address, race->source->length) == 0)
		return true;
	note(race, item, errno, true);
	return false;
}

static bool
under_way(int number)
{
	return number == EINPROGRESS || number == EINTR;
}

/* Begins a connect; false when it failed at once.  One that succeeded at once waits like any
 * other, for poll() to say so. */
static bool
begin(struct race *race, size_t item)
{
	const struct lookup_address *to = &race->lookup->items[item];
	int fd = socket(to->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	race->tried++;
	if (fd < 0) {
		note(race, item, errno, false);
		return false;
	}
	if (!bound(race, item, fd)) {
		(void)close(fd);
		return false;
	}
	if (connect(fd, (const struct sockaddr *)&to->address, to->length) != 0
	    && !under_way(errno)) {
		note(race, item, errno, false);
		(void)close(fd);
		return false;
	}
	race->items[race->waiting_count] = item;
	race->waiting[race->waiting_count++] = (struct pollfd){ .fd = fd, .events = POLLOUT };
	return true;
}

static bool
usable(const struct race *race, size_t item)
{
	return race->source == NULL
	    || race->source->address.ss_family == race->lookup->items[item].address.ss_family;
}

/* Starts the next address that can be started, if there is one left. */
static void
start_next(struct race *race)
{
	while (race->started < race->lookup->count) {
		size_t item = race->started++;

		if (usable(race, item) && begin(race, item)) {
			race->next = deadline_after(RACE_STAGGER_MS);
			return;
		}
	}
}

static void
drop(struct race *race, size_t at)
{
	(void)close(race->waiting[at].fd);
	race->waiting_count--;
	race->waiting[at] = race->waiting[race->waiting_count];
	race->items[at] = race->items[race->waiting_count];
}

/* The outcome of a connect that poll() called finished; 0 is success. */
static int
outcome(int fd)
{
	int number = 0;
	socklen_t size = sizeof number;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &size) != 0)
		return errno;
	return number;
}

/* Looks at every connect that finished: the winner's descriptor, or -1; the failed are dropped. */
static int
harvest(struct race *race, bool *dropped)
{
	for (size_t i = race->waiting_count; i-- > 0;) {
		int number;
		int winner;

		if (race->waiting[i].revents == 0)
			continue;
		number = outcome(race->waiting[i].fd);
		if (number != 0) {
			note(race, race->items[i], number, false);
			drop(race, i);
			*dropped = true;
			continue;
		}
		winner = race->waiting[i].fd;
		race->waiting[i].fd = -1;
		return winner;
	}
	return -1;
}

static void
close_rest(struct race *race)
{
	for (size_t i = 0; i < race->waiting_count; i++)
		if (race->waiting[i].fd >= 0)
			(void)close(race->waiting[i].fd);
	race->waiting_count = 0;
}

static int
wait_ms(const struct race *race)
{
	if (race->started == race->lookup->count)
		return deadline_left_ms(race->deadline);
	return deadline_left_ms(deadline_earlier(race->deadline, race->next));
}

/* Runs until one is connected (its descriptor) or none is left or the time is up (-1). */
static int
run(struct race *race)
{
	start_next(race);
	while (race->waiting_count > 0) {
		bool dropped = false;
		int winner = -1;
		struct failure ignored;
		int ready;

		if (!interrupt_check(&race->deadline, &ignored)) {
			note(race, race->items[race->waiting_count - 1], EINTR, false);
			return -1;
		}
		ready = poll(race->waiting, race->waiting_count, wait_ms(race));
		if (ready > 0)
			winner = harvest(race, &dropped);
		if (winner >= 0)
			return winner;
		if (deadline_passed(race->deadline)) {
			if (race->waiting_count > 0)
				note(race, race->items[race->waiting_count - 1], ETIMEDOUT, false);
			return -1;
		}
		if (dropped || deadline_passed(race->next))
			start_next(race);
	}
	return -1;
}

static bool
advise(const struct race *race, struct failure *why)
{
	if (race->bind_failed)
		return failure_hint(why, "source_ip must be an address of this machine");
	if (race->reason == ECONNREFUSED)
		return failure_hint(why,
		    "nothing listens there: is the port right (587 for submission, "
		    "465 for implicit TLS), and does the server run?");
	if (race->reason == ENETUNREACH || race->reason == EHOSTUNREACH)
		return failure_hint(why,
		    "this machine has no way to that network: look at its "
		    "connection and routes");
	if (race->reason == EACCES || race->reason == EPERM)
		return failure_hint(
		    why, "a firewall or security module of this machine forbids it");
	if (race->reason == ETIMEDOUT)
		return failure_hint(why,
		    "a firewall often swallows connections like this; many networks "
		    "block port 25 but not 587 or 465");
	return false;
}

static const char *
words(int number)
{
	const char *text = number == ETIMEDOUT ? "no answer" : strerrordesc_np(number);

	return text == NULL ? "unknown error" : text;
}

static bool
lost(const struct race *race, struct failure *why)
{
	char address[ADDRESS_SIZE];

	if (race->tried == 0) {
		fail(why, EX_CONFIG, "the host has no address of the family of source_ip");
		return failure_hint(
		    why, "set source_ip to an address of the other family, or leave it out");
	}
	lookup_format(&race->lookup->items[race->last], address, sizeof address);
	if (race->bind_failed)
		fail(why, EX_TEMPFAIL, "cannot use source_ip: %s", words(race->reason));
	else if (race->tried == 1)
		fail(why, EX_TEMPFAIL, "cannot connect to %s: %s", address, words(race->reason));
	else
		fail(why, EX_TEMPFAIL, "cannot connect to any of %zu addresses, last %s: %s",
		    race->tried, address, words(race->reason));
	return advise(race, why);
}

bool
race_run(const struct lookup *lookup, const struct lookup_address *source, struct deadline deadline,
    int *fd, struct failure *why)
{
	struct race race = { .lookup = lookup, .source = source, .deadline = deadline };
	int winner = run(&race);

	close_rest(&race);
	if (winner < 0)
		return lost(&race, why);
	*fd = winner;
	return true;
}
