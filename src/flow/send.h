/* SPDX-License-Identifier: ISC */
/*
 * The act of every plain call: read configuration and message, make the plan,
 * then deliver it or, for --pretend and --explain, show it.
 */
#ifndef RELAY_FLOW_SEND_H
#define RELAY_FLOW_SEND_H

#include "base/environment.h"
#include "config/options.h"
#include "flow/deliver.h"
#include "net/connect.h"

struct arena;
struct buffer;

struct send {
	const struct invocation *invocation;
	const struct environment *environment;
	const struct dialer *dialer; /* NULL: the network */
	const struct deliver_trace *trace;
	int input; /* descriptor of the message */
	bool input_is_terminal;
};

/*
 * Returns the exit status (sysexits.h).  `output` gets what belongs on standard output (the plan
 * of --pretend and --explain), `complaints` what belongs on standard error.  Nothing is lost: with
 * a status other than 0 the message is the caller's.
 */
int send_run(
    const struct send *send, struct arena *arena, struct buffer *output, struct buffer *complaints);

#endif
