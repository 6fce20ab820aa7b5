/* SPDX-License-Identifier: ISC */
/*
 * The options that are no settings, one row each: sendmail's, msmtp's and relay's own.
 * Settings have their options in config/setting.
 */
#ifndef RELAY_CONFIG_OPTIONS_TABLE_H
#define RELAY_CONFIG_OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/options.h"

enum options_argument {
	OPTIONS_ALONE,  /* takes none */
	OPTIONS_NEEDED, /* attached or the next word */
	OPTIONS_GLUED   /* attached only, and it may be left out */
};

/* An option as it was met. */
struct options_call {
	struct invocation *invocation;
	const struct options_row *row;
	const char *argument; /* NULL: none */
	bool takes_next;      /* out: the next word belongs to it after all */
};

struct options_row {
	const char *name; /* long name without "--"; NULL: none */
	char letter;      /* 0: none */
	enum options_argument form;
	const char *argument;                                         /* its name in --help */
	const char *help;                                             /* NULL: not shown */
	bool (*take)(struct options_call *call, struct failure *why); /* NULL: ignored */
};

/* The rows; *count is set. */
const struct options_row *options_table_rows(size_t *count);

#endif
