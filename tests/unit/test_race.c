/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/race.h"

#define FULL_MAX 8

/* A loopback address of its own port in three states. */
struct place {
	int fd;
	int fillers[FULL_MAX];
	size_t filler_count;
	struct sockaddr_in address;
};

static struct place
reserve(void)
{
	struct place place = {
		.fd = socket(AF_INET, SOCK_STREAM, 0),
		.address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
	};
	socklen_t length = sizeof place.address;

	cr_assert_eq(bind(place.fd, (struct sockaddr *)&place.address, length), 0);
	cr_assert_eq(getsockname(place.fd, (struct sockaddr *)&place.address, &length), 0);
	return place;
}

static struct place
listening(void)
{
	struct place place = reserve();

	cr_assert_eq(listen(place.fd, 4), 0);
	return place;
}

/* A black hole: its queue is full, so that the kernel drops further SYNs. */
static struct place
swallowing(void)
{
	struct place place = reserve();

	cr_assert_eq(listen(place.fd, 0), 0);
	while (place.filler_count < FULL_MAX) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

		(void)connect(fd, (struct sockaddr *)&place.address, sizeof place.address);
		place.fillers[place.filler_count++] = fd;
	}
	return place;
}

static void
leave(struct place *place)
{
	for (size_t i = 0; i < place->filler_count; i++)
		(void)close(place->fillers[i]);
	(void)close(place->fd);
}

static void
add(struct lookup *lookup, const struct place *place)
{
	struct lookup_address *item = &lookup->items[lookup->count++];

	memset(item, 0, sizeof *item);
	memcpy(&item->address, &place->address, sizeof place->address);
	item->length = sizeof place->address;
}

static unsigned
port_of(const struct place *place)
{
	return ntohs(place->address.sin_port);
}

static unsigned
peer_port(int fd)
{
	struct sockaddr_in address = { 0 };
	socklen_t length = sizeof address;

	cr_assert_eq(getpeername(fd, (struct sockaddr *)&address, &length), 0);
	return ntohs(address.sin_port);
}

static struct lookup_address
source(const char *literal)
{
	struct lookup_address made = { .length = sizeof(struct sockaddr_in) };
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, literal, &ipv4.sin_addr) == 1) {
		memcpy(&made.address, &ipv4, sizeof ipv4);
		return made;
	}
	cr_assert_eq(inet_pton(AF_INET6, literal, &ipv6.sin6_addr), 1);
	memcpy(&made.address, &ipv6, sizeof ipv6);
	made.length = sizeof ipv6;
	return made;
}

Test(race, connects_to_the_only_address)
{
	struct place good = listening();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int fd;

	add(&lookup, &good);
	cr_assert(race_run(&lookup, NULL, deadline_after(5000), &fd, &why), "%s", why.what);
	cr_expect_eq(peer_port(fd), port_of(&good));
	(void)close(fd);
	leave(&good);
}

/* F281 */
Test(race, goes_on_at_once_after_a_refusal)
{
	struct place closed = reserve();
	struct place good = listening();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int fd;

	/* Waiting for each in turn would pass the deadline. */
	for (size_t i = 0; i < 10; i++)
		add(&lookup, &closed);
	add(&lookup, &good);
	cr_assert(race_run(&lookup, NULL, deadline_after(8 * RACE_STAGGER_MS), &fd, &why), "%s",
	    why.what);
	cr_expect_eq(peer_port(fd), port_of(&good));
	(void)close(fd);
	leave(&closed);
	leave(&good);
}

/* F278 */
Test(race, starts_the_next_beside_one_that_does_not_answer)
{
	struct place hole = swallowing();
	struct place good = listening();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int64_t before = deadline_now_ms();
	int fd;

	add(&lookup, &hole);
	add(&lookup, &good);
	cr_assert(race_run(&lookup, NULL, deadline_after(10000), &fd, &why), "%s", why.what);
	cr_expect_eq(peer_port(fd), port_of(&good));
	cr_expect_geq(deadline_now_ms() - before, RACE_STAGGER_MS - 1, "there was no black hole");
	(void)close(fd);
	leave(&hole);
	leave(&good);
}

