/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/descriptor.h"

#define LARGE ((size_t)4 * 1024 * 1024)

static struct channel *
open_pair(int *other)
{
	int pair[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	*other = pair[1];
	return descriptor_open(pair[0], pair[0], "srv.test:587", false);
}

/* A TCP connection to loopback; `other` is the accepting end. */
static int
connect_loopback(int family, int *other)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001) };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr *address = family == AF_INET ? (struct sockaddr *)&ipv4
						     : (struct sockaddr *)&ipv6;
	socklen_t length = family == AF_INET ? sizeof ipv4 : sizeof ipv6;
	int listener = socket(family, SOCK_STREAM, 0);
	int fd = socket(family, SOCK_STREAM, 0);

	if (listener < 0 || fd < 0 || bind(listener, address, length) != 0)
		cr_skip_test("no loopback of this family");
	cr_assert_eq(listen(listener, 1), 0);
	cr_assert_eq(getsockname(listener, address, &length), 0);
	cr_assert_eq(connect(fd, address, length), 0);
	*other = accept(listener, NULL, NULL);
	cr_assert_geq(*other, 0);
	(void)close(listener);
	return fd;
}

Test(descriptor, reads_what_is_there)
{
	struct failure why;
	char bytes[16];
	size_t got;
	int other;
	struct channel *channel = open_pair(&other);

	cr_assert_eq(write(other, "220 hi", 6), 6);
	cr_assert(channel_read(channel, bytes, sizeof bytes, &got, deadline_after(5000), &why));
	cr_expect_eq(got, 6);
	cr_expect_arr_eq(bytes, "220 hi", 6);
	channel_close(channel);
	(void)close(other);
}

Test(descriptor, gives_zero_at_the_end_of_input)
{
	struct failure why;
	char bytes[4];
	size_t got = 9;
	int other;
	struct channel *channel = open_pair(&other);

	(void)close(other);
	cr_assert(channel_read(channel, bytes, sizeof bytes, &got, deadline_after(5000), &why));
	cr_expect_eq(got, 0);
	channel_close(channel);
}

