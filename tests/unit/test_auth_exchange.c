/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "smtp/auth.h"
#include "smtp/auth_exchange.h"
#include "tests/support/script.h"

/* A login over a transcript. */
struct play {
	struct arena *arena;
	struct script *script;
	struct session_rule rule;
	struct session *session;
	struct auth_identity identity;
	struct text secret;
	unsigned asked;
	struct failure why;
};

static bool
fetch(void *data, struct secret *secret, struct failure *why)
{
	struct play *play = data;

	(void)why;
	play->asked++;
	secret_keep(secret, play->secret);
	return true;
}

/* `play` stays where it is: the identity points to it. */
static void
play_open(struct play *play, struct script *script, struct arena *arena, const char *filter)
{
	bool plain = script->channel.privacy == CHANNEL_LOCAL || strstr(filter, "in clear") != NULL;

	*play = (struct play){ .arena = arena, .script = script, .secret = text_of("secret") };
	play->rule = (struct session_rule){ .security = plain ? SESSION_PLAIN : SESSION_IMPLICIT,
		.hello = "client.example",
		.limits = session_limits_default(),
		.secure = script_secure };
	play->identity = (struct auth_identity){ .user = "user",
		.filter = plain ? "on" : filter,
		.hostname = "mail.example",
		.port = 587,
		.nonce = "fyko+d2lbbFgONRv9qkxdawL",
		.secret = fetch,
		.data = play };
}

static void
play_file(struct play *play, const char *name, const char *filter)
{
	struct arena *arena = arena_open();

	play_open(play, script_load(name, arena), arena, filter);
}

static bool
log_in(struct play *play, const char *label)
{
	cr_assert(session_open(
		      &play->script->channel, &play->rule, play->arena, &play->session, &play->why),
	    "%s: %s", label, play->why.what);
	return auth_login(play->session, &play->identity, &play->why);
}

static void
play_close(struct play *play)
{
	session_close(play->session);
	script_close(play->script);
	arena_close(play->arena);
}

struct good_row {
	const char *file;
	const char *filter;
	const char *user;
	const char *secret;
};

static const struct good_row good_rows[] = {
	{ "auth-plain.smtp", "on", "user", "secret" },
	{ "auth-login.smtp", "on", "user", "secret" }, /* F73 */
	{ "auth-login-bare-challenges.smtp", "on", "user", "secret" },
	{ "auth-cram-md5.smtp", "on", "tim", "tanstaaftanstaaf" },
	{ "auth-scram-sha-1.smtp", "on", "user", "pencil" },
	{ "auth-scram-sha-256.smtp", "on", "user", "pencil" },
	{ "auth-cram-md5-named.smtp", "plain cram-md5", "user", "secret" }, /* F86 */
	{ "auth-xoauth2.smtp", "xoauth2", "user", "secret" },
	{ "auth-oauthbearer.smtp", "oauthbearer xoauth2", "user", "secret" },
	{ "auth-external.smtp", "external", "user", NULL },
	{ "auth-external-nobody.smtp", "external", NULL, NULL },
	{ "auth-local.smtp", "on", "user", "secret" },
};

/* F106: a script demands each line in its turn. */
Test(auth_exchange, ends_well_as_written)
{
	for (size_t i = 0; i < sizeof good_rows / sizeof good_rows[0]; i++) {
		const struct good_row *row = &good_rows[i];
		struct play play;

		play_file(&play, row->file, row->filter);
		play.identity.user = row->user;
		play.secret = text_of(row->secret);
		cr_assert(log_in(&play, row->file), "%s: %s", row->file, play.why.what);
		cr_assert_eq(play.asked, row->secret == NULL ? 0 : 1, "%s", row->file);
		session_close(play.session);
		cr_assert_str_eq(script_problem(play.script), "", "%s", row->file);
		play_close(&play);
	}
}

struct bad_row {
	const char *file;
	int code;
	bool temporary;
	int smtp_code;
	const char *what;
};

