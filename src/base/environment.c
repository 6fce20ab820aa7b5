/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/file.h"
#include "base/patience.h"
#include "base/text.h"

#define MAILNAME_FILE "/etc/mailname"
#define MAILNAME_MAX 4096
#define HOST_MAX 256
#define HOST_NAME_MS 3000
#define COLUMNS_USUAL 80

static uint64_t
random_bits(void)
{
	uint64_t bits = 0;

	if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
		arena_exhausted();
	return bits;
}

static const char *
variable(const struct environment *environment, const char *name)
{
	const char *value = environment->privileged ? NULL : getenv(name);

	return value == NULL || value[0] == '\0' ? NULL : value;
}

static const char *
absolute(const char *path)
{
	return path != NULL && path[0] == '/' ? path : NULL;
}

/* Files of another user's directory would decide where our mail goes. */
static bool
is_foreign(const struct environment *environment, const char *directory)
{
	struct stat status;

	return directory != NULL && stat(directory, &status) == 0
	    && status.st_uid != environment->uid && status.st_uid != 0;
}

static const char *
first_of(const char *a, const char *b, const char *c)
{
	if (a != NULL)
		return a;
	return b != NULL ? b : c;
}

static const char *
gecos_name(const struct passwd *entry, struct arena *arena)
{
	struct text gecos = text_of(entry->pw_gecos);

	return text_string(text_slice(gecos, 0, text_find(gecos, ',')), arena);
}

static void
read_home(struct environment *environment, const char *entry_home, struct arena *arena)
{
	const char *home = absolute(variable(environment, "HOME"));
	const char *config_home = absolute(variable(environment, "XDG_CONFIG_HOME"));

	/* What the passwd entry says, too, is no slip of sudo: its files are judged one by one. */
	if (is_foreign(environment, home) && (entry_home == NULL || strcmp(home, entry_home) != 0))
		environment->other_home = home;
	if (environment->other_home != NULL)
		home = NULL;
	/* Daemons are started with `/`, which is nobody's home. */
	if (home != NULL && strcmp(home, "/") == 0)
		home = first_of(entry_home, home, NULL);
	environment->home = first_of(home, entry_home, NULL);
	environment->config_home = is_foreign(environment, config_home) ? NULL : config_home;
	if (environment->config_home == NULL && environment->home != NULL)
		environment->config_home = arena_print(arena, "%s/.config", environment->home);
}

static void
read_user(struct environment *environment, struct arena *arena)
{
	const struct passwd *entry = getpwuid(environment->uid);
	const char *user = entry == NULL ? NULL : arena_string(arena, entry->pw_name);
	const char *home = entry == NULL ? NULL : arena_string(arena, entry->pw_dir);
	const char *name = variable(environment, "NAME");

	if (user == NULL)
		user = arena_print(arena, "%u", (unsigned)environment->uid);
	environment->full_name = name;
	if (name == NULL)
		environment->full_name = entry == NULL ? "" : gecos_name(entry, arena);
	environment->user = first_of(
	    variable(environment, "USER"), variable(environment, "LOGNAME"), user);
	read_home(environment, home, arena);
}

static const char *
read_mailname(struct arena *arena)
{
	struct failure ignored;
	struct text bytes;
	struct text line;

	if (!file_read(MAILNAME_FILE, MAILNAME_MAX, arena, &bytes, NULL, &ignored))
		return NULL;
	line = text_trim(text_slice(bytes, 0, text_find(bytes, '\n')));
	if (line.length == 0 || text_has_control(line) || text_find(line, ' ') < line.length)
		return NULL;
	return text_string(line, arena);
}

static const char *
read_host(struct arena *arena)
{
	char host[HOST_MAX] = "";

	if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0')
		return "localhost";
	return arena_string(arena, host);
}

static void
read_clock(struct environment *environment)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	environment->now = now.tv_sec;
	environment->now_us = (uint64_t)now.tv_sec * 1000000U + (uint64_t)now.tv_nsec / 1000U;
}

static size_t
columns_of(int fd, size_t usual)
{
	struct winsize size = { 0 };

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return usual;
}

static void
read_terminal(struct environment *environment)
{
	const char *terminal = variable(environment, "TERM");
	bool able = terminal != NULL && strcmp(terminal, "dumb") != 0;

	environment->columns = COLUMNS_USUAL;
	if (isatty(STDERR_FILENO))
		environment->error_columns = columns_of(STDERR_FILENO, COLUMNS_USUAL);
	if (!isatty(STDOUT_FILENO))
		return;
	environment->color = able && variable(environment, "NO_COLOR") == NULL;
	environment->columns = columns_of(STDOUT_FILENO, COLUMNS_USUAL);
}

