/* SPDX-License-Identifier: ISC */
/*
 * argv becomes an invocation, the invocation one act; here alone is printed and
 * exited.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/deadline.h"
#include "base/environment.h"
#include "base/failure.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/secret.h"
#include "config/import.h"
#include "config/options.h"
#include "flow/check.h"
#include "flow/configure.h"
#include "flow/progress.h"
#include "flow/send.h"
#include "flow/tables.h"

#define TRACE_LINE_MAX 2048

/* A file opened next must not become standard output (F254). */
static bool
open_standard_descriptors(bool *had_input)
{
	*had_input = fcntl(STDIN_FILENO, F_GETFD) >= 0;
	for (;;) {
		int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

		if (fd < 0)
			return false;
		if (fd > STDERR_FILENO)
			return close(fd) == 0;
		(void)fcntl(fd, F_SETFD, 0);
	}
}

/* A caller may have left timers running and signals pending that would end this process as soon
 * as they are let through (F264): first they lose their meaning, then the mask goes. */
static void
reset_signals(void)
{
	static const int meaningless[] = { SIGPIPE, SIGXFSZ, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1,
		SIGUSR2 };
	const struct itimerval never = { 0 };
	sigset_t none;

	for (size_t i = 0; i < sizeof meaningless / sizeof meaningless[0]; i++)
		(void)signal(meaningless[i], SIG_IGN);
	(void)setitimer(ITIMER_REAL, &never, NULL);
	(void)setitimer(ITIMER_VIRTUAL, &never, NULL);
	(void)setitimer(ITIMER_PROF, &never, NULL);
	interrupt_catch();
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
prepare_process(void)
{
	secret_protect_process();
#ifdef M_ARENA_MAX
	/* The thread that asks for a name's addresses needs no heap of its own. */
	(void)mallopt(M_ARENA_MAX, 1);
#endif
	(void)umask(077);
	reset_signals();
}

/* A closed or full standard error must not disturb the delivery (F188). */
static bool
print(int fd, const struct buffer *words)
{
	struct failure ignored;

	return file_write(fd, buffer_text(words), &ignored);
}

static void
trace_line(void *data, bool client, struct text line)
{
	char words[TRACE_LINE_MAX];
	struct buffer out = buffer_open(0);
	int64_t began = *(const int64_t *)data;

	while (line.length > 0
	    && (line.bytes[line.length - 1] == '\n' || line.bytes[line.length - 1] == '\r'))
		line.length--;
	(void)buffer_print(&out, "%6.3f %s %s\n", (double)(deadline_now_ms() - began) / 1000.0,
	    client ? "C:" : "S:", text_printable(line, words, sizeof words));
	(void)print(STDERR_FILENO, &out);
	buffer_close(&out);
}

static void
show_progress(void *data, uint64_t sent, uint64_t total)
{
	struct buffer out = buffer_open(0);

	progress_step(data, sent, total, deadline_now_ms(), &out);
	(void)print(STDERR_FILENO, &out);
	buffer_close(&out);
}

/* A line that is drawn over again and one of the dialogue do not go well together: both only for
 * who asks. */
static bool
wants_progress(const struct invocation *invocation, const struct environment *environment)
{
	if (environment->error_columns == 0 || invocation->no_progress)
		return false;
	return invocation->progress || !(invocation->debug || invocation->verbose);
}

static int
check(const struct invocation *invocation, const struct environment *environment,
    struct arena *arena, struct buffer *output)
{
	int64_t began = deadline_now_ms();
	const struct deliver_trace trace = {
		.line = invocation->debug || invocation->verbose ? trace_line : NULL,
		.data = &began,
	};
	const struct check check = {
		.invocation = invocation,
		.environment = environment,
		.trace = &trace,
	};

	return check_run(&check, arena, output);
}

static int
configure(const struct invocation *invocation, struct arena *arena, struct buffer *output,
    struct buffer *complaints)
{
	const struct configure configure = { .invocation = invocation };

	return configure_run(&configure, arena, output, complaints);
}

static int
send_message(const struct invocation *invocation, const struct environment *environment,
    bool had_input, struct arena *arena, struct buffer *output, struct buffer *complaints)
{
	int64_t began = deadline_now_ms();
	struct progress progress = { .columns = environment->error_columns };
	const struct deliver_trace trace = {
		.line = invocation->debug || invocation->verbose ? trace_line : NULL,
		.data = &began,
		.progress = wants_progress(invocation, environment) ? show_progress : NULL,
		.progress_data = &progress,
	};
	const struct send send = {
		.invocation = invocation,
		.environment = environment,
		.trace = &trace,
		.input = had_input ? STDIN_FILENO : -1,
		.input_is_terminal = had_input && isatty(STDIN_FILENO),
	};

	return send_run(&send, arena, output, complaints);
}

static int
import_files(const struct invocation *invocation, const struct environment *environment,
    struct arena *arena, struct buffer *output, struct buffer *complaints)
{
	struct failure why;

	if (import_run(invocation->recipients, invocation->recipient_count, environment, arena,
		output, complaints, &why))
		return EX_OK;
	failure_format(&why, "relay", complaints);
	return why.code;
}

static int
run(const struct invocation *invocation, const struct environment *environment, bool had_input,
    struct arena *arena, struct buffer *output, struct buffer *complaints)
{
	switch (invocation->mode) {
	case OPTIONS_HELP:
		options_help(output);
		return EX_OK;
	case OPTIONS_VERSION:
		options_version(output);
		return EX_OK;
	case OPTIONS_MAILQ:
		(void)buffer_add(output, "Mail queue is empty\n");
		return EX_OK;
	case OPTIONS_FLUSH:
		return EX_OK;
	case OPTIONS_IMPORT:
		return import_files(invocation, environment, arena, output, complaints);
	case OPTIONS_NEWALIASES:
		return tables_check(invocation, environment, arena, output, complaints);
	case OPTIONS_CHECK:
	case OPTIONS_SERVERINFO:
		return check(invocation, environment, arena, output);
	case OPTIONS_CONFIGURE:
		return configure(invocation, arena, output, complaints);
	case OPTIONS_SEND:
	case OPTIONS_PRETEND:
	case OPTIONS_EXPLAIN:
		break;
	}
	return send_message(invocation, environment, had_input, arena, output, complaints);
}

static int
run_arguments(
    int argc, char **argv, bool had_input, struct buffer *output, struct buffer *complaints)
{
	struct arena *arena = arena_open();
	struct environment environment;
	struct invocation invocation;
	struct failure why;
	int status;

	environment_read(arena, &environment);
	if (options_read(argc, argv, &environment, arena, &invocation, &why)) {
		status = run(&invocation, &environment, had_input, arena, output, complaints);
	} else {
		failure_format(&why, "relay", complaints);
		status = why.code;
	}
	arena_close(arena);
	return status;
}

int
main(int argc, char **argv)
{
	struct buffer complaints = buffer_open(0);
	struct buffer output = buffer_open(0);
	bool had_input;
	int status;

	if (!open_standard_descriptors(&had_input))
		return EX_OSERR;
	prepare_process();
	status = run_arguments(argc, argv, had_input, &output, &complaints);
	/* Standard output holds something only where it is what was asked for. */
	if (!print(STDOUT_FILENO, &output) && status == EX_OK)
		status = EX_IOERR;
	(void)print(STDERR_FILENO, &complaints);
	buffer_close(&output);
	buffer_close(&complaints);
	return status;
}
