/* SPDX-License-Identifier: ISC */
/*
 * One step on the way of an address: what was looked up, what was tried, which row decided.
 * The forms for people and for programs are made from the same steps.
 */
#ifndef RELAY_FLOW_EXPLAIN_STEP_H
#define RELAY_FLOW_EXPLAIN_STEP_H

#include <stdbool.h>
#include <stddef.h>

#include "flow/plan.h"
#include "table/alias_graph.h"
#include "table/table_trials.h"

struct arena;

struct explain_step {
	const char *name;          /* "complete", "alias", "transport" ...; also its label */
	struct text asked;         /* what was looked up; empty: nothing was */
	struct table_trials tried; /* before the key that matched; all when none did */
	struct text key;           /* that matched; empty: none */
	const char *file;          /* that was asked; NULL: none */
	size_t line;               /* of the row or setting; 0: not known */
	const struct text *results;
	size_t count;
	const char *words; /* in place of key and result, for a person; NULL: these say it */
	const char *note;  /* that Postfix would do otherwise here, or what fails or stops; NULL */
};

/* Steps in order; both belong to arena. */
struct explain_steps {
	struct explain_step *items;
	size_t count;
	size_t capacity;
	struct arena *arena;
};

/* Adds a step of that name, which the caller fills in: borrowed until the next one. */
struct explain_step *explain_step_add(struct explain_steps *steps, const char *name);

/* Makes `text` the one result. */
void explain_step_result(struct explain_steps *steps, struct explain_step *step, struct text text);

/* Says where a setting was written. */
void explain_step_setting(
    struct explain_step *step, const struct account *account, enum setting_id id);

/* Says where a table's row is, by the table's settled name; a line of 0 is none. */
void explain_step_row(struct explain_step *step, const char *table, size_t line);

/* "file:line", "file", or NULL when there is no file. */
const char *explain_step_place(const struct explain_step *step, struct arena *arena);

/* The sender: who named it, how it was completed, generic. */
void explain_step_sender(const struct plan *plan, struct explain_steps *steps);

/* How a recipient as given became complete; nothing when it was. */
void explain_step_complete(const struct plan *plan, const struct envelope_recipient *recipient,
    struct explain_steps *steps);

/* The address of owner-NAME; made in arena. */
struct address explain_step_owner(
    const struct plan *plan, const struct alias_node *node, struct arena *arena);

/* The alias row of a local name, or that there is none; and when `owned` its list's owner. */
void explain_step_alias(const struct plan *plan, const struct alias_node *node,
    const struct transport *hiding, bool owned, struct explain_steps *steps);

/* That aliases were not asked for an address, and why. */
void explain_step_unasked(
    const struct plan *plan, struct address address, struct explain_steps *steps);

/* Which way a recipient goes. */
void explain_step_transport(const struct plan *plan, const struct transport *transport,
    struct address address, struct explain_steps *steps);

/* What generic makes of an address; nothing when there is no such table. */
void explain_step_generic(
    const struct plan *plan, struct address address, struct explain_steps *steps);

#endif
