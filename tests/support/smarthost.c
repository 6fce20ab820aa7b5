/* SPDX-License-Identifier: ISC */
/*
 * smarthost: a submission server on loopback for tests and the quickstart, with
 * STARTTLS, a certificate made on the spot, AUTH for one user, and a script of
 * faults.
 *
 *	smarthost --directory DIR --user NAME --password-file FILE [option...]
 *
 * DIR/port appears when it is ready, DIR/ca.pem is what to trust; N.envelope and
 * N.message appear for each accepted message before the client hears of it, and
 * N.dialogue holds what connection N sent, secrets as ***.
 *
 *	--password-fd FD          instead of a file
 *	--host-name NAME          in the certificate and greeting (localhost)
 *	--certificate KIND        see smarthost_identity.h
 *	--implicit-tls            TLS from the first byte
 *	--no-starttls --no-auth   not offered; without STARTTLS, AUTH is offered in clear
 *	--mechanisms "A B"        for AUTH, in this order
 *	--without EXTENSION       leaves one out of EHLO, and refuses its use
 *	--size BYTES              largest message
 *	--recipients N            most in one transaction, then 452
 *	--scram-iterations N
 *	--lenient                 takes bare CR and LF, NUL, long lines, undeclared 8-bit
 *	--inject-after-starttls   plaintext behind the 220, in one segment
 *	--reply STEP[:ADDRESS]=TEXT  answers a step so; "\n" in TEXT begins a line
 *	--close STEP[:ADDRESS]    closes instead of answering
 *	--stall STEP[:ADDRESS]    never answers
 *
 * It ends on SIGTERM, when the process that started it ends, and when its
 * standard input is a pipe that closes.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "smarthost_identity.h"
#include "smarthost_options.h"
#include "smarthost_session.h"
#include "smarthost_store.h"

/* Longer than any test; a forgotten connection must not outlive a day's work. */
#define CONNECTION_SECONDS 600

static int
complain(const char *what)
{
	perror(what);
	return EXIT_FAILURE;
}

static int
listen_on_loopback(void)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0
	    || listen(fd, 64) != 0)
		return -1;
	return fd;
}

static bool
tell_port(int fd, const char *directory)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof address;
	char line[16];

	if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		return false;
	(void)snprintf(line, sizeof line, "%u\n", ntohs(address.sin_port));
	return smarthost_store_file(directory, "port", text_of(line));
}

static void
serve(int listener, int fd, size_t number, const struct smarthost_options *options,
    gnutls_certificate_credentials_t credentials)
{
	if (fork() != 0) {
		(void)close(fd);
		return;
	}
	(void)close(listener);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)alarm(CONNECTION_SECONDS);
	smarthost_session_run(fd, number, options, credentials);
	_exit(EXIT_SUCCESS);
}

static bool
is_pipe(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

static bool
has_ended(const struct pollfd *input)
{
	char bytes[256];

	if (input->fd < 0 || input->revents == 0)
		return false;
	return read(input->fd, bytes, sizeof bytes) <= 0;
}

static int
run(int listener, const struct smarthost_options *options,
    gnutls_certificate_credentials_t credentials)
{
	struct pollfd events[2] = {
		{ .fd = listener, .events = POLLIN },
		{ .fd = is_pipe(STDIN_FILENO) ? STDIN_FILENO : -1, .events = POLLIN },
	};
	size_t number = 0;
	int fd;

	for (;;) {
		if (poll(events, 2, -1) < 0 && errno != EINTR)
			return complain("smarthost: poll");
		if (has_ended(&events[1]))
			return EXIT_SUCCESS;
		if (events[0].revents == 0)
			continue;
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			serve(listener, fd, ++number, options, credentials);
	}
}

int
main(int argc, char *argv[])
{
	gnutls_certificate_credentials_t credentials;
	struct smarthost_options options;
	pid_t parent = getppid();
	int listener;

	/* Children are served and forgotten; who started us may die before we ask. */
	(void)signal(SIGCHLD, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		return EXIT_SUCCESS;
	if (!smarthost_options_read(argc, argv, arena_open(), &options))
		return EXIT_FAILURE;
	if (!smarthost_identity_make(
		options.certificate, options.host_name, options.directory, &credentials)) {
		(void)fputs("smarthost: unknown kind of certificate\n", stderr);
		return EXIT_FAILURE;
	}
	listener = listen_on_loopback();
	if (listener < 0)
		return complain("smarthost: listen");
	if (!tell_port(listener, options.directory))
		return complain("smarthost: port file");
	return run(listener, &options, credentials);
}
