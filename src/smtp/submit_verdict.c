/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "smtp/submit_verdict.h"

#include "base/text.h"

bool
submit_verdict_refuse(const struct reply *reply, struct failure *why)
{
	return reply_fail(reply, EX_UNAVAILABLE, why, "the server refused the message");
}

/* Is it the answer of a server that offers CHUNKING and does not know BDAT (F144)? */
static bool
knows_no_bdat(const struct reply *reply)
{
	return reply->code >= 500 && reply->code <= 504 && reply->code != 501;
}

static bool
refused_bdat(struct submit_envelope *envelope, const struct reply *reply, struct failure *why)
{
	if (!knows_no_bdat(reply))
		return submit_verdict_refuse(reply, why);
	/* What followed BDAT may be read as commands there: this session is not to be used. */
	envelope->session->broken = true;
	envelope->session->chunking_failed = true;
	(void)reply_fail(reply, EX_TEMPFAIL, why, "the server offers CHUNKING and refuses BDAT");
	return false;
}

static void
keep_words(struct submit_envelope *envelope, const struct reply *reply)
{
	(void)text_printable(reply->words, envelope->report->reply, sizeof envelope->report->reply);
}

bool
submit_verdict_doubt(struct failure *why)
{
	why->uncertain = true;
	why->temporary = true;
	why->code = EX_TEMPFAIL;
	return failure_hint(why, "the message may have been delivered");
}

/* The reply that decides; everything was written before. */
static bool
read_verdict(struct submit_envelope *envelope, bool bdat, struct failure *why)
{
	struct session *session = envelope->session;
	struct reply reply;

	if (!session_reply(session, session->rule->limits.dot_ms, &reply, why))
		return submit_verdict_doubt(why);
	keep_words(envelope, &reply);
	session->unfinished = bdat && !reply_is(&reply, 2);
	if (reply_is(&reply, 2))
		return true;
	if (reply_is(&reply, 3)) {
		session->broken = true;
		(void)reply_fail(&reply, EX_PROTOCOL, why,
		    "the server answered the end of the message with %d", reply.code);
		return submit_verdict_doubt(why);
	}
	return bdat ? refused_bdat(envelope, &reply, why) : submit_verdict_refuse(&reply, why);
}

/* A reply too many behind it means that the verdict may have been another's (F135). */
static bool
read_bdat(struct submit_envelope *envelope, struct failure *why)
{
	struct session *session = envelope->session;
	struct failure unread;
	struct reply stray;

	if (!read_verdict(envelope, true, why))
		return false;
	if (!reply_pending(&session->reader))
		return true;
	if (session_reply(session, SESSION_STRAY_MS, &stray, &unread)) {
		/* A server that says goodbye right behind its 250 has said 250. */
		if (stray.code == 421)
			return true;
	} else if (unread.code == EX_TEMPFAIL) {
		/* A piece of a line is no reply. */
		return true;
	}
	(void)submit_envelope_out_of_step(envelope, why);
	return submit_verdict_doubt(why);
}

/* A recipient's own reply (RFC 2033 section 4.2): true when there was one, whatever it says. */
static bool
read_one(struct submit_envelope *envelope, size_t index, struct failure *why)
{
	struct session *session = envelope->session;
	struct failure refused;
	struct reply reply;

	if (!session_reply(session, session->rule->limits.dot_ms, &reply, why))
		return submit_verdict_doubt(why);
	keep_words(envelope, &reply);
	if (reply_is(&reply, 2)) {
		report_deliver(envelope->report, envelope->first + index, 1);
		return true;
	}
	if (reply_is(&reply, 3)) {
		session->broken = true;
		(void)reply_fail(&reply, EX_PROTOCOL, why,
		    "the server answered the end of the message with %d", reply.code);
		return submit_verdict_doubt(why);
	}
	(void)submit_verdict_refuse(&reply, &refused);
	(void)failure_at(&refused, "%s", session->peer);
	(void)failure_in(&refused, FAILURE_DATA);
	report_fail(envelope->report, envelope->first + index, &refused);
	return true;
}

/* In the order of their RCPTs, which is that of the verdicts. */
static bool
read_each(struct submit_envelope *envelope, struct failure *why)
{
	const struct verdict *verdicts = envelope->report->verdicts + envelope->first;

	for (size_t i = 0; i < envelope->submission->count; i++)
		if (verdicts[i].state == VERDICT_ACCEPTED && !read_one(envelope, i, why))
			return false;
	envelope->session->unfinished = false;
	return true;
}

bool
submit_verdict_read(struct submit_envelope *envelope, bool bdat, struct failure *why)
{
	int64_t ms = envelope->session->rule->limits.dot_ms;

	/* Each recipient's own may take its time, but not all of them one after the other. */
	session_phase(envelope->session, ms + (int64_t)envelope->accepted * (ms / 10));
	if (envelope->session->rule->lmtp)
		return read_each(envelope, why);
	return bdat ? read_bdat(envelope, why) : read_verdict(envelope, false, why);
}
