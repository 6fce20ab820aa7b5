/* SPDX-License-Identifier: ISC */
/*
 * Who the envelope sender is: -f, the header when asked, the account, the user.
 */
#ifndef RELAY_FLOW_SENDER_H
#define RELAY_FLOW_SENDER_H

#include <stdbool.h>

#include "base/environment.h"
#include "base/failure.h"
#include "config/account.h"
#include "config/options.h"
#include "mail/address.h"
#include "mail/completion.h"
#include "mail/message.h"

struct arena;

/* Who named it. */
enum sender_source { SENDER_OPTION, SENDER_FIELD, SENDER_ACCOUNT, SENDER_USER };

struct sender {
	bool known;             /* the caller named one */
	struct address address; /* as given; null for `-f ''` and `-f '<>'` */

	/* Of the one that is taken, known once it is settled. */
	enum sender_source source;
	const struct value *setting; /* SENDER_ACCOUNT: the account's `from` */
	struct address written;      /* before it was completed */
	bool overruled;              /* the caller's was not taken */
};

/* What the caller says before an account is chosen: -f or -r, else with
 * --read-envelope-from the first address of From.  Fails in stage USAGE or INPUT. */
bool sender_read(const struct invocation *invocation, const struct message *message,
    struct arena *arena, struct sender *sender, struct failure *why);

/*
 * The complete sender: the caller's, unless allow_from_override is off; else the account's
 * first `from` that is no pattern (auto_from skips it); else the user's name.  MAILER-DAEMON at
 * the mail domain is the null sender.  Fails in stage USAGE, or CONFIG for the account's own.
 */
bool sender_settle(struct sender *sender, const struct account *account,
    const struct environment *environment, const struct completion *completion, struct arena *arena,
    struct address *complete, struct failure *why);

#endif