#define BY_PLAIN "the server refused the login of 'user' by PLAIN"
#define NO_BASE64 "the server's challenge is no base64"
#define ITERATIONS "the server asks for an iteration count outside 4096 to 1000000"

#define SCRAM "the server's part of SCRAM-SHA-256 is wrong: "
#define NONCE SCRAM "its nonce does not begin with ours"
#define STRANGER SCRAM "it does not know the password"

static const struct bad_row bad_rows[] = {
	{ "auth-none.smtp", EX_UNAVAILABLE, false, 0, "the server does not offer AUTH" }, /* F71 */
	{ "auth-unknown.smtp", EX_UNAVAILABLE, false, 0,
	    "no usable mechanism: the server offers NTLM X-OWN, allowed are SCRAM-SHA-256-PLUS "
	    "SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 PLAIN CRAM-MD5 LOGIN" }, /* F72 */
	{ "auth-unverified.smtp", EX_NOPERM, false, 0,
	    "no password is sent to a server whose certificate was not verified" },
	{ "auth-535.smtp", EX_NOPERM, false, 535, BY_PLAIN },  /* F89, F92 */
	{ "auth-454.smtp", EX_TEMPFAIL, true, 454, BY_PLAIN }, /* F90 */
	{ "auth-432.smtp", EX_TEMPFAIL, true, 432, BY_PLAIN }, /* F93 */
	{ "auth-534.smtp", EX_NOPERM, false, 534, BY_PLAIN },  /* F91 */
	{ "auth-538.smtp", EX_NOPERM, false, 538, BY_PLAIN },  /* F91 */
	{ "auth-503.smtp", EX_NOPERM, false, 503, BY_PLAIN },  /* F93 */
	{ "auth-500.smtp", EX_NOPERM, false, 500, BY_PLAIN },  /* F93 */
	{ "auth-250.smtp", EX_PROTOCOL, false, 250,
	    "the server answers the login by PLAIN with neither yes nor no" },
	{ "auth-421.smtp", EX_TEMPFAIL, true, 421, BY_PLAIN },                            /* F119 */
	{ "auth-closed.smtp", EX_TEMPFAIL, true, 0, "the server closed the connection" }, /* F117 */
	{ "auth-silence.smtp", EX_TEMPFAIL, true, 0, "no answer within the time limit" }, /* F116 */
	{ "auth-challenge-after-plain.smtp", EX_PROTOCOL, false, 0,
	    "the server asks for more than PLAIN has to tell" },              /* F80 */
	{ "auth-challenge-bad-byte.smtp", EX_PROTOCOL, false, 0, NO_BASE64 }, /* F77 */
	{ "auth-challenge-bad-padding.smtp", EX_PROTOCOL, false, 0, NO_BASE64 },
	{ "auth-challenge-bad-length.smtp", EX_PROTOCOL, false, 0, NO_BASE64 },
	{ "auth-challenge-blank.smtp", EX_PROTOCOL, false, 0, NO_BASE64 },
	{ "auth-challenge-cr.smtp", EX_PROTOCOL, false, 0, NO_BASE64 },
	{ "auth-challenge-two-lines.smtp", EX_PROTOCOL, false, 0,
	    "the server's challenge has 2 lines" },
	{ "auth-challenge-nul.smtp", EX_PROTOCOL, false, 0, "the server's reply holds a NUL byte" },
	{ "auth-login-endless.smtp", EX_PROTOCOL, false, 0,
	    "the server asks for more than LOGIN has to tell" }, /* F79 */
	{ "auth-235-too-early.smtp", EX_PROTOCOL, false, 0,
	    "the server accepted the login before LOGIN was finished" }, /* F84 */
	{ "auth-235-unasked.smtp", EX_PROTOCOL, false, 235,
	    "the server answered a command that was not sent" }, /* F88 */
	{ "auth-421-unasked.smtp", EX_TEMPFAIL, true, 421,
	    "the server broke the session off" }, /* F119 */
	{ "auth-scram-no-signature.smtp", EX_PROTOCOL, false, 0,
	    "the server accepted the login before SCRAM-SHA-256 was finished" }, /* F84 */
	{ "auth-scram-foreign-nonce.smtp", EX_PROTOCOL, false, 0, NONCE },       /* F81 */
	{ "auth-scram-same-nonce.smtp", EX_PROTOCOL, false, 0, NONCE },
	{ "auth-scram-no-salt.smtp", EX_PROTOCOL, false, 0, SCRAM "it has no salt" }, /* F83 */
	{ "auth-scram-bad-salt.smtp", EX_PROTOCOL, false, 0, SCRAM "its salt is no base64" },
	{ "auth-scram-extension.smtp", EX_PROTOCOL, false, 0,
	    SCRAM "it demands an extension" },                                   /* F85 */
	{ "auth-scram-iterations-few.smtp", EX_PROTOCOL, false, 0, ITERATIONS }, /* F82 */
	{ "auth-scram-iterations-many.smtp", EX_PROTOCOL, false, 0, ITERATIONS },
	{ "auth-scram-iterations-negative.smtp", EX_PROTOCOL, false, 0, ITERATIONS },
	{ "auth-scram-no-iterations.smtp", EX_PROTOCOL, false, 0,
	    SCRAM "it has no iteration count" },
	{ "auth-scram-wrong-signature.smtp", EX_PROTOCOL, false, 0, STRANGER }, /* F84 */
	{ "auth-scram-short-signature.smtp", EX_PROTOCOL, false, 0, STRANGER },
	{ "auth-scram-empty-signature.smtp", EX_PROTOCOL, false, 0, SCRAM "it proves nothing" },
	{ "auth-scram-late-235.smtp", EX_PROTOCOL, false, 0,
	    "the server accepted the login before SCRAM-SHA-256 was finished" },
	{ "auth-scram-error.smtp", EX_NOPERM, false, 0,
	    "the server refused the login of 'user' by SCRAM-SHA-256: 'invalid-proof'" },
};

