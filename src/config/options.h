/* SPDX-License-Identifier: ISC */
/*
 * argv into an invocation: sendmail's options, msmtp's and relay's own.
 */
#ifndef RELAY_CONFIG_OPTIONS_H
#define RELAY_CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "config/account.h"

struct arena;
struct buffer;
struct environment;

enum options_mode {
	OPTIONS_SEND,
	OPTIONS_PRETEND,    /* -P, --pretend */
	OPTIONS_EXPLAIN,    /* --explain, -bv */
	OPTIONS_MAILQ,      /* mailq, -bp */
	OPTIONS_NEWALIASES, /* newaliases, -bi, -I */
	OPTIONS_FLUSH,      /* -q */
	OPTIONS_IMPORT,     /* --import; the recipients are files */
	OPTIONS_CHECK,      /* --check */
	OPTIONS_SERVERINFO, /* --serverinfo, -S */
	OPTIONS_CONFIGURE,  /* --configure */
	OPTIONS_HELP,
	OPTIONS_VERSION
};

struct invocation {
	enum options_mode mode;
	const char *config_file; /* -C */
	const char *account;     /* -a */
	bool json;               /* --json */
	bool verbose;            /* -v */
	bool debug;              /* -d, --debug: the dialogue on stderr, secrets as *** */
	bool progress;           /* --progress: also beside the dialogue */
	bool no_progress;        /* --no-progress */
	bool read_recipients;    /* -t */
	bool read_sender;        /* --read-envelope-from */
	bool keep_dots;          /* -i, -oi: a lone dot does not end the input */
	bool has_sender;         /* -f or -r was given */
	const char *sender;      /* "" and "<>" mean the null sender */
	const char *full_name;   /* -F */
	const char *envelope_id; /* -V */
	const char **recipients; /* arguments that are no options */
	size_t recipient_count;
	struct value values[SETTING_COUNT]; /* settings given as options: set where given */
};

/*
 * Reads argv.  argv[0]'s last part chooses the mode (mailq, newaliases).  Options
 * may stand anywhere before "--", be bundled (-ti), attached (-fa@b, -FName) or
 * apart.  What sendmail knows and relay does not need is accepted and ignored, as
 * the table in relay(1) says.  Fails with EX_USAGE naming the option.
 */
bool options_read(int argc, char *const argv[], const struct environment *environment,
    struct arena *arena, struct invocation *invocation, struct failure *why);

/* Puts the settings given as options over an account's. */
void options_apply(const struct invocation *invocation, struct account *account);

/* --help and --version. */
void options_help(struct buffer *to);
void options_version(struct buffer *to);

#endif
