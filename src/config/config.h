/* SPDX-License-Identifier: ISC */
/*
 * relayrc: files into accounts.  Grammar and structure as in relayrc(5).
 */
#ifndef RELAY_CONFIG_CONFIG_H
#define RELAY_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "config/account.h"

struct arena;
struct environment;

#define CONFIG_FILE_MAX ((size_t)1024 * 1024)
#define CONFIG_LINE_MAX ((size_t)64 * 1024)
#define CONFIG_INCLUDE_DEPTH 8

/* Something said about a file: a fault (exit 78) or advice (lint). */
struct config_remark {
	struct failure why; /* where is file:line */
	bool fault;         /* false: only shown by -v and --check */
};

/* A file that was looked for: why it was not read, or NULL when it was. */
struct config_trial {
	const char *path;
	const char *reason; /* "no such file", "permission denied" */
	bool denied;        /* the latter */
};

struct config {
	struct account_list accounts;  /* the user's first, then the system's others */
	struct account_list defaults;  /* of each file, as they are at its end */
	struct config_remark *remarks; /* in order of file and line */
	size_t remark_count;
	size_t remark_capacity;
	struct config_trial trials[4];
	size_t trial_count;
	size_t skipped; /* evals that were not needed */
};

/* What is known of the account that will be chosen. */
struct config_wish {
	bool any;            /* nothing: all of them may be */
	const char *account; /* NULL: `default` */
};

/*
 * Reads the system file (environment->system_directory/relayrc) and the user's:
 * `user_file`, else ~/.relayrc, else config_home/relay/config; the last two never when
 * privileged.  A missing file is fine, a missing `user_file` is not.  Every line is
 * read and every fault collected, in config->remarks; fails with EX_CONFIG (the first
 * fault) when there was any, EX_NOINPUT/EX_NOPERM when `user_file` cannot be opened.
 */
bool config_read(const struct environment *environment, const char *user_file, struct arena *arena,
    struct config *config, struct failure *why);

/*
 * The same for a run that will use one account: an `eval` of an account that this one does
 * not inherit from is not run.  What it might print is missing then, in that account only.
 */
bool config_read_for(const struct config_wish *wish, const struct environment *environment,
    const char *user_file, struct arena *arena, struct config *config, struct failure *why);

/* Reads one file's bytes, for tests and config_read(); `system` as in struct account. */
void config_parse(const char *path, struct text bytes, bool system, bool secrets_safe,
    const struct environment *environment, struct arena *arena, struct config *config);

#endif
