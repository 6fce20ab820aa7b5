/* SPDX-License-Identifier: ISC */
/*
 * Accounts: a value for every setting, how they inherit, and which one is chosen.
 */
#ifndef RELAY_CONFIG_ACCOUNT_H
#define RELAY_CONFIG_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "config/setting.h"
#include "mail/address.h"

struct arena;
struct environment;

struct account;

struct account_list {
	struct account **items; /* in order; belongs to arena */
	size_t count;
	size_t capacity;
};

struct account {
	const char *name;
	const char *file; /* where it was opened; NULL: command line or built in */
	size_t line;
	bool system;                 /* stands in the system file, or is built in */
	struct account_list parents; /* those that the account line names */
	struct value values[SETTING_COUNT];
};

/* An account with every setting at its default and nothing set; `system` is false, the
 * caller sets it for one that is built in. */
struct account *account_new(const char *name, struct arena *arena);

/* A copy of `defaults` under a new name with nothing marked as set (relayrc(5)). */
struct account *account_from(const struct account *defaults, const char *name, struct arena *arena);

/* Gives `account` every value that `parent` has set; they count as set there too. */
void account_inherit(struct account *account, const struct account *parent);

/* The account of that name; NULL: none. */
struct account *account_find(const struct account_list *list, const char *name);

/* The name of an account that may have been meant; NULL: none is near. */
const char *account_nearest(const struct account_list *list, struct text name);
void account_add(struct account_list *list, struct account *account, struct arena *arena);

/* A value's text (NULL when empty), number, or switch. */
const char *account_text(const struct account *account, enum setting_id id);
int64_t account_number(const struct account *account, enum setting_id id);
bool account_switch(const struct account *account, enum setting_id id);
bool account_has(const struct account *account, enum setting_id id);

/* Did a person write it, in a file (be it under `defaults`) or on the command line? */
bool account_is_written(const struct account *account, enum setting_id id);

/* Where the value was written: "file:line", "the command line" or "default". */
const char *account_where(const struct account *account, enum setting_id id, struct arena *arena);

/* Does a `from` hold wildcards, so that it is nobody's address?  A domain literal is none. */
bool account_is_pattern(const char *text);

/*
 * The first account one of whose `from` matches the sender: fnmatch patterns, plain
 * addresses without case; failing that the first with the plain address user@d, for a
 * sender user+tag@d.  NULL: none.
 */
struct account *account_match(
    const struct account_list *list, struct address sender, struct arena *arena);

/*
 * What the values say together, after all are read: port 465 alone (`port`, or that
 * of the first host) means implicit TLS, `tls_starttls off` port 465, `tls off` port
 * 25, else 587.  Names the contradictions with EX_CONFIG and file:line: certificate
 * without key, tls_trust_file missing, lmtp without
 * a port.  (Several sources of secrets are none: their order is documented.)
 */
bool account_settle(struct account *account, struct failure *why);

/* Expands %U %H %C %M %F (user, $HOSTNAME or host, its canonical name, mailname, full name);
 * `from` and `domain` have been expanded where they were read.  Belongs to arena. */
const char *account_expand(
    const char *text, const struct environment *environment, struct arena *arena);

#endif
