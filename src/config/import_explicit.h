/* SPDX-License-Identifier: ISC */
/*
 * An account of msmtp, read by both programs: what relay would take otherwise is written behind its
 * lines, and what msmtp did unsafely is not.
 */
#ifndef RELAY_CONFIG_IMPORT_EXPLICIT_H
#define RELAY_CONFIG_IMPORT_EXPLICIT_H

#include "config/account.h"
#include "config/import_writer.h"

/* What one account means to msmtp, and what the lines written so far mean to relay. */
struct import_explicit {
	struct account *theirs;
	struct account *ours; /* its name is the one that is written */
	struct import_place place;
};

/* The defaults of both programs. */
struct import_explicit import_explicit_open(struct arena *arena);

/* Writes the setting, and lets `ours` have it. */
void import_explicit_set(struct import_explicit *account, enum setting_id id, const char *word,
    struct import_writer *writer);

/* Writes what makes `ours` do as `theirs` does: tls, port, auth.  Nothing without a server. */
void import_explicit_settle(struct import_explicit *account, struct import_writer *writer);

/* Why relay does not keep this valid setting; NULL: it does. */
const char *import_explicit_refusal(const struct setting *setting, const struct value *value);

#endif
