/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/check_talk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "flow/check_certificate.h"
#include "flow/check_session.h"
#include "smtp/session.h"

/* Who waits is a person: no server that works takes longer for one step. */
#define STEP_MS ((int64_t)60 * 1000)

/* The connection that is on. */
struct visit {
	struct check_talk *talk;
	struct rule rule;
	const char *area; /* of the step that comes next, and may fail */
	bool brief;       /* only what differs from the connection before */
};

static void
say(const struct visit *visit, const char *area, const char *words)
{
	if (!visit->brief)
		check_list_ok(visit->talk->list, area, "%s", words);
}

static void
see(void *data, const struct terms *terms)
{
	struct visit *visit = data;
	struct check_talk *talk = visit->talk;
	const char *fingerprint = terms->count == 0 ? "" : terms->cards[0].fingerprint;

	visit->area = "trust";
	if (visit->brief && strcmp(fingerprint, talk->fingerprint) == 0)
		return;
	check_certificate_find(talk->list, terms, talk->plan->environment->now);
	(void)snprintf(talk->fingerprint, sizeof talk->fingerprint, "%s", fingerprint);
}

static void
find_trust(const struct visit *visit, const struct session *session)
{
	const struct check_talk *talk = visit->talk;
	const char *rule = rule_describe_tls(talk->route, talk->hop, talk->list->arena);

	if (session->channel->privacy == CHANNEL_VERIFIED)
		say(visit, "trust", rule);
	else if (!visit->brief)
		check_list_warn(talk->list, "trust",
		    talk->fingerprint[0] == '\0'
			? "remove 'tls_certcheck off'"
			: "anybody may be at the other end: remove 'tls_certcheck off', or pin the "
			  "certificate by 'tls_fingerprint' with the fingerprint above",
		    "%s", rule);
}

static void
find_known(struct visit *visit, const struct session *session)
{
	bool secures = visit->rule.session.security == SESSION_STARTTLS && !session->channel->tls;

	visit->area = secures ? "starttls" : "session";
	if (secures)
		say(visit, "hello",
		    session->capability.starttls ? "EHLO is answered, and offers STARTTLS"
						 : "EHLO is answered");
}

static void
pass(void *data, enum session_phase phase, const struct session *session, const struct reply *reply)
{
	struct visit *visit = data;

	switch (phase) {
	case SESSION_GREETED:
		visit->area = "hello";
		say(visit, "greeting", text_string(reply->words, visit->talk->list->arena));
		return;
	case SESSION_KNOWN:
		find_known(visit, session);
		return;
	case SESSION_PERMITTED:
		visit->area = "tls";
		say(visit, "starttls", "the server is ready for TLS");
		return;
	case SESSION_SECURED:
		visit->area = visit->rule.session.security == SESSION_IMPLICIT ? "greeting"
									       : "hello";
		find_trust(visit, session);
		return;
	}
}

static int64_t
at_most(int64_t ms)
{
	return ms < STEP_MS ? ms : STEP_MS;
}

static void
make_rule(struct visit *visit)
{
	struct check_talk *talk = visit->talk;
	struct rule *rule = &visit->rule;
	struct session_limits *limits = &rule->session.limits;

	rule_make(talk->plan, talk->route, talk->hop, talk->list->arena, rule);
	if (talk->address != NULL)
		rule->endpoint.host = talk->address;
	limits->greeting_ms = at_most(limits->greeting_ms);
	limits->command_ms = at_most(limits->command_ms);
	limits->tls_ms = at_most(limits->tls_ms);
	limits->mail_ms = at_most(limits->mail_ms);
	rule->tls.seen = see;
	rule->tls.seen_data = visit;
	rule->session.passed = pass;
	rule->session.passed_data = visit;
	rule->session.trace = talk->trace->line;
	rule->session.trace_data = talk->trace->data;
	visit->area = rule->session.security == SESSION_IMPLICIT ? "tls" : "greeting";
}

static bool
dial(struct visit *visit, struct channel **channel)
{
	struct check_talk *talk = visit->talk;
	int64_t began = deadline_now_ms();
	struct failure why;

	if (!talk->dialer->open(talk->dialer->data, &visit->rule.endpoint,
		deadline_after(visit->rule.connect_ms), channel, &why)) {
		failure_in(&why, FAILURE_CONNECT);
		check_list_fail(talk->list, "connect", &why);
		return false;
	}
	talk->open = true;
	check_list_ok(talk->list, "connect", "%s in %" PRId64 " ms%s", (*channel)->peer,
	    deadline_now_ms() - began,
	    visit->rule.endpoint.proxy_host == NULL ? "" : ", by the proxy");
	return true;
}

void
check_talk_run(struct check_talk *talk)
{
	struct visit visit = { .talk = talk, .brief = talk->done };
	struct session *session;
	struct channel *channel;
	struct failure why;

	make_rule(&visit);
	if (!dial(&visit, &channel))
		return;
	if (!session_open(channel, &visit.rule.session, talk->list->arena, &session, &why)) {
		check_list_fail(talk->list, visit.area, &why);
		return;
	}
	if (!talk->done)
		check_session_find(talk, session);
	else
		check_list_ok(talk->list, "session", "as the connection before");
	talk->done = true;
	session_close(session);
}
