/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/descriptor.h"
#include "net/stream.h"
#include "net/tls.h"
#include "tests/support/certificate.h"
#include "tests/support/pipe.h"

#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define BULK ((size_t)3 * 1024 * 1024 + 7)

static struct certificate leaf;
static struct pipe_peer *peer;
static struct channel *channel;

static void
set_up(void)
{
	const struct certificate_wish wish = { .dns = { "srv.test" } };

	leaf = certificate_make(&wish);
}

static void
tear_down(void)
{
	channel_close(channel);
	pipe_close(peer);
	certificate_close(&leaf);
}

TestSuite(stream, .init = set_up, .fini = tear_down);

static void
start(const char *priorities, void (*serve)(gnutls_session_t session, void *data), void *data)
{
	const struct pipe_wish wish = {
		.chain = &leaf, .count = 1, .priorities = priorities, .serve = serve, .data = data
	};
	const struct tls_rule rule = { .host = "srv.test" };
	struct failure why = { 0 };

	peer = pipe_open(&wish);
	channel = pipe_channel(peer);
	cr_assert(tls_start(&channel, &rule, deadline_after(20000), &why), "%s", why.what);
}

static size_t
read_some(char *bytes, size_t room)
{
	struct failure why = { 0 };
	size_t got = 0;

	cr_assert(
	    channel_read(channel, bytes, room, &got, deadline_after(20000), &why), "%s", why.what);
	return got;
}

/* Waits for the peer without reading. */
static void
await_bytes(void)
{
	const struct stream *stream = (const struct stream *)(const void *)channel;
	struct failure why = { 0 };

	cr_assert(
	    descriptor_wait(descriptor_of(stream->wire.under), POLLIN, deadline_after(20000), &why),
	    "%s", why.what);
}

static void
count_bulk(gnutls_session_t session, void *data)
{
	size_t *total = data;
	static char bytes[16384];
	ssize_t got;

	while ((got = gnutls_record_recv(session, bytes, sizeof bytes)) > 0) {
		for (ssize_t i = 0; i < got; i++)
			if (bytes[i] != (char)((*total + (size_t)i) % 251))
				return;
		*total += (size_t)got;
	}
	(void)gnutls_record_send(session, "250", 3);
}

Test(stream, carries_a_bulk_unchanged)
{
	struct failure why = { 0 };
	size_t total = 0;
	char *bytes = malloc(BULK);

	cr_assert_not_null(bytes);
	for (size_t i = 0; i < BULK; i++)
		bytes[i] = (char)(i % 251);
	start(NULL, count_bulk, &total);
	cr_assert(channel_write(channel, text_make(bytes, BULK), deadline_after(30000), &why), "%s",
	    why.what);
	channel_close(channel);
	channel = NULL;
	pipe_join(peer);
	cr_expect_eq(total, BULK);
	free(bytes);
}

static void
send_and_end(gnutls_session_t session, void *data)
{
	(void)data;
	(void)gnutls_record_send(session, "221 bye\r\n", 9);
	(void)gnutls_bye(session, GNUTLS_SHUT_WR);
}

Test(stream, gives_zero_at_the_end)
{
	char bytes[64];

	start(NULL, send_and_end, NULL);
	cr_assert_eq(read_some(bytes, sizeof bytes), 9);
	cr_expect_eq(read_some(bytes, sizeof bytes), 0);
}

static void
send_and_vanish(gnutls_session_t session, void *data)
{
	(void)data;
	(void)gnutls_record_send(session, "250 o", 5);
}

