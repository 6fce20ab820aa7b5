/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "smtp/auth.h"
#include "tests/support/sasl_server.h"

struct run {
	struct arena *arena;
	struct sasl_server server;
	struct session_rule rule;
	struct session *session;
	struct auth_identity identity;
	struct buffer trace;
	unsigned asked; /* times the secret was fetched */
	struct text secret;
	bool secret_fails;
	struct failure why;
};

static bool
fetch(void *data, struct secret *secret, struct failure *why)
{
	struct run *run = data;

	run->asked++;
	if (run->secret_fails)
		return fail(why, EX_TEMPFAIL, "the command 'pass' failed");
	secret_keep(secret, run->secret);
	return true;
}

static void
note(void *data, bool client, struct text line)
{
	(void)buffer_print(data, "%s %.*s\n", client ? "C" : "S", (int)line.length, line.bytes);
}

/* `run` stays where it is: the callbacks point to it. */
static void
run_open(struct run *run, const char *mechanisms, const char *filter)
{
	run->arena = arena_open();
	run->trace = buffer_open(0);
	run->server.mechanisms = mechanisms;
	run->server.user = "user";
	run->server.password = "secret";
	sasl_server_open(&run->server);
	run->rule = (struct session_rule){ .security = SESSION_PLAIN,
		.hello = "client.example",
		.limits = session_limits_default(),
		.trace = note,
		.trace_data = &run->trace };
	run->secret = text_of("secret");
	run->identity = (struct auth_identity){ .user = "user",
		.filter = filter,
		.hostname = "mail.example",
		.secret = fetch,
		.data = run };
}

static bool
log_in(struct run *run)
{
	cr_assert(
	    session_open(&run->server.channel, &run->rule, run->arena, &run->session, &run->why),
	    "%s", run->why.what);
	return auth_login(run->session, &run->identity, &run->why);
}

static void
run_close(struct run *run)
{
	session_close(run->session);
	sasl_server_close(&run->server);
	buffer_close(&run->trace);
	arena_close(run->arena);
}

static bool
contains(const struct buffer *buffer, const char *words)
{
	return memmem(buffer->bytes, buffer->length, words, strlen(words)) != NULL;
}

struct mechanism_row {
	const char *offered;
	const char *filter;
	const char *binding;
	const char *used;
};

