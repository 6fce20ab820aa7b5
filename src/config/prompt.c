/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/deadline.h"
#include "base/file.h"
#include "base/interrupt.h"

#define TERMINAL "/dev/tty"

/* The terminal while its echo is off. */
struct quiet {
	int fd;
	struct termios before;
	sigset_t mask;    /* as it was */
	sigset_t waiting; /* while the answer is awaited */
	bool armed;
};

/* A stop or a core dump between the two would leave the shell without an echo.  The signals that
 * end the run are let through in the wait alone, where interrupt_check() finds them. */
static void
hold_signals(struct quiet *quiet)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t late;

	(void)sigemptyset(&late);
	(void)sigaddset(&late, SIGTSTP);
	(void)sigaddset(&late, SIGQUIT);
	(void)sigprocmask(SIG_BLOCK, &late, &quiet->mask);
	(void)sigprocmask(SIG_BLOCK, NULL, &quiet->waiting);
	for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++)
		(void)sigaddset(&late, ending[i]);
	(void)sigprocmask(SIG_BLOCK, &late, NULL);
	quiet->armed = interrupt_is_armed();
	interrupt_arm(true);
}

static bool
hush(struct quiet *quiet)
{
	struct termios silent;

	if (tcgetattr(quiet->fd, &quiet->before) != 0)
		return false;
	hold_signals(quiet);
	silent = quiet->before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	silent.c_lflag |= ECHONL | ICANON | ISIG;
	/* What was typed before the question is no answer to it. */
	(void)tcsetattr(quiet->fd, TCSAFLUSH, &silent);
	return true;
}

static void
restore(const struct quiet *quiet)
{
	(void)tcsetattr(quiet->fd, TCSAFLUSH, &quiet->before);
	interrupt_arm(quiet->armed);
	(void)sigprocmask(SIG_SETMASK, &quiet->mask, NULL);
}

static void
ask(int fd, const char *user, const char *host)
{
	struct buffer question = buffer_open(0);
	struct failure ignored;
	char name[128];
	char place[128];

	(void)buffer_print(&question,
	    "relay: password for %s at %s: ", text_printable(text_of(user), name, sizeof name),
	    text_printable(text_of(host), place, sizeof place));
	(void)file_write(fd, buffer_text(&question), &ignored);
	buffer_close(&question);
}

static bool
wait_for_line(const struct quiet *quiet, struct deadline deadline, struct failure *why)
{
	for (;;) {
		struct pollfd terminal = { .fd = quiet->fd, .events = POLLIN };
		struct deadline unused = deadline;
		int left_ms = deadline_left_ms(deadline);
		const struct timespec left = { left_ms / 1000, left_ms % 1000 * 1000000L };
		int ready = ppoll(&terminal, 1, &left, &quiet->waiting);
		int number = errno;

		if (!interrupt_check(&unused, why))
			return false;
		if (ready > 0)
			return true;
		if (ready == 0)
			return fail(why, EX_TEMPFAIL, "no password was typed in time");
		if (number != EINTR)
			return failure_errno(
			    why, EX_TEMPFAIL, number, "cannot wait for the terminal");
	}
}

/* The terminal hands out whole lines. */
static bool
take_line(const struct quiet *quiet, struct secret *secret, struct failure *why)
{
	char line[PROMPT_MAX];
	ssize_t got;
	bool taken = false;

	if (!wait_for_line(quiet, deadline_after(PROMPT_LIMIT_MS), why))
		return false;
	got = read(quiet->fd, line, sizeof line);
	if (got <= 0)
		fail(why, EX_TEMPFAIL, "no password was typed");
	else if (line[got - 1] != '\n')
		fail(why, EX_TEMPFAIL, "what was typed has no end, or more than %zu bytes",
		    sizeof line - 1);
	else {
		secret_keep(secret, text_make(line, (size_t)got - 1));
		taken = true;
	}
	explicit_bzero(line, sizeof line);
	return taken;
}

bool
prompt_read(const char *user, const char *host, struct secret *secret, struct failure *why)
{
	struct quiet quiet = { .fd = open(TERMINAL, O_RDWR | O_CLOEXEC | O_NOCTTY) };
	bool taken;

	if (quiet.fd < 0)
		return failure_errno(why, EX_TEMPFAIL, errno, "there is no terminal to ask on");
	if (!hush(&quiet)) {
		failure_errno(why, EX_TEMPFAIL, errno, "the terminal cannot be asked");
		close(quiet.fd);
		return false;
	}
	ask(quiet.fd, user, host);
	taken = take_line(&quiet, secret, why);
	restore(&quiet);
	close(quiet.fd);
	return taken;
}
