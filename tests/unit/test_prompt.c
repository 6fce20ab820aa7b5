/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/prompt.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/environment.h"
#include "base/interrupt.h"

#define PLENTY_MS 20000

/* How the child ends: with this, or with the code of the failure. */
#define RIGHT 0
#define WRONG 1

/* A process at a terminal of its own, and our end of that. */
struct person {
	int terminal;
	pid_t child;
	char shown[2048];
	size_t length;
};

/* In the child: makes the terminal its controlling one, asks, and compares. */
static void
sit(const char *path, const char *wanted)
{
	struct secret secret = { 0 };
	struct failure why;
	int fd;

	(void)signal(SIGINT, SIG_DFL);
	(void)setsid();
	fd = open(path, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) != 0)
		_exit(WRONG);
	interrupt_catch();
	if (!prompt_read("joe\x1b", "mail.example", &secret, &why))
		_exit(why.code);
	_exit(secret.length == strlen(wanted) && strcmp(secret.bytes, wanted) == 0 ? RIGHT : WRONG);
}

static struct person
seated(const char *wanted)
{
	struct person person = { .terminal = posix_openpt(O_RDWR | O_NOCTTY) };

	cr_assert_geq(person.terminal, 0);
	cr_assert_eq(grantpt(person.terminal), 0);
	cr_assert_eq(unlockpt(person.terminal), 0);
	person.child = fork();
	cr_assert_geq(person.child, 0);
	if (person.child == 0)
		sit(ptsname(person.terminal), wanted);
	return person;
}

/* Reads what is shown until `words` are among it. */
static void
see(struct person *person, const char *words)
{
	while (strstr(person->shown, words) == NULL) {
		struct pollfd end = { .fd = person->terminal, .events = POLLIN };
		ssize_t got;

		cr_assert_gt(poll(&end, 1, PLENTY_MS), 0, "shown: '%s'", person->shown);
		got = read(person->terminal, person->shown + person->length,
		    sizeof person->shown - 1 - person->length);
		if (got <= 0)
			return;
		person->length += (size_t)got;
	}
}

static bool
echoes(const struct person *person)
{
	struct termios state;

	cr_assert_eq(tcgetattr(person->terminal, &state), 0);
	return (state.c_lflag & ECHO) != 0;
}

static void
type(const struct person *person, const char *keys)
{
	cr_assert_eq(write(person->terminal, keys, strlen(keys)), (ssize_t)strlen(keys));
}

static int
leave(struct person *person)
{
	int status;

	cr_assert_eq(waitpid(person->child, &status, 0), person->child);
	close(person->terminal);
	cr_assert(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

Test(prompt, reads_a_line_that_is_not_shown)
{
	struct person person = seated(" horse battery ");

	see(&person, "password for joe");
	see(&person, "at mail.example: ");
	cr_assert_not(echoes(&person));
	cr_assert_null(strchr(person.shown, '\x1b'), "%s", person.shown);
	type(&person, " horse battery \n");
	cr_assert_eq(leave(&person), RIGHT);
	cr_assert_null(strstr(person.shown, "horse"));
}

Test(prompt, ends_without_an_answer)
{
	static const char *const keys[] = { "\x03", "\x04", "half\x03", NULL };

	for (size_t i = 0; keys[i] != NULL; i++) {
		struct person person = seated("");
		int keeper;

		see(&person, "at mail.example: ");
		/* Who holds it open sees what the terminal was left as. */
		keeper = open(ptsname(person.terminal), O_RDWR | O_NOCTTY);
		type(&person, keys[i]);
		cr_assert_eq(
		    waitid(P_PID, (id_t)person.child, &(siginfo_t){ 0 }, WEXITED | WNOWAIT), 0);
		cr_assert(echoes(&person), "%zu", i);
		close(keeper);
		cr_assert_eq(leave(&person), EX_TEMPFAIL, "%zu", i);
	}
}

/* A stop or a dump is put off until the terminal is as it was. */
Test(prompt, is_not_stopped_while_the_echo_is_off)
{
	struct person person = seated("late");
	siginfo_t end = { 0 };
	int keeper;

	see(&person, "at mail.example: ");
	keeper = open(ptsname(person.terminal), O_RDWR | O_NOCTTY);
	type(&person, "\x1a\x1c");
	cr_assert_eq(kill(person.child, SIGTERM), 0);
	cr_assert_eq(waitid(P_PID, (id_t)person.child, &end, WEXITED | WSTOPPED | WNOWAIT), 0);
	cr_assert(echoes(&person));
	close(keeper);
	(void)kill(person.child, SIGKILL);
	(void)waitpid(person.child, NULL, 0);
	close(person.terminal);
}

Test(prompt, needs_a_terminal)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct secret secret = { 0 };
		struct failure why;

		(void)setsid();
		_exit(prompt_read("joe", "mail.example", &secret, &why) ? RIGHT : why.code);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status));
	cr_assert_eq(WEXITSTATUS(status), EX_TEMPFAIL);
}