/* F55, F56, F57: what came whole counts; a cut is told from an end. */
Test(stream, fails_when_the_connection_is_cut)
{
	struct failure why = { 0 };
	char bytes[64];
	size_t got;

	start(NULL, send_and_vanish, NULL);
	cr_assert_eq(read_some(bytes, sizeof bytes), 5);
	cr_assert_not(
	    channel_read(channel, bytes, sizeof bytes, &got, deadline_after(20000), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "the connection ended without TLS's closing message");
	cr_expect_str_eq(why.where, "srv.test:587");
}

Test(stream, hands_out_a_record_in_pieces)
{
	char bytes[64];

	start(NULL, send_and_end, NULL);
	cr_assert_eq(read_some(bytes, 4), 4);
	cr_expect_arr_eq(bytes, "221 ", 4);
	cr_expect(channel_pending(channel));
	cr_assert_eq(read_some(bytes, sizeof bytes), 5);
	cr_expect_arr_eq(bytes, "bye\r\n", 5);
}

Test(stream, stops_reading_at_the_deadline)
{
	struct failure why = { 0 };
	char bytes[64];
	size_t got;

	start(NULL, NULL, NULL);
	cr_assert_not(channel_read(channel, bytes, sizeof bytes, &got, deadline_after(20), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect_str_eq(why.what, "no answer within the time limit");
}

/* F133: an early refusal is seen, read whole, and nothing else is. */
Test(stream, sees_what_is_pending_and_keeps_it)
{
	struct failure why = { 0 };
	char bytes[64];

	start(NULL, NULL, NULL);
	cr_expect_not(channel_pending(channel));
	cr_assert(channel_write(channel, text_of("552 full\r\n"), deadline_after(20000), &why));
	await_bytes();
	cr_expect(channel_pending(channel));
	cr_expect(channel_pending(channel));
	cr_assert_eq(read_some(bytes, sizeof bytes), 10);
	cr_expect_arr_eq(bytes, "552 full\r\n", 10);
	cr_expect_not(channel_pending(channel));
}

static void
update_keys_then_answer(gnutls_session_t session, void *data)
{
	char bytes[16];

	(void)data;
	(void)gnutls_session_key_update(session, 0);
	(void)gnutls_record_recv(session, bytes, sizeof bytes);
	(void)gnutls_record_send(session, "250", 3);
	(void)gnutls_record_recv(session, bytes, sizeof bytes);
}

/* A ticket or key update is no data: who would read because of it would wait for ever. */
Test(stream, does_not_count_a_handshake_message_as_pending)
{
	struct failure why = { 0 };
	char bytes[16];

	start(NULL, update_keys_then_answer, NULL);
	await_bytes();
	cr_expect_not(channel_pending(channel));
	cr_assert(
	    channel_write(channel, text_of("x"), deadline_after(20000), &why), "%s", why.what);
	cr_expect_eq(read_some(bytes, sizeof bytes), 3);
}

Test(stream, tells_an_end_found_while_looking_ahead)
{
	struct failure why = { 0 };
	char bytes[64];
	size_t got;

	start(NULL, send_and_vanish, NULL);
	pipe_join(peer);
	cr_expect(channel_pending(channel));
	cr_assert_eq(read_some(bytes, sizeof bytes), 5);
	cr_expect(channel_pending(channel));
	cr_assert_not(
	    channel_read(channel, bytes, sizeof bytes, &got, deadline_after(20000), &why));
	cr_expect_str_eq(why.what, "the connection ended without TLS's closing message");
}

static void
ask_for_renegotiation(gnutls_session_t session, void *data)
{
	int *answer = data;
	char bytes[16];

	(void)gnutls_rehandshake(session);
	*answer = (int)gnutls_record_recv(session, bytes, sizeof bytes);
	(void)gnutls_record_send(session, "250", 3);
	(void)gnutls_record_recv(session, bytes, sizeof bytes);
}

/* F50 */
Test(stream, refuses_renegotiation_and_goes_on)
{
	char bytes[16];
	int answer = 0;

	start(TLS12, ask_for_renegotiation, &answer);
	cr_expect_eq(read_some(bytes, sizeof bytes), 3);
	channel_close(channel);
	channel = NULL;
	pipe_join(peer);
	cr_expect_eq(answer, GNUTLS_E_WARNING_ALERT_RECEIVED);
}

static void
flood_with_updates(gnutls_session_t session, void *data)
{
	(void)data;
	for (size_t i = 0; i < 100000; i++)
		if (gnutls_session_key_update(session, 0) < 0)
			return;
}

/* F51, F59 */
Test(stream, ends_a_flood_of_records_without_data)
{
	struct failure why = { 0 };
	char bytes[16];
	size_t got;

	start(NULL, flood_with_updates, NULL);
	cr_assert_not(
	    channel_read(channel, bytes, sizeof bytes, &got, deadline_after(20000), &why));
	cr_expect_eq(why.code, EX_TEMPFAIL);
	cr_expect(strstr(why.what, "time limit") == NULL, "%s", why.what);
}

Test(stream, binds_by_the_exporter)
{
	char bytes[64];
	size_t length = 0;

	start(NULL, NULL, NULL);
	cr_assert(channel_binding(channel, "tls-exporter", bytes, sizeof bytes, &length));
	cr_expect_eq(length, 32);
	cr_expect_not(channel_binding(channel, "tls-unique", bytes, sizeof bytes, &length));
	cr_expect_not(
	    channel_binding(channel, "tls-server-end-point", bytes, sizeof bytes, &length));
	cr_expect_not(channel_binding(channel, "tls-exporter", bytes, 31, &length));
}

Test(stream, binds_by_the_finished_message_in_version_1_2)
{
	char bytes[64];
	size_t length = 0;

	start(TLS12, NULL, NULL);
	cr_assert(channel_binding(channel, "tls-unique", bytes, sizeof bytes, &length));
	cr_expect_eq(length, 12);
	cr_expect(channel_binding(channel, "tls-exporter", bytes, sizeof bytes, &length));
}

Test(stream, says_goodbye)
{
	start(NULL, NULL, NULL);
	channel_close(channel);
	channel = NULL;
	pipe_join(peer);
	cr_expect(pipe_saw_closing(peer));
}

static void
never_close(gnutls_session_t session, void *data)
{
	int *ends = data;
	char byte;

	(void)session;
	(void)!read(ends[0], &byte, 1);
}

/* F58 */
Test(stream, does_not_wait_for_the_other_s_goodbye)
{
	int64_t before;
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	start(NULL, never_close, ends);
	before = deadline_now_ms();
	channel_close(channel);
	channel = NULL;
	cr_expect_lt(deadline_now_ms() - before, 1000);
	(void)close(ends[1]);
	pipe_join(peer);
	(void)close(ends[0]);
}
