/* SPDX-License-Identifier: ISC */
/*
 * Keys that nothing will ever ask for: well-formed, but written for another table, another
 * program, or in a form that is not the one that is asked for.
 */
#ifndef RELAY_TABLE_KEY_DOUBT_H
#define RELAY_TABLE_KEY_DOUBT_H

#include <stdbool.h>

#include "base/text.h"

struct arena;

/* Why the key matches nothing, a sentence (static); NULL: it may match.  `arena` is for
 * what is needed on the way. */
const char *key_doubt_generic(struct text key, struct arena *arena);
const char *key_doubt_transport(struct text key, struct arena *arena);

/* sasl_passwd; `sender_dependent`: senders are asked for, too. */
const char *key_doubt_password(struct text key, bool sender_dependent, struct arena *arena);

#endif
