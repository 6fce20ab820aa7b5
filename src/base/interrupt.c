/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

/* Handlers have nothing else to write to. */
static volatile sig_atomic_t armed;
static volatile sig_atomic_t came;
static volatile sig_atomic_t group;
static bool held;
static struct deadline grace;

static void
note(int number)
{
	static const char words[] = "relay: ended by a signal, the message was not sent\n";

	came = number;
	if (group > 0)
		(void)kill((pid_t)-group, SIGTERM);
	if (armed)
		return;
	if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
		_exit(EX_TEMPFAIL);
	_exit(EX_TEMPFAIL);
}

void
interrupt_catch(void)
{
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		struct sigaction action;

		if (sigaction(signals[i], NULL, &action) != 0 || action.sa_handler == SIG_IGN)
			continue;
		memset(&action, 0, sizeof action);
		action.sa_handler = note;
		/* Without SA_RESTART: the wait that is on must end. */
		(void)sigaction(signals[i], &action, NULL);
	}
}

void
interrupt_arm(bool on)
{
	armed = on;
}

bool
interrupt_is_armed(void)
{
	return armed != 0;
}

void
interrupt_group(pid_t leader)
{
	group = leader;
}

void
interrupt_hold(bool holding)
{
	held = holding;
}

bool
interrupt_check(struct deadline *deadline, struct failure *why)
{
	if (came == 0)
		return true;
	if (!held) {
		fail(why, EX_TEMPFAIL, "ended by signal %d (%s)", (int)came, strsignal((int)came));
		return failure_hint(why, "send it again: the server has not taken it");
	}
	if (grace.at_ms == 0)
		grace = deadline_after(INTERRUPT_GRACE_MS);
	*deadline = deadline_earlier(*deadline, grace);
	return true;
}