Test(auth_exchange, fails_where_the_server_does)
{
	for (size_t i = 0; i < sizeof bad_rows / sizeof bad_rows[0]; i++) {
		const struct bad_row *row = &bad_rows[i];
		struct play play;

		play_file(&play, row->file, "on");
		if (strstr(row->file, "scram") != NULL)
			play.secret = text_of("pencil");
		cr_assert(!log_in(&play, row->file), "%s", row->file);
		if (row->what != NULL)
			cr_assert_str_eq(play.why.what, row->what, "%s", row->file);
		cr_assert_eq(
		    play.why.code, row->code, "%s: %d %s", row->file, play.why.code, play.why.what);
		cr_assert_eq(play.why.temporary, row->temporary, "%s", row->file);
		cr_assert_eq(play.why.smtp_code, row->smtp_code, "%s", row->file);
		cr_assert_eq(play.why.stage, FAILURE_AUTH, "%s", row->file);
		cr_assert_str_eq(play.why.where, "mail.example:587", "%s", row->file);
		cr_assert_str_empty(play.session->authenticated, "%s", row->file);
		session_close(play.session);
		cr_assert_str_eq(script_problem(play.script), "", "%s", row->file);
		play_close(&play);
	}
}

struct token_row {
	const char *file;
	int code;
	int smtp_code;
	const char *what;
};

#define BY_XOAUTH2 "the server refused the token of 'user' by XOAUTH2"
#define GOOGLE ": status '400', scope 'https://mail.google.com/', schemes 'Bearer'"

