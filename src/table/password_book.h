/* SPDX-License-Identifier: ISC */
/*
 * All questions that a message has for its tables of passwords, so that each table is read once
 * however many servers it is asked about.  No password is kept.
 */
#ifndef RELAY_TABLE_PASSWORD_BOOK_H
#define RELAY_TABLE_PASSWORD_BOOK_H

#include <stdbool.h>

#include "base/failure.h"
#include "mail/address.h"
#include "table/password.h"
#include "table/table_keys.h"
#include "table/transport_hops.h"

struct arena;
struct password_book;

/* No questions.  Belongs to arena, and so does what it answers; password_book_close() ends it. */
struct password_book *password_book_open(struct arena *arena);

/* NULL is fine. */
void password_book_close(struct password_book *book);

/* Notes that password_book_find() will be asked so.  Reads nothing. */
void password_book_add(struct password_book *book, const struct password_rule *rule,
    struct address sender, const struct transport_hop *hop);

/* As password_find().  The first question to a table reads it for all that were noted; a table
 * that failed is not tried again. */
bool password_book_find(struct password_book *book, const struct password_rule *rule,
    struct address sender, const struct transport_hop *hop, struct password_row *row,
    struct failure *why);

/* The keys of a hop, the most wanted first. */
void password_book_choose(struct table_keys *keys, const struct password_rule *rule,
    struct address sender, const struct transport_hop *hop, struct table_choices *choices);

#endif
