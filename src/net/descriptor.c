/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/arena.h"

struct descriptor {
	struct channel channel;
	int read_fd;
	int write_fd;
	bool socket; /* write_fd takes send() */
};

static struct descriptor *
of(struct channel *channel)
{
	return (struct descriptor *)(void *)channel;
}

bool
descriptor_wait(int fd, short events, struct deadline deadline, struct failure *why)
{
	for (;;) {
		struct pollfd waited = { .fd = fd, .events = events };
		int ready;

		if (!interrupt_check(&deadline, why))
			return false;
		ready = poll(&waited, 1, deadline_left_ms(deadline));
		if (ready > 0)
			return true;
		if (ready == 0 && deadline_passed(deadline))
			return fail(why, EX_TEMPFAIL, "no answer within the time limit");
		if (ready < 0 && errno != EINTR && errno != EAGAIN)
			return failure_errno(
			    why, EX_TEMPFAIL, errno, "cannot wait for the connection");
	}
}

static bool
would_block(int number)
{
	return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

static bool
descriptor_read(struct channel *channel, char *bytes, size_t room, size_t *got,
    struct deadline deadline, struct failure *why)
{
	const struct descriptor *descriptor = of(channel);

	/* Waiting first: an answer is seldom there already, and a read in vain costs a call. */
	while (descriptor_wait(descriptor->read_fd, POLLIN, deadline, why)) {
		ssize_t count = read(descriptor->read_fd, bytes, room);

		if (count >= 0) {
			*got = (size_t)count;
			return true;
		}
		if (!would_block(errno))
			return failure_errno(
			    why, EX_TEMPFAIL, errno, "the connection broke while reading");
	}
	return false;
}

/* write() to a pipe knows no MSG_NOSIGNAL: the signal is held back and taken away. */
static ssize_t
write_quietly(int fd, struct text bytes)
{
	const struct timespec now = { 0, 0 };
	sigset_t pipe_only;
	sigset_t before;
	sigset_t waiting;
	ssize_t count;
	int number;

	(void)sigemptyset(&pipe_only);
	(void)sigaddset(&pipe_only, SIGPIPE);
	(void)sigpending(&waiting);
	(void)pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	count = write(fd, bytes.bytes, bytes.length);
	number = errno;
	if (count < 0 && number == EPIPE && sigismember(&waiting, SIGPIPE) == 0)
		(void)sigtimedwait(&pipe_only, NULL, &now);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = number;
	return count;
}

static ssize_t
put(const struct descriptor *descriptor, struct text bytes)
{
	if (descriptor->socket)
		return send(descriptor->write_fd, bytes.bytes, bytes.length, MSG_NOSIGNAL);
	return write_quietly(descriptor->write_fd, bytes);
}

static bool
descriptor_write(
    struct channel *channel, struct text bytes, struct deadline deadline, struct failure *why)
{
	const struct descriptor *descriptor = of(channel);

	while (bytes.length > 0) {
		ssize_t count = put(descriptor, bytes);

		if (count < 0 && !would_block(errno))
			return failure_errno(
			    why, EX_TEMPFAIL, errno, "the connection broke while writing");
		if (count < 0 && !descriptor_wait(descriptor->write_fd, POLLOUT, deadline, why))
			return false;
		if (count > 0)
			bytes = text_slice(bytes, (size_t)count, bytes.length);
	}
	return true;
}

/* The end of input and an error count: they too can be read at once. */
static bool
descriptor_pending(struct channel *channel)
{
	struct pollfd waited = { .fd = of(channel)->read_fd, .events = POLLIN };

	return poll(&waited, 1, 0) > 0;
}

static void
descriptor_close(struct channel *channel)
{
	struct descriptor *descriptor = of(channel);

	(void)close(descriptor->read_fd);
	if (descriptor->write_fd != descriptor->read_fd)
		(void)close(descriptor->write_fd);
	free(descriptor);
}

static const struct channel_operations descriptor_operations = {
	.read = descriptor_read,
	.write = descriptor_write,
	.pending = descriptor_pending,
	.close = descriptor_close,
};

static bool
loopback(const struct sockaddr_storage *address)
{
	static const unsigned char mapped[13] = { [10] = 0xff, [11] = 0xff, [12] = 127 };
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;

	if (address->ss_family == AF_INET) {
		memcpy(&ipv4, address, sizeof ipv4);
		return ntohl(ipv4.sin_addr.s_addr) >> 24 == 127;
	}
	if (address->ss_family != AF_INET6)
		return false;
	memcpy(&ipv6, address, sizeof ipv6);
	return IN6_IS_ADDR_LOOPBACK(&ipv6.sin6_addr)
	    || memcmp(&ipv6.sin6_addr, mapped, sizeof mapped) == 0;
}

static bool
local(int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof address;

	if (getpeername(fd, (struct sockaddr *)&address, &length) != 0)
		return false;
	return address.ss_family == AF_UNIX || loopback(&address);
}

static bool
socket_at(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

static void
prepare(int fd)
{
	const int on = 1;
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && (flags & O_NONBLOCK) == 0)
		(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	/* No TCP socket, no delay to take off: the error is the answer. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

struct channel *
descriptor_open(int read_fd, int write_fd, const char *peer, bool proxied)
{
	struct descriptor *descriptor = calloc(1, sizeof *descriptor);
	struct text name = text_slice(text_of(peer), 0, sizeof descriptor->channel.peer - 1);

	if (descriptor == NULL)
		arena_exhausted();
	prepare(read_fd);
	if (write_fd != read_fd)
		prepare(write_fd);
	descriptor->read_fd = read_fd;
	descriptor->write_fd = write_fd;
	descriptor->socket = socket_at(write_fd);
	descriptor->channel.operations = &descriptor_operations;
	if (!proxied && local(read_fd) && (write_fd == read_fd || local(write_fd)))
		descriptor->channel.privacy = CHANNEL_LOCAL;
	if (name.length > 0)
		memcpy(descriptor->channel.peer, name.bytes, name.length);
	return &descriptor->channel;
}

int
descriptor_of(const struct channel *channel)
{
	if (channel->operations != &descriptor_operations)
		return -1;
	return ((const struct descriptor *)(const void *)channel)->read_fd;
}
