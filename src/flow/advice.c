/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/advice.h"

#include <stddef.h>

/* 0 and -1 stand for any code, any time. */
static const struct advice {
	enum failure_stage stage;
	int code; /* exit status */
	int smtp_code;
	int temporary;
	const char *hint;
} rows[] = {
	{ FAILURE_USAGE, 0, 0, -1, "see relay --help, or relay(1)" },
	{ FAILURE_CONFIG, EX_NOINPUT, 0, -1, "make the file, or correct its name" },
	{ FAILURE_CONFIG, 0, 0, -1, "see relayrc(5)" },
	{ FAILURE_TABLE, EX_TEMPFAIL, 0, -1,
	    "make the file readable, or remove the line of relayrc that names it" },
	{ FAILURE_TABLE, 0, 0, -1, "see relay-tables(5)" },
	{ FAILURE_INPUT, 0, 0, -1, "correct the message and send it again" },
	{ FAILURE_GREETING, 0, 421, -1, "the server is busy or going down: try again later" },
	{ FAILURE_GREETING, 0, 554, -1,
	    "it takes no mail from this network: ask its operator, or use another server" },
	{ FAILURE_GREETING, 0, 0, 1, "try again later; is it the right server and port?" },
	{ FAILURE_GREETING, 0, 0, 0, "is it the right server and port (587 for submission)?" },
	{ FAILURE_TLS, 0, 0, 1, "try again later; if it stays so, ask the server's operator" },
	{ FAILURE_TLS, 0, 0, 0, "ask the server's operator" },
	{ FAILURE_AUTH, EX_PROTOCOL, 0, -1,
	    "name another mechanism of the server's with 'auth', or tell its operator" },
	{ FAILURE_AUTH, 0, 0, 1,
	    "the server cannot say now whether the login is right: try later" },
	{ FAILURE_AUTH, 0, 0, 0, "check user, password and 'auth'" },
	{ FAILURE_SENDER, 0, 0, 1, "the server puts it off: try again later" },
	{ FAILURE_SENDER, EX_DATAERR, 0, -1, "send it smaller, or in parts" },
	{ FAILURE_SENDER, 0, 0, 0, "see 'from' in relayrc(5) and the generic table" },
	{ FAILURE_RECIPIENT, 0, 0, 1, "the server puts this recipient off: try again later" },
	{ FAILURE_RECIPIENT, EX_NOUSER, 0, 0, "correct the address" },
	{ FAILURE_RECIPIENT, 0, 0, 0,
	    "the server's words say why; does this login's account allow that recipient?" },
	{ FAILURE_DATA, 0, 0, 1, "try again later" },
	{ FAILURE_DATA, 0, 0, 0, "the server's words say what it does not like in the message" },
	{ FAILURE_CONNECT, 0, 0, -1, "is the host right, and does the network work?" },
};

static bool
fits(const struct advice *row, const struct failure *why)
{
	return row->stage == why->stage && (row->code == 0 || row->code == why->code)
	    && (row->smtp_code == 0 || row->smtp_code == why->smtp_code)
	    && (row->temporary < 0 || (row->temporary == 1) == why->temporary);
}

void
advice_add(struct failure *why)
{
	if (why->uncertain) {
		failure_hint(why, "the server may have it: look there before sending it again");
		return;
	}
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (fits(&rows[i], why)) {
			failure_hint(why, "%s", rows[i].hint);
			return;
		}
}
