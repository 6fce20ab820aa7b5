/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define IN_SIZE ((size_t)32 * 1024)
#define OUT_SIZE ((size_t)64 * 1024)

bool
wire_flush(struct wire *wire, struct failure *why)
{
	bool written;

	if (wire->out.length == 0)
		return true;
	written = channel_write(wire->under, buffer_text(&wire->out), wire->deadline, why);
	/* Ciphertext, and a bulk of it: buffer_clear() would wipe it for nothing. */
	wire->out.length = 0;
	return written;
}

/* What a callback of GnuTLS answers to say that it could not. */
static ssize_t
cannot(struct wire *wire, int number)
{
	gnutls_transport_set_errno(wire->session, number);
	return -1;
}

static ssize_t
broke(struct wire *wire)
{
	wire->failed = true;
	return cannot(wire, EIO);
}

static ssize_t
push(gnutls_transport_ptr_t data, const void *bytes, size_t size)
{
	struct wire *wire = data;

	if (!buffer_append(&wire->out, text_make(bytes, size)))
		return cannot(wire, ENOMEM);
	if (wire->out.length >= OUT_SIZE && !wire_flush(wire, &wire->failure))
		return broke(wire);
	return (ssize_t)size;
}

static void
remember_first(struct wire *wire, size_t got)
{
	size_t room = sizeof wire->first - wire->first_length;
	size_t taken = got < room ? got : room;

	memcpy(wire->first + wire->first_length, wire->in, taken);
	wire->first_length += taken;
}

static bool
patient(struct wire *wire)
{
	if (wire->idle <= WIRE_IDLE_MAX)
		return true;
	return fail(
	    &wire->failure, EX_TEMPFAIL, "the server sends TLS records without data and no end");
}

/* Reads from underneath into `in`; 1, or 0 at the end of input, or -1. */
static ssize_t
refill(struct wire *wire)
{
	size_t got;

	/* The peer waits for what is held here before it answers. */
	if (!wire_flush(wire, &wire->failure))
		return broke(wire);
	if (!wire->waiting && !channel_pending(wire->under)) {
		wire->dry = true;
		return cannot(wire, EAGAIN);
	}
	if (!patient(wire)
	    || !channel_read(wire->under, wire->in, IN_SIZE, &got, wire->deadline, &wire->failure))
		return broke(wire);
	remember_first(wire, got);
	wire->in_start = 0;
	wire->in_end = got;
	return got > 0 ? 1 : 0;
}

static ssize_t
pull(gnutls_transport_ptr_t data, void *bytes, size_t size)
{
	struct wire *wire = data;
	size_t held;

	if (wire->in_start == wire->in_end) {
		ssize_t filled = refill(wire);

		if (filled <= 0)
			return filled;
	}
	held = wire->in_end - wire->in_start;
	if (size > held)
		size = held;
	memcpy(bytes, wire->in + wire->in_start, size);
	wire->in_start += size;
	wire->idle += size;
	return (ssize_t)size;
}

/* Deadlines are the pull's own: to GnuTLS there is always something to pull. */
static int
pull_timeout(gnutls_transport_ptr_t data, unsigned ms)
{
	return ms != 0 || wire_pending(data) ? 1 : 0;
}

bool
wire_pending(const struct wire *wire)
{
	return wire->in_start < wire->in_end || channel_pending(wire->under);
}

void
wire_attach(struct wire *wire, struct channel *under, gnutls_session_t session)
{
	*wire = (struct wire){ .under = under, .session = session, .out = buffer_open(0) };
	wire->in = malloc(IN_SIZE);
	if (wire->in == NULL)
		arena_exhausted();
	gnutls_transport_set_ptr(session, wire);
	gnutls_transport_set_push_function(session, push);
	gnutls_transport_set_pull_function(session, pull);
	gnutls_transport_set_pull_timeout_function(session, pull_timeout);
}

void
wire_close(struct wire *wire)
{
	free(wire->in);
	buffer_close(&wire->out);
	channel_close(wire->under);
}