/* In the background nobody may be asked: reading would stop the process. */
static bool
has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	bool ours;

	if (fd < 0)
		return false;
	ours = tcgetpgrp(fd) == getpgrp();
	close(fd);
	return ours;
}

static const char *
session_bus(const struct environment *environment, struct arena *arena)
{
	const char *address = variable(environment, "DBUS_SESSION_BUS_ADDRESS");
	const char *directory = absolute(variable(environment, "XDG_RUNTIME_DIR"));

	if (address != NULL || directory == NULL)
		return address;
	return arena_print(arena, "%s/bus", directory);
}

/* One call asks for all of them, but no more than the process may have open. */
static void
read_descriptors(struct environment *environment)
{
	struct pollfd all[ENVIRONMENT_DESCRIPTORS];
	nfds_t count = ENVIRONMENT_DESCRIPTORS;

	for (int fd = 0; fd < ENVIRONMENT_DESCRIPTORS; fd++)
		all[fd] = (struct pollfd){ .fd = fd };
	while (poll(all, count, 0) < 0) {
		if (errno == EINTR)
			continue;
		count /= 2;
	}
	for (nfds_t fd = 0; fd < count; fd++)
		environment->inherited[fd] = (all[fd].revents & POLLNVAL) == 0;
}

bool
environment_inherited(const struct environment *environment, int fd)
{
	if (fd >= 0 && fd < ENVIRONMENT_DESCRIPTORS)
		return environment->inherited[fd];
	return fcntl(fd, F_GETFD) >= 0;
}

void
environment_read(struct arena *arena, struct environment *environment)
{
	*environment = (struct environment){ .uid = getuid(), .random = random_bits };
	read_descriptors(environment);
	environment->privileged = getauxval(AT_SECURE) != 0;
	environment->system_directory = SYSCONFDIR;
	read_clock(environment);
	read_user(environment, arena);
	environment->temporary = first_of(absolute(variable(environment, "TMPDIR")), "/tmp", NULL);
	environment->host = read_host(arena);
	environment->host_variable = variable(environment, "HOSTNAME");
	environment->mailname = read_mailname(arena);
	environment->email = variable(environment, "EMAIL");
	environment->smtp_server = variable(environment, "SMTPSERVER");
	environment->credentials = absolute(variable(environment, "CREDENTIALS_DIRECTORY"));
	read_terminal(environment);
	environment->session_bus = session_bus(environment, arena);
	environment->terminal = has_terminal;
}

/* A host without a dot, and what it is called elsewhere: NULL when nobody knows. */
struct question {
	char host[HOST_MAX];
	struct addrinfo *answer;
};

static void
ask(void *data)
{
	const struct addrinfo asked = { .ai_flags = AI_CANONNAME, .ai_socktype = SOCK_STREAM };
	struct question *question = data;

	if (getaddrinfo(question->host, NULL, &asked, &question->answer) != 0)
		question->answer = NULL;
}

static void
forget(void *data)
{
	struct question *question = data;

	if (question->answer != NULL)
		freeaddrinfo(question->answer);
	free(question);
}

/* The answer is of use, but no mail waits long for it (F277). */
static const char *
canonical_name(const char *host, struct arena *arena)
{
	struct question *question = calloc(1, sizeof *question);
	const char *name = NULL;

	if (question == NULL)
		arena_exhausted();
	(void)snprintf(question->host, sizeof question->host, "%s", host);
	if (!patience_run(ask, forget, question, deadline_after(HOST_NAME_MS)))
		return NULL;
	if (question->answer != NULL && question->answer->ai_canonname != NULL)
		name = arena_string(arena, question->answer->ai_canonname);
	forget(question);
	return name;
}

const char *
environment_host_name(const struct environment *environment, struct arena *arena)
{
	/* Name servers may be slow: they are asked once, not for each use of the name. */
	static char asked[HOST_MAX];
	static char full[HOST_MAX];
	const char *name = environment->host;
	const char *found;

	if (strchr(name, '.') != NULL || strlen(name) >= HOST_MAX)
		return name;
	if (strcmp(name, asked) != 0) {
		found = canonical_name(name, arena);
		full[0] = '\0';
		if (found != NULL && strchr(found, '.') != NULL && strlen(found) < HOST_MAX)
			(void)snprintf(full, sizeof full, "%s", found);
		(void)snprintf(asked, sizeof asked, "%s", name);
	}
	return full[0] == '\0' ? name : arena_string(arena, full);
}

const char *
environment_mail_domain(const struct environment *environment, struct arena *arena)
{
	if (environment->mailname != NULL)
		return environment->mailname;
	return environment_host_name(environment, arena);
}