/* F94 */
static const struct token_row token_rows[] = {
	{ "auth-xoauth2-expired.smtp", EX_NOPERM, 535, BY_XOAUTH2 GOOGLE },
	{ "auth-oauthbearer-scope.smtp", EX_NOPERM, 535,
	    "the server refused the token of 'user' by OAUTHBEARER: status 'insufficient_scope', "
	    "scope 'mail.?[31msend'" },
	{ "auth-xoauth2-503.smtp", EX_TEMPFAIL, 535, BY_XOAUTH2 ": status '503'" },
	{ "auth-xoauth2-454.smtp", EX_TEMPFAIL, 454, BY_XOAUTH2 GOOGLE }, /* F90 */
	{ "auth-xoauth2-535.smtp", EX_NOPERM, 535, BY_XOAUTH2 },          /* F89 */
	{ "auth-xoauth2-no-json.smtp", EX_NOPERM, 535, BY_XOAUTH2 ": it says 'no ?]0;x?json'" },
	{ "auth-xoauth2-empty-error.smtp", EX_NOPERM, 535, BY_XOAUTH2 },
	{ "auth-xoauth2-endless.smtp", EX_PROTOCOL, 0,
	    "the server asks for more than XOAUTH2 has to tell" }, /* F79 */
	{ "auth-xoauth2-accepted-after-error.smtp", EX_PROTOCOL, 0,
	    "the server accepted the login before XOAUTH2 was finished" }, /* F84 */
	{ "auth-xoauth2-bad-base64.smtp", EX_PROTOCOL, 0, NO_BASE64 },     /* F77 */
};

Test(auth_exchange, tells_why_a_token_is_refused)
{
	for (size_t i = 0; i < sizeof token_rows / sizeof token_rows[0]; i++) {
		const struct token_row *row = &token_rows[i];
		struct play play;

		play_file(&play, row->file,
		    strstr(row->file, "bearer") == NULL ? "xoauth2" : "oauthbearer");
		cr_assert(!log_in(&play, row->file), "%s", row->file);
		cr_assert_str_eq(play.why.what, row->what, "%s: %s", row->file, play.why.what);
		cr_assert_eq(play.why.code, row->code, "%s: %d", row->file, play.why.code);
		cr_assert_eq(play.why.temporary, row->code == EX_TEMPFAIL, "%s", row->file);
		cr_assert_eq(play.why.smtp_code, row->smtp_code, "%s", row->file);
		cr_assert_eq(play.why.stage, FAILURE_AUTH, "%s", row->file);
		cr_assert_eq(play.asked, 1, "%s", row->file);
		cr_assert_str_empty(play.session->authenticated, "%s", row->file);
		session_close(play.session);
		cr_assert_str_eq(script_problem(play.script), "", "%s", row->file);
		play_close(&play);
	}
}

/* F86 */
Test(auth_exchange, signs_no_challenge_of_the_servers_choice)
{
	static const char *const files[] = { "auth-cram-md5-empty.smtp",
		"auth-cram-md5-chosen.smtp", "auth-cram-md5-long.smtp" };

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct play play;

		play_file(&play, files[i], "on");
		cr_assert(!log_in(&play, files[i]));
		cr_assert_eq(play.why.code, EX_PROTOCOL, "%s: %s", files[i], play.why.what);
		session_close(play.session);
		cr_assert_str_eq(script_problem(play.script), "", "%s", files[i]);
		play_close(&play);
	}
}

/* F2: the transcript allows EHLO and QUIT, nothing between. */
Test(auth_exchange, does_not_begin_in_clear)
{
	struct play play;

	play_file(&play, "auth-in-clear.smtp", "in clear");
	cr_assert(!log_in(&play, "auth-in-clear.smtp"));
	cr_assert_eq(play.why.code, EX_NOPERM);
	cr_assert_str_eq(play.why.what, "no password is sent over a connection without TLS");
	session_close(play.session);
	cr_assert_str_eq(script_problem(play.script), "");
	play_close(&play);
}

static const char hello[] = "TLS\nS: 220 x\nC: EHLO client.example\nS: 250-x\n";

static char *
many(char byte, size_t count, struct arena *arena)
{
	char *bytes = arena_zero(arena, count + 1);

	memset(bytes, byte, count);
	return bytes;
}

