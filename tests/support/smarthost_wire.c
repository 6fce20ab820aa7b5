/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smarthost_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define READ_BYTES ((size_t)64 * 1024)

struct smarthost_wire
smarthost_wire_open(int fd, int dialogue)
{
	return (struct smarthost_wire){
		.fd = fd,
		.dialogue = dialogue,
		.in = buffer_open(LINE_MAX_BYTES),
	};
}

void
smarthost_wire_close(struct smarthost_wire *wire)
{
	if (wire->tls != NULL) {
		(void)gnutls_bye(wire->tls, GNUTLS_SHUT_WR);
		gnutls_deinit(wire->tls);
	}
	(void)close(wire->fd);
	(void)close(wire->dialogue);
	buffer_close(&wire->in);
}

bool
smarthost_wire_secure(struct smarthost_wire *wire, gnutls_certificate_credentials_t credentials,
    const char *priorities, bool ask)
{
	gnutls_session_t tls;
	int status;

	(void)gnutls_init(&tls, GNUTLS_SERVER);
	if (priorities == NULL)
		(void)gnutls_set_default_priority(tls);
	else if (gnutls_priority_set_direct(tls, priorities, NULL) < 0)
		smarthost_wire_note(wire, "# bad priorities: ", text_of(priorities));
	(void)gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_certificate_server_set_request(tls, ask ? GNUTLS_CERT_REQUEST : GNUTLS_CERT_IGNORE);
	gnutls_transport_set_int(tls, wire->fd);
	do
		status = gnutls_handshake(tls);
	while (status < 0 && gnutls_error_is_fatal(status) == 0);
	if (status == GNUTLS_E_SUCCESS) {
		wire->tls = tls;
		return true;
	}
	(void)gnutls_alert_send_appropriate(tls, status);
	smarthost_wire_note(wire, "# no TLS: ", text_of(gnutls_strerror(status)));
	gnutls_deinit(tls);
	return false;
}

bool
smarthost_wire_knows_client(const struct smarthost_wire *wire)
{
	unsigned status = 0;

	return wire->tls != NULL && gnutls_certificate_verify_peers2(wire->tls, &status) >= 0
	    && status == 0;
}

static ssize_t
receive(struct smarthost_wire *wire, char *to, size_t size)
{
	ssize_t count;

	if (wire->tls == NULL) {
		do
			count = read(wire->fd, to, size);
		while (count < 0 && errno == EINTR);
		return count;
	}
	do
		count = gnutls_record_recv(wire->tls, to, size);
	while (count < 0 && gnutls_error_is_fatal((int)count) == 0);
	return count;
}

static bool
fill(struct smarthost_wire *wire)
{
	ssize_t count;

	buffer_drop(&wire->in, wire->used);
	wire->used = 0;
	if (!buffer_room(&wire->in, READ_BYTES))
		return false;
	count = receive(wire, wire->in.bytes + wire->in.length, READ_BYTES);
	if (count <= 0)
		return false;
	wire->in.length += (size_t)count;
	return true;
}

static struct text
unread(const struct smarthost_wire *wire)
{
	return text_slice(buffer_text(&wire->in), wire->used, wire->in.length);
}

bool
smarthost_wire_line(struct smarthost_wire *wire, struct text *line)
{
	size_t end = text_find(unread(wire), '\n');

	while (end == unread(wire).length) {
		if (!fill(wire))
			return false;
		end = text_find(unread(wire), '\n');
	}
	*line = text_slice(unread(wire), 0, end + 1);
	wire->used += end + 1;
	return true;
}

bool
smarthost_wire_bytes(struct smarthost_wire *wire, size_t most, struct text *bytes)
{
	if (unread(wire).length == 0 && !fill(wire))
		return false;
	*bytes = text_slice(unread(wire), 0, most);
	wire->used += bytes->length;
	return true;
}

bool
smarthost_wire_waiting(const struct smarthost_wire *wire)
{
	return unread(wire).length > 0;
}

bool
smarthost_wire_write(struct smarthost_wire *wire, struct text bytes)
{
	ssize_t count;

	while (bytes.length > 0) {
		if (wire->tls != NULL)
			count = gnutls_record_send(wire->tls, bytes.bytes, bytes.length);
		else
			count = send(wire->fd, bytes.bytes, bytes.length, MSG_NOSIGNAL);
		if (count < 0 && (wire->tls == NULL || gnutls_error_is_fatal((int)count) != 0))
			return false;
		if (count > 0)
			bytes = text_slice(bytes, (size_t)count, bytes.length);
	}
	return true;
}

bool
smarthost_wire_say(struct smarthost_wire *wire, const char *reply)
{
	struct buffer out = buffer_open(0);
	bool sent;

	for (; *reply != '\0'; reply++) {
		if (*reply == '\n')
			(void)buffer_byte(&out, '\r');
		(void)buffer_byte(&out, *reply);
	}
	(void)buffer_add(&out, "\r\n");
	sent = smarthost_wire_write(wire, buffer_text(&out));
	buffer_close(&out);
	return sent;
}

void
smarthost_wire_note(struct smarthost_wire *wire, const char *prefix, struct text line)
{
	struct buffer out = buffer_open(0);

	while (line.length > 0
	    && (line.bytes[line.length - 1] == '\n' || line.bytes[line.length - 1] == '\r'))
		line.length--;
	(void)buffer_add(&out, prefix);
	(void)buffer_append(&out, line);
	(void)buffer_byte(&out, '\n');
	/* A record that cannot be written shows as a failing check of its reader. */
	if (write(wire->dialogue, out.bytes, out.length) < 0)
		wire->dialogue = -1;
	buffer_close(&out);
}

void
smarthost_wire_stall(struct smarthost_wire *wire)
{
	char bytes[4096];
	ssize_t count;

	do
		count = read(wire->fd, bytes, sizeof bytes);
	while (count > 0 || (count < 0 && errno == EINTR));
}
