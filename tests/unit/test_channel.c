/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "net/channel.h"

static bool
read_nothing(struct channel *channel, char *bytes, size_t room, size_t *got,
    struct deadline deadline, struct failure *why)
{
	(void)channel;
	(void)bytes;
	(void)room;
	(void)got;
	(void)deadline;
	return fail(why, EX_TEMPFAIL, "read");
}

static bool
write_nothing(
    struct channel *channel, struct text bytes, struct deadline deadline, struct failure *why)
{
	(void)channel;
	(void)bytes;
	(void)deadline;
	return fail(why, EX_TEMPFAIL, "write");
}

static void
close_marking(struct channel *channel)
{
	(void)snprintf(channel->security, sizeof channel->security, "closed");
}

static const struct channel_operations broken = {
	.read = read_nothing,
	.write = write_nothing,
	.close = close_marking,
};

Test(channel, is_private_only_when_local_or_verified)
{
	static const struct {
		const char *label;
		enum channel_privacy privacy;
		bool tls, is;
	} rows[] = {
		{ "plain", CHANNEL_OPEN, false, false },
		{ "TLS to somebody", CHANNEL_OPEN, true, false },
		{ "loopback", CHANNEL_LOCAL, false, true },
		{ "verified", CHANNEL_VERIFIED, true, true },
		{ "a value of no kind", (enum channel_privacy)77, true, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct channel channel = { .privacy = rows[i].privacy, .tls = rows[i].tls };

		cr_expect_eq(channel_is_private(&channel), rows[i].is, "%s", rows[i].label);
	}
}

Test(channel, names_its_peer_where_it_fails)
{
	struct channel channel = { .operations = &broken, .peer = "srv.test:587" };
	struct failure why;
	char bytes[4];
	size_t got;

	cr_assert_not(channel_read(&channel, bytes, sizeof bytes, &got, deadline_never(), &why));
	cr_expect_str_eq(why.where, "srv.test:587");
	cr_expect_str_eq(why.what, "read");
	cr_assert_not(channel_write(&channel, text_of("x"), deadline_never(), &why));
	cr_expect_str_eq(why.where, "srv.test:587");
	cr_expect_str_eq(why.what, "write");
}

Test(channel, leaves_the_place_open_without_a_peer)
{
	struct channel channel = { .operations = &broken };
	struct failure why;

	cr_assert_not(channel_write(&channel, text_of("x"), deadline_never(), &why));
	cr_expect_str_empty(why.where);
}

Test(channel, writes_nothing_for_no_bytes)
{
	struct channel channel = { .operations = &broken };
	struct failure why;

	cr_expect(channel_write(&channel, text_of(""), deadline_never(), &why));
}

Test(channel, has_no_binding_and_nothing_pending_by_default)
{
	struct channel channel = { .operations = &broken };
	char bytes[32];
	size_t length = 7;

	cr_expect_not(channel_binding(&channel, "tls-exporter", bytes, sizeof bytes, &length));
	cr_expect_eq(length, 7);
	cr_expect_not(channel_pending(&channel));
}

Test(channel, closes_itself_and_ignores_null)
{
	struct channel channel = { .operations = &broken };

	channel_close(NULL);
	channel_close(&channel);
	cr_expect_str_eq(channel.security, "closed");
}