/* F282 */
Test(descriptor, stops_reading_at_the_deadline)
{
	struct failure why;
	char bytes[4];
	size_t got;
	int other;
	struct channel *channel = open_pair(&other);

	cr_assert_not(channel_read(channel, bytes, sizeof bytes, &got, deadline_after(20), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect(why.temporary);
	cr_expect_str_eq(why.what, "no answer within the time limit");
	cr_expect_str_eq(why.where, "srv.test:587");
	channel_close(channel);
	(void)close(other);
}

Test(descriptor, reads_what_is_there_even_after_the_deadline)
{
	struct failure why;
	char bytes[4];
	size_t got;
	int other;
	struct channel *channel = open_pair(&other);

	cr_assert_eq(write(other, "x", 1), 1);
	cr_assert(channel_read(channel, bytes, sizeof bytes, &got, deadline_after(0), &why));
	cr_expect_eq(got, 1);
	channel_close(channel);
	(void)close(other);
}

/* F283 */
Test(descriptor, stops_writing_at_the_deadline)
{
	struct failure why;
	char *bytes = calloc(1, LARGE);
	int other;
	struct channel *channel = open_pair(&other);

	cr_assert_not(channel_write(channel, text_make(bytes, LARGE), deadline_after(20), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "no answer within the time limit");
	channel_close(channel);
	(void)close(other);
	free(bytes);
}

static void *
drain(void *data)
{
	const int *fd = data;
	size_t *total = calloc(1, sizeof *total);
	char bytes[4096];
	ssize_t got;

	while ((got = read(*fd, bytes, sizeof bytes)) > 0)
		*total += (size_t)got;
	return total;
}

Test(descriptor, writes_more_than_the_kernel_holds)
{
	struct failure why;
	char *bytes = calloc(1, LARGE);
	void *total;
	pthread_t thread;
	int other;
	struct channel *channel = open_pair(&other);

	cr_assert_eq(pthread_create(&thread, NULL, drain, &other), 0);
	cr_expect(channel_write(channel, text_make(bytes, LARGE), deadline_after(20000), &why));
	channel_close(channel);
	cr_assert_eq(pthread_join(thread, &total), 0);
	cr_expect_eq(*(size_t *)total, LARGE);
	(void)close(other);
	free(total);
	free(bytes);
}

/* F281 */
Test(descriptor, fails_without_a_signal_when_the_socket_is_gone)
{
	struct failure why;
	int other;
	struct channel *channel = open_pair(&other);

	(void)close(other);
	cr_assert_not(channel_write(channel, text_of("EHLO a\r\n"), deadline_after(5000), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "the connection broke while writing: Broken pipe");
	channel_close(channel);
}

Test(descriptor, fails_without_a_signal_when_the_pipe_is_gone)
{
	struct failure why;
	sigset_t waiting;
	int in[2];
	int out[2];
	struct channel *channel;

	cr_assert_eq(pipe(in), 0);
	cr_assert_eq(pipe(out), 0);
	channel = descriptor_open(in[0], out[1], "a pipe", false);
	(void)close(out[0]);
	cr_assert_not(channel_write(channel, text_of("x"), deadline_after(5000), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "the connection broke while writing: Broken pipe");
	cr_assert_eq(sigpending(&waiting), 0);
	cr_expect_eq(sigismember(&waiting, SIGPIPE), 0, "a signal is left over");
	channel_close(channel);
	(void)close(in[1]);
}

/* F118 */
Test(descriptor, tells_a_reset_from_an_end)
{
	const struct linger hard = { .l_onoff = 1, .l_linger = 0 };
	struct failure why;
	char bytes[4];
	size_t got;
	int other;
	int fd = connect_loopback(AF_INET, &other);
	struct channel *channel = descriptor_open(fd, fd, "", false);

	cr_assert_eq(setsockopt(other, SOL_SOCKET, SO_LINGER, &hard, sizeof hard), 0);
	(void)close(other);
	cr_assert_not(channel_read(channel, bytes, sizeof bytes, &got, deadline_after(5000), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "the connection broke while reading: Connection reset by peer");
	channel_close(channel);
}

Test(descriptor, knows_whether_something_is_pending)
{
	int other;
	struct channel *channel = open_pair(&other);

	cr_expect_not(channel_pending(channel));
	cr_assert_eq(write(other, "x", 1), 1);
	cr_expect(channel_pending(channel));
	channel_close(channel);
	(void)close(other);
}

Test(descriptor, counts_the_end_of_input_as_pending)
{
	int other;
	struct channel *channel = open_pair(&other);

	(void)close(other);
	cr_expect(channel_pending(channel));
	channel_close(channel);
}

Test(descriptor, is_local_over_a_unix_socket)
{
	int other;
	struct channel *channel = open_pair(&other);

	cr_expect_eq(channel->privacy, CHANNEL_LOCAL);
	channel_close(channel);
	(void)close(other);
}

static void
expect_loopback_is_local(int family)
{
	int other;
	int fd = connect_loopback(family, &other);
	struct channel *channel = descriptor_open(fd, fd, "srv.test:587", false);

	cr_expect_eq(channel->privacy, CHANNEL_LOCAL);
	channel_close(channel);
	(void)close(other);
}

Test(descriptor, is_local_over_ipv4_loopback)
{
	expect_loopback_is_local(AF_INET);
}

Test(descriptor, is_local_over_ipv6_loopback)
{
	expect_loopback_is_local(AF_INET6);
}

/* F280 */
Test(descriptor, is_local_over_ipv4_mapped_loopback)
{
	struct sockaddr_in listen_at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0x7f000001) };
	struct sockaddr_in6 mapped = { .sin6_family = AF_INET6 };
	socklen_t length = sizeof listen_at;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	struct channel *channel;

	if (fd < 0)
		cr_skip_test("no IPv6");
	cr_assert_eq(bind(listener, (struct sockaddr *)&listen_at, length), 0);
	cr_assert_eq(listen(listener, 1), 0);
	cr_assert_eq(getsockname(listener, (struct sockaddr *)&listen_at, &length), 0);
	cr_assert_eq(inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr), 1);
	mapped.sin6_port = listen_at.sin_port;
	cr_assert_eq(connect(fd, (struct sockaddr *)&mapped, sizeof mapped), 0);
	channel = descriptor_open(fd, fd, "", false);
	cr_expect_eq(channel->privacy, CHANNEL_LOCAL);
	channel_close(channel);
	(void)close(listener);
}

Test(descriptor, is_open_over_a_proxy_even_on_loopback)
{
	int other;
	int fd = connect_loopback(AF_INET, &other);
	struct channel *channel = descriptor_open(fd, fd, "srv.test:587", true);

	cr_expect_eq(channel->privacy, CHANNEL_OPEN);
	channel_close(channel);
	(void)close(other);
}

Test(descriptor, is_open_over_pipes)
{
	int ends[2];
	struct channel *channel;

	cr_assert_eq(pipe(ends), 0);
	channel = descriptor_open(ends[0], ends[1], "", false);
	cr_expect_eq(channel->privacy, CHANNEL_OPEN);
	channel_close(channel);
}

Test(descriptor, is_open_when_one_direction_is)
{
	int pair[2];
	int ends[2];
	struct channel *channel;

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	cr_assert_eq(pipe(ends), 0);
	channel = descriptor_open(pair[0], ends[1], "", false);
	cr_expect_eq(channel->privacy, CHANNEL_OPEN);
	channel_close(channel);
	(void)close(pair[1]);
	(void)close(ends[0]);
}

Test(descriptor, takes_the_delay_off_and_does_not_block)
{
	socklen_t length = sizeof(int);
	int on = 0;
	int other;
	int fd = connect_loopback(AF_INET, &other);
	struct channel *channel = descriptor_open(fd, fd, "", false);

	cr_assert_eq(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &length), 0);
	cr_expect_neq(on, 0);
	cr_expect_neq(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	channel_close(channel);
	(void)close(other);
}

Test(descriptor, cuts_the_name_of_its_peer)
{
	char peer[1000];
	int other;
	int fd = connect_loopback(AF_INET, &other);
	struct channel *channel;

	memset(peer, 'a', sizeof peer - 1);
	peer[sizeof peer - 1] = '\0';
	channel = descriptor_open(fd, fd, peer, false);
	cr_expect_eq(strlen(channel->peer), sizeof channel->peer - 1);
	channel_close(channel);
	(void)close(other);
}

Test(descriptor, tells_its_own_descriptor_and_no_other)
{
	static const struct channel_operations operations = { 0 };
	const struct channel stranger = { .operations = &operations };
	int other;
	struct channel *channel = open_pair(&other);

	cr_expect_geq(descriptor_of(channel), 0);
	cr_expect_eq(descriptor_of(&stranger), -1);
	channel_close(channel);
	(void)close(other);
}

Test(descriptor, closes_both_ends)
{
	int in[2];
	int out[2];

	cr_assert_eq(pipe(in), 0);
	cr_assert_eq(pipe(out), 0);
	channel_close(descriptor_open(in[0], out[1], "", false));
	cr_expect_lt(fcntl(in[0], F_GETFD), 0);
	cr_expect_lt(fcntl(out[1], F_GETFD), 0);
}
