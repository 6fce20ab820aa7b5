/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/interrupt.h"

/* nohup(1) leaves SIGHUP ignored, and so would these tests. */
static void
meet_signals(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };

	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		(void)signal(signals[i], SIG_DFL);
}

TestSuite(interrupt, .init = meet_signals);

/* F189 */
Test(interrupt, ends_the_run_with_75_when_nothing_is_open, .exit_code = EX_TEMPFAIL)
{
	interrupt_catch();
	(void)raise(SIGTERM);
}

Test(interrupt, is_a_failure_for_now_while_a_session_is_open)
{
	struct deadline deadline = deadline_never();
	struct failure why;

	interrupt_catch();
	interrupt_arm(true);
	cr_assert(interrupt_check(&deadline, &why));
	(void)raise(SIGHUP);
	cr_assert_not(interrupt_check(&deadline, &why));
	cr_assert_eq(why.code, EX_TEMPFAIL);
	cr_assert(why.temporary);
}

Test(interrupt, shortens_the_wait_for_the_last_word)
{
	struct deadline deadline = deadline_never();
	struct failure why;

	interrupt_catch();
	interrupt_arm(true);
	interrupt_hold(true);
	(void)raise(SIGINT);
	cr_assert(interrupt_check(&deadline, &why));
	cr_assert_leq(deadline_left_ms(deadline), INTERRUPT_GRACE_MS);
	cr_assert_neq(deadline_left_ms(deadline), -1);
}

Test(interrupt, takes_the_group_along)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		(void)setpgid(0, 0);
		for (;;)
			(void)pause();
	}
	cr_assert_gt(child, 0);
	(void)setpgid(child, child);
	interrupt_catch();
	interrupt_arm(true);
	interrupt_group(child);
	(void)raise(SIGINT);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFSIGNALED(status));
	cr_assert_eq(WTERMSIG(status), SIGTERM);
}

Test(interrupt, leaves_what_the_caller_ignores_ignored)
{
	struct deadline deadline = deadline_never();
	struct failure why;

	cr_assert_neq(signal(SIGHUP, SIG_IGN), SIG_ERR);
	interrupt_catch();
	(void)raise(SIGHUP);
	cr_assert(interrupt_check(&deadline, &why));
}
