/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "smtp/session.h"
#include "tests/support/script.h"

struct opening {
	struct arena *arena;
	struct script *script;
	struct session_rule rule;
	struct session *session;
	struct failure why;
};

static struct opening
opening_of(struct script *script, struct arena *arena, enum session_security security)
{
	return (struct opening){ .arena = arena,
		.script = script,
		.rule = { .security = security,
		    .hello = "client.example",
		    .limits = session_limits_default(),
		    .secure = script_secure } };
}

static struct opening
opening_file(const char *name, enum session_security security)
{
	struct arena *arena = arena_open();

	return opening_of(script_load(name, arena), arena, security);
}

static struct opening
opening_text(const char *transcript, enum session_security security)
{
	struct arena *arena = arena_open();

	return opening_of(script_open(text_of(transcript), arena), arena, security);
}

static bool
begin(struct opening *opening)
{
	return session_open(&opening->script->channel, &opening->rule, opening->arena,
	    &opening->session, &opening->why);
}

static void
end(struct opening *opening)
{
	session_close(opening->session);
	script_close(opening->script);
	arena_close(opening->arena);
}

struct good_row {
	const char *file;
	enum session_security security;
	const char *capabilities;
};

static const struct good_row good_rows[] = {
	{ "session-starttls.smtp", SESSION_STARTTLS, "size auth" },
	{ "session-implicit-tls.smtp", SESSION_IMPLICIT, "auth" },
	{ "session-plain.smtp", SESSION_PLAIN, "size starttls" },
	{ "session-plain-helo.smtp", SESSION_PLAIN, "" },
	{ "session-starttls-again.smtp", SESSION_STARTTLS, "starttls" }, /* F12 */
	{ "session-mechanisms-of-tls.smtp", SESSION_STARTTLS, "auth" },  /* F10, F11 */
};

static const char *
named(const struct capability *capability, struct arena *arena)
{
	const char *names = arena_print(arena, "%s%s%s%s%s", capability->size ? "size " : "",
	    capability->auth ? "auth " : "", capability->starttls ? "starttls " : "",
	    capability->pipelining ? "pipelining " : "", capability->chunking ? "chunking " : "");

	return text_string(text_trim(text_of(names)), arena);
}

static void
check_good(const struct good_row *row, bool dribble)
{
	struct opening opening = opening_file(row->file, row->security);

	opening.script->dribble = dribble;
	cr_assert(begin(&opening), "%s: %s", row->file, opening.why.what);
	cr_assert_str_eq(
	    named(&opening.session->capability, opening.arena), row->capabilities, "%s", row->file);
	session_close(opening.session);
	cr_assert_str_eq(script_problem(opening.script), "", "%s", row->file);
	end(&opening);
}

Test(session, is_opened_and_closed_as_written)
{
	for (size_t i = 0; i < sizeof good_rows / sizeof good_rows[0]; i++)
		check_good(&good_rows[i], false);
}

/* F8 */
Test(session, is_the_same_with_replies_byte_by_byte)
{
	for (size_t i = 0; i < sizeof good_rows / sizeof good_rows[0]; i++)
		check_good(&good_rows[i], true);
}

Test(session, does_not_say_helo_where_lmtp_is_refused)
{
	struct opening opening = opening_file("lmtp-refused.smtp", SESSION_IMPLICIT);

	opening.rule.lmtp = true;
	cr_assert_not(begin(&opening));
	cr_assert_eq(opening.why.code, EX_UNAVAILABLE);
	cr_assert_not_null(strstr(opening.why.hint, "protocol smtp"), "%s", opening.why.hint);
	cr_assert_str_eq(script_problem(opening.script), "");
	end(&opening);
}

/* F11 */
Test(session, has_the_mechanisms_that_were_told_under_tls)
{
	struct opening opening = opening_file("session-mechanisms-of-tls.smtp", SESSION_STARTTLS);

	cr_assert(begin(&opening), "%s", opening.why.what);
	cr_assert_str_eq(
	    capability_mechanisms(&opening.session->capability, opening.arena), "PLAIN");
	end(&opening);
}

struct bad_row {
	const char *file;
	enum session_security security;
	int code;
	bool temporary;
	enum failure_stage stage;
	const char *what;
	const char *hint; /* a part of it; NULL: none looked for */
};

