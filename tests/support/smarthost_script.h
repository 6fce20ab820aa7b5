/* SPDX-License-Identifier: ISC */
/*
 * What the smarthost is told to do instead of working: a list of rules, each for
 * one step of the dialogue and, where the step has an address, for one address.
 */
#ifndef RELAY_TESTS_SMARTHOST_SCRIPT_H
#define RELAY_TESTS_SMARTHOST_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct arena;

#define SMARTHOST_SCRIPT_MAX 64

enum smarthost_step {
	STEP_GREETING,
	STEP_EHLO,
	STEP_EHLO_TLS, /* the EHLO inside TLS; a rule for ehlo fits it as well */
	STEP_STARTTLS,
	STEP_HANDSHAKE, /* between the 220 to STARTTLS and TLS */
	STEP_AUTH,
	STEP_MAIL,
	STEP_RCPT,
	STEP_DATA,
	STEP_BDAT,
	STEP_BODY, /* while the message is on its way */
	STEP_DOT,  /* the final dot, or the last chunk */
	STEP_RSET,
	STEP_QUIT,
	STEP_COUNT
};

enum smarthost_act { ACT_REPLY, ACT_CLOSE, ACT_STALL };

struct smarthost_rule {
	enum smarthost_step step;
	enum smarthost_act act;
	const char *address; /* NULL: any */
	const char *text;    /* the reply; its lines end in LF, the last has none */
};

struct smarthost_script {
	struct smarthost_rule rules[SMARTHOST_SCRIPT_MAX];
	size_t count;
};

/*
 * Adds the rule that an option says: "STEP" or "STEP:ADDRESS", for ACT_REPLY with
 * "=TEXT" behind it, where a backslash and n stand for a line end.  False when it
 * names no step or there are too many.
 */
bool smarthost_script_add(struct smarthost_script *script, enum smarthost_act act,
    const char *argument, struct arena *arena);

/* The first rule for the step and address (empty: the step has none); NULL: none. */
const struct smarthost_rule *smarthost_script_find(
    const struct smarthost_script *script, enum smarthost_step step, struct text address);

#endif
