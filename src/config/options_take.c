/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/options_take.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* RFC 3461 4.4 */
#define ENVELOPE_ID_MAX 100

struct options_spelling
options_take_spelling(const struct options_row *row)
{
	struct options_spelling spelling;

	if (row->name != NULL)
		(void)snprintf(spelling.text, sizeof spelling.text, "--%s", row->name);
	else
		(void)snprintf(spelling.text, sizeof spelling.text, "-%c", row->letter);
	return spelling;
}

/* --help and --version are what a person wants, whatever else stands there. */
static void
set_mode(struct options_call *call, enum options_mode mode)
{
	struct invocation *invocation = call->invocation;

	if (invocation->mode != OPTIONS_HELP && invocation->mode != OPTIONS_VERSION)
		invocation->mode = mode;
}

bool
options_take_help(struct options_call *call, struct failure *why)
{
	(void)why;
	set_mode(call, OPTIONS_HELP);
	return true;
}

bool
options_take_version(struct options_call *call, struct failure *why)
{
	(void)why;
	set_mode(call, OPTIONS_VERSION);
	return true;
}

bool
options_take_pretend(struct options_call *call, struct failure *why)
{
	(void)why;
	set_mode(call, OPTIONS_PRETEND);
	return true;
}

bool
options_take_explain(struct options_call *call, struct failure *why)
{
	(void)why;
	set_mode(call, OPTIONS_EXPLAIN);
	return true;
}

bool
options_take_flush(struct options_call *call, struct failure *why)
{
	(void)why;
	set_mode(call, OPTIONS_FLUSH);
	return true;
}

bool
options_take_newaliases(struct options_call *call, struct failure *why)
{
	(void)why;
	set_mode(call, OPTIONS_NEWALIASES);
	return true;
}

/* The argument may be glued to it, or stand among the operands. */
static void
take_operand(struct options_call *call)
{
	struct invocation *invocation = call->invocation;

	if (call->argument != NULL)
		invocation->recipients[invocation->recipient_count++] = call->argument;
}

bool
options_take_import(struct options_call *call, struct failure *why)
{
	(void)why;
	take_operand(call);
	set_mode(call, OPTIONS_IMPORT);
	return true;
}

bool
options_take_check(struct options_call *call, struct failure *why)
{
	(void)why;
	set_mode(call, OPTIONS_CHECK);
	take_operand(call);
	return true;
}

bool
options_take_serverinfo(struct options_call *call, struct failure *why)
{
	(void)why;
	set_mode(call, OPTIONS_SERVERINFO);
	return true;
}

bool
options_take_configure(struct options_call *call, struct failure *why)
{
	(void)why;
	set_mode(call, OPTIONS_CONFIGURE);
	take_operand(call);
	return true;
}

static const struct mode {
	char letter;
	enum options_mode mode;
	const char *refusal; /* NULL: done */
} modes[] = {
	{ 'p', OPTIONS_MAILQ, NULL },
	{ 'i', OPTIONS_NEWALIASES, NULL },
	/* The state of hosts is that of the queue, there being no other record of them. */
	{ 'h', OPTIONS_MAILQ, NULL },
	{ 'H', OPTIONS_MAILQ, NULL },
	{ 'v', OPTIONS_EXPLAIN, NULL },
	{ 's', OPTIONS_SEND, "option '-bs' (SMTP on standard input) is not yet supported" },
	{ 't', OPTIONS_SEND, "option '-bt' (address test mode) is not supported: see --explain" },
	{ 'd', OPTIONS_SEND, "option '-bd' (daemon): relay has none to start" },
	{ 'D', OPTIONS_SEND, "option '-bD' (daemon): relay has none to start" },
	{ 'l', OPTIONS_SEND, "option '-bl' (daemon): relay has none to start" },
};

bool
options_take_mode(struct options_call *call, struct failure *why)
{
	if (strcmp(call->argument, "m") == 0)
		return true;
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		if (call->argument[0] != modes[i].letter || call->argument[1] != '\0')
			continue;
		if (modes[i].refusal != NULL)
			return fail(why, EX_USAGE, "%s", modes[i].refusal);
		set_mode(call, modes[i].mode);
		return true;
	}
	return fail(why, EX_USAGE, "unknown option '-b%.20s'", call->argument);
}

bool
options_take_file(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->config_file = call->argument;
	return true;
}

bool
options_take_account(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->account = call->argument;
	return true;
}

bool
options_take_json(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->json = true;
	return true;
}

bool
options_take_verbose(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->verbose = true;
	return true;
}

bool
options_take_debug(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->debug = true;
	return true;
}

bool
options_take_progress(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->progress = true;
	call->invocation->no_progress = false;
	return true;
}

bool
options_take_no_progress(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->progress = false;
	call->invocation->no_progress = true;
	return true;
}

bool
options_take_recipients(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->read_recipients = true;
	return true;
}

bool
options_take_from_header(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->read_sender = true;
	return true;
}

bool
options_take_sender(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->has_sender = true;
	call->invocation->sender = call->argument;
	return true;
}

bool
options_take_full_name(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->full_name = call->argument;
	return true;
}

bool
options_take_keep_dots(struct options_call *call, struct failure *why)
{
	(void)why;
	call->invocation->keep_dots = true;
	return true;
}

/* Of the old one-letter options only `i` means something to relay. */
bool
options_take_old(struct options_call *call, struct failure *why)
{
	const char *words = call->argument == NULL ? "" : call->argument;

	(void)why;
	if (words[0] == 'i' && (words[1] == '\0' || strchr("tTyY1", words[1]) != NULL))
		call->invocation->keep_dots = true;
	/* The alias file is the one whose value callers also write apart. */
	call->takes_next = strcmp(words, "A") == 0;
	return true;
}

bool
options_take_envelope_id(struct options_call *call, struct failure *why)
{
	struct text id = text_of(call->argument);

	if (id.length > ENVELOPE_ID_MAX || text_has_control(id) || text_has_8bit(id))
		return fail(why, EX_USAGE,
		    "the envelope id of '-V' has more than %d bytes, or "
		    "others than printable ASCII",
		    ENVELOPE_ID_MAX);
	call->invocation->envelope_id = id.length == 0 ? NULL : call->argument;
	return true;
}

bool
options_take_not_yet(struct options_call *call, struct failure *why)
{
	return fail(why, EX_USAGE, "option '%s' is not yet supported",
	    options_take_spelling(call->row).text);
}

bool
options_take_never(struct options_call *call, struct failure *why)
{
	return fail(
	    why, EX_USAGE, "option '%s' is not supported", options_take_spelling(call->row).text);
}