static const struct bad_row bad_rows[] = {
	{ "session-no-starttls.smtp", SESSION_STARTTLS, EX_UNAVAILABLE, true, FAILURE_TLS,
	    "the server does not offer STARTTLS", "587" }, /* F1, F2 */
	{ "session-starttls-misspelt.smtp", SESSION_STARTTLS, EX_UNAVAILABLE, true, FAILURE_TLS,
	    "the server does not offer STARTTLS", NULL }, /* F20 */
	{ "session-starttls-454.smtp", SESSION_STARTTLS, EX_TEMPFAIL, true, FAILURE_TLS,
	    "the server refused STARTTLS", NULL }, /* F3 */
	{ "session-starttls-502.smtp", SESSION_STARTTLS, EX_UNAVAILABLE, false, FAILURE_TLS,
	    "the server refused STARTTLS", NULL }, /* F4 */
	{ "session-starttls-250.smtp", SESSION_STARTTLS, EX_PROTOCOL, false, FAILURE_TLS,
	    "the server refused STARTTLS", NULL },
	{ "session-injected-reply.smtp", SESSION_STARTTLS, EX_PROTOCOL, false, FAILURE_TLS,
	    "the server sent data before TLS", "tampering" }, /* F5, F9 */
	{ "session-injected-multiline.smtp", SESSION_STARTTLS, EX_PROTOCOL, false, FAILURE_TLS,
	    "the server sent data before TLS", "tampering" }, /* F7 */
	{ "session-tls-refused.smtp", SESSION_STARTTLS, EX_UNAVAILABLE, false, FAILURE_TLS,
	    "the server's certificate is not trusted", NULL },
	{ "session-silent-after-tls.smtp", SESSION_STARTTLS, EX_TEMPFAIL, true, FAILURE_GREETING,
	    "no answer within the time limit", NULL }, /* F10 */
	{ "session-ehlo-refused-under-tls.smtp", SESSION_STARTTLS, EX_UNAVAILABLE, false,
	    FAILURE_GREETING, "the server refused the greeting of 'client.example'", NULL },
	{ "session-no-helo-with-tls.smtp", SESSION_STARTTLS, EX_UNAVAILABLE, false,
	    FAILURE_GREETING, "the server refused the greeting of 'client.example'",
	    NULL }, /* F19 */
	{ "session-ehlo-later.smtp", SESSION_PLAIN, EX_TEMPFAIL, true, FAILURE_GREETING,
	    "the server refused the greeting of 'client.example'", NULL },
	{ "session-greeting-preauth.smtp", SESSION_STARTTLS, EX_PROTOCOL, false, FAILURE_GREETING,
	    "the server's greeting is no 220", NULL }, /* F13, F88 */
	{ "session-greeting-250.smtp", SESSION_STARTTLS, EX_PROTOCOL, false, FAILURE_GREETING,
	    "the server's greeting is no 220", NULL }, /* F13 */
	{ "session-greeting-twice.smtp", SESSION_STARTTLS, EX_PROTOCOL, false, FAILURE_GREETING,
	    "the server answered a command that was not sent", NULL }, /* F13 */
	{ "session-greeting-554.smtp", SESSION_STARTTLS, EX_UNAVAILABLE, false, FAILURE_GREETING,
	    "the server refused the connection", NULL }, /* F14 */
	{ "session-greeting-421.smtp", SESSION_STARTTLS, EX_TEMPFAIL, true, FAILURE_GREETING,
	    "the server refused the connection", NULL }, /* F14 */
	{ "session-greeting-tls.smtp", SESSION_STARTTLS, EX_PROTOCOL, false, FAILURE_GREETING,
	    "the server speaks TLS where its greeting was expected", "465" }, /* F15 */
	{ "session-greeting-http.smtp", SESSION_STARTTLS, EX_PROTOCOL, false, FAILURE_GREETING,
	    "the server sent 'HTTP/1.1 400 Bad Request', which is no SMTP reply",
	    "587" }, /* F290 */
	{ "session-greeting-silence.smtp", SESSION_STARTTLS, EX_TEMPFAIL, true, FAILURE_GREETING,
	    "no answer within the time limit", "tls_starttls off" }, /* F116 */
	{ "session-greeting-closed.smtp", SESSION_STARTTLS, EX_TEMPFAIL, true, FAILURE_GREETING,
	    "the server closed the connection", NULL }, /* F117 */
	{ "session-ehlo-closed.smtp", SESSION_STARTTLS, EX_TEMPFAIL, true, FAILURE_GREETING,
	    "the server closed the connection", NULL }, /* F117 */
	{ "session-ehlo-421.smtp", SESSION_STARTTLS, EX_TEMPFAIL, true, FAILURE_GREETING,
	    "the server refused the greeting of 'client.example'", NULL }, /* F119 */
	{ "session-starttls-closed.smtp", SESSION_STARTTLS, EX_TEMPFAIL, true, FAILURE_TLS,
	    "the server closed the connection", NULL }, /* F117 */
};

