/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/descriptor.h"
#include "net/socks.h"

#define BYTES(literal) \
	{ \
		literal, sizeof literal - 1 \
	}

/* A proxy that has said everything before it is asked; what it was asked is read afterwards. */
struct proxy {
	struct channel *channel;
	int fd;
};

static struct proxy
proxy_open(struct text answers)
{
	struct proxy proxy;
	int pair[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	cr_assert_eq(write(pair[1], answers.bytes, answers.length), (ssize_t)answers.length);
	proxy.channel = descriptor_open(pair[0], pair[0], "mail.example:587", true);
	proxy.fd = pair[1];
	return proxy;
}

static void
proxy_close(struct proxy *proxy)
{
	channel_close(proxy->channel);
	(void)close(proxy->fd);
}

static bool
ask(struct proxy *proxy, const char *name, struct failure *why)
{
	struct host host;

	*why = (struct failure){ 0 };
	cr_assert(host_read(name, &host, why), "%s", why->what);
	return socks_connect(proxy->channel, &host, 587, deadline_after(5000), why);
}

static void
expect_request(struct proxy *proxy, struct text wanted, const char *label)
{
	char asked[512];
	ssize_t got = read(proxy->fd, asked, sizeof asked);

	cr_expect_eq(got, (ssize_t)wanted.length, "%s: %zd bytes", label, got);
	cr_expect(memcmp(asked, wanted.bytes, wanted.length) == 0, "%s", label);
}

Test(socks, asks_for_names_and_addresses)
{
	static const struct text agreed = BYTES("\5\0\5\0\0\1\0\0\0\0\0\0");
	static const struct {
		const char *host;
		struct text wanted;
	} rows[] = {
		{ "mail.example", BYTES("\5\1\0\5\1\0\3\14mail.example\2\113") },
		{ "B\303\274cher.example", BYTES("\5\1\0\5\1\0\3\25xn--bcher-kva.example\2\113") },
		{ "192.0.2.7", BYTES("\5\1\0\5\1\0\1\300\0\2\7\2\113") },
		{ "[2001:db8::1]",
		    BYTES("\5\1\0\5\1\0\4\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\2\113") },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct proxy proxy = proxy_open(agreed);
		struct failure why;

		cr_expect(ask(&proxy, rows[i].host, &why), "%s: %s", rows[i].host, why.what);
		expect_request(&proxy, rows[i].wanted, rows[i].host);
		proxy_close(&proxy);
	}
}

Test(socks, leaves_what_the_server_says_unread)
{
	static const struct {
		const char *label;
		struct text answers;
	} rows[] = {
		{ "IPv4",
		    BYTES("\5\0\5\0\0\1\177\0\0\1\4\70"
			  "220 hi\r\n") },
		{ "IPv6",
		    BYTES("\5\0\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\4\70"
			  "220 hi\r\n") },
		{ "name",
		    BYTES("\5\0\5\0\0\3\4here\4\70"
			  "220 hi\r\n") },
		{ "name without a byte",
		    BYTES("\5\0\5\0\0\3\0\4\70"
			  "220 hi\r\n") },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct proxy proxy = proxy_open(rows[i].answers);
		struct failure why;
		char bytes[32];
		size_t got;

		cr_assert(ask(&proxy, "mail.example", &why), "%s: %s", rows[i].label, why.what);
		cr_assert(channel_read(
		    proxy.channel, bytes, sizeof bytes, &got, deadline_after(5000), &why));
		cr_expect(text_is(text_make(bytes, got), "220 hi\r\n"), "%s", rows[i].label);
		proxy_close(&proxy);
	}
}

Test(socks, says_why_the_proxy_refused)
{
	static const struct {
		struct text answers;
		int code;
		const char *what;
	} rows[] = {
		{ BYTES("\5\377"), EX_UNAVAILABLE,
		    "the proxy wants a login, and relay has none for it" },
		{ BYTES("\5\0\5\1\0\1\0\0\0\0\0\0"), EX_TEMPFAIL, "the proxy failed" },
		{ BYTES("\5\0\5\2"), EX_UNAVAILABLE, "the proxy's rules forbid the connection" },
		{ BYTES("\5\0\5\3"), EX_TEMPFAIL, "the proxy cannot reach the server's network" },
		{ BYTES("\5\0\5\4"), EX_TEMPFAIL, "the proxy cannot reach the server" },
		{ BYTES("\5\0\5\5"), EX_TEMPFAIL, "the server refused the proxy's connection" },
		{ BYTES("\5\0\5\6"), EX_TEMPFAIL, "the server did not answer the proxy in time" },
		{ BYTES("\5\0\5\7"), EX_UNAVAILABLE, "the proxy does not make connections" },
		{ BYTES("\5\0\5\10"), EX_UNAVAILABLE,
		    "the proxy does not know this kind of address" },
		{ BYTES("\5\0\5\377"), EX_TEMPFAIL, "the proxy failed with answer 255" },
		{ BYTES("HTTP/1.0 400 Bad\r\n"), EX_PROTOCOL, "the proxy's answer is no SOCKS5" },
		{ BYTES("\5\2"), EX_PROTOCOL, "the proxy's answer is no SOCKS5" },
		{ BYTES("\5\0\4\0"), EX_PROTOCOL, "the proxy's answer is no SOCKS5" },
		{ BYTES("\5\0\5\0\0\2\0\0"), EX_PROTOCOL, "the proxy's answer is no SOCKS5" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct proxy proxy = proxy_open(rows[i].answers);
		struct failure why;

		cr_expect_not(ask(&proxy, "mail.example", &why), "%s", rows[i].what);
		cr_expect_eq(why.code, rows[i].code, "%s: %d", rows[i].what, why.code);
		cr_expect_str_eq(why.what, rows[i].what);
		proxy_close(&proxy);
	}
}

/* What comes in the middle of the talk ends it, wherever that is. */
Test(socks, takes_a_proxy_that_hangs_up_for_a_passing_fault)
{
	static const struct text whole = BYTES("\5\0\5\0\0\3\4here\4\70");

	for (size_t length = 0; length < whole.length; length++) {
		struct proxy proxy = proxy_open(text_slice(whole, 0, length));
		struct failure why;

		cr_assert_eq(shutdown(proxy.fd, SHUT_WR), 0);
		cr_expect_not(ask(&proxy, "mail.example", &why), "%zu bytes", length);
		cr_expect_eq(why.code, EX_TEMPFAIL, "%zu bytes: %s", length, why.what);
		proxy_close(&proxy);
	}
}

Test(socks, gives_up_at_the_deadline)
{
	struct proxy proxy = proxy_open(text_of("\5"));
	struct failure why = { 0 };
	struct host host;

	cr_assert(host_read("mail.example", &host, &why));
	cr_expect_not(socks_connect(proxy.channel, &host, 587, deadline_after(20), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	proxy_close(&proxy);
}