static const struct mechanism_row mechanism_rows[] = {
	{ "PLAIN", "on", NULL, "PLAIN" },
	{ "LOGIN", "on", NULL, "LOGIN" },
	{ "CRAM-MD5", "on", NULL, "CRAM-MD5" },
	{ "DIGEST-MD5", "digest-md5", NULL, "DIGEST-MD5" },
	{ "SCRAM-SHA-1", "on", NULL, "SCRAM-SHA-1" },
	{ "SCRAM-SHA-256", "on", NULL, "SCRAM-SHA-256" },
	{ "PLAIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "on", "0123456789abcdef", "SCRAM-SHA-1-PLUS" },
	{ "PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "on", "0123456789abcdef",
	    "SCRAM-SHA-256-PLUS" },
	{ "PLAIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "on", NULL, "SCRAM-SHA-256" },
};

Test(auth, logs_in_by_each_mechanism)
{
	for (size_t i = 0; i < sizeof mechanism_rows / sizeof mechanism_rows[0]; i++) {
		const struct mechanism_row *row = &mechanism_rows[i];
		struct run run = { .server = { .binding = row->binding } };

		run_open(&run, row->offered, row->filter);
		cr_assert(log_in(&run), "%s: %s", row->used, run.why.what);
		cr_assert_str_eq(run.session->authenticated, row->used);
		cr_assert_eq(run.asked, 1, "%s", row->used);
		run_close(&run);
	}
}

/* F102 */
Test(auth, traces_no_secret)
{
	for (size_t i = 0; i < sizeof mechanism_rows / sizeof mechanism_rows[0]; i++) {
		const struct mechanism_row *row = &mechanism_rows[i];
		struct run run = { .server = { .binding = row->binding } };
		struct text sent;

		run_open(&run, row->offered, row->filter);
		cr_assert(log_in(&run), "%s: %s", row->used, run.why.what);
		sent = buffer_text(&run.server.received);
		for (struct text rest = sent; rest.length > 0;) {
			struct text word = text_word(&rest, '\0');

			if (word.length > 20)
				cr_assert(!contains(&run.trace, text_string(word, run.arena)),
				    "%s: %.*s", row->used, (int)word.length, word.bytes);
		}
		cr_assert(!contains(&run.trace, "secret"), "%s", row->used);
		cr_assert(!contains(&run.trace, "c2VjcmV0"), "%s", row->used);
		cr_assert(contains(&run.trace, "***"), "%s", row->used);
		run_close(&run);
	}
}

Test(auth, traces_what_happens_all_the_same)
{
	struct run run = { .asked = 0 };

	run_open(&run, "PLAIN", "on");
	cr_assert(log_in(&run));
	cr_assert(contains(&run.trace, "C AUTH PLAIN ***\nS 235 2.7.0 ***\n"), "%.*s",
	    (int)run.trace.length, run.trace.bytes);
	run_close(&run);
	run = (struct run){ .asked = 0 };
	run_open(&run, "LOGIN", "on");
	cr_assert(log_in(&run));
	cr_assert(contains(&run.trace,
		      "C AUTH LOGIN\nS 334 ***\nC ***\nS 334 ***\nC ***\nS 235 2.7.0 ***\n"),
	    "%.*s", (int)run.trace.length, run.trace.bytes);
	run_close(&run);
}

struct refusal_row {
	const char *label;
	const char *mechanism;
};

static const struct refusal_row wrong_rows[] = {
	{ "plain", "PLAIN" },
	{ "login", "LOGIN" },
	{ "cram", "CRAM-MD5" },
	{ "scram", "SCRAM-SHA-256" },
};

/* F89 */
Test(auth, reports_a_refused_password)
{
	for (size_t i = 0; i < sizeof wrong_rows / sizeof wrong_rows[0]; i++) {
		struct run run = { .asked = 0 };
		char what[100];

		run_open(&run, wrong_rows[i].mechanism, "on");
		run.secret = text_of("wrong");
		cr_assert(!log_in(&run), "%s", wrong_rows[i].label);
		(void)snprintf(what, sizeof what, "the server refused the login of 'user' by %s",
		    wrong_rows[i].mechanism);
		cr_assert_str_eq(run.why.what, what);
		cr_assert_eq(run.why.code, EX_NOPERM, "%s", wrong_rows[i].label);
		cr_assert_eq(run.why.stage, FAILURE_AUTH, "%s", wrong_rows[i].label);
		cr_assert_eq(run.why.smtp_code, 535, "%s", wrong_rows[i].label);
		cr_assert_str_empty(run.session->authenticated, "%s", wrong_rows[i].label);
		cr_assert_eq(failure_class(&run.why), FAILURE_ACCOUNT, "%s", wrong_rows[i].label);
		run_close(&run);
	}
}

/* F84 */
Test(auth, believes_no_server_that_does_not_prove_itself)
{
	static const char *const mechanisms[] = { "SCRAM-SHA-1", "SCRAM-SHA-256",
		"SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS" };
	static const enum sasl_server_fault faults[] = { SASL_SERVER_NO_SIGNATURE,
		SASL_SERVER_WRONG_SIGNATURE };

	for (size_t i = 0; i < 8; i++) {
		struct run run = { .server = { .fault = faults[i % 2],
				       .binding = i < 4 ? NULL : "0123456789abcdef" } };

		run_open(&run, mechanisms[i / 2], "on");
		cr_assert(!log_in(&run), "%zu", i);
		cr_assert_eq(run.why.code, EX_PROTOCOL, "%zu: %s", i, run.why.what);
		cr_assert_eq(run.why.stage, FAILURE_AUTH, "%zu", i);
		cr_assert_str_empty(run.session->authenticated, "%zu", i);
		run_close(&run);
	}
}

/* F76: to bind or that we would have, and no more than that. */
static const struct flag_row {
	const char *offered;
	const char *filter;
	const char *binding; /* of our end */
	const char *said;
	bool good;
} flag_rows[] = {
	{ "SCRAM-SHA-256", "on", NULL, "n,,n=user,r=", true },
	{ "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "on", "0123456789abcdef",
	    "p=tls-exporter,,n=user,r=", true },
	{ "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "scram-sha-256", "0123456789abcdef",
	    "n,,n=user,r=", true },
	/* The server could bind and its offer to was taken away on the way: it finds out. */
	{ "SCRAM-SHA-256", "on", "0123456789abcdef", "y,,n=user,r=", false },
};

Test(auth, tells_a_server_that_its_offer_to_bind_got_lost)
{
	for (size_t i = 0; i < sizeof flag_rows / sizeof flag_rows[0]; i++) {
		const struct flag_row *row = &flag_rows[i];
		struct run run = { .server = { .binding = row->binding } };
		struct text rest;
		char *said;
		size_t length;

		run_open(&run, row->offered, row->filter);
		cr_assert_eq(log_in(&run), row->good, "%zu: %s", i, run.why.what);
		rest = buffer_text(&run.server.received);
		for (int word = 0; word < 4; word++)
			(void)text_word(&rest, '\0'); /* EHLO, its name, AUTH, the mechanism */
		rest = text_word(&rest, '\0');
		cr_assert_eq(gsasl_base64_from(rest.bytes, rest.length, &said, &length), GSASL_OK);
		cr_assert_gt(length, strlen(row->said), "%zu", i);
		cr_assert_eq(memcmp(said, row->said, strlen(row->said)), 0, "%zu: %.*s", i,
		    (int)length, said);
		gsasl_free(said);
		run_close(&run);
	}
}

struct iteration_row {
	const char *iterations;
	bool fair;
};

/* F82 */
static const struct iteration_row iteration_rows[] = {
	{ "1", false },
	{ "4095", false },
	{ "4096", true },
	{ "10000", true },
	{ "1000001", false },
	{ "1000000000", false },
};

Test(auth, does_fair_work_only)
{
	for (size_t i = 0; i < sizeof iteration_rows / sizeof iteration_rows[0]; i++) {
		struct run run = { .server = { .iterations = iteration_rows[i].iterations } };

		run_open(&run, "SCRAM-SHA-256", "on");
		cr_assert_eq(log_in(&run), iteration_rows[i].fair, "%s: %s",
		    iteration_rows[i].iterations, run.why.what);
		if (!iteration_rows[i].fair)
			cr_assert_str_eq(run.why.what,
			    "the server asks for an iteration count outside 4096 to 1000000");
		run_close(&run);
	}
}

static const enum channel_privacy private_rows[] = { CHANNEL_LOCAL, CHANNEL_VERIFIED };

Test(auth, goes_over_private_channels_only)
{
	struct run run = { .asked = 0 };

	run_open(&run, "PLAIN LOGIN", "on");
	run.server.channel.privacy = CHANNEL_OPEN;
	cr_assert(!log_in(&run));
	cr_assert_eq(run.why.code, EX_NOPERM);
	cr_assert_eq(run.why.stage, FAILURE_AUTH);
	cr_assert_str_eq(
	    run.why.what, "no password is sent to a server whose certificate was not verified");
	cr_assert_not_null(strstr(run.why.hint, "tls_fingerprint"));
	cr_assert_eq(run.asked, 0, "the secret is not even fetched");
	cr_assert(!contains(&run.server.received, "AUTH"));
	run_close(&run);
	for (size_t i = 0; i < 2; i++) {
		run = (struct run){ .asked = 0 };
		run_open(&run, "PLAIN", "on");
		run.server.channel.privacy = private_rows[i];
		cr_assert(log_in(&run), "%zu: %s", i, run.why.what);
		run_close(&run);
	}
}

/* Looks away while the secret is fetched: the check stands at the write, not only before. */
static bool
fetch_and_spoil(void *data, struct secret *secret, struct failure *why)
{
	struct run *run = data;

	run->server.channel.privacy = CHANNEL_OPEN;
	run->server.channel.tls = false;
	return fetch(data, secret, why);
}

Test(auth, looks_at_the_channel_when_it_writes)
{
	static const char *const mechanisms[] = { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256" };

	for (size_t i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
		struct run run = { .asked = 0 };

		run_open(&run, mechanisms[i], "on");
		run.identity.secret = fetch_and_spoil;
		cr_assert(!log_in(&run), "%s", mechanisms[i]);
		cr_assert_eq(run.why.code, EX_NOPERM, "%s", mechanisms[i]);
		cr_assert_str_eq(run.why.what, "no password is sent over a connection without TLS");
		cr_assert(!contains(&run.server.received, "AUTH"), "%s", mechanisms[i]);
		run_close(&run);
	}
}

struct secret_row {
	const char *label;
	const char *user;
	struct text secret;
	int code;
	const char *what;
};

/* F95, F96 */
Test(auth, refuses_credentials_that_are_none)
{
	const struct secret_row rows[] = {
		{ "no user", NULL, text_of("secret"), EX_CONFIG, "no user to log in as" },
		{ "empty user", "", text_of("secret"), EX_CONFIG, "no user to log in as" },
		{ "empty secret", "user", text_of(""), EX_CONFIG,
		    "the password for 'user' is empty" },
		{ "nul", "user", text_make("a\0b", 3), EX_CONFIG,
		    "the password for 'user' holds a NUL byte" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct run run = { .asked = 0 };

		run_open(&run, "PLAIN", "on");
		run.identity.user = rows[i].user;
		run.secret = rows[i].secret;
		cr_assert(!log_in(&run), "%s", rows[i].label);
		cr_assert_eq(run.why.code, rows[i].code, "%s", rows[i].label);
		cr_assert_str_eq(run.why.what, rows[i].what, "%s", rows[i].label);
		cr_assert(!contains(&run.server.received, "AUTH"), "%s", rows[i].label);
		run_close(&run);
	}
}

Test(auth, hands_on_why_the_secret_cannot_be_had)
{
	struct run run = { .secret_fails = true };

	run_open(&run, "PLAIN", "on");
	cr_assert(!log_in(&run));
	cr_assert_str_eq(run.why.what, "the command 'pass' failed");
	cr_assert_eq(run.why.code, EX_TEMPFAIL);
	cr_assert_eq(run.why.stage, FAILURE_AUTH);
	run_close(&run);
}

Test(auth, says_when_there_is_no_password_to_fetch)
{
	struct run run = { .asked = 0 };

	run_open(&run, "PLAIN", "on");
	run.identity.secret = NULL;
	cr_assert(!log_in(&run));
	cr_assert_str_eq(run.why.what, "no password for 'user'");
	cr_assert_eq(run.why.code, EX_CONFIG);
	run_close(&run);
}

/* F95: every byte as it is */
Test(auth, sends_odd_passwords_as_they_are)
{
	char longest[4097] = "";
	const char *const passwords[] = { " lead and trail ", "a\"b:c,=", "p\303\244ss", "#!\\",
		"x", longest };
	static const char *const mechanisms[] = { "PLAIN", "LOGIN", "SCRAM-SHA-256" };

	memset(longest, 'p', sizeof longest - 1);
	for (size_t i = 0; i < 18; i++) {
		struct run run = { .asked = 0 };

		run_open(&run, mechanisms[i % 3], "on");
		run.server.password = passwords[i / 3];
		run.secret = text_of(passwords[i / 3]);
		cr_assert(log_in(&run), "'%s' by %s: %s", passwords[i / 3], mechanisms[i % 3],
		    run.why.what);
		run_close(&run);
	}
}
