/* SPDX-License-Identifier: ISC */
/*
 * The act of --check and --serverinfo: look at everything that sending mail needs, one thing at a
 * time, and send none.
 */
#ifndef RELAY_FLOW_CHECK_H
#define RELAY_FLOW_CHECK_H

#include "base/environment.h"
#include "config/options.h"
#include "flow/deliver.h"
#include "net/connect.h"

struct arena;
struct buffer;

struct check {
	const struct invocation *invocation; /* its operands name accounts; none: the usual one */
	const struct environment *environment;
	const struct dialer *dialer; /* NULL: the network */
	const struct deliver_trace *trace;
};

/*
 * Returns EX_OK when nothing failed, warnings or not, else the status of the first failure.
 * `output` gets the findings, as text or JSON.  No message is sent, and no recipient named to any
 * server; passwords are read and used to log in, and shown nowhere.
 *
 * --serverinfo looks at the servers alone, without any password.
 */
int check_run(const struct check *check, struct arena *arena, struct buffer *output);

#endif