/* F279 */
Test(race, has_one_deadline_for_all_addresses)
{
	struct place hole = swallowing();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int64_t before = deadline_now_ms();
	int fd;

	for (size_t i = 0; i < LOOKUP_MAX; i++)
		add(&lookup, &hole);
	cr_assert_not(race_run(&lookup, NULL, deadline_after(300), &fd, &why));
	cr_expect_lt(deadline_now_ms() - before, 1300);
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect(strstr(why.what, "127.0.0.1: no answer") != NULL, "%s", why.what);
	cr_expect(strstr(why.hint, "firewall") != NULL, "%s", why.hint);
	leave(&hole);
}

Test(race, says_who_refused)
{
	struct place closed = reserve();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int fd;

	add(&lookup, &closed);
	cr_assert_not(race_run(&lookup, NULL, deadline_after(5000), &fd, &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect(why.temporary);
	cr_expect_str_eq(why.what, "cannot connect to 127.0.0.1: Connection refused");
	cr_expect(strstr(why.hint, "nothing listens there") != NULL, "%s", why.hint);
	leave(&closed);
}

Test(race, counts_the_addresses_that_refused)
{
	struct place closed = reserve();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int fd;

	for (size_t i = 0; i < 3; i++)
		add(&lookup, &closed);
	cr_assert_not(race_run(&lookup, NULL, deadline_after(5000), &fd, &why));
	cr_expect_str_eq(
	    why.what, "cannot connect to any of 3 addresses, last 127.0.0.1: Connection refused");
	leave(&closed);
}

Test(race, binds_to_the_source)
{
	const struct lookup_address from = source("127.0.0.2");
	struct sockaddr_in own = { 0 };
	socklen_t length = sizeof own;
	struct place good = listening();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int fd;

	add(&lookup, &good);
	cr_assert(race_run(&lookup, &from, deadline_after(5000), &fd, &why), "%s", why.what);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&own, &length), 0);
	cr_expect_eq(ntohl(own.sin_addr.s_addr), 0x7f000002);
	(void)close(fd);
	leave(&good);
}

/* F287 */
Test(race, refuses_a_source_this_machine_has_not)
{
	const struct lookup_address from = source("192.0.2.1");
	struct place good = listening();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int fd;

	add(&lookup, &good);
	cr_assert_not(race_run(&lookup, &from, deadline_after(5000), &fd, &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "cannot use source_ip: Cannot assign requested address");
	cr_expect_str_eq(why.hint, "source_ip must be an address of this machine");
	leave(&good);
}

Test(race, refuses_a_source_of_the_other_family)
{
	const struct lookup_address from = source("::1");
	struct place good = listening();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int fd;

	add(&lookup, &good);
	cr_assert_not(race_run(&lookup, &from, deadline_after(5000), &fd, &why));
	cr_expect_eq(why.code, EX_CONFIG);
	cr_expect_str_eq(why.what, "the host has no address of the family of source_ip");
	leave(&good);
}

/* F292 */
Test(race, is_temporary_without_descriptors)
{
	struct place good = listening();
	const struct rlimit none = { (rlim_t)good.fd + 1, (rlim_t)good.fd + 1 };
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int fd;

	add(&lookup, &good);
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	cr_assert_not(race_run(&lookup, NULL, deadline_after(5000), &fd, &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "cannot connect to 127.0.0.1: Too many open files");
	leave(&good);
}

Test(race, leaves_no_descriptor_behind)
{
	struct place hole = swallowing();
	struct place good = listening();
	struct lookup lookup = { .count = 0 };
	struct failure why = { 0 };
	int before = dup(0);
	int after;
	int fd;

	add(&lookup, &hole);
	add(&lookup, &good);
	cr_assert(race_run(&lookup, NULL, deadline_after(10000), &fd, &why));
	(void)close(fd);
	after = dup(0);
	cr_expect_eq(after, before + 1);
	(void)close(after);
	(void)close(before);
	leave(&hole);
	leave(&good);
}
