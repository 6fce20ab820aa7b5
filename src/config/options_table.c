/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/options_table.h"

#include "config/options_take.h"

/* clang-format off */
static const struct options_row rows[] = {
	{ "account", 'a', OPTIONS_NEEDED, "NAME", "use this account", options_take_account },
	{ "file", 'C', OPTIONS_NEEDED, "FILE", "read this file instead of ~/.relayrc",
	    options_take_file },
	{ "pretend", 'P', OPTIONS_ALONE, NULL, "show what would be done, and do nothing",
	    options_take_pretend },
	{ "explain", 0, OPTIONS_ALONE, NULL,
	    "show who gets a mail, by which rows, and do nothing (also -bv)", options_take_explain },
	{ "json", 0, OPTIONS_ALONE, NULL,
	    "with --pretend, --explain and --check: as one JSON object",
	    options_take_json },
	{ "verbose", 'v', OPTIONS_ALONE, NULL, "show advice on the configuration, and the dialogue", options_take_verbose },
	{ "debug", 'd', OPTIONS_GLUED, NULL, "show the dialogue, secrets as ***",
	    options_take_debug },
	{ "progress", 0, OPTIONS_ALONE, NULL,
	    "show on a terminal how far a large mail is, also beside the dialogue",
	    options_take_progress },
	{ "no-progress", 0, OPTIONS_ALONE, NULL, "never show that", options_take_no_progress },
	{ "from", 'f', OPTIONS_NEEDED, "ADDRESS", "envelope sender; '' and <> are the null sender",
	    options_take_sender },
	{ NULL, 'r', OPTIONS_NEEDED, "ADDRESS", "the same", options_take_sender },
	{ NULL, 'F', OPTIONS_NEEDED, "NAME", "full name in a From field made here",
	    options_take_full_name },
	{ "read-recipients", 't', OPTIONS_ALONE, NULL,
	    "also send to those in To, Cc and Bcc", options_take_recipients },
	{ "read-envelope-from", 0, OPTIONS_ALONE, NULL, "take the sender from the From field",
	    options_take_from_header },
	{ NULL, 'i', OPTIONS_ALONE, NULL, "a lone dot does not end the message (also -oi)",
	    options_take_keep_dots },
	{ NULL, 'V', OPTIONS_NEEDED, "ID", "envelope id for delivery notices",
	    options_take_envelope_id },
	{ NULL, 'b', OPTIONS_NEEDED, "m|p|i|v",
	    "send (m), list the queue (p, mailq), check the tables (i, newaliases), explain (v)",
	    options_take_mode },
	{ NULL, 'I', OPTIONS_ALONE, NULL, "the same as -bi", options_take_newaliases },
	{ "flush", 'q', OPTIONS_GLUED, NULL, "send what is queued: nothing in this version", options_take_flush },
	{ "import", 0, OPTIONS_GLUED, NULL,
	    "print a relayrc made of other programs' files, which are the arguments",
	    options_take_import },
	{ "check", 0, OPTIONS_GLUED, "ACCOUNT",
	    "look at all that sending needs, up to the login, and send nothing", options_take_check },
	{ "serverinfo", 'S', OPTIONS_ALONE, NULL, "show what the server says, without a password",
	    options_take_serverinfo },
	{ "configure", 0, OPTIONS_NEEDED, "ADDRESS", "find its provider's servers, and show an account",
	    options_take_configure },
	{ "help", 0, OPTIONS_ALONE, NULL, "show this", options_take_help },
	{ "version", 0, OPTIONS_ALONE, NULL, "show version and files", options_take_version },

	/* sendmail's that change nothing here, with their arguments. */
	{ NULL, 'o', OPTIONS_GLUED, NULL, NULL, options_take_old },
	{ NULL, 'A', OPTIONS_GLUED, NULL, NULL, NULL },
	{ NULL, 'B', OPTIONS_NEEDED, NULL, NULL, NULL },
	{ NULL, 'G', OPTIONS_ALONE, NULL, NULL, NULL },
	{ NULL, 'L', OPTIONS_NEEDED, NULL, NULL, NULL },
	{ NULL, 'O', OPTIONS_NEEDED, NULL, NULL, NULL },
	{ NULL, 'U', OPTIONS_ALONE, NULL, NULL, NULL },
	{ NULL, 'c', OPTIONS_ALONE, NULL, NULL, NULL },
	{ NULL, 'e', OPTIONS_GLUED, NULL, NULL, NULL },
	{ NULL, 'h', OPTIONS_NEEDED, NULL, NULL, NULL },
	{ NULL, 'm', OPTIONS_ALONE, NULL, NULL, NULL },
	{ NULL, 'n', OPTIONS_ALONE, NULL, NULL, NULL },
	{ NULL, 'p', OPTIONS_NEEDED, NULL, NULL, NULL },
	{ NULL, 's', OPTIONS_ALONE, NULL, NULL, NULL },
	{ NULL, 'x', OPTIONS_ALONE, NULL, NULL, NULL },

	/* Refused: they write files for others, or ask for what is not done. */
	{ NULL, 'D', OPTIONS_GLUED, NULL, NULL, options_take_never },
	{ NULL, 'M', OPTIONS_GLUED, NULL, NULL, options_take_never },
	{ "rmqs", 0, OPTIONS_GLUED, NULL, NULL, options_take_not_yet },
};
/* clang-format on */

const struct options_row *
options_table_rows(size_t *count)
{
	*count = sizeof rows / sizeof rows[0];
	return rows;
}
