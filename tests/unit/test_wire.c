/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls.h"
#include "net/wire.h"
#include "tests/support/certificate.h"
#include "tests/support/pipe.h"

#define BULK ((size_t)1024 * 1024)

/* Counts what passes to the channel under it; without one it repeats `words` for ever. */
struct counter {
	struct channel channel;
	struct channel *under;
	struct text words;
	size_t writes;
	size_t bytes_read;
	bool closed;
};

static bool
counter_read(struct channel *channel, char *bytes, size_t room, size_t *got,
    struct deadline deadline, struct failure *why)
{
	struct counter *counter = (struct counter *)(void *)channel;

	if (counter->under != NULL)
		return channel_read(counter->under, bytes, room, got, deadline, why);
	cr_assert_geq(room, counter->words.length);
	memcpy(bytes, counter->words.bytes, counter->words.length);
	*got = counter->words.length;
	counter->bytes_read += *got;
	return true;
}

static bool
counter_write(
    struct channel *channel, struct text bytes, struct deadline deadline, struct failure *why)
{
	struct counter *counter = (struct counter *)(void *)channel;

	counter->writes++;
	return counter->under == NULL || channel_write(counter->under, bytes, deadline, why);
}

static bool
counter_pending(struct channel *channel)
{
	struct counter *counter = (struct counter *)(void *)channel;

	return counter->under == NULL || channel_pending(counter->under);
}

static void
counter_close(struct channel *channel)
{
	struct counter *counter = (struct counter *)(void *)channel;

	counter->closed = true;
	channel_close(counter->under);
}

static const struct channel_operations counting = {
	.read = counter_read,
	.write = counter_write,
	.pending = counter_pending,
	.close = counter_close,
};

static void
swallow(gnutls_session_t session, void *data)
{
	static char bytes[16384];

	(void)data;
	while (gnutls_record_recv(session, bytes, sizeof bytes) > 0)
		continue;
}

Test(wire, gathers_records_into_few_writes)
{
	struct certificate leaf = certificate_leaf(NULL, "srv.test");
	const struct pipe_wish wish = { .chain = &leaf, .count = 1, .serve = swallow };
	const struct tls_rule rule = { .host = "srv.test" };
	struct pipe_peer *peer = pipe_open(&wish);
	struct counter counter = { .channel.operations = &counting, .under = pipe_channel(peer) };
	struct channel *channel = &counter.channel;
	struct failure why = { 0 };
	char *bytes = calloc(1, BULK);
	size_t handshake;

	cr_assert(tls_start(&channel, &rule, deadline_after(20000), &why), "%s", why.what);
	handshake = counter.writes;
	cr_expect_leq(handshake, 3, "hello, change of cipher, finished: %zu", handshake);
	cr_assert(channel_write(channel, text_make(bytes, BULK), deadline_after(20000), &why));
	cr_expect_leq(counter.writes - handshake, BULK / ((size_t)64 * 1024) + 1, "%zu writes",
	    counter.writes - handshake);
	channel_close(channel);
	cr_expect(counter.closed);
	pipe_close(peer);
	certificate_close(&leaf);
	free(bytes);
}

/* F52, F59: a ServerHello of 1 MiB, since records without data need a key. */
Test(wire, gives_up_on_a_peer_that_sends_no_data)
{
	static const char record[5 + 16384] = { 22, 3, 3, 0x40, 0, 2, 0x10, 0, 0 };
	const struct tls_rule rule = { .host = "srv.test" };
	struct counter counter = {
		.channel.operations = &counting,
		.words = { record, sizeof record },
	};
	struct channel *channel = &counter.channel;
	struct failure why = { 0 };

	cr_assert_not(tls_start(&channel, &rule, deadline_after(20000), &why));
	cr_expect_null(channel);
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "the server sends TLS records without data and no end");
	cr_expect_leq(counter.bytes_read, WIRE_IDLE_MAX + 2 * sizeof record);
	cr_expect(counter.closed);
}

Test(wire, remembers_what_the_peer_said_first)
{
	static const char words[] =
	    "220 one two three four five six seven eight nine ten eleven\r\n";
	struct counter counter = {
		.channel.operations = &counting,
		.words = { words, sizeof words - 1 },
	};
	gnutls_session_t session;
	struct failure why = { 0 };
	struct wire wire;

	cr_assert_geq(gnutls_init(&session, GNUTLS_CLIENT), 0);
	cr_assert_geq(gnutls_set_default_priority(session), 0);
	wire_attach(&wire, &counter.channel, session);
	wire.waiting = true;
	cr_assert_lt(gnutls_handshake(session), 0);
	cr_expect_eq(wire.first_length, sizeof words - 1);
	cr_expect_arr_eq(wire.first, "220 one", 7);
	cr_expect(wire_pending(&wire));
	cr_expect(wire_flush(&wire, &why));
	gnutls_deinit(session);
	wire_close(&wire);
	cr_expect(counter.closed);
}
