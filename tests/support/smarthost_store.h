/* SPDX-License-Identifier: ISC */
/*
 * What the smarthost keeps: N.envelope and N.message for each accepted message,
 * N.dialogue for each connection.
 */
#ifndef RELAY_TESTS_SMARTHOST_STORE_H
#define RELAY_TESTS_SMARTHOST_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "smarthost_session.h"

/* Opens DIRECTORY/N.dialogue; -1 when it cannot. */
int smarthost_store_dialogue(const char *directory, size_t number);

/* Writes the session's message under the next free number; both files are whole
 * when this returns true. */
bool smarthost_store_message(const struct smarthost_session *session);

/* Writes DIRECTORY/NAME so that it appears whole. */
bool smarthost_store_file(const char *directory, const char *name, struct text bytes);

#endif
