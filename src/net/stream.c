/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define RECORD_MAX ((size_t)16384)

static struct stream *
of(struct channel *channel)
{
	return (struct stream *)(void *)channel;
}

/* Is it over with this result of gnutls_record_recv(), or to be called again? */
static bool
final(struct stream *stream, ssize_t result)
{
	if (result == GNUTLS_E_REHANDSHAKE) {
		/* Refused by the warning that TLS 1.2 has for it; the session goes on (F50). */
		(void)gnutls_alert_send(
		    stream->wire.session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
		return false;
	}
	if (result == GNUTLS_E_WARNING_ALERT_RECEIVED)
		return false;
	if (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED)
		return stream->wire.dry || stream->wire.failed;
	return true;
}

static ssize_t
receive(struct stream *stream, char *bytes, size_t room)
{
	ssize_t result;

	stream->wire.dry = false;
	do
		result = gnutls_record_recv(stream->wire.session, bytes, room);
	while (!final(stream, result));
	if (result > 0)
		stream->wire.idle = 0;
	return result;
}

static bool
explain(struct stream *stream, ssize_t result, struct failure *why)
{
	const char *alert;

	stream->broken = true;
	if (stream->wire.failed) {
		*why = stream->wire.failure;
		return false;
	}
	if (result == GNUTLS_E_PREMATURE_TERMINATION)
		return fail(why, EX_TEMPFAIL, "the connection ended without TLS's closing message");
	if (result != GNUTLS_E_FATAL_ALERT_RECEIVED)
		return fail(why, EX_TEMPFAIL, "TLS failed: %s", gnutls_strerror((int)result));
	alert = gnutls_alert_get_name(gnutls_alert_get(stream->wire.session));
	fail(why, EX_TEMPFAIL, "the server ended TLS with the alert '%s'",
	    alert == NULL ? "unknown" : alert);
	/* TLS 1.3 refuses a client's certificate only after the handshake. */
	if (gnutls_alert_get(stream->wire.session) == GNUTLS_A_CERTIFICATE_REQUIRED)
		return failure_hint(why,
		    "the server wants a client certificate: set tls_cert_file and "
		    "tls_key_file");
	return false;
}

static bool
deliver(struct stream *stream, ssize_t result, size_t *got, struct failure *why)
{
	if (result < 0)
		return explain(stream, result, why);
	*got = (size_t)result;
	return true;
}

static size_t
take_ahead(struct stream *stream, char *bytes, size_t room)
{
	size_t held = stream->ahead_end - stream->ahead_start;
	size_t taken = held < room ? held : room;

	memcpy(bytes, stream->ahead + stream->ahead_start, taken);
	explicit_bzero(stream->ahead + stream->ahead_start, taken);
	stream->ahead_start += taken;
	return taken;
}

static bool
stream_read(struct channel *channel, char *bytes, size_t room, size_t *got,
    struct deadline deadline, struct failure *why)
{
	struct stream *stream = of(channel);

	if (stream->ahead_start < stream->ahead_end) {
		*got = take_ahead(stream, bytes, room);
		return true;
	}
	if (stream->ahead_over)
		return deliver(stream, stream->ahead_result, got, why);
	stream->wire.deadline = deadline;
	stream->wire.waiting = true;
	return deliver(stream, receive(stream, bytes, room), got, why);
}

static bool
send_record(struct stream *stream, struct text *bytes, struct failure *why)
{
	size_t length = bytes->length < RECORD_MAX ? bytes->length : RECORD_MAX;
	ssize_t sent;

	do
		sent = gnutls_record_send(stream->wire.session, bytes->bytes, length);
	while ((sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED) && !stream->wire.failed);
	if (sent < 0)
		return explain(stream, sent, why);
	*bytes = text_slice(*bytes, (size_t)sent, bytes->length);
	return true;
}

static bool
stream_write(
    struct channel *channel, struct text bytes, struct deadline deadline, struct failure *why)
{
	struct stream *stream = of(channel);

	stream->wire.deadline = deadline;
	stream->wire.waiting = true;
	while (bytes.length > 0)
		if (!send_record(stream, &bytes, why))
			return false;
	if (wire_flush(&stream->wire, why))
		return true;
	stream->broken = true;
	return false;
}

/*
 * Bytes underneath may be a ticket, no data: only opening the record tells, and a
 * caller that reads because of a ticket would wait for an answer nobody owes.
 */
static bool
stream_pending(struct channel *channel)
{
	struct stream *stream = of(channel);
	ssize_t result;

	if (stream->ahead_start < stream->ahead_end || stream->ahead_over)
		return true;
	if (gnutls_record_check_pending(stream->wire.session) == 0 && !wire_pending(&stream->wire))
		return false;
	stream->wire.waiting = false;
	result = receive(stream, stream->ahead, RECORD_MAX);
	if (result < 0 && stream->wire.dry && !stream->wire.failed)
		return false;
	stream->ahead_start = 0;
	stream->ahead_end = result > 0 ? (size_t)result : 0;
	stream->ahead_over = result <= 0;
	stream->ahead_result = result <= 0 ? (int)result : 0;
	return true;
}

static bool export(const struct stream *stream, gnutls_channel_binding_t type, gnutls_datum_t *data)
{
	return gnutls_session_channel_binding(stream->wire.session, type, data) >= 0;
}

static bool
bound(const struct stream *stream, const char *type, gnutls_datum_t *data)
{
	bool tls13 = gnutls_protocol_get_version(stream->wire.session) == GNUTLS_TLS1_3;

	/* In TLS 1.2 neither binds without the extended master secret: two sessions of one in the
	 * middle can have the same (RFC 7627 1, RFC 9266 3). */
	if (!tls13 && gnutls_session_ext_master_secret_status(stream->wire.session) == 0)
		return false;
	if (strcmp(type, "tls-unique") == 0)
		return !tls13 && export(stream, GNUTLS_CB_TLS_UNIQUE, data);
	return strcmp(type, "tls-exporter") == 0 && export(stream, GNUTLS_CB_TLS_EXPORTER, data);
}

static bool
stream_binding(struct channel *channel, const char *type, char *bytes, size_t room, size_t *length)
{
	gnutls_datum_t data = { NULL, 0 };
	bool fits;

	if (!bound(of(channel), type, &data))
		return false;
	fits = data.size > 0 && data.size <= room;
	if (fits) {
		memcpy(bytes, data.data, data.size);
		*length = data.size;
	}
	gnutls_free(data.data);
	return fits;
}

static void
stream_close(struct channel *channel)
{
	struct stream *stream = of(channel);
	struct failure ignored;

	if (!stream->broken) {
		/* One try without waiting: who has our message may not hold us up (F58). */
		stream->wire.deadline = deadline_after(0);
		stream->wire.waiting = false;
		(void)gnutls_bye(stream->wire.session, GNUTLS_SHUT_WR);
		(void)wire_flush(&stream->wire, &ignored);
	}
	gnutls_deinit(stream->wire.session);
	gnutls_certificate_free_credentials(stream->credentials);
	explicit_bzero(stream->ahead, RECORD_MAX);
	free(stream->ahead);
	wire_close(&stream->wire);
	free(stream);
}

static const struct channel_operations stream_operations = {
	.read = stream_read,
	.write = stream_write,
	.pending = stream_pending,
	.binding = stream_binding,
	.close = stream_close,
};

struct stream *
stream_open(
    struct channel *under, gnutls_session_t session, gnutls_certificate_credentials_t credentials)
{
	struct stream *stream = calloc(1, sizeof *stream);

	if (stream == NULL)
		arena_exhausted();
	stream->ahead = malloc(RECORD_MAX);
	if (stream->ahead == NULL)
		arena_exhausted();
	wire_attach(&stream->wire, under, session);
	stream->credentials = credentials;
	stream->channel.operations = &stream_operations;
	stream->channel.privacy = under->privacy;
	memcpy(stream->channel.peer, under->peer, sizeof under->peer);
	return stream;
}
