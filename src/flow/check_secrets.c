/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_secrets.h"

#include <string.h>

#include "base/arena.h"

struct check_secrets
check_secrets_open(const struct environment *environment, struct arena *arena)
{
	return (struct check_secrets){ .environment = environment, .arena = arena };
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same(const struct credential *a, const struct credential *b)
{
	return a->source == b->source && a->account == b->account && same_text(a->user, b->user)
	    && same_text(a->where, b->where) && same_text(a->host, b->host)
	    && a->row.line == b->row.line && same_text(a->row.key, b->row.key);
}

bool
check_secrets_read(struct check_secrets *secrets, const struct credential *credential,
    const struct check_secret **found, struct failure *why)
{
	struct check_secret *item = NULL;

	for (size_t i = 0; item == NULL && i < secrets->count; i++)
		if (same(secrets->items[i].credential, credential))
			item = &secrets->items[i];
	if (item == NULL) {
		secrets->items = arena_grow(secrets->arena, secrets->items, secrets->count,
		    &secrets->capacity, sizeof *secrets->items);
		item = &secrets->items[secrets->count++];
		*item = (struct check_secret){ .credential = credential };
		item->read = credential_read(
		    credential, secrets->environment, &item->secret, &item->why);
	}
	if (!item->read) {
		*why = item->why;
		return false;
	}
	*found = item;
	return true;
}

void
check_secrets_close(struct check_secrets *secrets)
{
	for (size_t i = 0; i < secrets->count; i++)
		secret_wipe(&secrets->items[i].secret);
	secrets->count = 0;
}
