/* SPDX-License-Identifier: ISC */
/*
 * SIGINT, SIGTERM and SIGHUP while mail is on its way (F189): before the end of data they end the
 * run as a failure for now; while the server's word on the whole message is awaited, they shorten
 * that wait instead, since who leaves there makes two mails of one.
 */
#ifndef RELAY_BASE_INTERRUPT_H
#define RELAY_BASE_INTERRUPT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/deadline.h"
#include "base/failure.h"

/* How long the last reply is still waited for after a signal. */
#define INTERRUPT_GRACE_MS 10000

/* From the start of the program: the three signals end the run with EX_TEMPFAIL, one line on
 * descriptor 2 and nothing sent; those that the caller has set to be ignored stay ignored. */
void interrupt_catch(void);

/* While the message is being submitted, and from then on when somebody may have it (true), a
 * signal is only noted, for interrupt_check() to find. */
void interrupt_arm(bool armed);

bool interrupt_is_armed(void);

/* The process group that is not to outlive this program: a signal that ends the run is sent on to
 * it as SIGTERM.  0: none. */
void interrupt_group(pid_t leader);

/* From the end of data until its reply: true; else false. */
void interrupt_hold(bool holding);

/*
 * Before every wait and after each that a signal broke off.  Fails with EX_TEMPFAIL when a signal
 * came and is not held; when it is held, *deadline becomes at most the grace after it.
 */
bool interrupt_check(struct deadline *deadline, struct failure *why);

#endif
