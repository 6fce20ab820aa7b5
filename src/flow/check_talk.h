/* SPDX-License-Identifier: ISC */
/*
 * One connection of --check: connect, greeting, EHLO, STARTTLS, certificate, extensions, login,
 * sender, QUIT.  No recipient is named and no message sent.
 */
#ifndef RELAY_FLOW_CHECK_TALK_H
#define RELAY_FLOW_CHECK_TALK_H

#include <stdbool.h>

#include "flow/check_list.h"
#include "flow/check_secrets.h"
#include "flow/deliver.h"
#include "flow/plan.h"
#include "flow/rule.h"
#include "net/connect.h"

struct check_talk {
	struct check_list *list;
	const struct plan *plan;
	const struct route *route;
	const struct route_hop *hop;
	const struct dialer *dialer;
	const struct deliver_trace *trace;
	const char *address; /* where to connect to instead of the host; NULL: there */
	const struct check_secret *secret; /* of the hop's credential; NULL: it needs none */
	bool login;                        /* log in, if the hop has a credential */
	bool sender;                       /* ask for the plan's sender */
	/* Of the server's connections so far: */
	bool open; /* one was connected */
	bool done; /* one came to the end of TLS: the next say only what differs */
	char fingerprint[CARD_FINGERPRINT_SIZE]; /* the certificate shown last */
};

/* Makes the connection and adds what it shows, up to the first failure. */
void check_talk_run(struct check_talk *talk);

#endif
