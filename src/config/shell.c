/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/shell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/deadline.h"
#include "base/interrupt.h"

#define SHELL "/bin/sh"
#define READ_SIZE ((size_t)4096)
#define ERROR_MAX ((size_t)4096 + READ_SIZE)
#define ERROR_SHOWN 300
#define NAME_MAX_SHOWN 64

/* How often a command whose output stays open is asked whether it has ended: a daemon
 * that it left behind may hold the pipe for ever. */
#define TICK_MS 50
#define ENDING_TICK_MS 2

/* A running command: its process and our ends of its pipes (-1 when closed). */
struct run {
	const char *name;
	pid_t pid;
	int output_fd;
	int error_fd;
	bool ended;
	int status;
	struct buffer output;
	struct buffer error;
};

const char *
shell_name(const char *command, struct arena *arena)
{
	struct text rest = text_of(command);
	struct text word = text_word(&rest, '\0');

	for (size_t i = 0; i < word.length; i++)
		if (strchr("=\"'$`<>|;&()\\", word.bytes[i]) != NULL)
			return "...";
	if (word.length > NAME_MAX_SHOWN)
		return "...";
	return text_string(word, arena);
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool
set_actions(posix_spawn_file_actions_t *actions, int output, int error)
{
	const char *nothing = "/dev/null";

	return posix_spawn_file_actions_addopen(actions, STDIN_FILENO, nothing, O_RDONLY, 0) == 0
	    && posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO) == 0
	    && posix_spawn_file_actions_adddup2(actions, error, STDERR_FILENO) == 0
	    && posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1) == 0;
}

/* A session of its own, for which /dev/tty is nobody's: in a group in the background a question
 * there would stop the command.  And no signal that this program ignores or blocks. */
static bool
set_attributes(posix_spawnattr_t *attributes)
{
	short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t none;
	sigset_t all;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	return posix_spawnattr_setflags(attributes, flags) == 0
	    && posix_spawnattr_setsigdefault(attributes, &all) == 0
	    && posix_spawnattr_setsigmask(attributes, &none) == 0;
}

