/* SPDX-License-Identifier: ISC */
/*
 * A long line between a client and a server on this machine: what goes in comes out at the
 * other end so many milliseconds later, whatever its size.
 *
 *	line SERVER_PORT MILLISECONDS COUNTS
 *
 * Prints the port it listens on.  The client's connect is answered by the kernel at once, so
 * the round trip that it takes on such a line is waited for before anything passes.  After each
 * connection a row is appended to the file COUNTS: bytes from the client, bytes to it, and its
 * round trips: how often something came back for what it had sent, while it was there.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PIECE ((size_t)64 * 1024)

/* Bytes under way; a length of 0 is the end. */
struct piece {
	struct piece *next;
	long long due_us;
	size_t length;
	char bytes[PIECE];
};

struct direction {
	int from, to;
	struct piece *first, **last;
	bool ended; /* nothing more comes in */
	bool done;  /* and all has gone out */
	long long bytes;
};

static long long delay_us;

static long long
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void
pass_time(long long us)
{
	struct timespec rest = { us / 1000000, us % 1000000 * 1000 };

	while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
		continue;
}

static void
take(struct direction *direction)
{
	struct piece *piece = malloc(sizeof *piece);
	ssize_t got;

	if (piece == NULL)
		_exit(1);
	got = read(direction->from, piece->bytes, sizeof piece->bytes);
	piece->next = NULL;
	piece->length = got > 0 ? (size_t)got : 0;
	piece->due_us = now_us() + delay_us;
	direction->ended = got <= 0;
	direction->bytes += got > 0 ? got : 0;
	*direction->last = piece;
	direction->last = &piece->next;
}

static bool
is_due(const struct direction *direction)
{
	return direction->first != NULL && direction->first->due_us <= now_us();
}

static void
give(struct direction *direction)
{
	struct piece *piece = direction->first;
	size_t at = 0;

	while (at < piece->length) {
		ssize_t put = write(direction->to, piece->bytes + at, piece->length - at);

		/* The other side has left: what it would have got is nobody's. */
		if (put <= 0)
			break;
		at += (size_t)put;
	}
	direction->done = piece->length == 0;
	if (direction->done)
		(void)shutdown(direction->to, SHUT_WR);
	direction->first = piece->next;
	if (direction->first == NULL)
		direction->last = &direction->first;
	free(piece);
}

static void
wait_for_any(const struct direction *up, const struct direction *down, struct pollfd polled[2])
{
	long long due = 0;
	struct timespec rest;
	bool timed = up->first != NULL || down->first != NULL;

	if (up->first != NULL)
		due = up->first->due_us;
	if (down->first != NULL && (up->first == NULL || down->first->due_us < due))
		due = down->first->due_us;
	due -= now_us();
	rest = (struct timespec){ due > 0 ? due / 1000000 : 0, due > 0 ? due % 1000000 * 1000 : 0 };
	polled[0] = (struct pollfd){ .fd = up->ended ? -1 : up->from, .events = POLLIN };
	polled[1] = (struct pollfd){ .fd = down->ended ? -1 : down->from, .events = POLLIN };
	(void)ppoll(polled, 2, timed ? &rest : NULL, NULL);
}

static void
connect_both(int client, int server, const char *counts)
{
	struct direction up = { .from = client, .to = server, .last = &up.first };
	struct direction down = { .from = server, .to = client, .last = &down.first };
	bool asked = false;
	long trips = 0;
	char row[100];
	int fd;

	while (!up.done || !down.done) {
		struct pollfd polled[2];

		wait_for_any(&up, &down, polled);
		if (polled[0].revents != 0) {
			take(&up);
			asked = asked || !up.ended;
		}
		if (polled[1].revents != 0)
			take(&down);
		if (is_due(&up))
			give(&up);
		if (is_due(&down)) {
			trips += asked && !up.ended && down.first->length > 0 ? 1 : 0;
			asked = false;
			give(&down);
		}
	}
	fd = open(counts, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd >= 0
	    && write(fd, row,
		   (size_t)snprintf(
		       row, sizeof row, "%lld %lld %ld\n", up.bytes, down.bytes, trips))
		< 0)
		perror(counts);
}

static void
carry(int client, unsigned short port, const char *counts)
{
	const struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int server = socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;

	pass_time(2 * delay_us);
	if (connect(server, (const struct sockaddr *)&address, sizeof address) != 0)
		return;
	(void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	(void)setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	connect_both(client, server, counts);
}

static int
listen_anywhere(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(listener, (const struct sockaddr *)&address, size) != 0
	    || listen(listener, 16) != 0
	    || getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
		perror("line");
		exit(1);
	}
	(void)printf("%u\n", ntohs(address.sin_port));
	(void)fflush(stdout);
	return listener;
}

int
main(int argc, char **argv)
{
	int listener;

	if (argc != 4)
		return 64;
	delay_us = strtoll(argv[2], NULL, 10) * 1000;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_IGN);
	listener = listen_anywhere();
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client >= 0 && fork() == 0) {
			carry(client, (unsigned short)strtoul(argv[1], NULL, 10), argv[3]);
			_exit(0);
		}
		(void)close(client);
	}
}
