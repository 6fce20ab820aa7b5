/* SPDX-License-Identifier: ISC */
/*
 * Walks the recipients of a plan: from each as it was given, by aliases, to those who get the
 * mail.  What it meets it hands to a sink, which writes it in its own form.
 */
#ifndef RELAY_FLOW_EXPLAIN_TREE_H
#define RELAY_FLOW_EXPLAIN_TREE_H

#include <stddef.h>

#include "flow/explain_step.h"
#include "flow/plan.h"

struct arena;

enum explain_end {
	EXPLAIN_SENT,      /* by the route of that number */
	EXPLAIN_DISCARDED, /* a row throws it away */
	EXPLAIN_REFUSED,   /* by a row, or with `why` */
	EXPLAIN_DEFERRED,  /* a row says retry */
	EXPLAIN_ABOVE,     /* shown before: it gets one mail, or nothing, as was told */
	EXPLAIN_UNDECIDED  /* the plan failed before */
};

/* What becomes of an address. */
struct explain_outcome {
	enum explain_end end;
	struct address recipient;    /* EXPLAIN_SENT: RCPT TO */
	size_t route;                /* EXPLAIN_SENT: its number, from 1 */
	const struct failure *why;   /* REFUSED without a row; ABOVE: the first there, or NULL */
	bool partly;                 /* ABOVE: something there is refused */
	size_t refused;              /* ABOVE: how much; 0: not counted */
	const struct transport *row; /* REFUSED, DEFERRED, DISCARDED by a row */
};

/* Where a target is named, if not by the row above; and what it is, if no address. */
struct explain_member {
	const char *name; /* "/dev/null"; NULL: the address */
	const char *file; /* an :include: file; NULL: the row */
	size_t line;
};

/* All values are borrowed until the call returns.  Between open() and close() come the steps, the
 * outcome when it is a leaf, and further open() of what an alias leads to. */
struct explain_sink {
	void *data;
	void (*open)(void *data, const struct envelope_recipient *given);
	void (*enter)(void *data, struct address target, const struct explain_member *member);
	void (*steps)(void *data, const struct explain_steps *steps);
	void (*outcome)(void *data, const struct explain_outcome *outcome);
	void (*close)(void *data); /* ends what open() and enter() began */
};

/* Every recipient in the order in which it was given.  What an alias leads to is told once, so that
 * all is linear in the rows, recipients and refusals. */
void explain_tree_walk(const struct plan *plan, const struct explain_sink *sink);

#endif
