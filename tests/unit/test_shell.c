/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/shell.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/deadline.h"

#define PLENTY_MS 20000

static bool
run(const char *command, struct secret *line, struct failure *why)
{
	*line = (struct secret){ 0 };
	memset(why, 0, sizeof *why);
	return shell_first_line(command, PLENTY_MS, line, why);
}

/* F100 */
Test(shell, gives_the_first_line)
{
	static const struct {
		const char *command;
		const char *expected;
	} rows[] = {
		{ "echo hunter2", "hunter2" },
		{ "printf 'a\\nb\\nc\\n'", "a" },
		{ "printf 'a\\r\\nb'", "a" },
		{ "printf 'no end'", "no end" },
		{ "printf '  blanks  \\n'", "  blanks  " },
		{ "printf '\\nsecond\\n'", "" },
		{ "echo ok; echo noise >&2", "ok" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct secret line;
		struct failure why;

		cr_assert(run(rows[i].command, &line, &why), "%s: %s", rows[i].command, why.what);
		cr_assert_eq(line.length, strlen(rows[i].expected), "%s", rows[i].command);
		cr_assert_eq(
		    memcmp(line.bytes, rows[i].expected, line.length), 0, "%s", rows[i].command);
		secret_wipe(&line);
	}
}

Test(shell, tells_nothing_at_all_from_an_empty_line)
{
	struct secret line;
	struct failure why;

	cr_assert(run("true", &line, &why), "%s", why.what);
	cr_assert_null(line.bytes);
	cr_assert(run("echo", &line, &why), "%s", why.what);
	cr_assert_not_null(line.bytes);
	secret_wipe(&line);
}

/* F100 */
Test(shell, fails_when_the_command_does)
{
	static const struct {
		const char *command;
		const char *what;
	} rows[] = {
		{ "echo hunter2; exit 3", "the command 'echo' ended with status 3" },
		{ "echo sorry >&2; false", "the command 'echo' ended with status 1: sorry" },
		{ "printf 'two\\nlines\\n' >&2; exit 2",
		    "the command 'printf' ended with status 2: two lines" },
		{ "kill -9 $$", "the command 'kill' was ended by signal 9" },
		{ "printf 'a\\0b\\n'", "the command 'printf' printed a NUL" },
		{ "head -c 70000 /dev/zero", "the command 'head' printed more than 65536 bytes" },
		{ "X=hunter2 false", "the command '...' ended with status 1" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct secret line;
		struct failure why;

		cr_assert(!run(rows[i].command, &line, &why), "%s", rows[i].command);
		cr_assert_str_eq(why.what, rows[i].what);
		cr_assert_eq(why.code, EX_TEMPFAIL, "%s", rows[i].command);
		cr_assert(why.temporary, "%s", rows[i].command);
		cr_assert_null(line.bytes, "%s", rows[i].command);
	}
}

Test(shell, shows_the_beginning_of_long_complaints_only)
{
	struct secret line;
	struct failure why;

	cr_assert(!run("head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1", &line, &why));
	cr_assert_not_null(strstr(why.what, "ended with status 1: xxx"));
	cr_assert_lt(strlen(why.what), 400);
}

/* F100: with all its children. */
Test(shell, ends_a_command_that_takes_too_long)
{
	struct secret line = { 0 };
	struct failure why;
	int64_t began = deadline_now_ms();

	cr_assert(!shell_first_line("echo early; sleep 30 | sleep 30", 200, &line, &why));
	cr_assert_str_eq(why.what, "the command 'echo' did not end in time");
	cr_assert_eq(why.code, EX_TEMPFAIL);
	cr_assert_lt(deadline_now_ms() - began, 10000);
}

/* An agent started by the command keeps its standard output open. */
Test(shell, does_not_wait_for_a_daemon_left_behind)
{
	struct secret line;
	struct failure why;
	int64_t began = deadline_now_ms();

	cr_assert(run("echo hunter2; sleep 6 &", &line, &why), "%s", why.what);
	cr_assert_str_eq(line.bytes, "hunter2");
	cr_assert_lt(deadline_now_ms() - began, 5000);
	secret_wipe(&line);
}

/* As one who waits for /dev/tty in the background, and is stopped. */
Test(shell, leaves_the_command_no_terminal)
{
	struct secret line;
	struct failure why;

	cr_assert(run("cut -d ' ' -f 6 /proc/self/stat", &line, &why), "%s", why.what);
	cr_assert_gt(line.length, 0);
	cr_assert_neq(strtol(line.bytes, NULL, 10), (long)getsid(0));
	secret_wipe(&line);
	cr_assert(!run("echo x >/dev/tty", &line, &why));
}

Test(shell, gives_the_command_no_input_and_no_descriptors)
{
	struct secret line;
	struct failure why;
	int fd = open("/dev/null", O_RDONLY);

	cr_assert_geq(fd, 3);
	cr_assert(run("cat; ls /proc/self/fd | tr '\\n' ' '", &line, &why), "%s", why.what);
	/* ls has 3 open on the directory it lists. */
	cr_assert_str_eq(line.bytes, "0 1 2 3 ");
	secret_wipe(&line);
	close(fd);
}

Test(shell, gives_the_command_its_signals_back)
{
	struct secret line;
	struct failure why;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_IGN);
	cr_assert(run("sh -c 'kill -PIPE $$'; echo $?", &line, &why), "%s", why.what);
	cr_assert_str_eq(line.bytes, "141");
	secret_wipe(&line);
	cr_assert_eq(signal(SIGCHLD, SIG_DFL), SIG_IGN);
}

/* A secret typed into the command must not be shown. */
Test(shell, shows_a_command_by_its_first_word)
{
	static const struct {
		const char *command;
		const char *expected;
	} rows[] = {
		{ "pass mail/isp", "pass" },
		{ "  /usr/bin/gpg -d x", "/usr/bin/gpg" },
		{ "PASSWORD=x cmd", "..." },
		{ "'my secret' x", "..." },
		{ "$(echo x)", "..." },
		{ "(echo x)", "..." },
		{ "", "" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    "..." },
	};
	struct arena *arena = arena_open();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_assert_str_eq(
		    shell_name(rows[i].command, arena), rows[i].expected, "%s", rows[i].command);
	arena_close(arena);
}
