/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "net/connect.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/descriptor.h"
#include "net/host.h"
#include "net/lookup.h"
#include "net/race.h"
#include "net/socks.h"

static bool
refused_socket(int number, struct failure *why)
{
	failure_errno(why, EX_TEMPFAIL, number, "cannot connect to the socket");
	if (number == ENOENT || number == ECONNREFUSED)
		return failure_hint(why, "is the service running that listens there?");
	if (number == EACCES)
		return failure_hint(
		    why, "look at the mode of the socket and of the directories above it");
	return false;
}

/* EAGAIN is a full backlog, which poll() does not wait for; connect() is asked anew by
 * the next run, not here. */
static bool
join(int fd, const struct sockaddr_un *address, struct deadline deadline, struct failure *why)
{
	int number = 0;
	socklen_t size = sizeof number;

	if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
		return true;
	if (errno != EINPROGRESS && errno != EINTR)
		return refused_socket(errno, why);
	if (!descriptor_wait(fd, POLLOUT, deadline, why))
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &size) != 0 || number != 0)
		return refused_socket(number, why);
	return true;
}

static bool
open_socket(
    const char *path, struct deadline deadline, struct channel **channel, struct failure *why)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);
	int fd;

	if (length == 0 || length >= sizeof address.sun_path)
		return fail(why, EX_CONFIG, "the path of the socket must have 1 to %zu bytes",
		    sizeof address.sun_path - 1);
	memcpy(address.sun_path, path, length + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return failure_errno(why, EX_TEMPFAIL, errno, "cannot make a socket");
	if (!join(fd, &address, deadline, why)) {
		(void)close(fd);
		return false;
	}
	*channel = descriptor_open(fd, fd, path, false);
	return true;
}

static bool
find_source(const char *text, struct lookup *source, struct failure *why)
{
	struct host host;

	if (!host_read(text, &host, why))
		return false;
	if (host.family == AF_UNSPEC)
		return fail(why, EX_CONFIG, "source_ip '%s' is no address", text);
	return lookup_find(&host, 0, deadline_never(), source, why);
}

/* A socket connected to one of the addresses of `host`. */
static bool
reach(const struct host *host, unsigned port, const char *source_ip, struct deadline deadline,
    int *fd, struct failure *why)
{
	struct lookup source;
	struct lookup lookup;

	if (port == 0 || port > 65535)
		return fail(why, EX_CONFIG, "%u is no port", port);
	if (source_ip != NULL && !find_source(source_ip, &source, why))
		return false;
	if (!lookup_find(host, port, deadline, &lookup, why))
		return false;
	return race_run(&lookup, source_ip == NULL ? NULL : &source.items[0], deadline, fd, why);
}

static bool
open_host(const struct endpoint *endpoint, const char *peer, struct deadline deadline,
    struct channel **channel, struct failure *why)
{
	struct host host;
	int fd;

	if (!host_read(endpoint->host, &host, why)
	    || !reach(&host, endpoint->port, endpoint->source_ip, deadline, &fd, why))
		return false;
	*channel = descriptor_open(fd, fd, peer, false);
	return true;
}

/* The failure says which of the two could not be reached: the proxy itself, or what is behind. */
static bool
ask_proxy(const struct endpoint *endpoint, const char *peer, struct deadline deadline,
    struct channel **channel, struct failure *why)
{
	struct host proxy;
	struct host host;
	int fd;

	if (endpoint->port == 0 || endpoint->port > 65535)
		return fail(why, EX_CONFIG, "%u is no port", endpoint->port);
	if (!host_read(endpoint->host, &host, why) || !host_read(endpoint->proxy_host, &proxy, why))
		return false;
	if (!reach(&proxy, endpoint->proxy_port, endpoint->source_ip, deadline, &fd, why)) {
		why->hint[0] = '\0';
		(void)failure_hint(why,
		    "check proxy_host and proxy_port: is the proxy running, and can this machine "
		    "reach it?");
		why->code = why->code == EX_NOHOST ? EX_TEMPFAIL : why->code;
		why->temporary = why->code == EX_TEMPFAIL;
		return false;
	}
	*channel = descriptor_open(fd, fd, peer, true);
	if (socks_connect(*channel, &host, endpoint->port, deadline, why))
		return true;
	channel_close(*channel);
	*channel = NULL;
	return failure_hint(why,
	    "the proxy was reached: check host and port of the server, and ask the proxy's operator "
	    "what it allows");
}

static bool
open_proxied(const struct endpoint *endpoint, const char *peer, struct deadline deadline,
    struct channel **channel, struct failure *why)
{
	char what[sizeof why->what];

	if (ask_proxy(endpoint, peer, deadline, channel, why))
		return true;
	memcpy(what, why->what, sizeof what);
	(void)snprintf(why->what, sizeof why->what, "by proxy %.200s:%u: %.500s",
	    endpoint->proxy_host, endpoint->proxy_port, what);
	return false;
}

static void
describe(const struct endpoint *endpoint, char *peer, size_t size)
{
	const char *host = endpoint->host == NULL ? "" : endpoint->host;

	if (endpoint->socket != NULL)
		(void)snprintf(peer, size, "%s", endpoint->socket);
	else if (strchr(host, ':') != NULL && host[0] != '[')
		(void)snprintf(peer, size, "[%s]:%u", host, endpoint->port);
	else
		(void)snprintf(peer, size, "%s:%u", host, endpoint->port);
}

bool
connect_open(const struct endpoint *endpoint, struct deadline deadline, struct channel **channel,
    struct failure *why)
{
	char peer[300];
	bool opened;

	describe(endpoint, peer, sizeof peer);
	if (endpoint->socket != NULL)
		opened = open_socket(endpoint->socket, deadline, channel, why);
	else if (endpoint->proxy_host != NULL)
		opened = open_proxied(endpoint, peer, deadline, channel, why);
	else
		opened = open_host(endpoint, peer, deadline, channel, why);
	if (opened)
		return true;
	failure_in(why, FAILURE_CONNECT);
	return failure_at(why, "%s", peer);
}

static bool
dial(void *data, const struct endpoint *endpoint, struct deadline deadline,
    struct channel **channel, struct failure *why)
{
	(void)data;
	return connect_open(endpoint, deadline, channel, why);
}

static bool
find_service(void *data, const char *domain, struct deadline deadline, struct service *service,
    struct failure *why)
{
	(void)data;
	return service_find(domain, deadline, service, why);
}

static bool
look_up(void *data, const struct host *host, unsigned port, struct deadline deadline,
    struct lookup *lookup, struct failure *why)
{
	(void)data;
	return lookup_find(host, port, deadline, lookup, why);
}

struct dialer
connect_dialer(void)
{
	return (struct dialer){ .open = dial, .find = find_service, .look = look_up };
}
