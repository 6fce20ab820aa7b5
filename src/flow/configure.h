/* SPDX-License-Identifier: ISC */
/*
 * The act of --configure: asks DNS for the submission servers of an address and prints an account
 * for them.
 */
#ifndef RELAY_FLOW_CONFIGURE_H
#define RELAY_FLOW_CONFIGURE_H

#include "config/options.h"
#include "net/connect.h"

struct arena;
struct buffer;

struct configure {
	const struct invocation *invocation; /* its one operand is the address */
	const struct dialer *dialer;         /* NULL: the network */
};

/*
 * Returns EX_OK with the account on `output`; EX_USAGE for what is no address with a domain; else
 * as service_find(), with nothing on `output`.  No password is asked for, and no server connected
 * to.
 */
int configure_run(const struct configure *configure, struct arena *arena, struct buffer *output,
    struct buffer *complaints);

#endif
