/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/probe.h"

#include "base/buffer.h"
#include "smtp/command.h"
#include "smtp/submit_envelope.h"
#include "smtp/submit_flight.h"

static bool
say_mail(struct session *session, struct address sender, struct reply *reply, struct failure *why)
{
	int64_t ms = session->rule->limits.mail_ms;
	struct buffer line = buffer_open(0);
	struct command_mail mail = { .smtputf8 = address_needs_utf8(sender) };
	bool done = submit_flight_path(session, sender, &mail.sender, why)
	    && command_mail(&line, &mail, why)
	    && session_write(session, buffer_text(&line), deadline_after(ms), why)
	    && session_reply(session, ms, reply, why);

	buffer_close(&line);
	return done;
}

/* What the server says to RSET changes nothing: the session ends here. */
static void
take_back(struct session *session)
{
	struct failure ignored;
	struct reply reply;

	if (!session->broken)
		(void)session_ask(
		    session, "RSET", session->rule->limits.command_ms, &reply, &ignored);
}

bool
probe_sender(struct session *session, struct address sender, struct failure *why)
{
	struct reply reply;
	bool taken;

	if (!say_mail(session, sender, &reply, why))
		return failure_in(why, FAILURE_SENDER);
	taken = reply.code == 250;
	if (!taken)
		(void)submit_envelope_refuse_sender(session, sender, &reply, why);
	take_back(session);
	if (!taken && session->peer[0] != '\0')
		failure_at(why, "%s", session->peer);
	return taken;
}
