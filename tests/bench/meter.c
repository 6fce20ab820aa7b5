/* SPDX-License-Identifier: ISC */
/*
 * Runs a command with a file as its standard input and prints what it cost:
 *
 *	meter FILE COMMAND [ARGUMENT...]
 *	status wall_us cpu_us peak_kb
 *
 * The peak is that of this small program or of the command, whichever is larger: a large
 * interpreter that started the command itself would count its own memory as the command's.
 */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static long long
spent_us(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000LL
	    + usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

/* Its words would be written to a terminal or a pipe at the caller's speed. */
static void
redirect(const char *input)
{
	int in = open(input, O_RDONLY | O_CLOEXEC);
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (in < 0 || out < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0
	    || dup2(out, STDERR_FILENO) < 0)
		_exit(126);
}

int
main(int argc, char **argv)
{
	struct rusage usage;
	long long began;
	int status;
	pid_t child;

	if (argc < 3)
		return 2;
	began = now_us();
	child = vfork();
	if (child == 0) {
		redirect(argv[1]);
		(void)execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return 1;
	(void)printf("%d %lld %lld %ld\n",
	    WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), now_us() - began,
	    spent_us(&usage), usage.ru_maxrss);
	return 0;
}