Test(session, fails_where_the_server_does)
{
	for (size_t i = 0; i < sizeof bad_rows / sizeof bad_rows[0]; i++) {
		const struct bad_row *row = &bad_rows[i];
		struct opening opening = opening_file(row->file, row->security);

		cr_assert(!begin(&opening), "%s", row->file);
		cr_assert_str_eq(opening.why.what, row->what, "%s", row->file);
		cr_assert_eq(opening.why.code, row->code, "%s: %d", row->file, opening.why.code);
		cr_assert_eq(opening.why.temporary, row->temporary, "%s", row->file);
		cr_assert_eq(opening.why.stage, row->stage, "%s: %d", row->file, opening.why.stage);
		cr_assert_str_eq(opening.why.where, "mail.example:587", "%s", row->file);
		cr_assert(row->hint == NULL || strstr(opening.why.hint, row->hint) != NULL,
		    "%s: %s", row->file, opening.why.hint);
		cr_assert_str_eq(script_problem(opening.script), "", "%s", row->file);
		end(&opening);
	}
}

/* F17 */
Test(session, shows_a_servers_words_without_control_bytes)
{
	struct opening opening = opening_file("session-escape-codes.smtp", SESSION_STARTTLS);

	cr_assert(!begin(&opening));
	cr_assert_str_eq(opening.why.reply, "?]0;root?# rm");
	cr_assert_eq(opening.why.smtp_code, 550);
	end(&opening);
}

Test(session, leaves_out_what_the_rule_avoids)
{
	struct opening opening = opening_text("S: 220 x\nC: EHLO client.example\nS: 250-x\n"
					      "S: 250-PIPELINING\nS: 250 CHUNKING\nC: QUIT\n",
	    SESSION_PLAIN);

	opening.rule.avoid_pipelining = true;
	opening.rule.avoid_chunking = true;
	cr_assert(begin(&opening));
	cr_assert(!opening.session->capability.pipelining);
	cr_assert(!opening.session->capability.chunking);
	end(&opening);
}

static void
note(void *data, bool client, struct text line)
{
	struct buffer *seen = data;

	(void)buffer_print(seen, "%s %.*s\n", client ? "C" : "S", (int)line.length, line.bytes);
}

Test(session, traces_both_sides)
{
	struct opening opening = opening_file("session-plain.smtp", SESSION_PLAIN);
	struct buffer seen = buffer_open(0);

	opening.rule.trace = note;
	opening.rule.trace_data = &seen;
	cr_assert(begin(&opening));
	session_close(opening.session);
	cr_assert(text_is(buffer_text(&seen),
		      "S 220 mail.example ESMTP\nC EHLO client.example\n"
		      "S 250-mail.example\nS 250-STARTTLS\nS 250 SIZE\nC QUIT\n"),
	    "%.*s", (int)seen.length, seen.bytes);
	buffer_close(&seen);
	end(&opening);
}

Test(session, refuses_a_host_name_that_is_none_before_writing_it)
{
	struct opening opening = opening_text("S: 220 x\nC: QUIT\n", SESSION_PLAIN);

	opening.rule.hello = "a\r\nMAIL FROM:<x>";
	cr_assert(!begin(&opening));
	cr_assert_eq(opening.why.code, EX_USAGE);
	cr_assert_str_eq(script_problem(opening.script), "");
	end(&opening);
}

Test(session, may_be_closed_twice_and_when_there_is_none)
{
	struct opening opening = opening_file("session-plain.smtp", SESSION_PLAIN);

	session_close(NULL);
	cr_assert(begin(&opening));
	session_close(opening.session);
	session_close(opening.session);
	cr_assert_str_eq(script_problem(opening.script), "");
	end(&opening);
}

Test(session, has_the_times_of_the_standard)
{
	const struct session_limits limits = session_limits_default();

	cr_assert_eq(limits.greeting_ms, 300000);
	cr_assert_eq(limits.mail_ms, 300000);
	cr_assert_eq(limits.rcpt_ms, 300000);
	cr_assert_eq(limits.data_ms, 120000);
	cr_assert_eq(limits.block_ms, 180000);
	cr_assert_eq(limits.dot_ms, 600000); /* F132 */
}

static void
note_phase(
    void *data, enum session_phase phase, const struct session *session, const struct reply *reply)
{
	static const char names[] = { [SESSION_GREETED] = 'g',
		[SESSION_KNOWN] = 'k',
		[SESSION_PERMITTED] = 'p',
		[SESSION_SECURED] = 's' };
	char *phases = data;

	cr_expect_eq(reply == NULL, phase == SESSION_SECURED);
	if (phase == SESSION_SECURED)
		cr_expect(session->channel->tls);
	phases[strlen(phases)] = names[phase];
}

