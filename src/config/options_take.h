/* SPDX-License-Identifier: ISC */
/*
 * What each option does to the invocation: the `take` of rows in config/options_table.
 * Each fails with EX_USAGE.
 */
#ifndef RELAY_CONFIG_OPTIONS_TAKE_H
#define RELAY_CONFIG_OPTIONS_TAKE_H

#include "config/options_table.h"

bool options_take_help(struct options_call *call, struct failure *why);
bool options_take_version(struct options_call *call, struct failure *why);
bool options_take_pretend(struct options_call *call, struct failure *why);
bool options_take_explain(struct options_call *call, struct failure *why);
bool options_take_flush(struct options_call *call, struct failure *why);
bool options_take_newaliases(struct options_call *call, struct failure *why);
bool options_take_import(struct options_call *call, struct failure *why);
bool options_take_check(struct options_call *call, struct failure *why);
bool options_take_serverinfo(struct options_call *call, struct failure *why);
bool options_take_configure(struct options_call *call, struct failure *why);
bool options_take_mode(struct options_call *call, struct failure *why); /* -bX */
bool options_take_file(struct options_call *call, struct failure *why);
bool options_take_account(struct options_call *call, struct failure *why);
bool options_take_json(struct options_call *call, struct failure *why);
bool options_take_verbose(struct options_call *call, struct failure *why);
bool options_take_debug(struct options_call *call, struct failure *why);
bool options_take_progress(struct options_call *call, struct failure *why);
bool options_take_no_progress(struct options_call *call, struct failure *why);
bool options_take_recipients(struct options_call *call, struct failure *why); /* -t */
bool options_take_from_header(struct options_call *call, struct failure *why);
bool options_take_sender(struct options_call *call, struct failure *why);
bool options_take_full_name(struct options_call *call, struct failure *why);
bool options_take_keep_dots(struct options_call *call, struct failure *why);
bool options_take_old(struct options_call *call, struct failure *why); /* -oX */
bool options_take_envelope_id(struct options_call *call, struct failure *why);

/* Refusals: what a later version brings, and what is never done. */
bool options_take_not_yet(struct options_call *call, struct failure *why);
bool options_take_never(struct options_call *call, struct failure *why);

/* The option as it is named in a sentence: "-f" or "--check". */
struct options_spelling {
	char text[40];
};
struct options_spelling options_take_spelling(const struct options_row *row);

#endif
