/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/connect.h"

/* A bound loopback port; it refuses until somebody listens. */
static int
reserve(unsigned *port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	cr_assert_eq(bind(fd, (struct sockaddr *)&address, length), 0);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

static void
expect_talk(struct channel *channel, int accepted)
{
	struct failure why = { 0 };
	char bytes[8];
	size_t got;

	cr_assert_eq(write(accepted, "220", 3), 3);
	cr_assert(channel_read(channel, bytes, sizeof bytes, &got, deadline_after(5000), &why),
	    "%s", why.what);
	cr_expect_eq(got, 3);
}

Test(connect, opens_a_channel_to_a_port)
{
	struct endpoint endpoint = { .host = "127.0.0.1" };
	struct failure why = { 0 };
	struct channel *channel = NULL;
	char peer[64];
	int accepted;
	int fd = reserve(&endpoint.port);

	cr_assert_eq(listen(fd, 1), 0);
	cr_assert(connect_open(&endpoint, deadline_after(5000), &channel, &why), "%s", why.what);
	(void)snprintf(peer, sizeof peer, "127.0.0.1:%u", endpoint.port);
	cr_expect_str_eq(channel->peer, peer);
	cr_expect_eq(channel->privacy, CHANNEL_LOCAL);
	accepted = accept(fd, NULL, NULL);
	expect_talk(channel, accepted);
	channel_close(channel);
	(void)close(accepted);
	(void)close(fd);
}

/* F291: what a name resolves to decides the privacy, not the name. */
Test(connect, opens_a_channel_to_a_name)
{
	struct endpoint endpoint = { .host = "localhost" };
	struct dialer dialer = connect_dialer();
	struct failure why = { 0 };
	struct channel *channel = NULL;
	int fd = reserve(&endpoint.port);

	cr_assert_eq(listen(fd, 1), 0);
	cr_assert(dialer.open(dialer.data, &endpoint, deadline_after(10000), &channel, &why), "%s",
	    why.what);
	cr_expect_eq(channel->privacy, CHANNEL_LOCAL);
	channel_close(channel);
	(void)close(fd);
}

Test(connect, says_where_it_was_refused)
{
	struct endpoint endpoint = { .host = "127.0.0.1" };
	struct failure why = { 0 };
	struct channel *channel = NULL;
	char peer[64];
	int fd = reserve(&endpoint.port);

	cr_assert_not(connect_open(&endpoint, deadline_after(5000), &channel, &why));
	(void)snprintf(peer, sizeof peer, "127.0.0.1:%u", endpoint.port);
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_eq(why.stage, FAILURE_CONNECT);
	cr_expect_str_eq(why.where, peer);
	cr_expect_str_eq(why.what, "cannot connect to 127.0.0.1: Connection refused");
	cr_expect_null(channel);
	(void)close(fd);
}

Test(connect, puts_brackets_around_an_ipv6_literal)
{
	const struct endpoint endpoint = { .host = "::1", .port = 0 };
	struct failure why = { 0 };
	struct channel *channel = NULL;

	cr_assert_not(connect_open(&endpoint, deadline_after(5000), &channel, &why));
	cr_expect_str_eq(why.where, "[::1]:0");
}

Test(connect, refuses_what_is_configured_wrong)
{
	static const struct {
		const char *label;
		struct endpoint endpoint;
		const char *what;
	} rows[] = {
		{ "no port", { .host = "127.0.0.1" }, "0 is no port" },
		{ "large port", { .host = "127.0.0.1", .port = 65536 }, "65536 is no port" },
		{ "no host", { .host = "", .port = 587 }, "the host name is empty" },
		{ "null host", { .port = 587 }, "the host name is empty" },
		{ "IDN", { .host = "\xff.test", .port = 587 }, /* F44 */
		    "'?.test' is no internationalized host name: string encoding error" },
		{ "source is a name",
		    { .host = "127.0.0.1", .port = 587, .source_ip = "localhost" },
		    "source_ip 'localhost' is no address" },
		{ "empty socket", { .socket = "" },
		    "the path of the socket must have 1 to 107 bytes" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct failure why = { 0 };
		struct channel *channel = NULL;

		cr_assert_not(connect_open(&rows[i].endpoint, deadline_after(5000), &channel, &why),
		    "%s", rows[i].label);
		cr_expect_eq(why.code, EX_CONFIG, "%s", rows[i].label);
		cr_expect_str_eq(why.what, rows[i].what, "%s: %s", rows[i].label, why.what);
	}
}

static void
make_directory(char directory[64])
{
	(void)snprintf(directory, 64, "/tmp/relay-connect.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
}

Test(connect, opens_a_unix_socket)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct endpoint endpoint = { .socket = address.sun_path };
	struct failure why = { 0 };
	struct channel *channel = NULL;
	char directory[64];
	int accepted;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	make_directory(directory);
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s/submit", directory);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	cr_assert_eq(listen(fd, 1), 0);
	cr_assert(connect_open(&endpoint, deadline_after(5000), &channel, &why), "%s", why.what);
	cr_expect_eq(channel->privacy, CHANNEL_LOCAL);
	cr_expect_str_eq(channel->peer, address.sun_path);
	accepted = accept(fd, NULL, NULL);
	expect_talk(channel, accepted);
	channel_close(channel);
	(void)close(accepted);
	(void)close(fd);
	(void)unlink(address.sun_path);
	(void)rmdir(directory);
}

Test(connect, asks_for_the_service_when_the_socket_is_missing)
{
	struct endpoint endpoint = { 0 };
	struct failure why = { 0 };
	struct channel *channel = NULL;
	char directory[64];
	char path[100];

	make_directory(directory);
	(void)snprintf(path, sizeof path, "%s/submit", directory);
	endpoint.socket = path;
	cr_assert_not(connect_open(&endpoint, deadline_after(5000), &channel, &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.where, path);
	cr_expect_str_eq(why.what, "cannot connect to the socket: No such file or directory");
	cr_expect_str_eq(why.hint, "is the service running that listens there?");
	(void)rmdir(directory);
}