Test(session, tells_each_phase_as_it_is_done)
{
	static const struct {
		const char *label;
		enum session_security security;
		const char *transcript;
		const char *phases;
	} rows[] = {
		{ "plain", SESSION_PLAIN,
		    "S: 220 ready\nC: EHLO client.example\nS: 250 host\nC: QUIT\n", "gk" },
		{ "HELO", SESSION_PLAIN,
		    "S: 220 ready\nC: EHLO client.example\nS: 500 what\nC: HELO client.example\n"
		    "S: 250 host\nC: QUIT\n",
		    "gk" },
		{ "STARTTLS", SESSION_STARTTLS,
		    "S: 220 ready\nC: EHLO client.example\nS: 250-host\nS: 250 STARTTLS\nC: STARTTLS\n"
		    "S: 220 go\nTLS\nC: EHLO client.example\nS: 250 host\nC: QUIT\n",
		    "gkpsk" },
		{ "implicit", SESSION_IMPLICIT,
		    "TLS\nS: 220 ready\nC: EHLO client.example\nS: 250 host\nC: QUIT\n", "sgk" },
		{ "no STARTTLS", SESSION_STARTTLS,
		    "S: 220 ready\nC: EHLO client.example\nS: 250 host\nC: QUIT\n", "gk" },
		{ "refused", SESSION_STARTTLS, "S: 554 no\nC: QUIT\n", "" },
		{ "no TLS", SESSION_STARTTLS,
		    "S: 220 ready\nC: EHLO client.example\nS: 250-host\nS: 250 STARTTLS\nC: STARTTLS\n"
		    "S: 220 go\nTLS refused\n",
		    "gkp" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct opening opening = opening_text(rows[i].transcript, rows[i].security);
		char phases[16] = "";

		opening.rule.passed = note_phase;
		opening.rule.passed_data = phases;
		(void)begin(&opening);
		session_close(opening.session);
		opening.session = NULL;
		cr_expect_str_eq(phases, rows[i].phases, "%s: %s", rows[i].label, phases);
		cr_expect_str_eq(script_problem(opening.script), "", "%s: %s", rows[i].label,
		    script_problem(opening.script));
		end(&opening);
	}
}

/* A server that is always ready to answer, and the deadlines that it was given. */
struct ready {
	struct channel channel;
	struct deadline deadline;
};

static bool
ready_read(struct channel *channel, char *bytes, size_t room, size_t *got, struct deadline deadline,
    struct failure *why)
{
	(void)room;
	(void)why;
	((struct ready *)(void *)channel)->deadline = deadline;
	memcpy(bytes, "220 ok\r\n250 ok\r\n", 16);
	*got = 16;
	return true;
}

static bool
ready_write(
    struct channel *channel, struct text bytes, struct deadline deadline, struct failure *why)
{
	(void)bytes;
	(void)why;
	((struct ready *)(void *)channel)->deadline = deadline;
	return true;
}

static bool
ready_pending(struct channel *channel)
{
	(void)channel;
	return false;
}

static void
ready_close(struct channel *channel)
{
	(void)channel;
}

/* F115: no step of a phase may last longer than the phase */
Test(session, limits_the_steps_of_a_phase_as_a_whole)
{
	static const struct channel_operations operations = { .read = ready_read,
		.write = ready_write,
		.pending = ready_pending,
		.close = ready_close };
	struct session_rule rule = { .security = SESSION_PLAIN,
		.hello = "client.example",
		.limits = session_limits_default() };
	struct arena *arena = arena_open();
	struct ready ready = { .channel = { .operations = &operations } };
	struct session *session = arena_zero(arena, sizeof *session);
	struct failure why;
	struct reply reply;

	session->channel = &ready.channel;
	session->rule = &rule;
	session->arena = arena;
	session->reader = reply_reader_open(&ready.channel);
	session_phase(session, 1000);
	cr_assert(session_reply(session, 60000, &reply, &why));
	cr_assert(deadline_left_ms(ready.deadline) <= 1000);
	cr_assert(session_write(session, text_of("NOOP\r\n"), deadline_after(60000), &why));
	cr_assert(deadline_left_ms(ready.deadline) <= 1000);
	session_phase(session, 0);
	cr_assert(session_write(session, text_of("NOOP\r\n"), deadline_after(60000), &why));
	cr_assert(deadline_left_ms(ready.deadline) > 1000);
	session_close(session);
	arena_close(arena);
}
