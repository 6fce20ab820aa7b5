/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/deliver.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/interrupt.h"
#include "flow/discover.h"
#include "flow/login.h"
#include "flow/rule.h"
#include "flow/settle.h"
#include "smtp/session.h"
#include "smtp/submit.h"

/* One route on its way. */
struct work {
	const struct plan *plan;
	const struct route *route;
	const struct message *message;
	const struct dialer *dialer;
	const struct deliver_trace *trace;
	struct arena *arena;
	struct submission submission;
	bool *taken; /* some server has, or may have, the message */
};

struct secret_source {
	const struct credential *credential;
	const struct environment *environment;
};

static bool
read_secret(void *data, struct secret *secret, struct failure *why)
{
	const struct secret_source *source = data;

	return credential_read(source->credential, source->environment, secret, why);
}

static bool
authenticate(const struct work *work, const struct route_hop *hop, struct session *session,
    struct failure *why)
{
	struct secret_source source = { &hop->credential, work->plan->environment };
	const struct login login = { work->route, hop, read_secret, &source };

	return login_run(&login, session, why);
}

static bool
open_session(const struct work *work, const struct route_hop *hop, struct rule *rule,
    struct session **session, struct failure *why)
{
	struct channel *channel;

	rule->session.trace = work->trace->line;
	rule->session.trace_data = work->trace->data;
	rule->session.progress = work->trace->progress;
	rule->session.progress_data = work->trace->progress_data;
	if (!work->dialer->open(work->dialer->data, &rule->endpoint,
		deadline_after(rule->connect_ms), &channel, why))
		return failure_in(why, FAILURE_CONNECT);
	if (!session_open(channel, &rule->session, work->arena, session, why))
		return false;
	if (authenticate(work, hop, *session, why))
		return true;
	session_close(*session);
	return false;
}

static void
reset(struct report *attempt)
{
	for (size_t i = 0; i < attempt->count; i++)
		attempt->verdicts[i].state = VERDICT_OPEN;
}

/* MAIL was refused: all recipients failed by one failure, of which more is known now. */
static void
refail(struct report *attempt, const struct failure *why)
{
	for (size_t i = 0; i < attempt->count; i++) {
		struct verdict *verdict = &attempt->verdicts[i];

		if (verdict->why != NULL && verdict->why->stage != FAILURE_RECIPIENT)
			verdict->state = VERDICT_OPEN;
	}
	report_fail_open(attempt, 0, attempt->count, why);
}

/* Extensions that a server offers and does not master. */
struct avoid {
	bool pipelining; /* F137 */
	bool chunking;   /* F144 */
};

/* One session.  The verdicts of `attempt` tell how far it came, and `avoid` grows by what turned
 * out to be beyond the server. */
static bool
try_session(const struct work *work, const struct route_hop *hop, struct avoid *avoid,
    struct report *attempt, struct failure *why)
{
	struct session *session;
	struct rule rule;
	bool sent;

	rule_make(work->plan, work->route, hop, work->arena, &rule);
	rule.session.avoid_pipelining = avoid->pipelining;
	rule.session.avoid_chunking = rule.session.avoid_chunking || avoid->chunking;
	if (!open_session(work, hop, &rule, &session, why)) {
		failure_at(why, "%s:%u", hop->server.host, hop->port);
		report_fail_open(attempt, 0, attempt->count, why);
		return false;
	}
	interrupt_arm(true);
	sent = submit_message(session, &work->submission, attempt, 0, why);
	if (!sent) {
		failure_at(why, "%s:%u", hop->server.host, hop->port);
		login_explain_missing(work->route, hop, why);
		if (why->stage == FAILURE_SENDER && report_count(attempt, VERDICT_DELIVERED) == 0)
			refail(attempt, why);
	}
	avoid->pipelining = avoid->pipelining || session->pipelining_failed;
	avoid->chunking = avoid->chunking || session->chunking_failed;
	session_close(session);
	/* Once anybody has it the run must not end with "the message was not sent". */
	*work->taken = *work->taken || report_count(attempt, VERDICT_DELIVERED) > 0
	    || (!sent && why->uncertain);
	interrupt_arm(*work->taken);
	return sent;
}

/* Those that the server left unserved without a word on them; how many there are. */
static size_t
reopen(struct report *attempt)
{
	size_t count = 0;

	for (size_t i = 0; i < attempt->count; i++) {
		struct verdict *verdict = &attempt->verdicts[i];

		/* Who was refused the message itself may have it all the same. */
		if (verdict->state != VERDICT_DEFERRED || verdict->why->uncertain
		    || verdict->why->stage == FAILURE_DATA
		    || (verdict->why->smtp_code != 0 && verdict->why->smtp_code != 421))
			continue;
		verdict->state = VERDICT_OPEN;
		count++;
	}
	return count;
}

/* A server may take few recipients at a time and close after each message: as long as a session
 * serves some, there is another for the rest (F150). */