static char *
base64(const char *bytes, size_t length, struct arena *arena)
{
	size_t encoded_length;
	char *encoded;
	char *copy;

	cr_assert_eq(gsasl_base64_to(bytes, length, &encoded, &encoded_length), GSASL_OK);
	copy = arena_copy(arena, encoded, encoded_length);
	gsasl_free(encoded);
	return copy;
}

/* F105 */
Test(auth_exchange, sends_a_long_response_behind_the_empty_challenge)
{
	static const char response[9206] = "\0user";
	struct arena *arena = arena_open();
	char *bytes = arena_copy(arena, response, sizeof response);
	const char *transcript;
	struct play play;

	memset(bytes + 6, 'x', sizeof response - 6);
	transcript = arena_print(arena,
	    "%sS: 250 AUTH PLAIN\nC: AUTH PLAIN\nS: 334\nC: %s\n"
	    "S: 235 welcome\nC: QUIT\n",
	    hello, base64(bytes, sizeof response, arena));
	play_open(&play, script_open(text_of(transcript), arena), arena, "on");
	play.secret = text_of(many('x', sizeof response - 6, arena));
	cr_assert(log_in(&play, "long"), "%s", play.why.what);
	session_close(play.session);
	cr_assert_str_eq(script_problem(play.script), "");
	play_close(&play);
}

/* F105 */
Test(auth_exchange, sends_a_long_token_behind_the_empty_challenge)
{
	struct arena *arena = arena_open();
	const char *token = many('t', 9185, arena);
	const char *said = arena_print(arena, "user=user\001auth=Bearer %s\001\001", token);
	const char *transcript = arena_print(arena,
	    "%sS: 250 AUTH XOAUTH2\nC: AUTH XOAUTH2\nS: 334\nC: %s\nS: 235 welcome\nC: QUIT\n",
	    hello, base64(said, strlen(said), arena));
	struct play play;

	play_open(&play, script_open(text_of(transcript), arena), arena, "xoauth2");
	play.secret = text_of(token);
	cr_assert(log_in(&play, "long"), "%s", play.why.what);
	session_close(play.session);
	cr_assert_str_eq(script_problem(play.script), "");
	play_close(&play);
}

/* F105: and its error comes behind that. */
Test(auth_exchange, hears_the_error_of_a_long_token)
{
	struct arena *arena = arena_open();
	const char *token = many('t', 9185, arena);
	const char *said = arena_print(arena, "user=user\001auth=Bearer %s\001\001", token);
	const char *transcript = arena_print(arena,
	    "%sS: 250 AUTH XOAUTH2\nC: AUTH XOAUTH2\nS: 334\nC: %s\n"
	    "S: 334 eyJzdGF0dXMiOiI0MDAifQ==\nC:\nS: 535 no\nC: QUIT\n",
	    hello, base64(said, strlen(said), arena));
	struct play play;

	play_open(&play, script_open(text_of(transcript), arena), arena, "xoauth2");
	play.secret = text_of(token);
	cr_assert(!log_in(&play, "long"));
	cr_assert_str_eq(play.why.what, BY_XOAUTH2 ": status '400'");
	session_close(play.session);
	cr_assert_str_eq(script_problem(play.script), "");
	play_close(&play);
}

/* F105 */
Test(auth_exchange, writes_nothing_of_a_token_that_is_too_long)
{
	struct arena *arena = arena_open();
	const char *transcript = arena_print(arena, "%sS: 250 AUTH XOAUTH2\nC: QUIT\n", hello);
	struct play play;

	play_open(&play, script_open(text_of(transcript), arena), arena, "xoauth2");
	play.secret = text_of(many('t', 60000, arena));
	cr_assert(!log_in(&play, "too long"));
	cr_assert_str_eq(
	    play.why.what, "user and token are too long for AUTH: 80032 bytes, 12286 may be sent");
	cr_assert_eq(play.why.code, EX_CONFIG);
	session_close(play.session);
	cr_assert_str_eq(script_problem(play.script), "");
	play_close(&play);
}

