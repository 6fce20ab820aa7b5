/* SPDX-License-Identifier: ISC */
/*
 * The lines of relayrc: grammar and structure (relayrc(5)).
 */
#ifndef RELAY_CONFIG_CONFIG_LINES_H
#define RELAY_CONFIG_CONFIG_LINES_H

#include "config/account.h"
#include "config/config.h"
#include "config/config_file.h"

/* More accounts or included files than these are a mistake. */
#define CONFIG_LINES_ACCOUNTS_MAX ((size_t)4096)
#define CONFIG_LINES_FILES_MAX ((size_t)128)

struct config_need;

/* A file as it is read, with all that it includes. */
struct config_lines {
	const struct environment *environment;
	struct arena *arena;
	struct config *config;          /* gets the remarks */
	const struct config_need *need; /* NULL: every eval is run */
	bool system;

	const struct config_file *file; /* being read, perhaps an included one */
	size_t line;
	size_t depth;                               /* of `open` */
	const char *open[CONFIG_INCLUDE_DEPTH + 2]; /* the files being read, outermost first */
	size_t file_count;
	bool evaluated; /* the line came out of an eval */

	struct account_list accounts;
	struct account *defaults;
	struct account *current;     /* NULL: no section has begun */
	size_t given[SETTING_COUNT]; /* line of each setting of this section; 0: none */
	struct value *last_from;     /* of this section; NULL: none */
	bool named_default;          /* in `account default : X`, nothing set yet */

	bool public_secrets;
	bool told;         /* of a secret in this file */
	size_t *exposures; /* remarks about readable secrets */
	size_t exposure_count;
	size_t exposure_capacity;
};

/* Begins; strings and accounts belong to arena. */
void config_lines_open(struct config_lines *lines, bool system,
    const struct environment *environment, struct arena *arena, struct config *config);

/* Reads every line of the file (and of those it includes), remarking upon what is
 * wrong. */
void config_lines_read(struct config_lines *lines, const struct config_file *file);

/* Ends: public_secrets forgives, the accounts go to config->accounts where the name is
 * not taken, and the defaults to config->defaults. */
void config_lines_close(struct config_lines *lines);

/* Reads a physical line, also for eval's output. */
void config_lines_line(struct config_lines *lines, struct text line);

/* Adds a remark about the current line. */
void config_lines_fault(struct config_lines *lines, struct failure *why);
void config_lines_advise(struct config_lines *lines, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
