/* SPDX-License-Identifier: ISC */
/*
 * Runs a command and says on descriptor 3 what became of it:
 *
 *	witness SECONDS COMMAND [ARGUMENT...]
 *
 *	exit N | signal N | timeout
 *	memory KIB, the most that it held at once
 *	elapsed MS
 *	children N, those that it left behind
 *
 * A process of its own, and a small one: what a child inherits by fork counts as its memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REPORT 3

static volatile sig_atomic_t late;
static volatile pid_t watched;

static void
end_it(int number)
{
	(void)number;
	late = 1;
	(void)kill(watched, SIGKILL);
}

static long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Orphans come to this process, which then has children it never made. */
static int
count_children(void)
{
	int count = 0;

	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid > 0) {
			count++;
			continue;
		}
		return pid == 0 ? count + 1 : count;
	}
}

static void
tell(int status, const struct rusage *usage, long elapsed_ms)
{
	if (late)
		dprintf(REPORT, "timeout\n");
	else if (WIFSIGNALED(status))
		dprintf(REPORT, "signal %d\n", WTERMSIG(status));
	else
		dprintf(REPORT, "exit %d\n", WEXITSTATUS(status));
	dprintf(REPORT, "memory %ld\nelapsed %ld\nchildren %d\n", usage->ru_maxrss, elapsed_ms,
	    count_children());
}

int
main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = end_it };
	struct rusage usage = { 0 };
	long began = now_ms();
	int status = 0;
	pid_t pid;

	if (argc < 3 || fcntl(REPORT, F_SETFD, FD_CLOEXEC) != 0)
		return 64;
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (pid < 0)
		return 71;
	if (pid == 0) {
		(void)execv(argv[2], argv + 2);
		_exit(127);
	}
	watched = pid;
	(void)sigaction(SIGALRM, &action, NULL);
	(void)alarm((unsigned)strtoul(argv[1], NULL, 10));
	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	tell(status, &usage, now_ms() - began);
	return 0;
}
