/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "tests/support/pipe.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/descriptor.h"

struct pipe_peer {
	struct pipe_wish wish;
	pthread_t thread;
	bool joined;
	int ours[2]; /* the client's ends: in, out */
	int theirs[2];
	int handshake;
	char name[256];
	bool certificate;
	bool closing;
};

static void
must(int result, const char *what)
{
	if (result >= 0)
		return;
	(void)fprintf(stderr, "pipe: %s: %d\n", what, result);
	abort();
}

/* GnuTLS's own would call recv() and send(), which pipes refuse. */
static ssize_t
pull(gnutls_transport_ptr_t data, void *bytes, size_t size)
{
	const struct pipe_peer *peer = data;

	return read(peer->theirs[0], bytes, size);
}

static ssize_t
push(gnutls_transport_ptr_t data, const void *bytes, size_t size)
{
	const struct pipe_peer *peer = data;

	return write(peer->theirs[1], bytes, size);
}

static int
pull_timeout(gnutls_transport_ptr_t data, unsigned ms)
{
	(void)data;
	(void)ms;
	return 1;
}

static void
echo(struct pipe_peer *peer, gnutls_session_t session)
{
	static const size_t size = 16384;
	char *bytes = malloc(size);
	ssize_t got;

	if (bytes == NULL)
		abort();
	do {
		got = gnutls_record_recv(session, bytes, size);
		if (got > 0)
			(void)gnutls_record_send(session, bytes, (size_t)got);
	} while (got > 0 || got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED);
	peer->closing = got == 0;
	free(bytes);
}

static void
note_name(struct pipe_peer *peer, gnutls_session_t session)
{
	size_t size = sizeof peer->name - 1;
	unsigned type;

	if (gnutls_server_name_get(session, peer->name, &size, &type, 0) < 0)
		peer->name[0] = '\0';
}

static void
talk(struct pipe_peer *peer, gnutls_session_t session)
{
	unsigned count = 0;

	do
		peer->handshake = gnutls_handshake(session);
	while (peer->handshake < 0 && gnutls_error_is_fatal(peer->handshake) == 0);
	note_name(peer, session);
	if (peer->handshake < 0) {
		(void)gnutls_alert_send_appropriate(session, peer->handshake);
		return;
	}
	peer->certificate = gnutls_certificate_get_peers(session, &count) != NULL && count > 0;
	if (peer->wish.serve != NULL)
		peer->wish.serve(session, peer->wish.data);
	else
		echo(peer, session);
}

static void
serve_tls(struct pipe_peer *peer)
{
	gnutls_certificate_credentials_t credentials = certificate_credentials(
	    peer->wish.chain, peer->wish.count);
	const char *priorities = peer->wish.priorities;
	gnutls_session_t session;

	must(gnutls_init(&session, GNUTLS_SERVER), "gnutls_init");
	must(gnutls_priority_set_direct(session, priorities == NULL ? "NORMAL" : priorities, NULL),
	    "gnutls_priority_set_direct");
	must(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials),
	    "gnutls_credentials_set");
	gnutls_certificate_server_set_request(
	    session, peer->wish.ask_certificate ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_IGNORE);
	gnutls_transport_set_ptr(session, peer);
	gnutls_transport_set_pull_function(session, pull);
	gnutls_transport_set_push_function(session, push);
	gnutls_transport_set_pull_timeout_function(session, pull_timeout);
	talk(peer, session);
	gnutls_deinit(session);
	gnutls_certificate_free_credentials(credentials);
}

static void *
run(void *data)
{
	struct pipe_peer *peer = data;
	sigset_t pipe_only;

	(void)sigemptyset(&pipe_only);
	(void)sigaddset(&pipe_only, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &pipe_only, NULL);
	if (peer->wish.raw != NULL)
		peer->wish.raw(peer->theirs[0], peer->theirs[1], peer->wish.data);
	else
		serve_tls(peer);
	(void)close(peer->theirs[0]);
	if (peer->theirs[1] != peer->theirs[0])
		(void)close(peer->theirs[1]);
	return NULL;
}

static void
connect_ends(struct pipe_peer *peer)
{
	int pair[2];
	int back[2];

	if (!peer->wish.pipes) {
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), "socketpair");
		peer->ours[0] = peer->ours[1] = pair[0];
		peer->theirs[0] = peer->theirs[1] = pair[1];
		return;
	}
	must(pipe(pair), "pipe");
	must(pipe(back), "pipe");
	peer->ours[0] = back[0];
	peer->ours[1] = pair[1];
	peer->theirs[0] = pair[0];
	peer->theirs[1] = back[1];
}

struct pipe_peer *
pipe_open(const struct pipe_wish *wish)
{
	struct pipe_peer *peer = calloc(1, sizeof *peer);

	if (peer == NULL)
		abort();
	peer->wish = *wish;
	connect_ends(peer);
	must(-pthread_create(&peer->thread, NULL, run, peer), "pthread_create");
	return peer;
}

struct channel *
pipe_channel(struct pipe_peer *peer)
{
	return descriptor_open(peer->ours[0], peer->ours[1], "srv.test:587", false);
}

void
pipe_join(struct pipe_peer *peer)
{
	if (!peer->joined)
		must(-pthread_join(peer->thread, NULL), "pthread_join");
	peer->joined = true;
}

int
pipe_handshake(const struct pipe_peer *peer)
{
	return peer->handshake;
}

const char *
pipe_asked_name(const struct pipe_peer *peer)
{
	return peer->name;
}

bool
pipe_saw_certificate(const struct pipe_peer *peer)
{
	return peer->certificate;
}

bool
pipe_saw_closing(const struct pipe_peer *peer)
{
	return peer->closing;
}

void
pipe_close(struct pipe_peer *peer)
{
	pipe_join(peer);
	free(peer);
}