/* F105 */
Test(auth_exchange, writes_nothing_when_the_response_is_too_long)
{
	struct arena *arena = arena_open();
	const char *transcript = arena_print(arena, "%sS: 250 AUTH PLAIN\nC: QUIT\n", hello);
	struct play play;

	play_open(&play, script_open(text_of(transcript), arena), arena, "on");
	play.secret = text_of(many('x', 9300, arena));
	cr_assert(!log_in(&play, "too long"));
	cr_assert_str_eq(play.why.what,
	    "user and password are too long for AUTH: 12408 bytes, 12286 may be sent");
	cr_assert_eq(play.why.code, EX_CONFIG);
	session_close(play.session);
	cr_assert_str_eq(script_problem(play.script), "");
	play_close(&play);
}

/* F78 */
Test(auth_exchange, cancels_a_challenge_that_is_too_long)
{
	struct arena *arena = arena_open();
	const char *transcript = arena_print(arena,
	    "%sS: 250 AUTH CRAM-MD5\nC: AUTH CRAM-MD5\n"
	    "S: 334 %s\nC: *\nS: 501 cancelled\nC: QUIT\n",
	    hello, many('A', 12288, arena));
	struct play play;

	play_open(&play, script_open(text_of(transcript), arena), arena, "on");
	cr_assert(!log_in(&play, "challenge"));
	cr_assert_str_eq(play.why.what, "the server's challenge has 12288 bytes");
	cr_assert_eq(play.why.code, EX_PROTOCOL);
	session_close(play.session);
	cr_assert_str_eq(script_problem(play.script), "");
	play_close(&play);
}

/* F78: past what a reply may have there is no more dialogue. */
Test(auth_exchange, leaves_at_a_challenge_of_a_mebibyte)
{
	struct arena *arena = arena_open();
	const char *transcript = arena_print(arena,
	    "%sS: 250 AUTH CRAM-MD5\nC: AUTH CRAM-MD5\n"
	    "S: 334 %s\nCLOSE\n",
	    hello, many('A', 1024 * 1024, arena));
	struct play play;

	play_open(&play, script_open(text_of(transcript), arena), arena, "on");
	cr_assert(!log_in(&play, "challenge"));
	cr_assert_eq(play.why.code, EX_PROTOCOL);
	cr_assert(play.session->broken);
	play_close(&play);
}

/* F94, F102: what the server says of the secret in a challenge is not traced. */
static void
note(void *data, bool client, struct text line)
{
	(void)client;
	(void)buffer_append(data, line);
}

Test(auth_exchange, keeps_challenges_out_of_the_trace)
{
	struct buffer trace = buffer_open(0);
	struct play play;

	play_file(&play, "auth-cram-md5.smtp", "on");
	play.rule.trace = note;
	play.rule.trace_data = &trace;
	play.identity.user = "tim";
	play.secret = text_of("tanstaaftanstaaf");
	cr_assert(log_in(&play, "trace"), "%s", play.why.what);
	cr_assert_null(memmem(trace.bytes, trace.length, "PDE4OTY", 7));
	cr_assert_not_null(memmem(trace.bytes, trace.length, "334 ***", 7));
	play_close(&play);
	buffer_close(&trace);
}

struct echo_row {
	const char *label;
	const char *offer;
	const char *rest; /* of the transcript */
	const char *reply;
	const char *what; /* NULL: as always */
};

#define LEFT_OUT "(the server's words are left out: they repeat the password)"