static bool
try_sessions(const struct work *work, const struct route_hop *hop, struct avoid *avoid,
    struct report *attempt, struct failure *why)
{
	size_t delivered = 0;

	while (try_session(work, hop, avoid, attempt, why)) {
		size_t before = delivered;

		delivered = report_count(attempt, VERDICT_DELIVERED);
		if (delivered == before || reopen(attempt) == 0)
			return true;
	}
	return false;
}

/* One server: a second session without what went wrong in the first, when nobody can have the
 * message by it. */
static bool
try_hop(const struct work *work, const struct route_hop *hop, struct report *attempt,
    struct failure *why)
{
	struct avoid avoid = { 0 };

	reset(attempt);
	if (try_sessions(work, hop, &avoid, attempt, why))
		return true;
	if (!(avoid.pipelining || avoid.chunking) || why->uncertain
	    || report_count(attempt, VERDICT_DELIVERED) > 0)
		return false;
	reset(attempt);
	return try_sessions(work, hop, &avoid, attempt, why);
}

/* Another server may do better, none of the data has gone out to this one, and nobody has got
 * the message in an earlier transaction. */
static bool
may_go_elsewhere(const struct report *attempt, const struct failure *why)
{
	return why->temporary && !why->uncertain && why->stage != FAILURE_RECIPIENT
	    && why->stage != FAILURE_DATA && report_count(attempt, VERDICT_DELIVERED) == 0;
}

/* Says with the last server's failure what became of those before it. */
static void
tell_before(struct report *attempt, const char *before, struct failure *why)
{
	char what[sizeof why->what];

	if (before[0] == '\0')
		return;
	memcpy(what, why->what, sizeof what);
	(void)snprintf(why->what, sizeof why->what, "%.380s; before that: %.360s", what, before);
	refail(attempt, why);
}

static void
try_hops(const struct work *work, struct report *attempt)
{
	const struct route_hop *hops;
	const char *before = "";
	struct failure why;
	size_t count;

	if (!discover_hops(work->route, work->dialer, work->arena, &hops, &count, &why)) {
		report_fail_open(attempt, 0, attempt->count, &why);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (try_hop(work, &hops[i], attempt, &why) || !may_go_elsewhere(attempt, &why))
			return;
		if (i + 1 < count)
			before = arena_print(work->arena, "%s%s%s: %s", before,
			    before[0] == '\0' ? "" : "; ", why.where, why.what);
	}
	tell_before(attempt, before, &why);
}

static struct submission_recipient *
submission_recipients(const struct route *route, struct arena *arena)
{
	struct submission_recipient *all = arena_array(arena, route->count, sizeof *all);

	for (size_t i = 0; i < route->count; i++) {
		all[i].address = route->recipients[i].address;
		all[i].original = route->recipients[i].original;
	}
	return all;
}

static void
copy_verdicts(const struct report *attempt, struct report *report, size_t first)
{
	for (size_t i = 0; i < attempt->count; i++)
		report->verdicts[first + i] = attempt->verdicts[i];
	if (attempt->reply[0] != '\0')
		memcpy(report->reply, attempt->reply, sizeof report->reply);
}

static void
send_by(struct work *work, struct report *report, size_t first)
{
	const struct envelope *envelope = &work->plan->envelope;
	struct report attempt = { 0 };

	work->submission = (struct submission){
		.sender = work->route->sender,
		.recipients = submission_recipients(work->route, work->arena),
		.count = work->route->count,
		.dsn_notify = envelope->dsn_notify,
		.dsn_return = envelope->dsn_return,
		.envelope_id = envelope->envelope_id,
		.message = work->message,
		.temporary = work->plan->environment->temporary,
	};
	for (size_t i = 0; i < work->route->count; i++)
		(void)report_add(&attempt, report->verdicts[first + i].recipient, work->arena);
	try_hops(work, &attempt);
	copy_verdicts(&attempt, report, first);
}

static void
run_route(struct work *work, struct report *report)
{
	size_t first = report->count;

	for (size_t i = 0; i < work->route->count; i++)
		(void)report_add(report,
		    address_format(work->route->recipients[i].address, work->arena), work->arena);
	if (work->route->hop_count == 0)
		settle_route(work->plan, work->route, report, first);
	else
		send_by(work, report, first);
}

void
deliver_run(const struct plan *plan, const struct message *message, const struct dialer *dialer,
    const struct deliver_trace *trace, struct arena *arena, struct report *report)
{
	bool taken = false;

	settle_refusals(plan, arena, report);
	for (size_t i = 0; i < plan->routes.count; i++) {
		struct work work = {
			.plan = plan,
			.route = &plan->routes.items[i],
			.message = message,
			.dialer = dialer,
			.trace = trace,
			.arena = arena,
			.taken = &taken,
		};

		run_route(&work, report);
	}
}
