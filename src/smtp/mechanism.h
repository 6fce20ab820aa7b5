/* SPDX-License-Identifier: ISC */
/*
 * SASL mechanisms as rows: order of preference, what each needs, and which are used only when
 * named.
 */
#ifndef RELAY_SMTP_MECHANISM_H
#define RELAY_SMTP_MECHANISM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "smtp/capability.h"

struct arena;
struct buffer;

struct mechanism {
	const char *name;  /* as in EHLO */
	bool automatic;    /* tried without being named */
	bool client_first; /* begins with an initial response (RFC 4954 4) */
	bool needs_secret;
	bool binding; /* needs channel binding */
	bool scram;   /* one of the four */
	bool oauth;   /* the secret is a token */
	bool spoken;  /* user and password are told as they are; libgsasl is not asked */
};

/* The row of a name, letter case not counted (also "scram-sha-256", "digest-md5"); NULL: none. */
const struct mechanism *mechanism_find(struct text name);

/*
 * Is `filter` one (relayrc's auth: "on", or names in order, "!name" leaving one out, blanks or
 * commas between)?  "scram" stands for the four SCRAM mechanisms (F75).  Fails with EX_CONFIG
 * naming the unknown word and the known ones; NTLM is refused with its reason.
 */
bool mechanism_filter_check(struct text filter, struct failure *why);

/* Does the filter name it, by itself or as one of "scram"? */
bool mechanism_is_named(const struct mechanism *mechanism, struct text filter);
/* The rows that a filter allows, in the order in which they are tried.  Belongs to arena. */
const struct mechanism *const *mechanism_allowed(
    struct text filter, struct arena *arena, size_t *count);

/*
 * Chooses: the filter's order when it names mechanisms, else the order of the rows, among what the
 * server offers, libgsasl can do and the channel allows.  Fails in stage AUTH with
 * EX_UNAVAILABLE: AUTH not offered (F71), or none of the offered ones usable, listing
 * offered and allowed (F72).
 */
bool mechanism_choose(const struct capability *capability, const char *filter, bool can_bind,
    struct arena *arena, const struct mechanism **chosen, struct failure *why);

/* Appends a user's name as the mechanisms of RFC 5801 write it: comma and equals sign would end
 * it. */
void mechanism_add_name(struct buffer *to, const char *user);

#endif