/* F102 */
static const struct echo_row echo_rows[] = {
	{ "command", "PLAIN",
	    "C: AUTH PLAIN AHVzZXIAc2VjcmV0\n"
	    "S: 500 5.5.1 unrecognized command: 'AUTH PLAIN AHVzZXIAc2VjcmV0'\nC: QUIT\n",
	    "5.5.1 " LEFT_OUT, NULL },
	{ "cut", "PLAIN",
	    "C: AUTH PLAIN AHVzZXIAc2VjcmV0\nS: 500 unknown: AUTH PLAIN AHVzZX...\nC: QUIT\n",
	    LEFT_OUT, NULL },
	{ "second line", "PLAIN",
	    "C: AUTH PLAIN AHVzZXIAc2VjcmV0\nS: 535-no\nS: 535 AHVzZXIAc2VjcmV0\nC: QUIT\n",
	    LEFT_OUT, NULL },
	{ "decoded", "PLAIN", "C: AUTH PLAIN AHVzZXIAc2VjcmV0\nS: 535 'secret' is wrong\nC: QUIT\n",
	    LEFT_OUT, NULL },
	{ "user", "LOGIN",
	    "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: dXNlcg==\nS: 535 dXNlcg==\nC: QUIT\n", LEFT_OUT,
	    NULL },
	{ "password", "LOGIN",
	    "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: dXNlcg==\nS: 334 UGFzc3dvcmQ6\n"
	    "C: c2VjcmV0\nS: 454 4.7.0 c2VjcmV0?\nC: QUIT\n",
	    "4.7.0 " LEFT_OUT, NULL },
	{ "no reply", "PLAIN", "C: AUTH PLAIN AHVzZXIAc2VjcmV0\nS: what is AHVzZXIAc2VjcmV0\n", "",
	    "the server sent what is no SMTP reply " LEFT_OUT },
	{ "token in an error", "XOAUTH2",
	    "C: AUTH XOAUTH2 dXNlcj11c2VyAWF1dGg9QmVhcmVyIHNlY3JldAEB\n"
	    "S: 334 eyJzdGF0dXMiOiJzZWNyZXQifQ==\nC:\nS: 535 no\nC: QUIT\n",
	    "no", BY_XOAUTH2 ": it says '" LEFT_OUT "'" },
	{ "token in the last reply", "XOAUTH2",
	    "C: AUTH XOAUTH2 dXNlcj11c2VyAWF1dGg9QmVhcmVyIHNlY3JldAEB\n"
	    "S: 535 5.7.3 secret\nC: QUIT\n",
	    "5.7.3 " LEFT_OUT, NULL },
	{ "nothing of it", "PLAIN",
	    "C: AUTH PLAIN AHVzZXIAc2VjcmV0\nS: 535 5.7.8 wrong password\nC: QUIT\n",
	    "5.7.8 wrong password", NULL },
};

static const char *const secrets[] = { "secret", "c2VjcmV0", "AHVzZX", "dXNlcg" };

static void
check_unsaid(struct text text, const char *label)
{
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
		cr_assert_null(memmem(text.bytes, text.length, secrets[i], strlen(secrets[i])),
		    "%s: %.*s", label, (int)text.length, text.bytes);
}

Test(auth_exchange, does_not_repeat_a_password_that_the_server_repeats)
{
	for (size_t i = 0; i < sizeof echo_rows / sizeof echo_rows[0]; i++) {
		const struct echo_row *row = &echo_rows[i];
		struct arena *arena = arena_open();
		const char *transcript = arena_print(
		    arena, "%sS: 250 AUTH %s\n%sCLOSE\n", hello, row->offer, row->rest);
		struct buffer trace = buffer_open(0);
		struct play play;

		play_open(&play, script_open(text_of(transcript), arena), arena,
		    strcmp(row->offer, "XOAUTH2") == 0 ? "xoauth2" : "on");
		play.rule.trace = note;
		play.rule.trace_data = &trace;
		cr_assert(!log_in(&play, row->label), "%s", row->label);
		cr_assert_str_eq(play.why.reply, row->reply, "%s: %s", row->label, play.why.reply);
		if (row->what != NULL)
			cr_assert_str_eq(play.why.what, row->what, "%s", row->label);
		check_unsaid(text_of(play.why.what), row->label);
		check_unsaid(text_of(play.why.reply), row->label);
		check_unsaid(buffer_text(&trace), row->label);
		session_close(play.session);
		cr_assert_str_eq(script_problem(play.script), "", "%s", row->label);
		buffer_close(&trace);
		play_close(&play);
	}
}