/* Zero, or an errno value. */
static int
spawn(char *command, int output, int error, pid_t *pid)
{
	char *words[] = { (char[]){ "sh" }, (char[]){ "-c" }, command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int number = ENOMEM;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return number;
	if (posix_spawnattr_init(&attributes) == 0) {
		if (set_actions(&actions, output, error) && set_attributes(&attributes))
			number = posix_spawn(pid, SHELL, &actions, &attributes, words, environ);
		(void)posix_spawnattr_destroy(&attributes);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return number;
}

/* A signal that comes between the two must find the group. */
static int
spawn_group(char *command, int output, int error, pid_t *pid)
{
	sigset_t before;
	sigset_t all;
	int number;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	number = spawn(command, output, error, pid);
	if (number == 0)
		interrupt_group(*pid);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return number;
}

static bool
start(char *command, struct run *run, struct failure *why)
{
	int output[2];
	int error[2];
	int number;

	if (pipe2(output, O_CLOEXEC) != 0)
		return failure_errno(why, EX_TEMPFAIL, errno, "cannot make a pipe");
	if (pipe2(error, O_CLOEXEC) != 0) {
		failure_errno(why, EX_TEMPFAIL, errno, "cannot make a pipe");
		close(output[0]);
		close(output[1]);
		return false;
	}
	number = spawn_group(command, output[1], error[1], &run->pid);
	close(output[1]);
	close(error[1]);
	run->output_fd = output[0];
	run->error_fd = error[0];
	(void)fcntl(run->output_fd, F_SETFL, O_NONBLOCK);
	(void)fcntl(run->error_fd, F_SETFL, O_NONBLOCK);
	if (number == 0)
		return true;
	run->ended = true;
	return failure_errno(why, EX_TEMPFAIL, number, "cannot start the command '%s'", run->name);
}

static void
reap(struct run *run, int flags)
{
	pid_t got;

	if (run->ended)
		return;
	do
		got = waitpid(run->pid, &run->status, flags);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		run->status = W_EXITCODE(EX_OSERR, 0);
	run->ended = got != 0;
	if (run->ended)
		interrupt_group(0);
}

/* Reads what is there; false when it passes the buffer's maximum. */
static bool
drain(int *fd, struct buffer *to)
{
	while (*fd >= 0) {
		ssize_t got;

		if (!buffer_room(to, READ_SIZE))
			return false;
		got = read(*fd, to->bytes + to->length, READ_SIZE);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return true;
		if (got <= 0)
			close_end(fd);
		else
			to->length += (size_t)got;
	}
	return true;
}

/* The beginning tells enough; the rest is thrown away, a piece at a time so that the
 * deadline is looked at, and the command can end. */
static void
drain_error(struct run *run)
{
	struct buffer scrap = buffer_open(ERROR_MAX);

	if (run->error.length < ERROR_SHOWN) {
		(void)drain(&run->error_fd, &run->error);
		return;
	}
	(void)drain(&run->error_fd, &scrap);
	buffer_close(&scrap);
}

static void
wait_a_little(const struct run *run, struct deadline deadline)
{
	struct deadline tick = deadline_after(TICK_MS);
	struct pollfd ends[] = {
		{ .fd = run->output_fd, .events = POLLIN },
		{ .fd = run->error_fd, .events = POLLIN },
	};

	if (run->output_fd < 0 && run->error_fd < 0)
		tick = deadline_after(ENDING_TICK_MS);
	(void)poll(ends, 2, deadline_left_ms(deadline_earlier(tick, deadline)));
}

/* Until the command has ended. */
static bool
watch(struct run *run, struct deadline deadline, struct failure *why)
{
	for (;;) {
		/* Asked before the pipes are emptied, so that nothing it wrote is missed. */
		reap(run, WNOHANG);
		drain_error(run);
		if (!drain(&run->output_fd, &run->output))
			return fail(why, EX_TEMPFAIL,
			    "the command '%s' printed more than %zu bytes", run->name,
			    SHELL_OUTPUT_MAX);
		if (run->ended)
			return true;
		if (!interrupt_check(&deadline, why))
			return false;
		if (deadline_passed(deadline)) {
			fail(why, EX_TEMPFAIL, "the command '%s' did not end in time", run->name);
			return failure_hint(why,
			    "it has no terminal and no input here: nothing "
			    "in it may ask a question");
		}
		wait_a_little(run, deadline);
	}
}

/* What it said on standard error, on one line. */
static const char *
complaint(struct run *run, struct arena *arena)
{
	char *words = text_string(
	    text_trim(text_slice(buffer_text(&run->error), 0, ERROR_SHOWN)), arena);

	for (char *at = words; *at != '\0'; at++)
		if (text_blank(*at))
			*at = ' ';
	return words;
}

static bool
judge_status(struct run *run, struct arena *arena, struct failure *why)
{
	const char *words = complaint(run, arena);
	const char *between = words[0] == '\0' ? "" : ": ";

	if (run->status == 0)
		return true;
	if (WIFSIGNALED(run->status))
		fail(why, EX_TEMPFAIL, "the command '%s' was ended by signal %d%s%s", run->name,
		    WTERMSIG(run->status), between, words);
	else
		fail(why, EX_TEMPFAIL, "the command '%s' ended with status %d%s%s", run->name,
		    WEXITSTATUS(run->status), between, words);
	return failure_hint(why, "run it by hand as this user, with < /dev/null behind it");
}

static bool
take_line(const struct run *run, struct secret *line, struct failure *why)
{
	struct text output = buffer_text(&run->output);
	struct text first = text_slice(output, 0, text_find(output, '\n'));

	if (output.length == 0) {
		secret_wipe(line);
		return true;
	}
	if (first.length > 0 && first.bytes[first.length - 1] == '\r')
		first.length--;
	if (text_find(first, '\0') < first.length)
		return fail(why, EX_TEMPFAIL, "the command '%s' printed a NUL", run->name);
	secret_keep(line, first);
	return true;
}

static void
stop(struct run *run)
{
	if (!run->ended) {
		(void)kill(-run->pid, SIGKILL);
		reap(run, 0);
	}
	close_end(&run->output_fd);
	close_end(&run->error_fd);
	buffer_close(&run->output);
	buffer_close(&run->error);
}

bool
shell_first_line(const char *command, int64_t limit_ms, struct secret *line, struct failure *why)
{
	/* Where the caller has SIGCHLD ignored, no status is kept for us. */
	const struct sigaction usual = { .sa_handler = SIG_DFL };
	struct sigaction inherited;
	struct arena *arena = arena_open();
	struct run run = {
		.name = shell_name(command, arena),
		.output_fd = -1,
		.error_fd = -1,
		.output = buffer_open(SHELL_OUTPUT_MAX + READ_SIZE),
		.error = buffer_open(ERROR_MAX),
	};
	bool done;

	(void)sigaction(SIGCHLD, &usual, &inherited);
	done = start(arena_string(arena, command), &run, why)
	    && watch(&run, deadline_after(limit_ms), why) && judge_status(&run, arena, why)
	    && take_line(&run, line, why);
	stop(&run);
	(void)sigaction(SIGCHLD, &inherited, NULL);
	arena_close(arena);
	return done;
}
